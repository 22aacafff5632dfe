import { inspect } from 'node:util';
import { expect } from 'chai';
import { z } from 'zod';
import {
  type ActionName,
  actionNames,
  type DocumentKind,
  documentSchema,
  type ErpDocument,
} from '../../app/domain/document.ts';
import { isMadeHere } from '../../app/domain/kinds.ts';
import { calendarMonth } from '../../app/domain/periods.ts';
import { type ErpPerson, personSchema } from '../../app/domain/person.ts';
import { summaryDocument } from '../../app/domain/summary.ts';
import { createErpHttp } from '../../app/outbound/erp-http.ts';
import type { Connector, ControlRow, Cursor, ErpConnection, Page } from '../../connectors/connector.ts';
import { errorOf } from '../outbound/servers.ts';
import { createMemoryState, type MemoryState } from './memory-state.ts';

/** What a simulated ERP can be told to do wrong with every call (`lost answer`: with the next action, after doing it). */
export const misbehaviours = ['rate limit', 'server error', 'web page', 'truncated', 'empty', 'lost answer'] as const;
export type Misbehaviour = (typeof misbehaviours)[number];

/** A simulated ERP with a few documents of one kind in it, and what its own side (not its API) says. */
export interface ConnectorFixture {
  /** As a person enters them. */
  credentials: Record<string, unknown>;
  /** Each with the ReconnectError field that has to be named. */
  wrongCredentials: { field: string; credentials: Record<string, unknown> }[];
  /** The state of a person's own account, where only people act. */
  account?: Record<string, unknown>;
  /** Well formed, of no document. */
  unknownKey: string;
  addDocuments(count: number): void | Promise<void>;
  misbehave(how: Misbehaviour): void | Promise<void>;
  behave(): void | Promise<void>;
  /** How many requests a reading needs in which nothing happened; one unless given. */
  requestsWhenQuiet?: number;
  /** Requests of any kind that the ERP has seen. */
  requests(): number;
  /** Makes every access token stop working while refreshing still does. */
  expireTokens(): void | Promise<void>;
  /** Tokens issued so far, by whatever grant. */
  tokensIssued(): number;
  /** The key of a document on which the action is possible. */
  prepare(action: ActionName): string | Promise<string>;
  /** Makes the ERP refuse the action on this document from now on. */
  forbid(key: string, action: ActionName): void | Promise<void>;
  /** Whether the ERP's own side shows that the action happened. */
  hasHappened(key: string, action: ActionName): boolean | Promise<boolean>;
  /** What its own side says of people (sort and key, e.g. `employee EP1`), where the connector tells of them. */
  people?(): string[];
  /** What the ERP's own side shows beside a document; for connectors that write there. */
  beside?: {
    note(key: string): string;
    writeNote(key: string, text: string): void;
    files(key: string): readonly { name: string; content: Uint8Array }[];
    remove(key: string): void;
    /** The next write is done and its answer lost. */
    loseAnswer(): void;
  };
  close(): Promise<void>;
}

/** Every secret text that must appear nowhere: the credentials marked so, and whatever tokens are in the shared state. */
function secretsOf(
  connector: Connector,
  credentials: Record<string, unknown>,
  ...states: (MemoryState | undefined)[]
): string[] {
  const marked = Object.entries(connector.credentials.shape)
    .filter(([, field]) => z.globalRegistry.get(field as z.ZodType)?.secret === true)
    .flatMap(([name]) => (credentials[name] === undefined ? [] : String(credentials[name])));
  const tokens: string[] = [];
  for (const state of states)
    JSON.stringify(state?.stored ?? {}, (name, value: unknown) => {
      if (/(token|sessionId|password)$/i.test(name) && typeof value === 'string') tokens.push(value);
      return value;
    });
  return [...marked, ...tokens];
}

/** An exception says when it was read, which its record does not. */
const asRecord = (document: ErpDocument | null | undefined) =>
  document?.kind === 'exception' ? { ...document, modifiedAt: null } : document;

/** An error with its causes, in every form in which it could reach a log. */
function allTextOf(error: unknown): string {
  const texts: string[] = [];
  for (let one: unknown = error; one instanceof Error; one = one.cause)
    texts.push(one.message, String(one.stack), JSON.stringify(one), JSON.stringify({ ...one }));
  return [...texts, inspect(error, { depth: 12, showHidden: true })].join('\n');
}

