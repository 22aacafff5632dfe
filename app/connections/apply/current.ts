import type { Knex } from 'knex';
import { z } from 'zod';
import { actionNames, documentKinds } from '../../domain/document.ts';
import { actAsChoices, conditionsSchema, deciderSchema, shownAsChoices } from '../../domain/routing.ts';

const routeRow = z.object({
  id: z.string(),
  connection_id: z.string(),
  name: z.string(),
  position: z.number(),
  kind: z.enum(documentKinds),
  conditions: conditionsSchema,
  channel: z.string(),
  deciders: z.array(deciderSchema),
  actions: z.array(z.enum(actionNames)),
  mentions: z.array(z.string()),
  burst: z.number(),
  digest_cadence: z.string().nullable(),
  version: z.number(),
  note_decisions: z.boolean(),
  act_as: z.enum(actAsChoices),
  severity: z.enum(shownAsChoices),
  custom_fields: z.array(z.string()),
  retired_at: z.date().nullable(),
});
export type CurrentRoute = z.infer<typeof routeRow>;

export interface CurrentConnection {
  id: string;
  installation_id: string;
  workspace: string;
  name: string;
  connector: string;
  time_zone: string;
  settings: Record<string, unknown>;
  secret: string;
  status: 'active' | 'paused' | 'broken';
  feeds: { id: string; kind: string; cadence: string }[];
  routes: CurrentRoute[];
}

/** What the database has, oldest connection first; routes in their order, retired ones too. */
export async function loadCurrent(db: Knex): Promise<CurrentConnection[]> {
  const connections = await db('connections as c')
    .join('installations as i', 'i.id', 'c.installation_id')
    .orderBy(['c.created_at', 'c.id'])
    .select('c.id', 'c.installation_id', 'i.slack_key as workspace', 'c.name', 'c.connector', 'c.time_zone')
    .select('c.settings', 'c.secret', 'c.status');
  const feeds = await db('feeds').orderBy('id').select('id', 'connection_id', 'kind', 'cadence');
  const routes = await loadCurrentRoutes(db);
  return connections.map((connection) => ({
    ...connection,
    feeds: feeds.filter((feed) => feed.connection_id === connection.id),
    routes: routes.filter((route) => route.connection_id === connection.id),
  }));
}

/** Routes in their order, retired ones too: of one connection or of all. */
export async function loadCurrentRoutes(db: Knex, connectionId?: string): Promise<CurrentRoute[]> {
  const rows = db('routes').orderBy(['position', 'id']);
  return z.array(routeRow).parse(await (connectionId ? rows.where({ connection_id: connectionId }) : rows));
}

export interface Workspace {
  id: string;
  slack_key: string;
  team_id: string | null;
  enterprise_id: string | null;
  name: string;
}

/** The workspaces that have the app installed now. */
export function loadWorkspaces(db: Knex): Promise<Workspace[]> {
  return db('installations')
    .where({ state: 'active' })
    .orderBy('installed_at')
    .select('id', 'slack_key', 'team_id', 'enterprise_id', 'name');
}
