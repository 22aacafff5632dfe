import { expect } from 'chai';
import { loadRoutes } from '../../app/connections/routes.ts';
import { catchUpRoute } from '../../app/documents/catch-up.ts';
import { checkDocuments } from '../../app/documents/check.ts';
import { checkLeftOut } from '../../app/documents/exceptions.ts';
import { storeDocuments } from '../../app/documents/store.ts';
import type { ErpDocument, Severity } from '../../app/domain/document.ts';
import { createLog } from '../../app/log.ts';
import { addRoute, type House, house } from '../decisions/house.ts';
import { sampleException, solvedException } from '../domain/sample-exception.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

describe('Exceptions as they are stored', () => {
  let fresh: FreshDatabase;
  let here: House;
  beforeEach(async () => {
    fresh = await freshDatabase();
    here = await house(fresh.db);
  });
  afterEach(() => fresh.drop());

  const store = (documents: ErpDocument[]) =>
    fresh.db.transaction(async (trx) =>
      storeDocuments(trx, { ...here, routes: await loadRoutes(trx, here.connectionId) }, documents),
    );
  async function route(channel: string, severities?: Severity[], more: Record<string, unknown> = {}): Promise<string> {
    const id = await addRoute(fresh.db, here, { channel, deciders: [] });
    const conditions = JSON.stringify(severities ? { severities } : {});
    await fresh
      .db('routes')
      .where({ id })
      .update({ kind: 'exception', conditions, ...more });
    return id;
  }
  const numbered = (n: number, different: Partial<ErpDocument> = {}) =>
    sampleException({ key: `GLBATCH ${n} unbalanced`, reference: `GJ ${n}`, ...different });
  const cards = () =>
    fresh.db('cards as c').join('lanes as l', 'l.id', 'c.lane_id').orderBy('c.id').select('c.*', 'l.channel');
  const linesTold = async () => (await fresh.db('thread_lines').orderBy('id')).map(({ line }) => line);
  const posted = () =>
    fresh.db('cards').update({ state: 'posted', message_id: fresh.db.raw('id::text'), posted_version: 1 });
  const later = (minutes: number) => new Date(Date.parse('2026-03-02T10:00:00Z') + minutes * 60_000).toISOString();

  it('go to the channel that their severity chooses', async () => {
    await route('C0LOUD', ['critical']);
    await route('C0QUIET', ['info', 'warning']);
    const warning = sampleException(
      { key: 'GLBATCH 9 declined', type: 'Journal was declined' },
      { severity: 'warning' },
    );
    await store([sampleException(), warning]);
    expect((await cards()).map(({ channel, route_id }) => [channel, route_id !== null])).to.have.deep.members([
      ['C0LOUD', true],
      ['C0QUIET', true],
    ]);
  });

  it('tell their thread how they were solved and when they are there again, each once', async () => {
    await route('C0ALERTS');
    await store([sampleException()]);
    await posted();
    for (const document of [solvedException({ modifiedAt: later(5) }), solvedException({ modifiedAt: later(6) })])
      await store([document]);
    await store([sampleException({ modifiedAt: later(10) })]);
    expect(await linesTold()).to.deep.equal([
      { type: 'over', status: 'Solved', outcome: 'the journal balances now', at: later(5) },
      { type: 'again', name: 'Journal does not balance GJ 45', severity: 'critical', at: later(10) },
    ]);
    expect(await cards()).to.have.length(1);
    expect((await cards())[0].desired_version).to.equal(3);
  });

  it('tell what changed of them while they last', async () => {
    await route('C0ALERTS');
    await store([sampleException()]);
    await posted();
    await store([sampleException({ amount: { value: '80.00', currency: 'GBP' }, modifiedAt: later(1) })]);
    const [line] = await linesTold();
    expect(line.type).to.equal('changed');
    expect(line.changes[0]).to.include({ field: 'amount', from: '£120.00', to: '£80.00' });
  });

  it('are not opened again by a reading that began before they were solved', async () => {
    await route('C0ALERTS');
    await store([sampleException()]);
    await store([solvedException({ modifiedAt: later(5) })]);
    expect(await store([sampleException({ modifiedAt: later(4) })])).to.include({ added: 0, changed: 0 });
  });

  it('that were over before anybody could be told are told to nobody', async () => {
    await store([sampleException()]);
    await route('C0ALERTS');
    await store([solvedException({ modifiedAt: later(5) })]);
    expect(await cards()).to.deep.equal([]);
  });

  it('that stand in a digest get a card of their own when they are there again', async () => {
    const alone = await route('C0ALERTS');
    const gathering = await route('C0DIGEST', undefined, { digest_cadence: '0 0 1 1 *' });
    await store([numbered(1), numbered(2)]);
    for (const id of [alone, gathering]) {
      const [first] = await fresh.db('cards').where({ route_id: id });
      const [digest] = await fresh
        .db('cards')
        .insert({ lane_id: first.lane_id, route_id: id, state: 'posted', message_id: 'd', posted_version: 1 })
        .returning('id');
      await fresh
        .db('cards')
        .where({ route_id: id })
        .whereNotNull('document_id')
        .update({ state: 'digested', digest_id: digest.id });
    }
    const over = { status: 'Solved', phase: 'closed' as const };
    await store([numbered(1, { ...over, modifiedAt: later(5) }), numbered(2, { ...over, modifiedAt: later(5) })]);
    await store([numbered(1, { modifiedAt: later(9) })]);
    const states = (await cards())
      .filter(({ document_id }) => document_id !== null)
      .map(({ channel, state, digest_id }) => `${channel} ${state} ${digest_id === null ? 'alone' : 'in digest'}`);
    expect(states.sort()).to.deep.equal([
      'C0ALERTS digested in digest',
      'C0ALERTS pending alone',
      'C0DIGEST digested alone',
      'C0DIGEST digested in digest',
    ]);
    expect(await linesTold(), 'the new card says it all').to.deep.equal([]);
  });

  it('are posted for a route that was set up later, as long as they last', async () => {
    await store([numbered(1), numbered(2), numbered(3, { status: 'Solved', phase: 'closed' })]);
    const id = await route('C0ALERTS');
    await fresh.db('route_catch_ups').insert({ route_id: id });
    await catchUpRoute(fresh.db, id, () => false);
    expect(await cards()).to.have.length(2);
  });

  describe('that a reading did not hold', () => {
    const log = createLog({ level: 'error', format: 'text' });
    const whole = (types: string[], keys: string[]) =>
      fresh.db.transaction((trx) => checkLeftOut(trx, here.connectionId, 'exception', { types, keys }));
    const due = () => fresh.db('document_checks').orderBy('key').pluck('key');
    const declined = numbered(4, { key: 'GLBATCH 4 declined', type: 'Journal was declined' });
    const type = sampleException().type;

    async function check(now: Map<string, ErpDocument>): Promise<string[][]> {
      const asked: string[][] = [];
      const erp = {
        getMany: {
          exception: async (keys: readonly string[]) => {
            asked.push([...keys].sort());
            return now;
          },
        },
      };
      const row = { ...(await fresh.db('connections').first()) };
      const connections = { open: async () => ({ row, erp, connector: { feeds: {} } }) } as never;
      const lease = { isGood: () => true } as never;
      await checkDocuments({ db: fresh.db, lease, connections, log }, here.connectionId, new AbortController().signal);
      return asked;
    }

    it('are looked at where it told all of their type, and open ones only', async () => {
      const solved = numbered(3, { status: 'Solved', phase: 'closed' });
      const notice = numbered(5, { status: 'Voided', phase: 'voided' });
      await store([numbered(1), numbered(2), solved, declined, notice]);
      await whole([type], [numbered(1).key]);
      expect(await due()).to.deep.equal([numbered(2).key]);
      await whole([], []);
      expect(await due(), 'nothing was read whole').to.have.length(1);
      await whole([type, declined.type], []);
      expect(await due()).to.deep.equal([numbered(1).key, numbered(2).key, declined.key]);
    });

    it('are asked for together, and what is gone ends with its record', async () => {
      await route('C0ALERTS');
      await store([numbered(1), numbered(2), numbered(3)]);
      await posted();
      await whole([type], []);
      const solved = numbered(1, { ...solvedException(), key: numbered(1).key, reference: 'GJ 1' });
      const asked = await check(
        new Map([
          [solved.key, solved],
          [numbered(2).key, numbered(2)],
        ]),
      );
      expect(asked).to.deep.equal([[numbered(1).key, numbered(2).key, numbered(3).key]]);
      expect(await due()).to.deep.equal([]);
      const ends = (await linesTold()).map(({ type: sort, outcome }) => `${sort}: ${outcome}`);
      expect(ends.sort()).to.deep.equal(['over: the journal balances now', 'over: the record is no longer there']);
      const states = await fresh.db('documents').orderBy('key').pluck('status');
      expect(states).to.deep.equal(['Solved', 'Open', 'Solved']);
    });
  });
});
