import type { ConnectContext, ErpConnection } from '../connector.ts';
import { createWords } from '../shared/words.ts';
import { createApi } from './api.ts';
import type { IntacctCredentials } from './credentials.ts';
import { type Calls, createCalls } from './gateway/calls.ts';
import { kindNamed, kinds } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';
import { probe, summaryOf } from './probe.ts';
import { createProfiles } from './profile.ts';
import { createReader, type Reader } from './reader.ts';
import { createLedgerReader } from './summary/postings.ts';

/** One company of Intacct, or one entity of it. All processes share its session. */
export function connectIntacct(context: ConnectContext<IntacctCredentials>): ErpConnection {
  const { credentials, state } = context;
  const entered = [credentials.sender_password, credentials.password];
  /** The connection's own, and for as long as they act those of people. */
  const letIn = new Set<Calls>();
  const words = createWords(() => [...entered, ...[...letIn].flatMap(({ sessions }) => sessions.secrets())]);
  const login = {
    companyId: credentials.company_id,
    userId: credentials.user_id,
    password: credentials.password,
    entity: credentials.entity ?? null,
  };
  const calls = createCalls(context, words, { login, state });
  letIn.add(calls);
  const api = createApi(calls, words);
  const profiles = createProfiles(context, api);
  const parts = { api, profiles };
  const readers = new Map(kinds.map((kind): [Kind, Reader] => [kind, createReader(context, kind, parts)]));
  const ledger = createLedgerReader(context, parts);
  const readerOf = (kind: Kind): Reader => readers.get(kind) ?? createReader(context, kind, parts);

  return {
    async test(signal) {
      const profile = await profiles.discover(signal);
      return { summary: summaryOf(credentials, profile, await probe(api, signal)) };
    },
    async *read(kind, cursor, signal) {
      yield* readerOf(kindNamed(kind)).read(cursor, signal);
    },
    get: async (kind, key, signal) => readerOf(kindNamed(kind)).get(key, signal),
    async act({ document }) {
      return { result: 'refused', message: 'Intacct offers no action here.', document };
    },
    postings: ledger.postings,
    periods: ledger.periods,
    settle: () => 'unknown',
    async close() {},
  };
}
