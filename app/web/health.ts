import type { ServerResponse } from 'node:http';
import type { CustomRoute } from '@slack/bolt';
import type { Knex } from 'knex';

export interface Health {
  /** Whether the part that reads, delivers and decides is running. */
  jobsRunning: () => boolean;
  /** In Socket Mode: how many sockets to Slack are open. */
  socketsOpen?: () => number;
}

/** `/healthz`: the process answers. `/readyz`: it can do its work; says in words what is missing. */
export function healthRoutes(db: Knex, health: Health): CustomRoute[] {
  return [
    { path: '/healthz', method: 'GET', handler: (_request, response) => json(response, 200, { status: 'ok' }) },
    {
      path: '/readyz',
      method: 'GET',
      handler: (_request, response) => {
        void problems(db, health).then((missing) =>
          json(response, missing.length === 0 ? 200 : 503, {
            status: missing.length === 0 ? 'ready' : 'not ready',
            missing,
          }),
        );
      },
    },
  ];
}

async function problems(db: Knex, health: Health): Promise<string[]> {
  const database = await db.raw('select 1').then(
    () => [],
    () => ['The database does not answer.'],
  );
  const jobs = health.jobsRunning() ? [] : ['The jobs are not running.'];
  const sockets = health.socketsOpen?.() === 0 ? ['No socket to Slack is open.'] : [];
  return [...database, ...jobs, ...sockets];
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
