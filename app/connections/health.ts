import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import type { DocumentKind } from '../domain/document.ts';
import { ReconnectError } from '../domain/errors.ts';
import { wake } from '../queue/wake.ts';
import type { ConnectionRow } from './open.ts';

/** How much an error keeps from working: all of a connection, or documents of the kind that was asked for. */
export const scopeOf = (error: Error) => (error instanceof ReconnectError ? error.scope : 'connection');

/**
 * Marks a connection as broken, once, and wakes whoever tells its people. One kind may be closed to the app on purpose:
 * where that is all, and another kind is read, the connection works, and the kind's feed says what is wrong.
 * `connection` is the row as the attempt opened it: one that was set up anew since is not marked, for what was wrong may be
 * mended by that, and nobody is told of what they have just corrected.
 */
export async function markBroken(db: Knex, connection: ConnectionRow, error: Error, kind: DocumentKind): Promise<void> {
  if (scopeOf(error) === 'kind') {
    const others = db('feeds').where({ connection_id: connection.id, problem_scope: null }).whereNot({ kind });
    if (await others.first('id')) return;
  }
  await db.transaction(async (trx) => {
    const now = await trx('connections').where({ id: connection.id }).forUpdate().first('updated_at');
    if (now?.updated_at.getTime() !== connection.updated_at.getTime()) return;
    const field = error instanceof ReconnectError ? (error.field ?? null) : null;
    const changed = await trx('connections')
      .where({ id: connection.id, status: 'active' })
      .update({ status: 'broken', problem: error.message, problem_field: field, problem_since: trx.fn.now() });
    if (changed === 0) {
      await trx('connections')
        .where({ id: connection.id, status: 'broken' })
        .update({ problem: error.message, problem_field: field });
      return;
    }
    await recordEvents(trx, [
      { kind: 'connection.broken', ...subject(connection), data: { problem: error.message, field } },
    ]);
    await wake(trx, 'tell', `connection-broken/${connection.id}`);
  });
}

/** Marks a broken connection as working again. */
export async function markWorking(trx: Knex.Transaction, connection: ConnectionRow): Promise<void> {
  const changed = await trx('connections')
    .where({ id: connection.id, status: 'broken' })
    .update({ status: 'active', problem: null, problem_field: null, problem_since: null });
  if (changed === 0) return;
  await recordEvents(trx, [{ kind: 'connection.working', ...subject(connection) }]);
  await wake(trx, 'tell', `connection-working/${connection.id}`);
}

const subject = (connection: ConnectionRow) => ({
  installationId: connection.installation_id,
  connectionId: connection.id,
});
