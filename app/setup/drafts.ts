import type { Knex } from 'knex';
import { z } from 'zod';
import { type Keyring, KeyringError } from '../storage/keyring.ts';
import { enteredSchema } from './entered.ts';

/** Whose draft: a person of an installation. Nobody else's is ever read or changed. */
export interface DraftOwner {
  installationId: string;
  person: string;
}

const payloadSchema = z.object({
  /** Null for a connection that is not there yet. */
  connectionId: z.uuid().nullable(),
  /** Of the connection when its form was opened; 0 for a new one. */
  version: z.int(),
  /** The newest audit event when its form was opened. */
  since: z.string(),
  entered: enteredSchema,
});

/** What was typed into a form of set-up and is not saved yet. */
export type Draft = z.output<typeof payloadSchema> & { id: string };

const payloadOf = (id: string) => `setup_drafts:${id}:payload`;
const whatOf = (connectionId: string | null) => (connectionId === null ? 'connection' : `connection:${connectionId}`);
const lives = `clock_timestamp() + interval '1 hour'`;

/** Stores what was typed; `attempt` alone may save it from now on. False where the id is somebody else's. */
export async function writeDraft(
  db: Knex,
  keyring: Keyring,
  owner: DraftOwner,
  { id, ...payload }: Draft,
  attempt: string | null,
): Promise<boolean> {
  await deleteExpiredDrafts(db);
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `insert into setup_drafts (id, installation_id, person, what, payload, attempt, expires_at)
     values (:id, :installationId, :person, :what, :payload, :attempt, ${lives})
     on conflict (id) do update set payload = excluded.payload, attempt = excluded.attempt, expires_at = excluded.expires_at
       where setup_drafts.installation_id = excluded.installation_id and setup_drafts.person = excluded.person
         and setup_drafts.what = excluded.what
     returning id`,
    {
      ...owner,
      ...{ id, attempt, what: whatOf(payload.connectionId) },
      payload: keyring.encrypt(JSON.stringify(payload), payloadOf(id)),
    },
  );
  return rows.length === 1;
}

export async function readDraft(db: Knex, keyring: Keyring, owner: DraftOwner, id: string): Promise<Draft | null> {
  return open(keyring, await ownDrafts(db, owner).where({ id }).first('id', 'payload'));
}

/** The newest draft of this person for a connection (null: for a new one), left by a form that was never saved or closed. */
export async function findDraft(
  db: Knex,
  keyring: Keyring,
  owner: DraftOwner,
  connectionId: string | null,
): Promise<Draft | null> {
  const found = ownDrafts(db, owner).where({ what: whatOf(connectionId) });
  return open(keyring, await found.orderBy('created_at', 'desc').first('id', 'payload'));
}

/** What is being tried may not save the draft any more; false where there is no such draft. */
export async function endAttempt(db: Knex, owner: DraftOwner, id: string): Promise<boolean> {
  return (await ownDrafts(db, owner).where({ id }).update({ attempt: null })) === 1;
}

/** Takes the draft away for good, so that one attempt saves it once; false where it is not this attempt's any more. */
export async function takeDraft(trx: Knex.Transaction, owner: DraftOwner, id: string, attempt: string) {
  return (await ownDrafts(trx, owner).where({ id, attempt }).delete()) === 1;
}

/** False where there is no such draft. */
export async function deleteDraft(db: Knex, owner: DraftOwner, id: string): Promise<boolean> {
  const { installationId, person } = owner;
  return (await db('setup_drafts').where({ id, installation_id: installationId, person }).delete()) === 1;
}

export async function deleteExpiredDrafts(db: Knex): Promise<void> {
  await db('setup_drafts').where('expires_at', '<=', db.raw('clock_timestamp()')).delete();
}

function ownDrafts(db: Knex, { installationId, person }: DraftOwner) {
  return db('setup_drafts')
    .where({ installation_id: installationId, person })
    .where('expires_at', '>', db.raw('clock_timestamp()'));
}

/** A draft whose key is gone, or of another version of the app, is none. */
function open(keyring: Keyring, row: { id: string; payload: string } | undefined): Draft | null {
  if (!row) return null;
  try {
    const parsed = payloadSchema.safeParse(JSON.parse(keyring.decrypt(row.payload, payloadOf(row.id))));
    return parsed.success ? { ...parsed.data, id: row.id } : null;
  } catch (error) {
    if (error instanceof KeyringError) return null;
    throw error;
  }
}
