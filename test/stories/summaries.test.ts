import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { closeDate } from '../../app/domain/close-schedule.ts';
import { instantOf, localDate } from '../../app/domain/local-time.ts';
import { addDays } from '../../app/domain/periods.ts';
import { startJobs } from '../../app/jobs/jobs.ts';
import { createLog } from '../../app/log.ts';
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

  it('are made once by any number of processes, and by another where one was killed at it', async () => {
    const place = channel('replicas');
    const id = await connectLedger(product, { name: 'replicas', channel: place });
    const feed = await planned(product, id);
    const quiet = createLog({ level: 'error', format: 'text', stream: new PassThrough().resume() });
    const another = await startJobs(product.settings, product.database.url, quiet);
    try {
      product.sandbox.intacct.setFault({ kind: 'slow', ms: 500, match: 'GLBATCH', times: 1 });
      await letItBeDue(product, id);
      const { db } = product.database;
      const wakeAgain = () =>
        db.raw(
          `select graphile_worker.add_job('summarise', json_build_object('id', ?::text)) from generate_series(1, 12)`,
          [feed.id],
        );
      await wakeAgain();
      await summaries(product, 1, place);
      await wakeAgain();
      await waitUntil(
        async () => (await db('feeds').where({ id: feed.id }).first('lease_owner')).lease_owner === null,
        {
          what: 'nobody works on it',
        },
      );
      expect(await runsOf(product, id)).to.have.length(1);
      // A process that is gone holds it, in the middle of a making.
      await db('summary_runs').insert({
        feed_id: feed.id,
        key: 'killed',
        due_at: new Date(),
        scheduled: true,
        attempts: 1,
      });
      await db('feeds').where({ id: feed.id }).update({ lease_owner: randomUUID() });
      await summaries(product, 2, place);
      expect((await runsOf(product, id)).map(({ state }) => state)).to.deep.equal(['done', 'done']);
    } finally {
      await another.stop();
    }
  });

  it('come once where the clocks change during the close, at the time that there is', async () => {
    const { ledger, hand } = product.sandbox.intacct;
    const months = [...ledger.rows('REPORTINGPERIOD')];
    const zone = 'Europe/London';
    const offset = (day: string) => instantOf(day, 12 * 60, zone).getTime() - Date.parse(`${day}T12:00:00Z`);
    let change = today();
    while (offset(change) === offset(addDays(change, -1))) change = addDays(change, 1);
    const isForward = offset(change) < offset(addDays(change, -1));
    // The period before ends on the eve, so that the day of the change is the first of the close.
    for (const { RECORDNO } of months) hand.remove('REPORTINGPERIOD', RECORDNO);
    hand.add('REPORTINGPERIOD', {
      NAME: 'P',
      START_DATE: addDays(change, -28),
      END_DATE: addDays(change, -1),
      BUDGETING: 'T',
    });
    const id = await connectLedger(product, { name: 'clocks', cadence: 'close calendar day 1 at 1:15 and 1:30' });
    const { due_at: due } = await planned(product, id);
    // In spring 1:00 becomes 2:00, at 01:00 UTC; in autumn 2:00 becomes 1:00, and 1:15 comes first at 00:15 UTC.
    expect(due?.toISOString()).to.equal(`${change}T${isForward ? '01:00' : '00:15'}:00.000Z`);
    await letItBeDue(product, id);
    await waitUntil(async () => (await runsOf(product, id)).some(({ state }) => state === 'done'), {
      what: 'it is made',
      timeoutMs: 20_000,
    });
    expect((await feedOf(product, id)).due_at?.toISOString()).to.equal(due?.toISOString());
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

  it('wait where a person has to put something right, and come as soon as the connection is set up anew', async () => {
    const place = channel('closed');
    const id = await connectLedger(product, { name: 'closed', channel: place });
    const { db } = product.database;
    await planned(product, id);
    product.sandbox.intacct.changeSettings({ noPermission: ['GLENTRY'] });
    await letItBeDue(product, id);
    const failing = await waitUntil(
      async () => {
        const row = await db('feeds')
          .where({ connection_id: id })
          .first('last_error', db.raw(`next_attempt_at > clock_timestamp() + interval '4 minutes' as waits`));
        return row.last_error ? row : undefined;
      },
      { what: 'the feed says that it failed' },
    );
    expect(failing).to.deep.include({ waits: true });
    expect(failing.last_error).to.contain('GLENTRY');
    product.sandbox.intacct.changeSettings({ noPermission: [] });
    await db('connections')
      .where({ id })
      .update({ updated_at: db.raw('clock_timestamp()') });
    await db.raw(
      `select graphile_worker.add_job('summarise', json_build_object('id', id::text), job_key := 'summarise:' || id) from feeds where connection_id = ?`,
      [id],
    );
    await summaries(product, 1, place);
  });

  it('wait where the schedule is not understood, which the feed says', async () => {
    const id = await connectLedger(product, { name: 'odd', cadence: 'close day often' });
    const feed = await planned(product, id);
    expect(feed.due_at).to.equal(null);
    expect(feed.last_error).to.match(/not understood, so none is made by itself/);
  });
});
