import type { Knex } from 'knex';
import type { Connector, SharedState } from '../../connectors/connector.ts';
import { ReconnectError, RetryableError } from '../domain/errors.ts';
import type { Keyring } from '../storage/keyring.ts';

/** Where a connector keeps what all processes share. */
export type StatePlace = { table: 'connections'; column: 'shared_state' } | { table: 'erp_accounts'; column: 'state' };

export const connectionState: StatePlace = { table: 'connections', column: 'shared_state' };
export const accountState: StatePlace = { table: 'erp_accounts', column: 'state' };

export const identityOf = ({ table, column }: StatePlace, id: string) => `${table}:${id}:${column}`;

/**
 * State kept encrypted in a row (tokens, the site's profile); a change holds the row, so it happens once. With `openedAs`,
 * the row's time when it was opened: who still works with credentials that have been replaced meanwhile leaves the state
 * of the new ones alone.
 */
export function sealedState(db: Knex, keyring: Keyring, place: StatePlace, id: string, openedAs?: Date): SharedState {
  const { table, column } = place;
  const identity = identityOf(place, id);
  const decode = (sealed: string | null) =>
    sealed === null ? null : (JSON.parse(keyring.decrypt(sealed, identity)) as Record<string, unknown>);
  return {
    async read() {
      const row = await db(table).where({ id }).first(column);
      return decode(row?.[column] ?? null);
    },
    change: (next) =>
      db.transaction(async (trx) => {
        // "no key update" leaves documents free to refer to the row meanwhile.
        const row = await trx(table).where({ id }).forNoKeyUpdate().first();
        if (row && openedAs && row.updated_at.getTime() !== openedAs.getTime())
          throw new RetryableError('This connection was set up anew meanwhile; the next try uses what it is now.');
        const state = await next(decode(row?.[column] ?? null));
        const sealed = state === null ? null : keyring.encrypt(JSON.stringify(state), identity);
        await trx(table)
          .where({ id })
          .update({ [column]: sealed });
        return state;
      }),
  };
}

/** A connection's credentials as its connector understands them. Throws ReconnectError where they do not fit it any more. */
export function credentialsOf(
  keyring: Keyring,
  connector: Connector,
  row: { id: string; settings: Record<string, unknown>; secret: string },
): Record<string, unknown> {
  const secret = JSON.parse(keyring.decrypt(row.secret, `connections:${row.id}:secret`)) as object;
  const parsed = connector.credentials.safeParse({ ...row.settings, ...secret });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = String(issue?.path[0] ?? 'credentials');
  throw new ReconnectError(`The credentials of this connection are not complete: ${field} ${issue?.message}.`, {
    field,
  });
}
