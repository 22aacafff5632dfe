import { createHmac, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Connector } from '../../connectors/connector.ts';
import { recordEvents } from '../audit/record.ts';
import { connectionState, credentialsOf, identityOf } from '../connections/sealed.ts';
import { PermanentError } from '../domain/errors.ts';
import type { ErpHttp } from '../outbound/http.ts';
import { wake } from '../queue/wake.ts';
import { createHeldState } from '../setup/held-state.ts';
import type { Keyring } from '../storage/keyring.ts';
import { linkAccount } from './accounts.ts';
import type { ConsentOnItsWay } from './consents.ts';
import { leaveSession } from './farewells.ts';
import { callbackPath } from './links.ts';

export interface CompleteDeps {
  db: Knex;
  keyring: Keyring;
  http: ErpHttp;
  connectorById: (id: string) => Connector | undefined;
  publicUrl: string;
  /** Known to all processes of the app and to nobody else. */
  stateSecret: string;
}

export interface Completed {
  erp: string;
  connection: string;
  /** Who signed in, as the ERP names them; null where it does not tell. */
  user: string | null;
  outcome: 'linked' | 'connected' | 'taken';
}

/** The PKCE verifier of a state. It is derived, so it lies nowhere; whoever sees the state cannot tell it. */
export function verifierOf(stateSecret: string, state: string): string {
  return createHmac('sha256', stateSecret).update(`erp consent verifier ${state}`).digest('base64url');
}

async function connectionOf({ db, keyring, connectorById }: CompleteDeps, { connectionId }: ConsentOnItsWay) {
  const row = await db('connections').where({ id: connectionId }).first();
  const connector = row && connectorById(row.connector);
  if (!connector?.consent) throw new PermanentError('no_connector', 'This connection has no consent page.');
  return {
    name: row.name as string,
    connector,
    consent: connector.consent,
    credentials: credentialsOf(keyring, connector, row),
  };
}

/** The ERP's consent page for this person, who comes back with the state. */
export async function consentPage(
  deps: CompleteDeps,
  consent: ConsentOnItsWay,
  state: string,
  challenge: string,
): Promise<string> {
  const opened = await connectionOf(deps, consent);
  const redirectUri = `${deps.publicUrl}${callbackPath}`;
  const { purpose } = consent;
  return opened.consent.authorizeUrl({ credentials: opened.credentials, purpose, redirectUri, state, challenge });
}

/** Trades the code for tokens and keeps them, as the connection's own or as the person's account. */
export async function completeConsent(
  deps: CompleteDeps,
  consent: ConsentOnItsWay,
  { code, state, signal }: { code: string; state: string; signal: AbortSignal },
): Promise<Completed> {
  const { db, keyring, http, publicUrl, stateSecret } = deps;
  const { connectionId, installationId, person, purpose } = consent;
  const opened = await connectionOf(deps, consent);
  const tokens = createHeldState();
  const { user } = await opened.consent.exchange({
    credentials: opened.credentials,
    purpose,
    code,
    verifier: verifierOf(stateSecret, state),
    redirectUri: `${publicUrl}${callbackPath}`,
    http,
    state: tokens,
    now: () => Date.now(),
    signal,
  });
  const said = { erp: opened.connector.title, connection: opened.name, user };
  const kept = tokens.held() ?? {};
  if (purpose === 'connection') {
    await connect(db, keyring, consent, kept, user);
    return { ...said, outcome: 'connected' };
  }
  const linking = { installationId, connectionId, person, user, state: kept };
  return { ...said, outcome: await linkAccount(db, keyring, linking, randomUUID()) };
}

/** The connection signs in with this from now on, and is read at once. */
async function connect(
  db: Knex,
  keyring: Keyring,
  { connectionId, installationId, person }: ConsentOnItsWay,
  state: Record<string, unknown>,
  user: string | null,
): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('connections').where({ id: connectionId }).forNoKeyUpdate().first('id');
    await leaveSession(trx, keyring, connectionId);
    const sealed = keyring.encrypt(JSON.stringify(state), identityOf(connectionState, connectionId));
    // The time has every process open it anew.
    const now = trx.raw('clock_timestamp()');
    await trx('connections').where({ id: connectionId }).update({ shared_state: sealed, updated_at: now });
    const feeds = await trx('feeds')
      .where({ connection_id: connectionId })
      .update({ attempts: 0, next_attempt_at: null, last_error: null })
      .returning('id');
    await recordEvents(trx, [
      { kind: 'connection.connected', installationId, connectionId, actor: person, data: { user } },
    ]);
    await wake(
      trx,
      'read-feed',
      feeds.map(({ id }) => String(id)),
    );
  });
}
