import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { type Jobs, startJobs } from '../../app/jobs/jobs.ts';
import { createLog } from '../../app/log.ts';
import { readStatus } from '../../app/status/report.ts';
import type { Row } from '../../sandbox/intacct/ledger/row.ts';
import { clerk } from '../../sandbox/intacct/seed/maker.ts';
import { addPayment, takeBack } from '../../sandbox/intacct/workflow/payments.ts';
import { startBooks } from '../accounts/books.ts';
import { type CardMessage, type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

const dayMs = 24 * 3_600_000;

describe('Exceptions as alerts', function () {
  // Cards come one a second, and what is waited for may take its time on a busy machine.
  this.timeout(60_000);
  let product: Product;
  before(async () => {
    // Some of what the maker makes belongs to a private entity.
    const settings = { private_entities: 'read', close_after_days: 0, page_size: 500 };
    product = await startBooks({ kinds: ['exception'], settings });
  });
  after(() => product?.stop());

  const db = () => product.database.db;
  const site = () => product.sandbox.intacct;
  let count = 0;
  /** A channel that nothing else goes to. */
  function ownChannel(): string {
    count += 1;
    const { state } = product.sandbox.slack;
    const channel = state.roster.addChannel({ name: `alerts-${count}`, private: false });
    channel.members.add(state.installation.botUserId);
    channel.members.add(people.director);
    return channel.id;
  }
  interface RouteOfCase {
    channel: string;
    severities?: string[];
    mentions?: string[];
    severity?: string;
    burst?: number;
  }
  /** Each case begins with clean books and routes of its own. */
  async function begin(...routes: RouteOfCase[]): Promise<void> {
    for (const object of ['GLBATCH', 'APPYMT'])
      for (const row of [...site().ledger.rows(object)]) site().hand.remove(object, row.RECORDNO);
    if (await db()('routes').whereNull('retired_at').first()) await read();
    await db()('routes').update({ retired_at: new Date() });
    await db()('routes').insert(
      routes.map(({ severities, ...route }, position) => ({
        ...{ connection_id: product.connectionId, name: randomUUID(), position, kind: 'exception', burst: 20 },
        ...{ deciders: '[]', actions: [], conditions: JSON.stringify(severities ? { severities } : {}) },
        ...route,
      })),
    );
  }
  /** Waits until a reading that began after now is over, and what it left out was looked at. */
  async function read(): Promise<void> {
    const before = new Date();
    await product.readNow();
    await waitUntil(
      async () => {
        const feed = await db()('feeds').first();
        return feed.last_started_at > before && feed.last_read_at > before && feed.lease_owner === null;
      },
      { what: () => `a reading; the log says:\n${product.logLines.slice(-25).join('')}`, timeoutMs: 30_000 },
    );
    await waitUntil(async () => !(await db()('document_checks').first()), {
      what: 'what the reading left out was looked at',
      timeoutMs: 30_000,
    });
  }
  const messages = (channel: string) =>
    (product.sandbox.slack.visibleMessages(channel, people.director) as unknown as CardMessage[])
      .filter((message) => !message.ephemeral)
      .map((message) => ({ ...message, channel }));
  const card = (channel: string, text: string) => product.card(text, () => true, { channel, timeoutMs: 30_000 });
  const vendorOf = ({ VENDORID }: Row) => site().ledger.where('VENDOR', 'VENDORID', VENDORID)[0] as Row;
  function payment(state: string): Row {
    const bill = site().maker.bill({ state: 'A' });
    const wish = {
      bills: [{ bill, cents: 12_345n }],
      method: 'ACH',
      state,
      day: site().maker.today(),
      docNumber: null,
    };
    return addPayment(site().ledger, wish, clerk);
  }
  const draft = (balance: 'balanced' | 'too little credit' = 'too little credit') =>
    site().maker.entry({ state: 'I', balance });
  /** Somebody makes both sides of a draft the same. */
  function balance({ RECORDNO }: Row): void {
    const [debit, credit] = site().ledger.where('GLENTRY', 'BATCHNO', RECORDNO);
    if (!debit || !credit) throw new Error('The draft has two lines');
    const { AMOUNT = null, TRX_AMOUNT = null } = debit;
    site().hand.change('GLENTRY', credit.RECORDNO, { AMOUNT, TRX_AMOUNT });
    site().hand.change('GLBATCH', RECORDNO, { BATCH_TITLE: 'Put right' });
  }
  const nameOf = ({ BATCHNO }: Row) => `GJ ${BATCHNO}`;

  it('of every sort come to the channel that their severity chooses', async () => {
    const [critical, warning, info] = [ownChannel(), ownChannel(), ownChannel()];
    await begin(
      { channel: critical, severities: ['critical'] },
      { channel: warning, severities: ['warning'] },
      { channel: info, severities: ['info'] },
    );
    const lastMonth = new Date(Date.now() - 40 * dayMs).toISOString().slice(0, 10);
    const long = { WHENMODIFIED: Date.now() - 5 * dayMs, AUWHENCREATED: Date.now() - 5 * dayMs };
    draft();
    site().maker.entry({ state: 'S' });
    site().maker.entry({ state: 'S', more: long });
    site().maker.entry({ state: 'R' });
    site().maker.entry({ state: 'P', day: lastMonth });
    payment('U');
    takeBack(site().ledger, payment('C'), 'voided', clerk);
    site().hand.change('VENDOR', vendorOf(payment('S')).RECORDNO, { ONHOLD: 'true' });
    await read();
    const expected: Array<[string, string[]]> = [
      [critical, ['Critical: Journal does not balance', 'Critical: Vendor on hold has open payments']],
      [
        warning,
        [
          ...['Warning: Journal is stuck in approval', 'Warning: Journal was declined'],
          ...['Warning: Journal was posted into a closed month', 'Warning: Payment was not approved'],
          'Warning: Payment was voided',
        ],
      ],
      [info, ['Information: Journal waits for approval']],
    ];
    for (const [channel, starts] of expected) {
      await waitUntil(() => messages(channel).length === starts.length, {
        what: () => `${starts.join()}; there is ${messages(channel).map(({ text }) => text)}`,
        timeoutMs: 30_000,
      });
      const told = messages(channel).map(({ text }) => text.split(',')[0]);
      expect(told).to.have.members(starts);
    }
    const alert = await card(critical, 'does not balance');
    expect(alert.text).to.match(
      /^Critical: Journal does not balance, GJ \d+, difference £[\d,.]+, dated .* Open in Sage Intacct\.$/,
    );
    expect(JSON.stringify(alert.blocks)).to.contain('Open in Sage Intacct').and.to.contain('🔴 Open');
  });

  it('are named to those who are mentioned, unless the route shows them as an information', async () => {
    const [loud, quiet] = [ownChannel(), ownChannel()];
    const mentions = [people.controller];
    await begin({ channel: loud, mentions }, { channel: quiet, mentions, severity: 'info' });
    const row = draft();
    await read();
    const alert = await card(loud, nameOf(row));
    expect(alert.pinged).to.deep.equal([people.controller]);
    const same = await card(quiet, nameOf(row));
    expect(same.text).to.match(/^Information: Journal does not balance/);
    expect(same.pinged).to.deep.equal([]);
  });

  it('that are solved say so in their thread and close their card', async () => {
    const channel = ownChannel();
    await begin({ channel });
    const rows = [draft(), draft(), draft()] as const;
    await read();
    const cards = [];
    for (const row of rows) cards.push(await card(channel, `${nameOf(row)},`));
    const [balanced, posted, deleted] = rows;
    balance(balanced);
    balance(posted);
    site().hand.change('GLBATCH', posted.RECORDNO, { STATE: 'Posted' });
    site().hand.remove('GLBATCH', deleted.RECORDNO);
    await read();
    const ends = ['the journal balances now', 'the journal is posted', 'the record is no longer there'];
    for (const [index, end] of ends.entries()) {
      const before = cards[index] as CardMessage;
      const told = new RegExp(`^Solved .*: ${end}\\.$`);
      const thread = await product.thread(before, (texts) => texts.some((text) => told.test(text)));
      expect(thread).to.have.length(1);
      const closed = await product.card(`Solved: Journal does not balance, ${nameOf(rows[index] as Row)}`, () => true, {
        channel,
        timeoutMs: 30_000,
      });
      expect(closed.ts).to.equal(before.ts);
      expect(closed.text.toLowerCase()).to.contain(`${end}.`);
    }
    await read();
    expect(messages(channel)).to.have.length(3);
  });

  it('that are there again open their card again, and the channel hears of it', async () => {
    const channel = ownChannel();
    await begin({ channel, mentions: [people.controller] });
    const row = site().maker.entry({ state: 'R' });
    await read();
    const first = await card(channel, nameOf(row));
    site().hand.change('GLBATCH', row.RECORDNO, { STATE: 'Submitted' });
    await read();
    await product.card(`Solved: Journal was declined, ${nameOf(row)}`, () => true, { channel, timeoutMs: 30_000 });
    site().hand.change('GLBATCH', row.RECORDNO, { STATE: 'Declined' });
    await read();
    const again = await waitUntil(() => messages(channel).find(({ text }) => text.includes('is there again')), {
      what: 'the line in the channel',
      timeoutMs: 30_000,
    });
    expect(again.thread_ts).to.equal(first.ts);
    expect(again.pinged).to.deep.equal([people.controller]);
    const open = await product.card(`Warning: Journal was declined, ${nameOf(row)}`, ({ ts }) => ts === first.ts, {
      channel,
      timeoutMs: 30_000,
    });
    expect(open.text).to.contain('Open in Sage Intacct.');
  });

  it('cost nothing where no route asks for them, once those on the cards are over', async () => {
    const channel = ownChannel();
    await begin({ channel });
    const row = draft();
    await read();
    await card(channel, `${nameOf(row)},`);
    await db()('routes').update({ retired_at: new Date() });
    balance(row);
    await read();
    await product.card('Solved: Journal does not balance', () => true, { channel, timeoutMs: 30_000 });
    site().maker.entry({ state: 'R' });
    const before = await db()('feeds').first();
    await product.readNow();
    await waitUntil(async () => !(await db()('graphile_worker.jobs').where({ task_identifier: 'read-feed' }).first()), {
      what: 'the wake-up was taken',
    });
    expect((await db()('feeds').first()).last_started_at).to.deep.equal(before.last_started_at);
    expect(await db()('documents').where({ kind: 'exception', status: 'Open' })).to.deep.equal([]);
    const [connection] = (await readStatus(db(), () => ({ callsPerDay: null, callsPerMonth: null }))).connections;
    expect(connection?.feeds, 'what is not read is not listed').to.deep.equal([]);
  });

  it('by the thousand are one message, which stays true', async () => {
    const channel = ownChannel();
    await begin({ channel, burst: 10 });
    const many = Array.from({ length: 1_519 }, () => site().maker.entry({ state: 'R', quiet: true }));
    draft();
    await read();
    const digest = await waitUntil(
      () => messages(channel).find(({ blocks }) => JSON.stringify(blocks).includes('1520 exceptions')),
      { what: () => JSON.stringify(messages(channel)).slice(0, 2_000), timeoutMs: 60_000 },
    );
    const text = JSON.stringify(digest.blocks);
    expect(text).to.contain('1520 exceptions · 1 critical, 1519 warnings');
    expect(text).to.contain('Still so: 1 × Journal does not balance, 1519 × Journal was declined.');
    expect(text.indexOf('Critical · Journal does not balance')).to.be.greaterThan(0);
    expect(messages(channel)).to.have.length(1);
    for (const row of many.slice(0, 200)) site().hand.change('GLBATCH', row.RECORDNO, { STATE: 'Posted' });
    await read();
    await waitUntil(() => JSON.stringify(messages(channel)[0]?.blocks).includes('1319 × Journal was declined'), {
      what: () => JSON.stringify(messages(channel)[0]?.blocks),
      timeoutMs: 30_000,
    });
    expect(messages(channel)).to.have.length(1);
  }).timeout(120_000);

  it('are told once by two processes that read and look at the same time', async () => {
    const channel = ownChannel();
    await begin({ channel });
    const log = createLog({ level: 'error', format: 'text' });
    const second: Jobs = await startJobs(product.settings, product.database.url, log);
    try {
      const rows = [draft(), draft()] as const;
      await Promise.all([read(), product.readNow(), product.readNow()]);
      for (const row of rows) await card(channel, `${nameOf(row)},`);
      for (const row of rows) balance(row);
      await Promise.all([read(), product.readNow(), product.readNow()]);
      for (const row of rows)
        await product.card(`Solved: Journal does not balance, ${nameOf(row)}`, () => true, {
          channel,
          timeoutMs: 30_000,
        });
      expect(messages(channel)).to.have.length(2);
      for (const message of messages(channel)) expect(await product.thread(message), 'one line each').to.have.length(1);
    } finally {
      await second.stop();
    }
  });
});
