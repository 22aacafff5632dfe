import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { createInstallations } from '../../app/slack/installations.ts';
import { createKeyring } from '../../app/storage/keyring.ts';
import type { SiteDescription } from '../../sandbox/acumatica/index.ts';

/** ENCRYPTION_KEYS of every process of a run. */
export const keys = `bench:${Buffer.alloc(32, 9).toString('base64')}`;
export const keyring = createKeyring(keys);
export const workspace = 'T0NORTHWND';
export const decider = 'U0FINDIR01';

/** A workspace that has installed the app, without a consent page to click. */
export async function addInstallation(db: Knex): Promise<string> {
  await createInstallations(db, keyring).storeInstallation({
    team: { id: workspace, name: 'Bench' },
    enterprise: undefined,
    user: { token: undefined, scopes: undefined, id: decider },
    bot: { token: 'xoxb-bench', scopes: ['chat:write'], id: 'B0BENCH', userId: 'U0BENCHBOT' },
    isEnterpriseInstall: false,
    appId: 'A0BENCH',
  });
  const row = await db('installations').first('id');
  return row.id;
}

export interface Setup {
  connectionId: string;
  feedId: string;
}

/** One Acumatica connection, its feed, and a route for each channel that takes every bill the conditions allow. */
export async function addConnection(
  db: Knex,
  site: SiteDescription,
  options: {
    routes: Array<{ channel: string; conditions?: Record<string, unknown>; burst?: number; actions?: string[] }>;
    cadence?: string;
    pageSize?: number;
  },
): Promise<Setup> {
  const installation = await db('installations').first('id');
  const service = site.users.find((user) => user.role === 'service');
  const id = randomUUID();
  const secret = JSON.stringify({ client_secret: site.clientSecret, password: service?.password });
  await db('connections').insert({
    id,
    installation_id: installation.id,
    name: 'bench',
    connector: 'acumatica',
    time_zone: 'Europe/London',
    settings: JSON.stringify({
      site: site.url,
      tenant: site.tenant,
      client_id: site.clientId,
      username: service?.username,
      ...(options.pageSize ? { page_size: options.pageSize } : {}),
    }),
    secret: keyring.encrypt(secret, `connections:${id}:secret`),
  });
  await db('routes').insert(
    options.routes.map(({ channel, conditions = {}, burst = 20, actions = ['approve', 'reject'] }, position) => ({
      connection_id: id,
      name: `route ${position}`,
      position,
      kind: 'bill',
      conditions: JSON.stringify(conditions),
      channel,
      deciders: JSON.stringify([{ user: decider }]),
      actions,
      burst,
    })),
  );
  const [feed] = await db('feeds')
    .insert({ connection_id: id, kind: 'bill', cadence: options.cadence ?? '*/1 * * * * *' })
    .returning('id');
  await db.raw(`select pg_notify('countersign_schedule', '')`);
  return { connectionId: id, feedId: String(feed.id) };
}
