import type { ConsentPurpose } from '../../connector.ts';
import type { AcumaticaCredentials } from '../credentials.ts';

/** A connected application, as the identity server knows it. */
export interface Client {
  id: string;
  secret: string;
}

type Settings = Readonly<Partial<Record<'sign_in' | 'client_id' | 'account_client_id' | 'tenant', unknown>>>;

/**
 * The client id of the application that asks for consent; undefined where there is none. An application has one flow
 * (SM303010), so the one of a sign-in by password cannot ask for consent as well.
 */
export function consentClientId(settings: Settings, purpose: ConsentPurpose): string | undefined {
  const { sign_in, client_id, account_client_id } = settings;
  const own = purpose === 'account' ? account_client_id : undefined;
  const id = own ?? (sign_in === 'consent' ? client_id : undefined);
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** An application belongs to one tenant, named in its id; an id without it gets the tenant's. */
function withTenant(id: string, { tenant }: AcumaticaCredentials): string {
  return id.includes('@') ? id : `${id}@${tenant}`;
}

/** The application that a connection signs in with. */
export function mainClient(credentials: AcumaticaCredentials): Client {
  const { client_id: id = '', client_secret: secret = '' } = credentials;
  return { id: withTenant(id, credentials), secret };
}

/** The application that asks for consent; undefined where there is none. */
export function consentClient(credentials: AcumaticaCredentials, purpose: ConsentPurpose): Client | undefined {
  const id = consentClientId(credentials, purpose);
  if (id === undefined) return undefined;
  const hasOwn = purpose === 'account' && credentials.account_client_id !== undefined;
  return hasOwn
    ? { id: withTenant(id, credentials), secret: credentials.account_client_secret ?? '' }
    : mainClient(credentials);
}
