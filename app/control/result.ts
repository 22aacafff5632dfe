import type { Knex } from 'knex';
import type { DocumentKind } from '../domain/document.ts';

/** What a comparison found in numbers. */
export interface ControlCounts {
  agree: number;
  /** Differed when they were first compared … */
  differed: number;
  /** … and did when they had been read again. */
  still: number;
}

export type DifferenceSort = 'missing' | 'gone' | 'changed';

export interface Difference {
  kind: DocumentKind;
  type: string;
  reference: string;
  sort: DifferenceSort;
  still: boolean;
}

/** The last comparison of a connection that came to its end. */
export interface ControlResult extends ControlCounts {
  runId: string;
  finishedAt: Date;
  /** Why there is none; then nothing else is told. */
  problem: string | null;
  /** The first few of those that stay, then the first few of those that were repaired. */
  differences: Difference[];
  /** Kinds that were not compared, and why. */
  left: Array<{ kind: DocumentKind; problem: string }>;
  /** Kinds of which so many are missing there that nothing was made of it. */
  unlikely: DocumentKind[];
}

export interface ControlTotal {
  round: number;
  kind: DocumentKind;
  branch: string;
  currency: string;
  documentsThere: number;
  sumThere: string | null;
  documentsHere: number;
  sumHere: string | null;
}

export const differencesShown = 5;

export async function countControl(db: Knex, runId: string): Promise<ControlCounts> {
  const kinds = await db('control_kinds').where({ run_id: runId }).sum({ agree: 'agree' }).first();
  const { rows } = await db.raw<{ rows: [{ differed: number; still: number }] }>(
    `select count(*)::int as differed, count(*) filter (where still)::int as still from control_differences where run_id = ?`,
    [runId],
  );
  return { agree: Number(kinds?.agree ?? 0), ...rows[0] };
}

/** The last result of each of these connections, in one question to the database. */
export async function lastControls(db: Knex, connectionIds: readonly string[]): Promise<Map<string, ControlResult>> {
  const last = `select distinct on (connection_id) * from control_runs
    where connection_id = any(:ids::uuid[]) and finished_at is not null order by connection_id, id desc`;
  const { rows } = await db.raw<{ rows: Array<ControlResult & { connection: string }> }>(resultsOf(last), {
    ids: [...connectionIds],
    most: differencesShown,
  });
  return new Map(rows.map(({ connection, ...result }) => [connection, result]));
}

/** What one comparison found; undefined while it goes on. */
export async function controlResult(
  db: Knex,
  runId: string,
  most = differencesShown,
): Promise<ControlResult | undefined> {
  const one = 'select * from control_runs where id = :runId and finished_at is not null';
  const { rows } = await db.raw<{ rows: ControlResult[] }>(resultsOf(one), { runId, most });
  return rows[0];
}

const resultsOf = (runs: string) => `
  select r.id::text as "runId", r.connection_id as connection, r.finished_at as "finishedAt",
    case when r.state = 'failed' then r.problem end as problem,
    coalesce((select sum(agree)::int from control_kinds where run_id = r.id), 0) as agree,
    (select count(*)::int from control_differences where run_id = r.id) as differed,
    (select count(*)::int from control_differences where run_id = r.id and still) as still,
    (select coalesce(json_agg(json_build_object('kind', kind, 'type', type, 'reference', reference, 'sort', sort, 'still', still)
        order by still desc, place), '[]') from (
      select *, row_number() over (partition by still order by kind, key) as place
      from control_differences where run_id = r.id) as placed where place <= :most) as differences,
    (select coalesce(json_agg(json_build_object('kind', kind, 'problem', problem) order by kind), '[]')
     from control_kinds where run_id = r.id and problem is not null) as left,
    (select coalesce(json_agg(kind order by kind), '[]')
     from control_kinds where run_id = r.id and gone_unlikely) as unlikely
  from (${runs}) r`;

/** Every total of a comparison: by kind, branch and currency, first of the first round. */
export async function controlTotals(db: Knex, runId: string): Promise<ControlTotal[]> {
  return db('control_totals')
    .where({ run_id: runId })
    .orderBy(['round', 'kind', 'branch', 'currency'])
    .select('round', 'kind', 'branch', 'currency', 'documents_there as documentsThere', 'sum_there as sumThere')
    .select('documents_here as documentsHere', 'sum_here as sumHere');
}

/** What a comparison found is kept for a quarter, the last one of each connection for ever. */
export async function forgetOldControls(db: Knex): Promise<void> {
  await db.raw(
    `delete from control_runs r where finished_at < clock_timestamp() - interval '90 days'
       and exists (select 1 from control_runs later where later.connection_id = r.connection_id and later.id > r.id
         and later.finished_at is not null)`,
  );
}
