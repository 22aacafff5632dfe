import type { Knex } from 'knex';
import { type Match, type Matchable, matchByEmail } from '../domain/matching.ts';
import type { ErpPerson, PersonSort } from '../domain/person.ts';

/** Stores a page of the ERP's people as they are now. Who is who in Slack stays as it was. */
export async function storePeople(db: Knex, connectionId: string, people: readonly ErpPerson[]): Promise<void> {
  await db.raw(
    `insert into people (connection_id, sort, key, name, email, active)
     select :connectionId, p.sort, p.key, p.name, p.email, p.active
     from jsonb_to_recordset(:people::jsonb) as p(sort text, key text, name text, email text, active boolean)
     order by p.sort, p.key
     on conflict (connection_id, sort, key) do update set
       name = excluded.name, email = excluded.email, active = excluded.active, seen_at = clock_timestamp()`,
    { connectionId, people: JSON.stringify(people) },
  );
}

/** Whom the ERP did not name since then is no longer there; kept, for they may stand on old cards. */
export async function retireUnseen(db: Knex, connectionId: string, since: Date): Promise<void> {
  await db('people').where({ connection_id: connectionId, active: true }).where('seen_at', '<', since).update({
    active: false,
  });
}

interface Row extends Matchable {
  sort: PersonSort;
  slack_user: string | null;
  unmatched: string | null;
}

/**
 * Brings the matches by e-mail to what the addresses say now. What was set by hand is not touched, and neither is who is
 * no longer active. Gives how many changed.
 */
export async function rematch(
  db: Knex,
  connectionId: string,
  accounts: ReadonlyMap<string, string[]>,
): Promise<number> {
  const rows: Row[] = await db('people')
    .where({ connection_id: connectionId, active: true })
    .select(db.raw('id::text as id'), 'sort', 'email', 'slack_user', 'unmatched', 'matched_by')
    .orderBy('id');
  const matches = matchByEmail(rows, accounts);
  const changed = rows.flatMap((row) => {
    const match = matches.get(row.id) as Match;
    const same = row.slack_user === match.slackUser && row.unmatched === match.unmatched;
    return same ? [] : [{ id: row.id, slack_user: match.slackUser, unmatched: match.unmatched }];
  });
  if (changed.length === 0) return 0;
  const { rows: updated } = await db.raw<{ rows: Array<{ moved: boolean }> }>(
    `update people p set slack_user = c.slack_user, unmatched = c.unmatched,
       matched_by = case when c.slack_user is null then null else 'email' end
     from jsonb_to_recordset(:changed::jsonb) as c(id bigint, slack_user text, unmatched text), people before
     where p.id = c.id and before.id = p.id and p.matched_by is distinct from 'hand'
     returning before.slack_user is distinct from p.slack_user as moved`,
    { changed: JSON.stringify(changed) },
  );
  return updated.filter(({ moved }) => moved).length;
}