export interface Conformance {
  connector: Connector;
  start(kind: DocumentKind): Promise<ConnectorFixture>;
  /** What the ERP has beyond documents; it is held to this too, both ways. */
  offers: { people: boolean; notes: boolean };
  /** What can be decided about a kind there, as its feed says or less. */
  actionsOf(kind: DocumentKind): readonly ActionName[];
}

/** The facts that hold for every connector, against its simulated ERP. */
export function describeConnector(conformance: Conformance): void {
  const { connector, start } = conformance;
  it(`${connector.title} describes every credential for the form and marks at least one secret`, () => {
    const metas = Object.values(connector.credentials.shape).map((field) => z.globalRegistry.get(field as z.ZodType));
    for (const meta of metas) expect(meta).to.include.keys('title', 'description');
    expect(metas.some((meta) => meta?.secret === true)).to.equal(true);
  });
  if (connector.feeds.summary) describeSummaries(connector, start);
  for (const kind of (Object.keys(connector.feeds) as DocumentKind[]).filter((kind) => !isMadeHere(kind)))
    describeKind(conformance, kind);
}

function describeKind({ connector, start, offers, actionsOf }: Conformance, kind: DocumentKind): void {
  const actions = actionsOf(kind);
  describe(`${connector.title}, as every connector, for documents of the kind ${kind},`, () => {
    const http = createErpHttp();
    const { signal } = new AbortController();
    let fixture: ConnectorFixture;
    let state: MemoryState;
    let account: MemoryState | undefined;

    const connectWith = (entered: Record<string, unknown>, shared = state): ErpConnection =>
      connector.connect({ credentials: connector.credentials.parse(entered), http, state: shared, now: Date.now });
    const connect = () => connectWith(fixture.credentials);

    async function readAll(connection: ErpConnection, cursor: Cursor | null): Promise<Page[]> {
      const pages: Page[] = [];
      for await (const page of connection.read(kind, cursor, signal)) pages.push(page);
      return pages;
    }
    const documentsOf = (pages: Page[]) => pages.flatMap(({ documents }) => documents);
    const keysOf = (pages: Page[]) => [...new Set(documentsOf(pages).map(({ key }) => key))].sort();

    async function found(connection: ErpConnection, key: string): Promise<ErpDocument> {
      const document = await connection.get(kind, key, signal);
      if (document === null) throw new Error(`The document ${key} is not there`);
      return document;
    }

    beforeEach(async () => {
      fixture = await start(kind);
      state = createMemoryState();
      account = fixture.account && createMemoryState();
      await account?.change(async () => fixture.account ?? null);
    });
    afterEach(() => fixture.close());
    after(() => http.close());

    it('passes its own test and says in one line what answered', async () => {
      const { summary } = await connect().test(signal);
      expect(summary).to.match(/^\S[^\n]+$/);
    });

    it('names what is wrong with credentials, in test and in read', async () => {
      for (const { field, credentials } of fixture.wrongCredentials) {
        const entered = { ...fixture.credentials, ...credentials };
        const connection = connectWith(entered, createMemoryState());
        expect(await errorOf(connection.test(signal))).to.include({ name: 'ReconnectError', field });
        expect(await errorOf(readAll(connection, null))).to.include({ name: 'ReconnectError', field });
      }
    });

    it('reads documents that fit the schema, each key once', async () => {
      await fixture.addDocuments(30);
      const documents = documentsOf(await readAll(connect(), null));
      expect(documents.length).to.be.at.least(30);
      for (const document of documents) expect(documentSchema.strict().parse(document).kind).to.equal(kind);
      expect(new Set(documents.map(({ key }) => key)).size).to.equal(documents.length);
    });

    it('reads the same document by its key, and null for one that is not there', async () => {
      const connection = connect();
      const [first] = documentsOf(await readAll(connection, null));
      expect(first).to.not.equal(undefined);
      const key = first?.key ?? '';
      expect(asRecord(await connection.get(kind, key, signal))).to.deep.equal(asRecord(first));
      expect(await connection.get(kind, `${key}0`, signal)).to.equal(null);
    });

    it('loses nothing when it resumes at any cursor that it yielded', async () => {
      await fixture.addDocuments(40);
      const pages = await readAll(connect(), null);
      expect(pages.length).to.be.greaterThan(2);
      const all = keysOf(pages);
      for (const [index, { cursor }] of pages.entries()) {
        for (const value of Object.values(cursor)) expect(typeof value).to.be.oneOf(['string', 'number']);
        const resumed = await readAll(connect(), cursor);
        expect(keysOf([...pages.slice(0, index + 1), ...resumed])).to.deep.equal(all);
      }
    });

    it('needs as few requests as can be to see that nothing changed', async () => {
      const connection = connect();
      const pages = await readAll(connection, null);
      const before = fixture.requests();
      const again = await readAll(connection, pages.at(-1)?.cursor ?? null);
      expect(fixture.requests() - before).to.equal(fixture.requestsWhenQuiet ?? 1);
      expect(again.at(-1)?.cursor).to.not.equal(undefined);
    });

    it('reads what was added after the last cursor', async () => {
      const connection = connect();
      const pages = await readAll(connection, null);
      const known = keysOf(pages);
      await fixture.addDocuments(3);
      const added = keysOf(await readAll(connection, pages.at(-1)?.cursor ?? null)).filter(
        (key) => !known.includes(key),
      );
      expect(added.length).to.equal(3);
    });

    for (const how of ['rate limit', 'server error', 'web page', 'truncated', 'empty'] as const) {
      it(`asks to try again when the ERP answers with: ${how}; and tells no secret`, async () => {
        const connection = connect();
        await connection.test(signal);
        await fixture.misbehave(how);
        const errors = [
          await errorOf(readAll(connection, null)),
          await errorOf(connection.get(kind, fixture.unknownKey, signal)),
        ];
        for (const error of errors) {
          expect(error).to.include({ name: 'RetryableError' });
          for (const secret of secretsOf(connector, fixture.credentials, state))
            expect(allTextOf(error)).to.not.contain(secret);
        }
        await fixture.behave();
        expect(documentsOf(await readAll(connection, null)).length).to.be.greaterThan(0);
      });
    }

    it('tells no secret when credentials are wrong', async () => {
      for (const { credentials } of fixture.wrongCredentials) {
        const entered = { ...fixture.credentials, ...credentials };
        const error = await errorOf(connectWith(entered).test(signal));
        for (const secret of secretsOf(connector, entered, state)) expect(allTextOf(error)).to.not.contain(secret);
      }
    });

    it('passes on the reason when the caller gives up', async () => {
      const abort = new AbortController();
      abort.abort(new Error('shutting down'));
      expect((await errorOf(connect().get(kind, fixture.unknownKey, abort.signal))).message).to.equal('shutting down');
    });

    for (const action of actions) {
      describe(`to ${action}`, () => {
        it('does it in the ERP and returns what the ERP then shows', async () => {
          const connection = connect();
          const key = await fixture.prepare(action);
          const document = await found(connection, key);
          expect(document.actions).to.include(action);
          expect(await fixture.hasHappened(key, action)).to.equal(false);
          const outcome = await connection.act({ document, action, reason: 'as agreed' }, signal, account);
          expect(outcome).to.include({ result: 'done', complete: true });
          expect(await fixture.hasHappened(key, action)).to.equal(true);
          expect(outcome.document).to.deep.equal(await found(connection, key));
        });

        it('tells a refusal in the words of the ERP', async () => {
          const connection = connect();
          const key = await fixture.prepare(action);
          const document = await found(connection, key);
          await fixture.forbid(key, action);
          const outcome = await connection.act({ document, action, reason: null }, signal, account);
          expect(outcome.result).to.equal('refused');
          expect('message' in outcome && outcome.message).to.match(/^[^<>{}\n]{10,}$/);
          expect(await fixture.hasHappened(key, action)).to.equal(false);
        });

        it('is unclear when the answer is lost, and settled by what is read then', async () => {
          const connection = connect();
          const key = await fixture.prepare(action);
          const request = { document: await found(connection, key), action, reason: null };
          await fixture.misbehave('lost answer');
          expect(await errorOf(connection.act(request, signal, account))).to.include({ name: 'UnclearError' });
          await fixture.behave();
          const deadline = Date.now() + 5000;
          while (!(await fixture.hasHappened(key, action)) && Date.now() < deadline) await new Promise(setImmediate);
          expect(connection.settle(request, await found(connection, key))).to.equal('yes');
        });

        it('is not taken for done while the document is unchanged', async () => {
          const connection = connect();
          const document = await found(connection, await fixture.prepare(action));
          expect(connection.settle({ document, action, reason: null }, document)).to.be.oneOf(['no', 'unknown']);
        });

        it('asks to try again when a limit stopped it before anything was done', async () => {
          const connection = connect();
          const key = await fixture.prepare(action);
          const document = await found(connection, key);
          await fixture.misbehave('rate limit');
          const error = await errorOf(connection.act({ document, action, reason: null }, signal, account));
          expect(error).to.include({ name: 'RetryableError' });
          for (const secret of secretsOf(connector, fixture.credentials, state, account))
            expect(allTextOf(error)).to.not.contain(secret);
          expect(await fixture.hasHappened(key, action)).to.equal(false);
        });
      });
    }

    if (offers.people)
      describe('where it tells of people,', () => {
        async function everybody(connection: ErpConnection): Promise<ErpPerson[]> {
          const people: ErpPerson[] = [];
          for await (const page of connection.people?.(signal) ?? []) people.push(...page);
          return people;
        }

        it('tells of all of them, each once and in the shape that all ERPs share', async () => {
          const people = await everybody(connect());
          for (const person of people) personSchema.parse(person);
          expect(people.map(({ sort, key }) => `${sort} ${key}`).sort()).to.deep.equal(fixture.people?.().sort());
        });

        for (const how of ['rate limit', 'server error', 'web page', 'truncated', 'empty'] as const) {
          it(`throws instead of ending early when the ERP answers with: ${how}`, async () => {
            const connection = connect();
            await connection.test(signal);
            await fixture.misbehave(how);
            const error = await errorOf(everybody(connection));
            expect(error).to.include({ name: 'RetryableError' });
            for (const secret of secretsOf(connector, fixture.credentials, state))
              expect(allTextOf(error)).to.not.contain(secret);
          });
        }
      });

    if (offers.notes)
      describe('beside a document', () => {
        const entry = '2025-03-04 10:12 UTC, Somebody in Slack: “as agreed” <b>\n    Grüße & 3 < 4';
        const file = {
          name: 'delivery note März (F01).pdf',
          type: 'application/pdf',
          content: Buffer.from([0, 255, 10, 13, 128]),
        };
        let beside: NonNullable<ConnectorFixture['beside']>;
        let connection: ErpConnection;
        let document: ErpDocument;
        beforeEach(async () => {
          connection = connect();
          if (!fixture.beside) throw new Error('The fixture shows nothing beside a document.');
          beside = fixture.beside;
          document = await found(connection, await fixture.prepare(actions[0] ?? 'approve'));
        });

        it('adds to the note, and leaves what stands there', async () => {
          expect(await connection.readNote?.(document, signal)).to.equal('');
          expect(await connection.addNote?.({ document, text: entry }, signal)).to.deep.equal({ result: 'done' });
          beside.writeNote(document.key, `${beside.note(document.key)}\nFrom a person, “quoted”`);
          expect(await connection.addNote?.({ document, text: 'the last' }, signal)).to.deep.equal({ result: 'done' });
          const note = `${entry}\nFrom a person, “quoted”\nthe last`;
          expect(beside.note(document.key)).to.equal(note);
          expect(await connection.readNote?.(document, signal)).to.equal(note);
        });

        it('changes nothing else of the document', async () => {
          await connection.addNote?.({ document, text: entry }, signal);
          expect(await found(connection, document.key)).to.deep.equal({
            ...document,
            modifiedAt: (await found(connection, document.key)).modifiedAt,
          });
        });

        it('keeps a file byte for byte under its name', async () => {
          expect(await connection.attachments?.(document, signal)).to.deep.equal([]);
          expect(await connection.attach?.({ document, file }, signal)).to.deep.equal({ result: 'done' });
          expect(await connection.attachments?.(document, signal)).to.deep.equal([file.name]);
          const [kept] = beside.files(document.key);
          expect(kept?.name).to.equal(file.name);
          expect(Buffer.from(kept?.content ?? []).equals(file.content)).to.equal(true);
        });

        it('is unclear when the answer is lost, and what is read then tells', async () => {
          beside.loseAnswer();
          expect(
            await errorOf(connection.addNote?.({ document, text: entry }, signal) ?? Promise.resolve()),
          ).to.include({
            name: 'UnclearError',
          });
          await fixture.behave();
          expect(await connection.readNote?.(document, signal)).to.contain('as agreed');
        });

        it('asks to try again when a limit stopped it', async () => {
          await fixture.misbehave('rate limit');
          const error = await errorOf(connection.addNote?.({ document, text: entry }, signal) ?? Promise.resolve());
          expect(error).to.include({ name: 'RetryableError' });
          await fixture.behave();
          expect(beside.note(document.key)).to.equal('');
        });

        it('does not bring back a document that is gone', async () => {
          beside.remove(document.key);
          expect(await connection.addNote?.({ document, text: entry }, signal)).to.include({ result: 'refused' });
          expect(await connection.attach?.({ document, file }, signal)).to.include({ result: 'refused' });
          expect(await connection.get(kind, document.key, signal)).to.equal(null);
        });
      });

    it('offers what is said of it', () => {
      const connection = connect();
      expect(connector.feeds[kind]?.actions ?? actionNames).to.include.members([...actions]);
      expect(connection.people !== undefined).to.equal(offers.people);
      expect([connection.addNote, connection.readNote].map((each) => each !== undefined)).to.deep.equal([
        offers.notes,
        offers.notes,
      ]);
    });

    // Exceptions are no records of the ERP, and each reading tells all of them.
    if (kind !== 'exception')
      it('lists for the control total what the reading brings, with the same values', async () => {
        const connection = connect();
        if (!connection.control) throw new Error('There is nothing to compare with at night.');
        await fixture.addDocuments(5);
        const documents = (await readAll(connection, null)).flatMap((page) => page.documents);
        const rows = new Map<string, ControlRow>();
        for await (const page of connection.control(kind, null, signal)) for (const row of page) rows.set(row.key, row);
        expect([...rows.keys()].sort()).to.deep.equal([...new Set(documents.map(({ key }) => key))].sort());
        for (const { key, type, reference, status, amount, branch, modifiedAt } of documents) {
          const row = rows.get(key);
          expect(row).to.include({ key, type, reference, modifiedAt });
          if (row?.values) expect(row.values).to.deep.equal({ status, amount, branch });
        }
      });

    it('refreshes once for two connections that share their state', async () => {
      const [one, two] = [connect(), connect()];
      await Promise.all([one.test(signal), two.test(signal)]);
      expect(fixture.tokensIssued()).to.equal(1);
      await fixture.expireTokens();
      await Promise.all([readAll(one, null), readAll(two, null)]);
      expect(fixture.tokensIssued()).to.equal(2);
    });
  });
}

