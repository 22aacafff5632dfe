import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Connector } from '../../connectors/connector.ts';
import type { Keyring } from '../storage/keyring.ts';
import { loadPeriods } from '../summaries/plan.ts';
import { type Draft, type DraftOwner, findDraft, readDraft } from './drafts.ts';
import type { Entered } from './entered.ts';
import { buildForm, type ConnectionForm, enteredOf, type FormMetadata, presetsOf } from './form.ts';
import { auditMark } from './others-changes.ts';
import { openSecrets, readStored, type StoredConnection } from './stored.ts';

export interface FormDeps {
  db: Knex;
  keyring: Keyring;
  connectors: readonly Connector[];
}

/** The form for a new connection, with what this person left unsaved. `timeZone`: what it begins with. */
export async function openNew(deps: FormDeps, owner: DraftOwner, timeZone: string): Promise<ConnectionForm | null> {
  const draft = await findDraft(deps.db, deps.keyring, owner, null);
  const restored = draft && (await ofDraft(deps, draft, null));
  const [connector] = deps.connectors;
  if (restored || !connector) return restored;
  return ofNothing(deps, connector, presetsOf(connector, { timeZone }));
}

/** The form of a connection, with what this person left unsaved; null where there is no such connection. */
export async function openExisting(
  deps: FormDeps,
  owner: DraftOwner,
  connectionId: string,
  { asStored = false } = {},
): Promise<ConnectionForm | null> {
  const { db, keyring, connectors } = deps;
  const stored = await readStored(db, { installationId: owner.installationId, id: connectionId });
  const connector = connectors.find(({ id }) => id === stored?.connector);
  if (!stored || !connector) return null;
  const draft = asStored ? null : await findDraft(db, keyring, owner, connectionId);
  const restored = draft && (await ofDraft(deps, draft, stored));
  if (restored) return restored;
  const metadata: FormMetadata = {
    ...{ draft: randomUUID(), connection: stored.id, connector: connector.id, version: stored.version },
    since: await auditMark(db),
  };
  const entered = enteredOf(connector, stored);
  const periods = await loadPeriods(db, stored.id);
  return buildForm({ metadata, connectors, connector, entered, stored: openSecrets(keyring, stored), periods });
}

/** The form with what a draft holds; null where the draft is gone: saved, closed or too old. */
export async function openDraft(deps: FormDeps, owner: DraftOwner, draftId: string): Promise<ConnectionForm | null> {
  const { db, keyring } = deps;
  const draft = await readDraft(db, keyring, owner, draftId);
  if (!draft) return null;
  const { connectionId: id } = draft;
  const stored = id ? await readStored(db, { installationId: owner.installationId, id }) : null;
  return id && !stored ? null : ofDraft(deps, draft, stored);
}

/** The form of another ERP, with what does not depend on it. */
export async function openOther(
  deps: FormDeps,
  entered: Entered,
  metadata: FormMetadata,
  erp: string,
): Promise<ConnectionForm | null> {
  const connector = deps.connectors.find(({ id }) => id === erp);
  return connector && metadata.connection === null ? ofNothing(deps, connector, presetsOf(connector, entered)) : null;
}

function ofNothing({ connectors }: FormDeps, connector: Connector, entered: Entered): ConnectionForm {
  const metadata = { draft: randomUUID(), connection: null, connector: connector.id, version: 0, since: '0' };
  return buildForm({ metadata, connectors, connector, entered });
}

async function ofDraft(
  { db, connectors, keyring }: FormDeps,
  { id, connectionId, version, since, entered }: Draft,
  stored: StoredConnection | null,
): Promise<ConnectionForm | null> {
  const connector = connectors.find((each) => each.id === entered.connector);
  if (!connector) return null;
  const metadata = { draft: id, connection: connectionId, connector: connector.id, version, since };
  const secrets = stored ? openSecrets(keyring, stored) : {};
  const periods = stored ? await loadPeriods(db, stored.id) : [];
  return buildForm({ metadata, connectors, connector, entered, stored: secrets, isRestored: true, periods });
}
