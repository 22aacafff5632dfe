import { expect } from 'chai';
import type { SettingsChange } from '../../../sandbox/acumatica/index.ts';
import {
  addBill,
  decisionsOn,
  expectNoSecret,
  hurry,
  isTold,
  onlyWhenAsked,
  ownLane,
  ownLanesOnly,
  postBill,
  timesAsked,
  toldTo,
} from '../../support/lanes.ts';
import { type Product, people, startProduct } from '../../support/product.ts';
import { waitUntil } from '../../support/wait.ts';

const versions = ['22.200.001', '24.200.001', '25.200.001'];
const upgraded = ['24.200.001', '26.200.001'];

describe('When an Acumatica site is upgraded under us', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      credentials: { page_size: 10 },
      scenario: { slack: { limits: 'off' }, acumatica: { settings: { versions } } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
    await db()('installations').update({ installer_user_id: people.admin });
    await waitUntil(async () => (await feed()).last_read_at, { what: 'the first reading' });
  });
  after(() => product?.stop());
  afterEach(async () => {
    site().clearFaults();
    site().changeSettings({ versions });
    await use(undefined);
    expectNoSecret(product);
  });

  const db = () => product.database.db;
  const site = () => product.sandbox.acumatica;
  const feed = () => db()('feeds').first();
  const connection = () => db()('connections').first();

  /** What an administrator does who changes the version in the form. */
  async function use(version: string | undefined): Promise<void> {
    const { settings } = await connection();
    await db()('connections').update({
      settings: JSON.stringify({ ...settings, version }),
      shared_state: null,
      status: 'active',
      problem: null,
      updated_at: db().raw('clock_timestamp()'),
    });
  }

  async function read(): Promise<void> {
    const { last_read_at: before } = await feed();
    await product.readNow();
    await waitUntil(async () => (await feed()).last_read_at > before && (await feed()).attempts === 0, {
      what: () => `a reading; the log says:\n${product.logLines.slice(-15).join('')}`,
    });
  }

  const cardsOf = (channel: string, refs: string[]) =>
    product.sandbox.slack
      .messages(channel)
      .map(({ text }) => refs.find((ref) => text.includes(ref)))
      .filter((ref) => ref !== undefined)
      .sort();

  it('goes on with the newest version, loses nothing and disturbs nobody', async () => {
    const posted = await postBill(product);
    const told = toldTo(product, people.admin).length;
    const lane = await ownLane(product);
    const missed = [addBill(product, lane).ref, addBill(product, lane).ref];
    site().changeSettings({ versions: upgraded });
    const asked = timesAsked(product);
    await product.click(posted.card, 'decide_approve');
    expect((await decisionsOn(product, posted.bill))[0]).to.include({ state: 'done', outcome: 'approve_done' });
    expect(timesAsked(product)).to.equal(asked + 1);
    await read();
    for (const ref of missed) await product.card(ref, () => true, { channel: lane.channel });
    expect(cardsOf(lane.channel, missed)).to.deep.equal(missed.toSorted());
    expect((await connection()).status).to.equal('active');
    expect(toldTo(product, people.admin)).to.have.length(told);
  });

  it('in the middle of a pass goes on where it was', async () => {
    const lane = await ownLane(product, { burst: 5 });
    const refs = Array.from({ length: 45 }, () => addBill(product, lane, { amount: '2.00' }).ref);
    const upgrade: SettingsChange = { versions: upgraded };
    site().setFault({ kind: 'slow', ms: 400, match: { path: '$skip=18' }, times: 1 });
    const listed = () => site().counters.requests['bill.list'] ?? 0;
    const before = listed();
    await product.readNow();
    await waitUntil(() => listed() >= before + 3, { what: 'the third page to be asked for' });
    site().changeSettings(upgrade);
    await waitUntil(
      async () => (await db()('documents').whereIn('reference', refs).count('* as n').first())?.n === '45',
      { what: 'all documents' },
    );
    await waitUntil(async () => (await feed()).lease_owner === null, { what: 'the end of the pass' });
    expect(await feed()).to.include({ attempts: 0, last_error: null });
    const stored = await db()('documents').whereIn('reference', refs).select('version');
    expect(stored.every(({ version }) => version === 1)).to.equal(true);
  });

  it('waits while it is under way, when nothing answers as it should', async () => {
    const told = toldTo(product, people.admin).length;
    const lane = await ownLane(product);
    const { ref } = addBill(product, lane);
    site().changeSettings({ versions: upgraded });
    site().setFault({ kind: '500-html', match: { path: '/entity' } });
    await product.readNow();
    const failed = await waitUntil(async () => ((await feed()).attempts > 0 ? feed() : undefined), {
      what: 'a failed reading',
    });
    expect(failed.last_error)
      .to.match(/error \(500\)/)
      .and.not.match(/</);
    site().clearFaults();
    await read();
    await product.card(ref, () => true, { channel: lane.channel });
    expect((await connection()).status).to.equal('active');
    expect(toldTo(product, people.admin)).to.have.length(told);
  });

  it('and the version that was asked for is gone, says which there are, once, and reads on when it is corrected', async () => {
    await use('25.200.001');
    const posted = await postBill(product);
    const told = toldTo(product, people.admin).length;
    site().changeSettings({ versions: upgraded });
    const lane = await ownLane(product);
    const missed = [addBill(product, lane).ref, addBill(product, lane).ref];
    await product.readNow();
    const broken = await waitUntil(async () => ((await connection()).status === 'broken' ? connection() : undefined), {
      what: 'a broken connection',
    });
    const words = 'has no version 25.200.001 of the endpoint "Default"; it has: 24.200.001, 26.200.001.';
    expect(broken.problem).to.contain(words);
    expect(broken.problem_field).to.equal('version');
    await isTold(product, people.admin, words);
    await product.click(posted.card, 'decide_approve');
    await waitUntil(async () => (await db()('decisions').orderBy('id', 'desc').first()).attempts > 0, {
      what: 'a decision that waits',
    });
    expect(site().bill(posted.bill.ref)?.status).to.equal('Pending Approval');

    // Nothing is under way with the old version while the new one is entered.
    await waitUntil(
      () =>
        db()('decisions')
          .whereIn('state', ['stored', 'acting'])
          .where({ lease_owner: null })
          .update({ next_attempt_at: db().raw(`clock_timestamp() + interval '1 hour'`) }),
      { what: 'the decision to be parked' },
    );
    await use('26.200.001');
    await read();
    for (const ref of missed) await product.card(ref, () => true, { channel: lane.channel });
    expect(cardsOf(lane.channel, missed)).to.deep.equal(missed.toSorted());
    await hurry(product);
    expect((await decisionsOn(product, posted.bill, 1, 20_000))[0]).to.include({ state: 'done' });
    const news = toldTo(product, people.admin).slice(told);
    expect(news.filter((text) => text.includes(words))).to.have.length(1);
  });
});
