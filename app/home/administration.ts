import type { Knex } from 'knex';
import { waitingFor } from '../decisions/waiting.ts';
import { type Administrators, readAdministrators } from '../people/name-admins.ts';
import { scopes } from '../slack/scopes.ts';
import { type AuditLine, readRecentAudit } from './audit.ts';
import { type ConnectionHealth, readConnections } from './connections.ts';
import type { HomeAsked } from './content.ts';
import { countDead, type DeadItem, readDead } from './dead.ts';
import type { Paged } from './paging.ts';
import { type RouteInWords, readRoutes } from './routes.ts';
import type { HomeOwner } from './row.ts';

/** Whether all is well, in one line for each thing that is not; and how much waits for the administrator's own decision. */
export interface Glance {
  waiting: number;
  connections: number;
  troubles: string[];
}

/** What whoever looks after the app sees and can do. */
export interface Administration {
  /** What the workspace has not granted, as it installed an older version. */
  missingScopes: string[];
  connections: Paged<ConnectionHealth>;
  dead: Paged<DeadItem> & { cards: number; decisions: number };
  routes: Paged<RouteInWords>;
  administrators: Administrators;
  audit: AuditLine[];
}

export async function readAdministration(db: Knex, asked: HomeAsked): Promise<Administration> {
  return {
    missingScopes: await readMissingScopes(db, asked),
    connections: await readConnections(db, asked),
    dead: await readDead(db, asked),
    routes: await readRoutes(db, asked),
    administrators: await readAdministrators(db, asked.installationId),
    audit: await readRecentAudit(db, asked.installationId, asked.locale),
  };
}

async function readMissingScopes(db: Knex, { installationId }: HomeOwner): Promise<string[]> {
  const row = await db('installations').where({ id: installationId }).first('scopes');
  return Object.keys(scopes).filter((scope) => !row?.scopes.includes(scope));
}

export async function readGlance(db: Knex, { installationId, person }: HomeOwner): Promise<Glance> {
  const rows: Array<{ status: string; connections: string }> = await db('connections')
    .where({ installation_id: installationId })
    .groupBy('status')
    .select('status')
    .count('* as connections');
  const of = (status: string) => Number(rows.find((row) => row.status === status)?.connections ?? 0);
  const dead = await countDead(db, installationId);
  const troubles = [
    count(of('broken'), 'connection has stopped', 'connections have stopped'),
    count(of('paused'), 'connection is paused', 'connections are paused'),
    count(dead.cards, 'card could not be delivered', 'cards could not be delivered'),
    count(dead.decisions, 'decision could not be carried out', 'decisions could not be carried out'),
  ];
  return {
    waiting: (await waitingFor(db, installationId, person, { limit: 0 })).total,
    connections: rows.reduce((sum, row) => sum + Number(row.connections), 0),
    troubles: troubles.filter((line) => line !== null),
  };
}

function count(number: number, one: string, many: string): string | null {
  return number === 0 ? null : `${number} ${number === 1 ? one : many}`;
}
