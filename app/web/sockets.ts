import { setTimeout as sleep } from 'node:timers/promises';
import {
  type App,
  type Logger as BoltLogger,
  type Receiver,
  type ReceiverEvent,
  SocketModeReceiver,
} from '@slack/bolt';
import type { Logger } from 'winston';
import { clientOptions } from '../slack/clients.ts';

export interface Sockets extends Receiver {
  /** How many are open now. */
  open(): number;
}

/** While Slack renews one, the other takes what comes; Slack allows ten for all processes together. */
const perProcess = 2;
const helloWithinMs = 20_000;
const goodbyeWithinMs = 5_000;
const longestWaitMs = 30_000;
const refusals = ['invalid_auth', 'not_authed', 'not_allowed_token_type', 'account_inactive', 'missing_scope'];

/**
 * Socket Mode: the app opens WebSockets to Slack and needs no address of its own. What comes is acknowledged on its
 * socket when the listener has stored it; what was stored and could not be acknowledged comes again and counts once.
 * Sockets are opened anew by ourselves: the library's own way gives up on the first lost connection to the Web API.
 */
export function createSockets(options: {
  appToken: string;
  slackApiUrl: string;
  logger: BoltLogger;
  log: Logger;
}): Sockets {
  const { log } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  const loops: Promise<void>[] = [];
  let open = 0;
  const receivers = Array.from(
    { length: perProcess },
    () =>
      new SocketModeReceiver({
        appToken: options.appToken,
        logger: options.logger,
        autoReconnectEnabled: false,
        installerOptions: { clientOptions: clientOptions(options.slackApiUrl) },
        processEventErrorHandler: async ({ error }) => {
          log.warn('not acknowledged to Slack', { error });
          return false;
        },
      } as ConstructorParameters<typeof SocketModeReceiver>[0]),
  );

  for (const { client } of receivers) withoutOddFrames(client, log);

  /** Opens the socket; resolves when Slack said hello, with what resolves when it is gone. */
  async function connect({ client }: SocketModeReceiver): Promise<{ gone: Promise<unknown> }> {
    const gone = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
    const started = client.start();
    started.catch(() => undefined);
    const late = new AbortController();
    try {
      await Promise.race([
        started,
        sleep(helloWithinMs, undefined, { signal: late.signal }).then(() => {
          void client.disconnect();
          throw new Error('Slack did not say hello in time.');
        }),
      ]);
    } finally {
      late.abort();
    }
    // Asked to stop while Slack was giving out the address.
    if (stopping.signal.aborted) await client.disconnect();
    return { gone };
  }

  async function keepOpen(receiver: SocketModeReceiver, first?: { gone: Promise<unknown> }): Promise<void> {
    let failures = 0;
    for (let socket = first; !stopping.signal.aborted; socket = undefined) {
      const since = Date.now();
      try {
        socket ??= await connect(receiver);
        open += 1;
        log.info('socket to Slack open', { open });
        await socket.gone;
        open -= 1;
        failures = Date.now() - since > 10_000 ? 0 : failures + 1;
        if (!stopping.signal.aborted) log.info('socket to Slack closed; opening a new one', { open });
      } catch (error) {
        failures += 1;
        if (!stopping.signal.aborted) log.warn('no socket to Slack; trying again', { error, failures });
      }
      if (failures > 0) await pause(Math.min(longestWaitMs, 250 * 2 ** failures) * (0.5 + Math.random() / 2));
    }
  }

  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);

  function track(work: Promise<void>): Promise<void> {
    underWay.add(work);
    const done = () => underWay.delete(work);
    work.then(done, done);
    return work;
  }

  return {
    init(app) {
      const deferred = { processEvent: (event: ReceiverEvent) => track(ackWhenStored(app, event)) };
      for (const receiver of receivers) receiver.init(deferred as App);
    },
    open: () => open,
    /** Rejects when Slack does not accept the token; a network that is down is tried again in the background. */
    async start() {
      const [first, ...others] = receivers;
      if (!first) return;
      const socket = await connect(first).catch((error) => {
        if (refusals.includes(error?.data?.error)) {
          throw new Error(
            `Slack does not accept SLACK_APP_TOKEN (${error.data.error}). It is made under Basic Information, App-Level Tokens, with the scope connections:write, and Socket Mode has to be on.`,
          );
        }
        log.warn('no socket to Slack; trying again', { error });
        return undefined;
      });
      loops.push(keepOpen(first, socket), ...others.map((receiver) => keepOpen(receiver)));
    },
    async stop() {
      stopping.abort();
      await Promise.race([Promise.allSettled(underWay), sleep(3_000, undefined, { ref: false })]);
      const goodbyes = receivers.map(({ client }) => client.disconnect());
      await Promise.race([Promise.all(goodbyes), sleep(goodbyeWithinMs, undefined, { ref: false })]);
      await Promise.race([Promise.all(loops), sleep(goodbyeWithinMs, undefined, { ref: false })]);
      await Promise.allSettled(underWay);
    },
  };
}

/** The library would let a frame that it cannot read end the process, as an event without a type (`app_rate_limited`). */
function withoutOddFrames(client: SocketModeReceiver['client'], log: Logger): void {
  const readers = client.listeners('ws_message') as ((...frame: unknown[]) => unknown)[];
  client.removeAllListeners('ws_message');
  client.on('ws_message', (...frame: unknown[]) => {
    for (const read of readers) {
      void Promise.resolve(read(...frame)).catch((error) =>
        log.warn('a frame from Slack was not understood', { error }),
      );
    }
  });
}

/** Bolt acknowledges events before it runs their listener: the answer waits here until the listener is through. */
async function ackWhenStored(app: App, event: ReceiverEvent): Promise<void> {
  let answer: { body: Parameters<ReceiverEvent['ack']>[0] } | undefined;
  await app.processEvent({
    ...event,
    ack: async (body) => {
      answer ??= { body };
    },
  });
  if (answer) await event.ack(answer.body);
}
