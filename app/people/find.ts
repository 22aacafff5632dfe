import type { Knex } from 'knex';
import type { ErpName } from '../domain/document.ts';
import type { PersonSort } from '../domain/person.ts';

/** Whom an ERP means: by its key, or by a name where it gives no more than that. */
export type Meant = { sort: PersonSort; key: string } | { name: string };

/**
 * Who in Slack is the person that an ERP names; null where that is not known, where they are not active any more, or
 * where a name is that of several people.
 */
export async function slackUserOf(db: Knex, connectionId: string, meant: Meant): Promise<string | null> {
  const people = db('people').where({ connection_id: connectionId, active: true });
  if ('key' in meant) people.where({ sort: meant.sort, key: meant.key });
  else people.whereRaw('lower(name) = lower(?)', [meant.name.trim()]);
  const found: Array<{ slack_user: string | null }> = await people.limit(2).select('slack_user');
  return found.length === 1 ? (found[0]?.slack_user ?? null) : null;
}

/** The same for whom a document names: the employee with that key, else whoever alone has that name. */
export async function slackUserOfName(db: Knex, connectionId: string, { code, name }: ErpName): Promise<string | null> {
  const byKey = await slackUserOf(db, connectionId, { sort: 'employee', key: code });
  return byKey ?? (name === null ? null : slackUserOf(db, connectionId, { name }));
}

/** Who in Slack these employees are, by their keys in the ERP, as far as that is known; asks nothing for nobody. */
export async function slackUsersOf(db: Knex, connectionId: string, keys: string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows: Array<{ key: string; slack_user: string }> = await db('people')
    .where({ connection_id: connectionId, sort: 'employee', active: true })
    .whereIn('key', keys)
    .whereNotNull('slack_user')
    .select('key', 'slack_user');
  return new Map(rows.map((row) => [row.key, row.slack_user]));
}
