import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { lockSetUp, makeChanges } from '../connections/apply/changes.ts';
import { type DesiredSetup, planNewSetup, planSetup, type Tested } from '../connections/apply/plan-connection.ts';
import type { Keyring } from '../storage/keyring.ts';
import { type DraftOwner, takeDraft } from './drafts.ts';
import { readStored, type StoredConnection } from './stored.ts';

export interface Save {
  owner: DraftOwner;
  draftId: string;
  attempt: string;
  /** Null: a new one. */
  connectionId: string | null;
  /** Which version of it the form was opened with. */
  version: number;
  desired: DesiredSetup;
  /** Undefined where nothing had to be tested. */
  tested: Tested | undefined;
}

export type SaveOutcome =
  /** `before` is what it replaced. */
  | { result: 'saved'; connectionId: string; before: StoredConnection | null; changes: number }
  /** The form was closed, taken back or sent off again meanwhile. */
  | { result: 'superseded' }
  /** Somebody else has changed the connection since. */
  | { result: 'conflict' }
  | { result: 'name_taken' }
  | { result: 'gone' };

type Refusal = Exclude<SaveOutcome, { result: 'saved' }>;
class NotSaved extends Error {
  readonly outcome: Refusal;
  constructor(outcome: Refusal) {
    super(outcome.result);
    this.outcome = outcome;
  }
}

/** Saves a connection, its feeds, what the audit record says of it and the end of its draft: all of it, once, or nothing. */
export async function saveConnection(db: Knex, keyring: Keyring, save: Save): Promise<SaveOutcome> {
  const { owner, connectionId, desired, tested } = save;
  const { installationId, person } = owner;
  try {
    return await db.transaction(async (trx): Promise<SaveOutcome> => {
      await lockSetUp(trx);
      if (!(await takeDraft(trx, owner, save.draftId, save.attempt))) throw new NotSaved({ result: 'superseded' });
      if (await isNameTaken(trx, { installationId, name: desired.name, except: connectionId }))
        throw new NotSaved({ result: 'name_taken' });
      const id = connectionId ?? randomUUID();
      const before = connectionId ? await readStored(trx, { installationId, id }, { lock: true }) : null;
      if (connectionId && !before) throw new NotSaved({ result: 'gone' });
      if (before && before.version !== save.version) throw new NotSaved({ result: 'conflict' });
      const changes = before
        ? planSetup(before, desired, keyring, { resume: false, tested })
        : planNewSetup({ id, installationId }, desired, keyring, tested);
      const ours = changes.map((change) => ({ ...change, event: { ...change.event, installationId } }));
      await makeChanges(trx, ours, person);
      return { result: 'saved', connectionId: id, before, changes: changes.length };
    });
  } catch (error) {
    if (error instanceof NotSaved) return error.outcome;
    throw error;
  }
}

/** Names that differ in capitals only would be one name to people. */
export async function isNameTaken(
  db: Knex,
  { installationId, name, except }: { installationId: string; name: string; except: string | null },
): Promise<boolean> {
  const others = db('connections')
    .where({ installation_id: installationId })
    .whereRaw('lower(name) = lower(?)', [name]);
  if (except) others.whereNot({ id: except });
  return (await others.first('id')) !== undefined;
}
