import type { Knex } from 'knex';
import { endPausedSession } from '../accounts/farewells.ts';
import { recordEvents } from '../audit/record.ts';

export type Paused = 'changed' | 'already' | 'unknown';

interface Subject {
  installationId: string;
  connectionId: string;
  /** Who asked for it. */
  actor: string;
}

/** Stops reading a connection and carrying out decisions on it, until it is resumed. What it has stays. */
export function pauseConnection(db: Knex, subject: Subject): Promise<Paused> {
  return change(db, subject, 'connection.paused', async (trx, status) => {
    if (status === 'paused') return false;
    await trx('connections').where({ id: subject.connectionId }).update({ status: 'paused', updated_at: trx.fn.now() });
    await endPausedSession(trx, subject.connectionId);
    return true;
  });
}

/** Reads a paused connection again at once, from where it was; an old problem is forgotten until it shows again. */
export function resumeConnection(db: Knex, subject: Subject): Promise<Paused> {
  return change(db, subject, 'connection.resumed', async (trx, status) => {
    if (status !== 'paused') return false;
    await trx('connections').where({ id: subject.connectionId }).update({
      status: 'active',
      problem: null,
      problem_field: null,
      problem_since: null,
      updated_at: trx.fn.now(),
    });
    await trx('feeds')
      .where({ connection_id: subject.connectionId })
      .update({ attempts: 0, next_attempt_at: null, last_error: null, problem_scope: null });
    return true;
  });
}

function change(
  db: Knex,
  { installationId, connectionId, actor }: Subject,
  kind: string,
  run: (trx: Knex.Transaction, status: string) => Promise<boolean>,
): Promise<Paused> {
  return db.transaction(async (trx) => {
    const where = { id: connectionId, installation_id: installationId };
    const row = await trx('connections').where(where).forNoKeyUpdate().first('status', 'name');
    if (!row) return 'unknown';
    if (!(await run(trx, row.status))) return 'already';
    await recordEvents(trx, [{ kind, installationId, connectionId, actor, data: { name: row.name } }]);
    await trx.raw(`select pg_notify('countersign_schedule', '')`);
    return 'changed';
  });
}
