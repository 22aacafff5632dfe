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
