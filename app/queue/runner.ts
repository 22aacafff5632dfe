import { setTimeout as sleep } from 'node:timers/promises';
import { Logger as QueueLogger, type Runner, run, type TaskList } from 'graphile-worker';
import pg from 'pg';
import type { Logger } from 'winston';
import { connectionConfig } from '../storage/database.ts';
import type { TaskName } from './wake.ts';
import { writeOffSingly } from './write-off.ts';

export type Tasks = Record<TaskName, (id: string) => Promise<void>>;

export interface Queue {
  stop(): Promise<void>;
}

const concurrency = 10;
/**
 * Finished jobs are written off in batches, however small: written off singly, the library neither waits for the answer at
 * its end nor looks at a failure, which then ends the process as an unhandled rejection (graphile-worker 0.18, worker.js).
 */
const batched = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };

/**
 * Runs wake-ups as they come (graphile-worker: LISTEN, and a poll once a second as its backstop). Tasks return soon; long
 * work goes on outside the job. A runner that ends by itself, as it does when PostgreSQL is away, is started again.
 */
export function startQueue({ url, tasks, log }: { url: string; tasks: Tasks; log: Logger }): Queue {
  const stopping = new AbortController();
  // Patient: the library takes a pool's own time-out for a bug and ends, while it tries again after a refused connection.
  const patience = { connectionTimeoutMillis: 120_000 };
  const pool = new pg.Pool({ ...connectionConfig(url, 'countersign queue'), ...patience, max: concurrency + 4 });
  pool.on('error', (error) => log.debug('queue lost a database connection', { error }));
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    writeOffSingly(client);
  });
  const taskList: TaskList = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      (payload: unknown) =>
        task(payload !== null && typeof payload === 'object' && 'id' in payload ? String(payload.id) : ''),
    ]),
  );
  const logger = new QueueLogger(
    () => (level, message) => log.log(level === 'error' ? 'warn' : 'debug', `queue: ${message}`),
  );
  let runner: Runner | undefined;

  async function supervise(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      const began = performance.now();
      try {
        runner = await run({
          pgPool: pool,
          taskList,
          parsedCronItems: [],
          concurrency,
          pollInterval: 1_000,
          noHandleSignals: true,
          logger,
          preset: batched,
        });
        await runner.promise;
      } catch (error) {
        if (!stopping.signal.aborted) log.warn('job queue stopped; starting it again', { error });
      }
      runner = undefined;
      failures = performance.now() - began > 60_000 ? 0 : failures + 1;
      const waitMs = Math.min(5_000, 250 * 2 ** failures);
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const supervision = supervise();
  return {
    async stop() {
      stopping.abort();
      await runner?.stop().catch(() => undefined);
      await supervision;
      await pool.end();
    },
  };
}
