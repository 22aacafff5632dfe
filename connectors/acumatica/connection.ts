import type { ActRequest, ConnectContext, ErpConnection, SharedState } from '../connector.ts';
import { createWords } from '../shared/words.ts';
import { createAct } from './act.ts';
import { createApi } from './api.ts';
import { createApprovals } from './approvals.ts';
import { createBusyForms } from './busy-forms.ts';
import { createSend } from './calls.ts';
import { readControl } from './control.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import { readOffered } from './custom-fields.ts';
import { createFiles } from './files.ts';
import { kindNamed, kinds } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';
import { keyFromLink } from './link-key.ts';
import { createNames } from './names.ts';
import { createNotes } from './notes.ts';
import { createParties } from './parties.ts';
import { readPeople } from './people.ts';
import { probe, summaryOf } from './probe.ts';
import { createSite } from './profile.ts';
import { createReader, type Reader } from './reader.ts';
import { settle } from './settle.ts';
import { type Access, createAccess } from './sign-in/access.ts';
import { signInByConsent } from './sign-in/by-consent.ts';
import { signInByCookie } from './sign-in/by-cookie.ts';
import { signInByPassword } from './sign-in/by-password.ts';
import type { IdentityContext } from './sign-in/identity.ts';
import type { SignIn } from './sign-in/sign-in.ts';

function signInOf(context: IdentityContext): SignIn {
  switch (context.credentials.sign_in) {
    case 'password':
      return signInByPassword(context);
    case 'consent':
      return signInByConsent(context, 'connection');
    case 'cookie':
      return signInByCookie(context);
  }
}

/** One company of an Acumatica site. All processes share its session, so `close` leaves it to the others. */
export function connectAcumatica(context: ConnectContext<AcumaticaCredentials>): ErpConnection {
  const { credentials, now } = context;
  const { client_secret, password, account_client_secret } = credentials;
  const entered = [client_secret, password, account_client_secret].filter((secret) => secret !== undefined);
  /** The connection's own, and for as long as they act those of people. */
  const letIn = new Set<Access>();
  const words = createWords(() => [...entered, ...[...letIn].flatMap((access) => access.secrets())]);
  const identity = { ...context, words };
  const access = createAccess(context, signInOf(identity));
  letIn.add(access);
  const send = createSend(context, access);
  const site = createSite(context, send, words);
  const forms = createBusyForms();
  const api = createApi(send, site, words, forms);
  const names = {
    vendor: createNames(api, { entity: 'Vendor', code: 'VendorID', name: 'VendorName' }, now),
    customer: createNames(api, { entity: 'Customer', code: 'CustomerID', name: 'CustomerName' }, now),
  };
  const approvals = createApprovals(credentials, send, words);
  const readers = new Map(
    kinds.map((kind): [Kind, Reader] => [kind, createReader(context, kind, { api, site, names, approvals })]),
  );
  const readerOf = (kind: Kind): Reader =>
    readers.get(kind) ?? createReader(context, kind, { api, site, names, approvals });
  const parts = { site, words, address: credentials.site };
  const unhindered = createApi(send, site, words);
  const readerWithin = (kind: Kind) => createReader(context, kind, { api: unhindered, site, names, approvals });
  const act = createAct({ ...parts, api: unhindered, readerOf: readerWithin, forms, send });
  const accessAs = (state: SharedState) => createAccess({ state, now }, signInByConsent(identity, 'account'));

  /** Only the action itself is the person's: what is read back is what the connection sees. */
  async function actAs(state: SharedState, request: ActRequest, signal: AbortSignal) {
    const access = accessAs(state);
    letIn.add(access);
    try {
      const ownSend = createSend(context, access);
      const own = { api: createApi(ownSend, site, words), forms: createBusyForms(), send: ownSend };
      return await createAct({ ...parts, ...own, readerOf })(request, signal);
    } finally {
      letIn.delete(access);
    }
  }

  return {
    async test(signal) {
      const profile = await site.discover(signal);
      await approvals.test(signal);
      return { summary: summaryOf(credentials, profile, await probe(api, signal)) };
    },
    async *read(kind, cursor, signal) {
      yield* readerOf(kindNamed(kind)).read(cursor, signal);
    },
    get: async (kind, key, signal) => readerOf(kindNamed(kind)).get(key, signal),
    customFields: (kind, signal) => readOffered(api, kindNamed(kind), signal),
    control: (kind, since, signal) => readControl({ api, credentials, now }, kindNamed(kind), since, signal),
    people: (signal) => readPeople(api, credentials.page_size, signal),
    ...createParties(api, credentials.page_size),
    act: (request, signal, as) => (as === undefined ? act(request, signal) : actAs(as, request, signal)),
    settle,
    ...createNotes(api),
    ...createFiles(api),
    keyFromLink: (url) => keyFromLink(url, credentials),
    async close() {},
    signOut: (signal, as) => (as === undefined ? access : accessAs(as)).signOut(signal),
  };
}
