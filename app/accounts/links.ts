import type { Knex } from 'knex';
import type { Connector, ConsentPurpose } from '../../connectors/connector.ts';
import { recordEvents } from '../audit/record.ts';
import { type FormField, formFields } from '../setup/fields.ts';
import { makeConsent } from './consents.ts';

export interface LinkDeps {
  db: Knex;
  connectorById: (id: string) => Connector | undefined;
  /** Where people's browsers reach the app. */
  publicUrl: string | undefined;
}

export interface LinkAsked {
  installationId: string;
  person: string;
  connectionId: string;
  purpose: ConsentPurpose;
}

/**
 * A way to link: to the ERP's consent page for one person, good for ten minutes, or by typing what they sign in with; or
 * why there is none.
 */
export type Link = { url: string; erp: string; connection: string } | TypedLink | { problem: string };

/** What a form needs in which somebody types what they sign in with. */
export interface TypedLink {
  connectionId: string;
  erp: string;
  connection: string;
  fields: FormField[];
}

const gone = 'That connection is not there any more, so nothing was done.';
const noAddress =
  'The app does not know the address at which your browser reaches it, so the ERP could not send you back to it. Whoever runs the app sets PUBLIC_URL.';

/** Made when somebody asks for it, so that it is fresh when it is opened. */
export async function makeLink({ db, connectorById, publicUrl }: LinkDeps, asked: LinkAsked): Promise<Link> {
  const { installationId, person, connectionId, purpose } = asked;
  if (!/^[0-9a-f-]{36}$/.test(connectionId)) return { problem: gone };
  const row = await db('connections').where({ id: connectionId, installation_id: installationId }).first();
  const connector = row && connectorById(row.connector);
  if (!row || !connector) return { problem: gone };
  if (purpose === 'account' && connector.typedLogin) {
    const fields = formFields(connector.typedLogin.fields);
    return { connectionId, erp: connector.title, connection: row.name, fields };
  }
  if (!offersConsent(connector, row.settings, purpose)) return { problem: notOffered[purpose](connector.title) };
  if (!publicUrl) return { problem: noAddress };
  const nonce = await makeConsent(db, { connectionId, person, purpose });
  await recordEvents(db, [{ kind: 'consent.asked', installationId, connectionId, actor: person, data: { purpose } }]);
  return { url: `${publicUrl}${connectPath}/${nonce}`, erp: connector.title, connection: row.name };
}

/** Whether a connection as it is set up sends people to a consent page for this. */
function offersConsent(
  connector: Connector | undefined,
  settings: Readonly<Record<string, unknown>>,
  purpose: ConsentPurpose,
): boolean {
  const { consent } = connector ?? {};
  if (!consent) return false;
  return purpose === 'connection' ? consent.signsIn(settings) : consent.linksAccounts(settings);
}

/** Whether people can link accounts of their own to a connection with these settings, one way or another. */
export function linksAccounts(connector: Connector | undefined, settings: Readonly<Record<string, unknown>>): boolean {
  return connector?.typedLogin !== undefined || offersConsent(connector, settings, 'account');
}

export const connectPath = '/erp/connect';
export const callbackPath = '/erp/callback';

const notOffered: Record<ConsentPurpose, (erp: string) => string> = {
  connection: () => 'This connection does not sign in by consent, so there is nothing to connect.',
  account: (erp) =>
    `Accounts of people’s own cannot be linked to this connection yet: an administrator gives it a connected application for that in ${erp}.`,
};
