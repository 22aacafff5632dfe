import type { DocumentKind, ErpDocument } from '../../app/domain/document.ts';
import { PermanentError } from '../../app/domain/errors.ts';
import type { ConnectContext, ErpConnection } from '../connector.ts';
import { createAct } from './act.ts';
import { createApi } from './api.ts';
import { createBills } from './bills.ts';
import { createSend } from './calls.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import { createFiles } from './files.ts';
import { keyFromLink } from './link-key.ts';
import { createNotes } from './notes.ts';
import { readPeople } from './people.ts';
import { createSite, type SiteProfile } from './profile.ts';
import { settle } from './settle.ts';
import { createTokens } from './tokens.ts';
import { createVendors } from './vendors.ts';
import { createWords } from './words.ts';

function requireBill(kind: DocumentKind): void {
  if (kind !== 'bill') throw new PermanentError('kind_unknown', `Acumatica is not read for documents of kind ${kind}.`);
}

function summaryOf({ site, tenant }: AcumaticaCredentials, profile: SiteProfile): string {
  const build = profile.build === null ? '' : ` ${profile.build}`;
  const actions = Object.keys(profile.actions).join(', ');
  const where = `${new URL(site).host}, tenant ${tenant}, ${profile.endpoint} ${profile.version}`;
  return `Acumatica${build} at ${where}: bills can be read; it offers ${actions}.`;
}

/** One company of an Acumatica site. All processes share its token, so `close` leaves the session to the others. */
export function connectAcumatica(context: ConnectContext<AcumaticaCredentials>): ErpConnection {
  const { credentials, now } = context;
  const secrets: () => string[] = () => [credentials.client_secret, credentials.password, ...tokens.secrets()];
  const words = createWords(() => secrets());
  const tokens = createTokens(context, words);
  const send = createSend(context, tokens);
  const site = createSite(context, send, words);
  const api = createApi(send, site, words);
  const vendors = createVendors(api, now);
  const bills = createBills(context, { api, site, vendors });
  const act = createAct({ site, api, bills, send, words, address: credentials.site });

  return {
    async test(signal) {
      const profile = await site.discover(signal);
      await api.list('Bill', '$select=Type,ReferenceNbr&$top=1', signal);
      return { summary: summaryOf(credentials, profile) };
    },
    async *read(kind, cursor, signal) {
      requireBill(kind);
      yield* bills.read(cursor, signal);
    },
    async get(kind, key, signal): Promise<ErpDocument | null> {
      requireBill(kind);
      return bills.get(key, signal);
    },
    people: (signal) => readPeople(api, credentials.page_size, signal),
    act,
    settle,
    ...createNotes(api),
    ...createFiles(api),
    keyFromLink: (url) => keyFromLink(url, credentials),
    async close() {},
    signOut: (signal) => tokens.signOut(signal),
  };
}
