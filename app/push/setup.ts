import type { Knex } from 'knex';
import type { Connector, Push } from '../../connectors/connector.ts';
import type { DocumentKind } from '../domain/document.ts';
import { isMadeHere } from '../domain/kinds.ts';
import { type PushState, pushAddress, readPushState } from './endpoint.ts';

/** What whoever sets up pushes has to know, kind by kind. */
export interface PushSetup {
  connectionId: string;
  connection: string;
  erp: string;
  /** Null: nothing is taken yet. */
  state: PushState | null;
  /** False: the app has no address that an ERP could push to. */
  isReachable: boolean;
  /** Who makes the secret. */
  secretFrom: Push['secretFrom'];
  /** What its form calls the secret. */
  secretIs: string;
  /** What to type into the ERP's form for each kind that is read. */
  kinds: Array<{ kind: DocumentKind; rows: Array<{ label: string; value: string }> }>;
}

/** Undefined where the connection is none of this installation, or its ERP cannot push. `secret` is shown as given. */
export async function readPushSetup(
  db: Knex,
  owner: { installationId: string; connectionId: string },
  options: { publicUrl: string | undefined; secret: string; connectorById: (id: string) => Connector | undefined },
): Promise<PushSetup | undefined> {
  const { installationId, connectionId } = owner;
  if (!/^[0-9a-f-]{36}$/.test(connectionId)) return undefined;
  const row = await db('connections').where({ id: connectionId, installation_id: installationId }).first();
  const connector = row && options.connectorById(row.connector);
  const push = connector?.push;
  if (!connector || !push) return undefined;
  const feeds: Array<{ kind: DocumentKind }> = await db('feeds').where({ connection_id: connectionId }).orderBy('id');
  const { publicUrl = '', secret } = options;
  return {
    connectionId,
    connection: row.name,
    erp: connector.title,
    state: (await readPushState(db, connectionId)) ?? null,
    isReachable: publicUrl !== '',
    secretFrom: push.secretFrom,
    secretIs: push.secretIs,
    kinds: feeds
      .filter(({ kind }) => !isMadeHere(kind))
      .map(({ kind }) => ({
        kind,
        rows: push.guide({ address: pushAddress(publicUrl, connectionId, kind), secret, kind }),
      })),
  };
}
