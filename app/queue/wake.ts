import type { Knex } from 'knex';

/** What can be woken. A job carries only an id: rows are the truth, and any job may run twice, late or never. */
export type TaskName =
  | 'read-feed'
  | 'check-documents'
  | 'compare'
  | 'deliver-lane'
  | 'digest'
  | 'summarise'
  | 'decide'
  | 'tell'
  | 'publish-home'
  | 'match-people'
  | 'read-parties'
  | 'catch-up-route'
  | 'redraw-route'
  | 'learn-fields'
  | 'preview-links'
  | 'record-notes'
  | 'sign-out'
  | 'sweep'
  | 'seal-audit'
  | 'clean-up';

/** The SQL that wakes one worker for `task` and the id that the SQL expression yields; pending wake-ups of one key are one. */
export function wakeSql(task: TaskName, idExpression: string, runAtExpression = 'null'): string {
  return `graphile_worker.add_job('${task}', json_build_object('id', ${idExpression}), job_key := '${task}:' || ${idExpression}, run_at := ${runAtExpression}, max_attempts := 5)`;
}

/** Wakes a worker for each id, inside the caller's transaction when it passes one; `delayMs` from now by the database's clock. */
export async function wake(db: Knex, task: TaskName, ids: string | string[], delayMs = 0): Promise<void> {
  const list = [ids].flat();
  if (list.length === 0) return;
  const runAt = delayMs > 0 ? `clock_timestamp() + ${Math.round(delayMs)} * interval '1 ms'` : 'null';
  await db.raw(`select ${wakeSql(task, 'id', runAt)} from unnest(?::text[]) as id order by id`, [list]);
}