/** What holds for every ERP whose ledger is summed. */
function describeSummaries(connector: Connector, start: (kind: DocumentKind) => Promise<ConnectorFixture>): void {
  it(`${connector.title} sums its ledger and has periods to sum it by, as its feed of summaries says`, async () => {
    const [kind = 'bill'] = (Object.keys(connector.feeds) as DocumentKind[]).filter((each) => !isMadeHere(each));
    const fixture = await start(kind);
    const http = createErpHttp();
    try {
      const erp = connector.connect({
        credentials: connector.credentials.parse(fixture.credentials),
        http,
        state: createMemoryState(),
        now: () => Date.now(),
      });
      const { signal } = new AbortController();
      const periods = (await erp.periods?.(signal)) ?? [calendarMonth(new Date().toISOString().slice(0, 10))];
      for (const { start: first, end } of periods) expect(first <= end, `${first} to ${end}`).to.equal(true);
      const whole = { name: 'all', start: '1990-01-01', end: '2090-12-31' };
      const made = await erp.postings?.(whole, signal);
      expect(made?.groups.length, 'journals').to.be.greaterThan(0);
      expect(made?.largest.length, 'largest entries').to.be.within(1, 5);
      // What the app makes of it has to be a document that can be stored.
      const given = { key: '1', period: whole, closing: false, at: new Date(), timeZone: 'UTC', previous: null };
      if (made) documentSchema.parse(summaryDocument({ ...given, postings: made }));
      const nothing = await erp.postings?.({ name: 'none', start: '1989-01-01', end: '1989-01-31' }, signal);
      expect(nothing).to.deep.equal({ groups: [], largest: [] });
      await erp.close();
    } finally {
      await http.close();
      await fixture.close();
    }
  });
}
