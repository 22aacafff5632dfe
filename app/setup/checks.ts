import type { Connector } from '../../connectors/connector.ts';
import { RetryableError } from '../domain/errors.ts';
import type { ErpHttp } from '../outbound/http.ts';
import { createHeldState } from './held-state.ts';

/** What a connection answered to its test, and the state of the sessions that this left. */
export interface Passed {
  summary: string;
  state: Record<string, unknown> | null;
}

interface Subject {
  connector: Connector;
  /** As the connector's schema gave them back. */
  credentials: Record<string, unknown>;
}

/** Trying out credentials before they are saved, bounded in time and in number. */
export interface Checks {
  /** The connector's own test; a newer one under the same key ends this. Throws the errors of `app/domain/errors.ts`. */
  run(key: string, subject: Subject): Promise<Passed>;
  cancel(key: string): void;
  /** The billed calls that the tests under a key have made since this was last asked. */
  takeSpent(key: string): number;
  /** Gives back the session that `state` holds, as far as the ERP lets it. */
  signOut(subject: Subject, state: Record<string, unknown> | null): Promise<void>;
  /** Ends what runs. */
  stop(): void;
}

const atOnce = 4;
const signOutMs = 15_000;

export function createChecks({ http, longestMs }: { http: ErpHttp; longestMs: number }): Checks {
  const running = new Map<string, AbortController>();
  const spent = new Map<string, number>();
  let stopped = false;

  /** Only counted: who raises a budget that is used up has to get through. */
  const meterOf = (key: string) => ({
    spend: async (calls: number) => void spent.set(key, (spent.get(key) ?? 0) + calls),
  });
  const connect = ({ connector, credentials }: Subject, state: ReturnType<typeof createHeldState>, key?: string) =>
    connector.connect({
      ...{ credentials, http, state, now: () => Date.now() },
      ...(key && connector.budget ? { meter: meterOf(key) } : {}),
    });

  async function signOut(subject: Subject, state: Record<string, unknown> | null): Promise<void> {
    if (state === null) return;
    const erp = connect(subject, createHeldState(state));
    try {
      await erp.signOut?.(AbortSignal.timeout(signOutMs));
    } catch {
      // The ERP ends the session by itself in time.
    } finally {
      await erp.close();
    }
  }

  return {
    async run(key, subject) {
      if (stopped) throw stopping();
      running.get(key)?.abort(cancelled());
      if (running.size >= atOnce && !running.has(key))
        throw new RetryableError('Several connections are being tested at the moment. Try again in a minute.');
      const abort = new AbortController();
      running.set(key, abort);
      const tooLong = setTimeout(() => abort.abort(tooSlow(longestMs)), longestMs);
      const state = createHeldState();
      const erp = connect(subject, state, key);
      try {
        const { summary } = await erp.test(abort.signal);
        abort.signal.throwIfAborted();
        return { summary, state: state.held() };
      } catch (error) {
        void signOut(subject, state.held()).catch(() => undefined);
        throw abort.signal.aborted ? abort.signal.reason : error;
      } finally {
        clearTimeout(tooLong);
        if (running.get(key) === abort) running.delete(key);
        await erp.close();
      }
    },
    cancel(key) {
      running.get(key)?.abort(cancelled());
    },
    takeSpent(key) {
      const calls = spent.get(key) ?? 0;
      spent.delete(key);
      return calls;
    },
    signOut,
    stop() {
      stopped = true;
      for (const abort of running.values()) abort.abort(stopping());
    },
  };
}

const cancelled = () => new RetryableError('This test was ended before it was over.');
const stopping = () =>
  new RetryableError('The app is being restarted, so the test was ended. Nothing was saved yet; send it off again.');
const tooSlow = (ms: number) =>
  new RetryableError(
    `The ERP did not answer within ${Math.round(ms / 1_000)} seconds, so the test was ended. Nothing was saved.`,
  );
