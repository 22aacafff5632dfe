import type { Installation } from '@slack/oauth';
import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { Keyring } from '../storage/keyring.ts';
import { renewAheadS, renewToken, secondsLeft, type TokenRefresh } from './install-tokens.ts';

export interface Renewal {
  /** The installation with a token that works: renewed first where it is about to end, else in the background. */
  fresh(id: string, installation: Installation): Promise<Installation | undefined>;
  /** Once nothing is being renewed. */
  settled(): Promise<void>;
}

/** So close to its end a token is not used any more. */
const tooLateS = 60;
const pauseMs = 15_000;

/** Keeps tokens fresh where the workspace rotates them: one renewal at a time in a process, and a pause after a failure. */
export function createRenewal(deps: {
  db: Knex;
  keyring: Keyring;
  refresh: TokenRefresh;
  log: Logger;
  now: () => number;
  onRenewed: () => void;
}): Renewal {
  const { log, now } = deps;
  const underWay = new Map<string, Promise<Installation | undefined>>();
  const failed = new Map<string, { until: number; error: unknown }>();

  function renew(id: string): Promise<Installation | undefined> {
    const known = underWay.get(id);
    if (known !== undefined) return known;
    const failure = failed.get(id);
    if (failure && failure.until > now()) return Promise.reject(failure.error);
    const work = renewToken(deps, id)
      .then(
        (installation) => {
          failed.delete(id);
          deps.onRenewed();
          return installation;
        },
        (error) => {
          failed.set(id, { until: now() + pauseMs, error });
          log.warn('the access to a workspace was not renewed; it is tried again', { installationId: id, error });
          throw error;
        },
      )
      .finally(() => underWay.delete(id));
    underWay.set(id, work);
    return work;
  }

  return {
    async fresh(id, installation) {
      const left = secondsLeft(installation, now());
      if (left > renewAheadS) return installation;
      const renewal = renew(id);
      if (left <= tooLateS) return renewal;
      renewal.catch(() => undefined);
      return installation;
    },
    async settled() {
      await Promise.allSettled(underWay.values());
    },
  };
}
