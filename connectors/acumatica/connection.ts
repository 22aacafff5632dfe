import { ReconnectError } from '../../app/domain/errors.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import type { ConnectContext, ErpConnection } from '../connector.ts';
import { createAct } from './act.ts';
import { type Api, createApi } from './api.ts';
import { createSend } from './calls.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import { createFiles } from './files.ts';
import { kindNamed, kinds } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';
import { keyFromLink } from './link-key.ts';
import { createNames } from './names.ts';
import { createNotes } from './notes.ts';
import { readPeople } from './people.ts';
import { createSite, kindInWords, type SiteProfile } from './profile.ts';
import { probePath } from './queries.ts';
import { createReader, type Reader } from './reader.ts';
import { settle } from './settle.ts';
import { createTokens } from './tokens.ts';
import { createWords } from './words.ts';

/** What may be read and what not; throws where nothing may, or where something else is wrong. */
async function probe(api: Api, signal: AbortSignal): Promise<{ readable: Kind[]; closed: ReconnectError[] }> {
  const readable: Kind[] = [];
  const closed: ReconnectError[] = [];
  for (const kind of kinds) {
    try {
      await api.list(probePath(kind), kindInWords(kind), signal);
      readable.push(kind);
    } catch (error) {
      if (!(error instanceof ReconnectError) || error.scope !== 'kind') throw error;
      closed.push(error);
    }
  }
  if (readable.length === 0 && closed[0] !== undefined) throw closed[0];
  return { readable, closed };
}

function summaryOf(
  { site, tenant }: AcumaticaCredentials,
  profile: SiteProfile,
  { readable, closed }: Awaited<ReturnType<typeof probe>>,
): string {
  const build = profile.build === null ? '' : ` ${profile.build}`;
  const where = `${new URL(site).host}, tenant ${tenant}, ${profile.endpoint} ${profile.version}`;
  const read = readable.map(({ kind }) => documentWords(kind).many).join(', ');
  return [`Acumatica${build} at ${where}: ${read} can be read.`, ...closed.map(({ message }) => message)].join(' ');
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
  const names = {
    vendor: createNames(api, { entity: 'Vendor', code: 'VendorID', name: 'VendorName' }, now),
    customer: createNames(api, { entity: 'Customer', code: 'CustomerID', name: 'CustomerName' }, now),
  };
  const readers = new Map(
    kinds.map((kind): [Kind, Reader] => [kind, createReader(context, kind, { api, site, names })]),
  );
  const readerOf = (kind: Kind): Reader => readers.get(kind) ?? createReader(context, kind, { api, site, names });
  const act = createAct({ site, api, readerOf, send, words, address: credentials.site });

  return {
    async test(signal) {
      const profile = await site.discover(signal);
      return { summary: summaryOf(credentials, profile, await probe(api, signal)) };
    },
    async *read(kind, cursor, signal) {
      yield* readerOf(kindNamed(kind)).read(cursor, signal);
    },
    get: async (kind, key, signal) => readerOf(kindNamed(kind)).get(key, signal),
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
