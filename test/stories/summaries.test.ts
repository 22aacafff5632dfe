import { expect } from 'chai';
import { closeDate } from '../../app/domain/close-schedule.ts';
import { localDate } from '../../app/domain/local-time.ts';
import { addDays } from '../../app/domain/periods.ts';
import { connectLedger, feedOf, letItBeDue, planned, runsOf, summaries } from '../summaries/ledger.ts';
import { onlyWhenAsked, ownLanesOnly } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

const dayMs = 86_400_000;
const today = () => localDate(new Date(), 'Europe/London');
const blocksOf = (message: { blocks?: unknown[] }) => (message.blocks ?? []) as Array<Record<string, never>>;

describe('summaries of a ledger, by the whole product', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      ...{ cadence: onlyWhenAsked, routes: ownLanesOnly },
      scenario: { intacct: { seedBills: 0 } },
    });
  });
  after(() => product.stop());
  const channel = (name: string) => {
    const { state } = product.sandbox.slack;
    const made = state.roster.addChannel({ name, private: false });
    made.members.add(state.installation.botUserId);
    return made.id;
  };
  const post = (count: number, more: { journal?: string; module?: string; currency?: string } = {}) =>
    Array.from({ length: count }, () =>
      product.sandbox.intacct.maker.entry({ state: 'P', day: today(), quiet: true, ...more }),
    );

  it('come when their schedule says so, with a row for each journal and what changed since the one before', async () => {
    const place = channel('close');
    const id = await connectLedger(product, { channel: place, mentions: [people.controller] });
    post(4);
    post(2, { journal: 'CMJ', module: '11.CM' });
    await letItBeDue(product, id);
    const [first] = await summaries(product, 1, place);
    if (!first) throw new Error('no summary');
    const month = new Date().toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'Europe/London' });
    const head = blocksOf(first).find(({ type }) => type === 'header') as { text?: { text: string } } | undefined;
    expect(head?.text?.text).to.match(new RegExp(`^Posted in ${month}: 6 entries in 2 journals · £[\\d,]+\\.\\d\\d$`));
    const table = blocksOf(first).find(({ type }) => type === 'table') as unknown as {
      rows: Array<Array<{ text: string }>>;
    };
    expect(
      table.rows.slice(1).map(([journal, module, entries]) => [journal?.text, module?.text, entries?.text]),
    ).to.deep.equal([
      ['GJ', 'General ledger', '4'],
      ['CMJ', 'Cash management', '2'],
    ]);
    const drawn = JSON.stringify(first.blocks);
    expect(drawn).to.contain(`"user_id":"${people.controller}"`);
    expect(drawn).to.contain('This is the first summary of');
    expect(drawn.match(/ur\.phtml/g)).to.have.length(5);
    expect(drawn).not.to.contain('"button"');

    post(3, { journal: 'EEJ', module: '6.EE' });
    await letItBeDue(product, id);
    const [, second] = await summaries(product, 2, place);
    expect(second?.text).to.match(/9 entries in 3 journals · £[\d,.]+ · 3 more than at \d\d:\d\d/);
    expect(JSON.stringify(second?.blocks)).to.contain('3 entries more').and.to.contain('New: EEJ (Employee expenses).');
    expect((await feedOf(product, id)).due_at?.getTime()).to.be.greaterThan(Date.now());
    const events = await product.database.db('audit_events').where({ connection_id: id, kind: 'summary.made' });
    expect(events).to.have.length(2);
  });

  it('follow the ERP’s own periods, and are of the one that is being closed', async () => {
    const place = channel('closing');
    const id = await connectLedger(product, {
      ...{ name: 'closing', channel: place },
      cadence: 'close calendar day 1 to 31 at 3:33, otherwise never',
    });
    const { due_at: due } = await planned(product, id);
    const periods = await product.database.db('reporting_periods').where({ connection_id: id }).orderBy('starts_on');
    expect(periods.length).to.be.greaterThan(12);
    expect(periods.every(({ name }) => name.startsWith('Month Ended'))).to.equal(true);
    const inLondon = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/London',
      hour: '2-digit',
      minute: '2-digit',
    });
    expect(due && inLondon.format(due)).to.equal('03:33');
    await letItBeDue(product, id);
    const [message] = await summaries(product, 1, place);
    const last = new Date(`${addDays(`${today().slice(0, 8)}01`, -1)}T00:00:00Z`);
    expect(message?.text).to.contain(
      last.toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }),
    );
    const row = await product.database.db('documents').where({ connection_id: id, kind: 'summary' }).first();
    expect(row.status).to.equal('Closing');
    expect(closeDate(row.data.summary.period.end, 31, 'calendar') >= today()).to.equal(true);
  });

  it('are caught up once, however many instants went by while the app was down', async () => {
    const place = channel('down');
    const id = await connectLedger(product, {
      name: 'down',
      channel: place,
      cadence: 'close day 1 at 8:00, otherwise every day',
    });
    const feed = await planned(product, id);
    expect((feed.due_at?.getTime() ?? 0) - Date.now()).to.be.within(-60_000, 3 * dayMs);
    await product.stopApp();
    await product.database
      .db('feeds')
      .where({ id: feed.id })
      .update({ due_at: new Date(Date.now() - 10 * dayMs) });
    await product.startApp();
    await summaries(product, 1, place);
    await waitUntil(async () => ((await feedOf(product, id)).due_at ?? 0) > new Date(), {
      what: 'the next is planned',
    });
    await product.stopApp();
    await product.startApp();
    expect(await runsOf(product, id)).to.have.length(1);
  });

  it('are tried again by themselves while the ERP does not answer, and say so', async () => {
    const place = channel('failing');
    const id = await connectLedger(product, { name: 'failing', channel: place });
    await planned(product, id);
    product.sandbox.intacct.setFault({ kind: '503-xml' });
    await letItBeDue(product, id);
    const failing = await waitUntil(
      async () => {
        const feed = await feedOf(product, id);
        return feed.attempts > 0 && feed.last_error ? feed : undefined;
      },
      { what: 'the feed says that it failed' },
    );
    expect(failing.last_error).not.to.contain('<');
    product.sandbox.intacct.clearFaults();
    await summaries(product, 1, place);
    const mended = await waitUntil(
      async () => {
        const feed = await feedOf(product, id);
        return feed.attempts === 0 ? feed : undefined;
      },
      { what: 'the feed works again' },
    );
    expect(mended.last_error).to.equal(null);
    expect((await runsOf(product, id)).map(({ state }) => state)).to.deep.equal(['done']);
  });

  it('wait where the schedule is not understood, which the feed says', async () => {
    const id = await connectLedger(product, { name: 'odd', cadence: 'close day often' });
    const feed = await planned(product, id);
    expect(feed.due_at).to.equal(null);
    expect(feed.last_error).to.match(/not understood, so none is made by itself/);
  });
});
