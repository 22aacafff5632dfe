import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { recordEvents } from '../../app/audit/record.ts';
import { sealEvents } from '../../app/audit/seal.ts';
import { applyChanges } from '../../app/connections/apply/apply.ts';
import { readApplyFile } from '../../app/connections/apply/file.ts';
import { readStatus } from '../../app/status/report.ts';
import { statusText } from '../../cli/status/text.ts';
import { type FreshDatabase, freshDatabase, testKeyring } from '../support/database.ts';
import { connectors, fileText, installed } from './fixtures.ts';
import { runCli } from './run-cli.ts';

describe('the status', () => {
  let fresh: FreshDatabase;
  before(async () => {
    fresh = await freshDatabase();
    const { db } = fresh;
    const keyring = testKeyring();
    const installationId = await installed(db, keyring);
    await applyChanges(db, keyring, readApplyFile(fileText(), { LEDGER_PASSWORD: 'word' }, connectors));
    const connection = await db('connections').first('id');
    await db('connections').update({ status: 'broken', problem: 'Login refused.', problem_since: db.fn.now() });
    await db('feeds').update({ last_read_at: db.fn.now(), last_error: 'HTTP 503' });
    const soon = db.raw(`now() + interval '1 hour'`);
    await db('processes').insert([
      { id: randomUUID(), host: 'web-1', pid: 11, alive_until: soon },
      { id: randomUUID(), host: 'web-2', pid: 12, alive_until: db.raw(`now() - interval '1 hour'`), started_at: soon },
    ]);
    const [lane] = await db('lanes')
      .insert({ installation_id: installationId, channel: 'C0123', next_attempt_at: soon, last_error: 'rate limited' })
      .returning('id');
    const documents = await db('documents')
      .insert(
        ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((key) => ({
          ...{ connection_id: connection.id, kind: 'bill', key, reference: `00${key}`, status: 'Open' },
          ...{ hash: 'h', substance: 's', data: {} },
        })),
      )
      .returning('id');
    const route = await db('routes').first('id');
    const states = [
      { state: 'pending' },
      { state: 'posted', desired_version: 3, posted_version: 2 },
      { state: 'posted', desired_version: 3, posted_version: 3 },
      { state: 'dead', dead_reason: 'channel_archived', last_error: 'is_archived' },
      { state: 'uncertain', unclear_posts: 2 },
    ];
    const cards: { id: string }[] = [];
    for (const [index, state] of states.entries()) {
      const row = { lane_id: lane.id, route_id: route.id, document_id: documents[index].id, ...state };
      cards.push(...(await db('cards').insert(row).returning('id')));
    }
    const [gathering] = await db('routes')
      .where({ name: 'all bills' })
      .update({ digest_cadence: '0 8 * * 1-5' })
      .returning('id');
    const gathered = { lane_id: lane.id, route_id: gathering.id, state: 'digested' };
    await db('cards').insert([documents[5], documents[6]].map(({ id }) => ({ ...gathered, document_id: id })));
    await db('thread_lines').insert({ card_id: cards[2]?.id, lane_id: lane.id, line: {} });
    await db('decisions').insert(
      ['done', 'dead'].map((state) => ({
        ...{ click_key: state, document_id: documents[2].id, card_id: cards[2]?.id, action: 'approve' },
        ...{ person: 'U1', seen: 's', state, message: state === 'dead' ? 'Nobody knows.' : null },
      })),
    );
    await sealEvents(db);
    await recordEvents(db, [{ kind: 'later' }]);
  });
  after(() => fresh.drop());

  it('tells what runs, what is read, what waits and what needs a person', async () => {
    const report = await readStatus(fresh.db, () => null);
    expect(report.processes.map(({ host, alive }) => [host, alive])).to.deep.equal([
      ['web-1', true],
      ['web-2', false],
    ]);
    expect(report.installations).to.deep.equal([
      { workspace: 'T0NORTHWIND', name: 'Name of T0NORTHWIND', state: 'active', reason: null },
    ]);
    const [connection] = report.connections;
    expect(connection).to.include({ name: 'treasury', status: 'broken', problem: 'Login refused.' });
    const [feed] = connection?.feeds ?? [];
    expect(feed).to.include({ kind: 'bill', cadence: '*/1 * * * *', lastError: 'HTTP 503' });
    expect(feed?.nextReadAt?.getTime()).to.be.within(Date.now() - 1000, Date.now() + 61_000);
    expect(report.lanes).to.have.length(1);
    expect(report.lanes[0]).to.include({ channel: 'C0123', cards: 3, threadLines: 1, lastError: 'rate limited' });
    expect(report.cards).to.deep.equal({ dead: 1, digested: 2, pending: 1, posted: 2, uncertain: 1 });
    const [digest] = report.digests;
    expect(report.digests).to.have.length(1);
    expect(digest).to.include({
      connection: 'treasury',
      route: 'all bills',
      channel: 'C0456',
      waiting: 2,
      lastAt: null,
    });
    expect(digest?.nextAt?.getTime()).to.be.within(Date.now(), Date.now() + 4 * 86_400_000);
    expect(report.deadCards).to.deep.equal([
      { channel: 'C0123', reason: 'channel_archived', error: 'is_archived', count: 1 },
    ]);
    expect(report.decisions).to.deep.equal({ dead: 1, done: 1 });
    expect(report.deadDecisions[0]).to.include({
      action: 'approve',
      person: 'U1',
      reference: '00C',
      message: 'Nobody knows.',
    });
    expect(report.unclearPosts).to.deep.equal({ everSeen: 2, open: 1 });
    expect(report.audit).to.include({ events: '4', unsealed: '1', seals: '1' });
    expect(report.audit.head).to.match(/^[0-9a-f]{64}$/);
  });

  it('is a readable table', async () => {
    const text = statusText(await readStatus(fresh.db, () => null));
    expect(text).to.match(/^ {2}web-2 \(12\) +gone /m);
    expect(text).to.match(/^ {2}treasury +ledger, T0NORTHWIND +broken +since \d+ s ago: Login refused\.$/m);
    expect(text).to.match(/^ {4}bill +\*\/1 \* \* \* \* +read \d+ s ago +next in \d+ s; HTTP 503$/m);
    expect(text).to.match(/^ {2}C0123 +T0NORTHWIND +3 cards, 1 thread lines +tried again in 60 min; rate limited$/m);
    expect(text).to.match(/^ {2}all bills +treasury, C0456 +0 8 \* \* 1-5 +2 waiting +next in .+; last never$/m);
    expect(text).to.match(/^ {2}C0123 +1 +channel_archived +is_archived$/m);
    expect(text).to.match(/^ {2}2 +approve 00C +U1 +Nobody knows\.$/m);
  });

  it('is JSON for programs', async () => {
    const { code, out } = await runCli(['status', '--json'], { DATABASE_URL: fresh.url });
    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.deep.include({ cards: { dead: 1, digested: 2, pending: 1, posted: 2, uncertain: 1 } });
  });
});
