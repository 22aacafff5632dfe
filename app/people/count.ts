import type { Knex } from 'knex';

/** Who of a connection's active people is known in Slack. */
export interface Counts {
  byEmail: number;
  byHand: number;
  /** Employees whom nothing was found for and nobody has set; contacts are seldom in Slack, so they are no trouble. */
  unmatched: number;
  /** Contacts, matched or not. */
  contacts: number;
}

export const isUnmatched = `sort = 'employee' and active and matched_by is null`;

export async function countPeople(db: Knex, connectionId: string): Promise<Counts> {
  const { rows } = await db.raw<{ rows: [Counts] }>(
    `select count(*) filter (where matched_by = 'email')::int as "byEmail",
       count(*) filter (where matched_by = 'hand' and slack_user is not null)::int as "byHand",
       count(*) filter (where ${isUnmatched})::int as unmatched,
       count(*) filter (where sort = 'contact')::int as contacts
     from people where connection_id = ? and active`,
    [connectionId],
  );
  return rows[0];
}

/** The same for some connections in short, and why people could not be read; without those that have none to match. */
export async function matchedPeople(
  db: Knex,
  connectionIds: string[],
): Promise<Map<string, { matched: number; unmatched: number; problem: string | null }>> {
  const { rows } = await db.raw<{
    rows: Array<{ id: string; matched: number; unmatched: number; problem: string | null }>;
  }>(
    `select r.connection_id as id, r.last_error as problem,
       count(p.id) filter (where p.slack_user is not null)::int as matched, count(p.id) filter (where ${isUnmatched})::int as unmatched
     from people_runs r left join people p on p.connection_id = r.connection_id and p.active
     where r.connection_id = any(:ids) and r.offered and (r.matched_at is not null or r.last_error is not null)
     group by r.connection_id`,
    { ids: connectionIds },
  );
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}
