import { ReconnectError } from '../../app/domain/errors.ts';
import type { ConnectContext, ErpConnection, SharedState } from '../connector.ts';
import { createWords } from '../shared/words.ts';
import { createAct } from './act.ts';
import { createApi } from './api.ts';
import { readControl } from './control.ts';
import type { IntacctCredentials } from './credentials.ts';
import { createExceptionReader } from './exceptions/reader.ts';
import { type Calls, createCalls } from './gateway/calls.ts';
import { forgetSession } from './gateway/session.ts';
import { kindNamed, kinds } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';
import { ownLoginSchema } from './own-login.ts';
import { probe, summaryOf } from './probe.ts';
import { createProfiles } from './profile.ts';
import { createReader, type Reader } from './reader.ts';
import { settle } from './settle.ts';
import { createLedgerReader } from './summary/postings.ts';

/** One company of Intacct, or one entity of it. All processes share its session. */
export function connectIntacct(context: ConnectContext<IntacctCredentials>): ErpConnection {
  const { credentials, state, now } = context;
  const { sender_password, company_id: companyId, user_id, password, entity = null } = credentials;
  /** Passwords and sessions: the connection's own, and for as long as they act those of people. */
  const secrets = new Set<() => string[]>([() => [sender_password, password]]);
  const words = createWords(() => [...secrets].flatMap((some) => some()));
  const calls = createCalls(context, words, { login: { companyId, userId: user_id, password, entity }, state });
  secrets.add(calls.sessions.secrets);
  const api = createApi(calls, words, () => profiles.doubt());
  const profiles = createProfiles(context, api);
  const readers = new Map(kinds.map((kind): [Kind, Reader] => [kind, createReader(context, kind, { api, profiles })]));
  const readerOf = (kind: Kind): Reader => readers.get(kind) ?? createReader(context, kind, { api, profiles });
  const exceptions = createExceptionReader(context, { api, profiles });
  const ledger = createLedgerReader(context, { api, profiles });
  const act = createAct({
    readerOf,
    words,
    isDecidable: ({ decidable }) => !decidable || credentials[decidable] === 'on',
  });

  /** Throws ReconnectError `account` where the state holds no sign-in of a person. */
  async function asPerson<T>(own: SharedState, run: (calls: Calls) => Promise<T>): Promise<T> {
    const typed = ownLoginSchema.safeParse((await own.read())?.login);
    if (!typed.success || typed.data.user_id.toLowerCase() === user_id.toLowerCase())
      throw new ReconnectError('Link your own Intacct user again: the one that is kept cannot be used.', {
        field: 'account',
      });
    const login = { companyId, userId: typed.data.user_id, password: typed.data.password, entity };
    const theirs = createCalls(context, words, { login, state: own });
    const hidden = () => [login.password, ...theirs.sessions.secrets()];
    secrets.add(hidden);
    try {
      return await run(theirs);
    } finally {
      secrets.delete(hidden);
    }
  }

  return {
    async test(signal) {
      await calls.sessions.forgetRefusal();
      const profile = await profiles.discover(signal);
      return { summary: summaryOf(credentials, profile, await probe(api, signal)) };
    },
    async *read(kind, cursor, signal) {
      yield* kind === 'exception' ? exceptions.read(cursor, signal) : readerOf(kindNamed(kind)).read(cursor, signal);
    },
    async get(kind, key, signal) {
      if (kind === 'exception') return (await exceptions.getMany([key], signal)).get(key) ?? null;
      return readerOf(kindNamed(kind)).get(key, signal);
    },
    getMany: { exception: exceptions.getMany },
    control: (kind, since, signal) => readControl({ credentials, now, api, profiles }, kindNamed(kind), since, signal),
    async act(request, signal, as) {
      if (as !== undefined) return asPerson(as, (theirs) => act(request, theirs, signal));
      // An approval by the app's own user would stand under its name and count as anybody's.
      const message = 'In Intacct nobody decides but people with their own user; link yours in the Home of the app.';
      return { result: 'refused', message, document: null };
    },
    postings: ledger.postings,
    periods: ledger.periods,
    settle,
    async close() {},
    signOut: (_signal, as) => (as === undefined ? calls.sessions.forget() : forgetSession(as)),
  };
}
