import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { ConsentPurpose } from '../../connectors/connector.ts';

/** Somebody who is being sent to an ERP's consent page. The link, the state and the person belong together. */
export interface ConsentOnItsWay {
  id: string;
  installationId: string;
  /** The workspace's name. */
  workspace: string;
  connectionId: string;
  person: string;
  purpose: ConsentPurpose;
}

/** Why a link or a way back is not followed. */
export type NotFollowed = 'unknown' | 'used' | 'expired';

const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
const lives = `interval '10 minutes'`;

/** Makes a link's nonce for one person; an older one that was not opened is void. */
export async function makeConsent(
  db: Knex,
  consent: Pick<ConsentOnItsWay, 'connectionId' | 'person' | 'purpose'>,
): Promise<string> {
  const { connectionId, person, purpose } = consent;
  const nonce = randomBytes(16).toString('base64url');
  const mine = { connection_id: connectionId, person, purpose };
  await db.transaction(async (trx) => {
    await trx('erp_consents')
      .where({ ...mine, opened_at: null })
      .delete();
    await trx('erp_consents').where('made_at', '<', trx.raw(`clock_timestamp() - interval '1 day'`)).delete();
    await trx('erp_consents').insert({ ...mine, nonce_hash: hash(nonce) });
  });
  return nonce;
}

/** The link is opened: once, and within ten minutes. Gives the state that goes to the ERP and comes back. */
export async function openConsent(
  db: Knex,
  nonce: string,
): Promise<{ state: string; consent: ConsentOnItsWay } | NotFollowed> {
  const state = randomBytes(32).toString('base64url');
  const row = await step(db, {
    set: 'opened_at = clock_timestamp(), state_hash = :other',
    where: 'nonce_hash = :key and opened_at is null',
    since: 'made_at',
    key: hash(nonce),
    other: hash(state),
  });
  if (row) return { state, consent: row };
  return why(
    await db('erp_consents')
      .where({ nonce_hash: hash(nonce) })
      .first('opened_at as done'),
  );
}

/** Whom a state is of, without using it up. */
export async function findConsent(db: Knex, state: string): Promise<boolean> {
  return (
    (await db('erp_consents')
      .where({ state_hash: hash(state) })
      .first('id')) !== undefined
  );
}

/** The ERP sent somebody back with this state: it counts once, and within ten minutes of the link being opened. */
export async function takeConsent(db: Knex, state: string): Promise<ConsentOnItsWay | NotFollowed> {
  const row = await step(db, {
    set: 'used_at = clock_timestamp()',
    where: 'state_hash = :key and used_at is null',
    since: 'opened_at',
    key: hash(state),
    other: null,
  });
  return (
    row ??
    why(
      await db('erp_consents')
        .where({ state_hash: hash(state) })
        .first('used_at as done'),
    )
  );
}

const why = (row: { done: Date | null } | undefined): NotFollowed =>
  row === undefined ? 'unknown' : row.done === null ? 'expired' : 'used';

async function step(
  db: Knex,
  { set, where, since, key, other }: { set: string; where: string; since: string; key: string; other: string | null },
): Promise<ConsentOnItsWay | undefined> {
  const { rows } = await db.raw<{ rows: ConsentOnItsWay[] }>(
    `update erp_consents c set ${set} from connections n join installations i on i.id = n.installation_id
     where ${where} and c.${since} > clock_timestamp() - ${lives} and n.id = c.connection_id and i.state = 'active'
     returning c.id, n.installation_id as "installationId", i.name as workspace, c.connection_id as "connectionId",
       c.person, c.purpose`,
    { key, ...(other === null ? {} : { other }) },
  );
  return rows[0];
}
