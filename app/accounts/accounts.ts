import type { Knex } from 'knex';
import type { SharedState } from '../../connectors/connector.ts';
import { recordEvents } from '../audit/record.ts';
import { accountState, identityOf, sealedState } from '../connections/sealed.ts';
import { wake } from '../queue/wake.ts';
import type { Keyring } from '../storage/keyring.ts';

/** A person's own ERP account, as one connection knows it. */
export interface Account {
  id: string;
  /** As the ERP names them; null where it does not tell. */
  user: string | null;
  state: SharedState;
}

/** People's own accounts, for acting as themselves. */
export interface Accounts {
  find(connectionId: string, person: string): Promise<Account | undefined>;
  /** A session of theirs may take a seat from now on; it is given back when it was idle for a while. */
  use(id: string): Promise<void>;
  /** The ERP takes this account no more, or it does again (null). */
  note(id: string, problem: string | null): Promise<void>;
}

/** Long enough for ten approvals in a row to share one session, short enough to leave its seat to others. */
export const idleMs = 60_000;

export function createAccounts(db: Knex, keyring: Keyring): Accounts {
  return {
    async find(connectionId, person) {
      const row = await db('erp_accounts')
        .where({ connection_id: connectionId, person, unlinked_at: null })
        .first('id', 'erp_user');
      return row && { id: row.id, user: row.erp_user, state: sealedState(db, keyring, accountState, row.id) };
    },
    async use(id) {
      await db.transaction(async (trx) => {
        const now = trx.raw('clock_timestamp()');
        await trx('erp_accounts')
          .where({ id })
          .update({ session_since: trx.raw('coalesce(session_since, clock_timestamp())'), used_at: now, attempts: 0 });
        await wake(trx, 'sign-out', `account/${id}`, idleMs);
      });
    },
    async note(id, problem) {
      await db('erp_accounts').where({ id }).update({ problem });
    },
  };
}

export interface Linking {
  installationId: string;
  connectionId: string;
  person: string;
  user: string | null;
  state: Record<string, unknown>;
}

/**
 * Links an account in place of the one that the person had there. `taken`: the same ERP user is somebody else's already,
 * and two people behind one user would count as one approver.
 */
export async function linkAccount(
  db: Knex,
  keyring: Keyring,
  linking: Linking,
  id: string,
): Promise<'linked' | 'taken'> {
  const { installationId, connectionId, person, user, state } = linking;
  try {
    await db.transaction(async (trx) => {
      await endLink(trx, connectionId, person);
      const sealed = keyring.encrypt(JSON.stringify(state), identityOf(accountState, id));
      await trx('erp_accounts').insert({ id, connection_id: connectionId, person, erp_user: user, state: sealed });
      await recordEvents(trx, [
        { kind: 'account.linked', installationId, connectionId, actor: person, data: { user } },
      ]);
    });
    return 'linked';
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'erp_accounts_one_user') return 'taken';
    throw error;
  }
}

/** Forgets a person's account there; a job closes its session. False where there was none. */
export function unlinkAccount(
  db: Knex,
  { installationId, connectionId, person }: Pick<Linking, 'installationId' | 'connectionId' | 'person'>,
): Promise<boolean> {
  return db.transaction(async (trx) => {
    const user = await endLink(trx, connectionId, person);
    if (user === undefined) return false;
    await recordEvents(trx, [
      { kind: 'account.unlinked', installationId, connectionId, actor: person, data: { user } },
    ]);
    return true;
  });
}

/** Takes effect at once; the row stays until its session is closed. Gives the ERP user, undefined where there was no link. */
async function endLink(
  trx: Knex.Transaction,
  connectionId: string,
  person: string,
): Promise<string | null | undefined> {
  const [ended] = await trx('erp_accounts')
    .where({ connection_id: connectionId, person, unlinked_at: null })
    .update({ unlinked_at: trx.raw('clock_timestamp()') })
    .returning(['id', 'erp_user']);
  if (!ended) return undefined;
  await wake(trx, 'sign-out', `account/${ended.id}`);
  return ended.erp_user;
}
