import { expect } from 'chai';
import { type Jobs, startJobs } from '../../app/jobs/jobs.ts';
import { createLog } from '../../app/log.ts';
import { install } from '../../demo/install.ts';
import type { Row } from '../../sandbox/intacct/ledger/row.ts';
import { clerk } from '../../sandbox/intacct/seed/maker.ts';
import { addPayment, takeBack } from '../../sandbox/intacct/workflow/payments.ts';
import { connectCompany, type IntacctRoute } from '../support/intacct-connection.ts';
import { type CardMessage, type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

const dayMs = 24 * 3_600_000;

describe('Exceptions as alerts', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      setUp: false,
      scenario: { slack: { limits: 'pace-only' }, intacct: { seedBills: 0 } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
    await install(product.appUrl);
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
  /** Each case has a connection of its own; those before it read no more. */
  async function connect(routes: IntacctRoute[], credentials: Record<string, unknown> = {}): Promise<string> {
    await db()('connections').update({ status: 'paused' });
    for (const object of ['GLBATCH', 'APPYMT'])
      for (const row of [...site().ledger.rows(object)]) site().hand.remove(object, row.RECORDNO);
    // Some of what the maker makes belongs to a private entity.
    return connectCompany(db(), product.sandbox, { routes, credentials: { private_entities: 'read', ...credentials } });
  }
  /** Waits until a reading that began after now is over, and what it left out was looked at. */
  async function read(connectionId: string): Promise<void> {
    const before = new Date();
    await product.readNow();
    await waitUntil(
      async () => {
        const feed = await db()('feeds').where({ connection_id: connectionId }).first();
        return feed.last_read_at > before && feed.lease_owner === null;
      },
      { what: () => `a reading; the log says:\n${product.logLines.slice(-25).join('')}`, timeoutMs: 30_000 },
    );
    await waitUntil(async () => !(await db()('document_checks').where({ connection_id: connectionId }).first()), {
      what: 'what the reading left out was looked at',
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
    const id = await connect(
      [
        { name: 'critical', channel: critical, conditions: { severities: ['critical'] } },
        { name: 'warnings', channel: warning, conditions: { severities: ['warning'] } },
        { name: 'rest', channel: info, conditions: { severities: ['info'] } },
      ],
      { close_after_days: 0 },
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
    await read(id);
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
    const id = await connect([
      { name: 'loud', channel: loud, mentions },
      { name: 'quiet', channel: quiet, mentions, severity: 'info' },
    ]);
    const row = draft();
    await read(id);
    const alert = await card(loud, nameOf(row));
    expect(alert.pinged).to.deep.equal([people.controller]);
    const same = await card(quiet, nameOf(row));
    expect(same.text).to.match(/^Information: Journal does not balance/);
    expect(same.pinged).to.deep.equal([]);
  });

  it('that are solved say so in their thread and close their card', async () => {
    const channel = ownChannel();
    const id = await connect([{ name: 'all', channel }]);
    const rows = [draft(), draft(), draft()] as const;
    await read(id);
    const cards = [];
    for (const row of rows) cards.push(await card(channel, `${nameOf(row)},`));
    const [balanced, posted, deleted] = rows;
    balance(balanced);
    balance(posted);
    site().hand.change('GLBATCH', posted.RECORDNO, { STATE: 'Posted' });
    site().hand.remove('GLBATCH', deleted.RECORDNO);
    await read(id);
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
    await read(id);
    expect(messages(channel)).to.have.length(3);
  });

  it('that are there again open their card again, and the channel hears of it', async () => {
    const channel = ownChannel();
    const id = await connect([{ name: 'all', channel, mentions: [people.controller] }]);
    const row = site().maker.entry({ state: 'R' });
    await read(id);
    const first = await card(channel, nameOf(row));
    site().hand.change('GLBATCH', row.RECORDNO, { STATE: 'Submitted' });
    await read(id);
    await product.card(`Solved: Journal was declined, ${nameOf(row)}`, () => true, { channel, timeoutMs: 30_000 });
    site().hand.change('GLBATCH', row.RECORDNO, { STATE: 'Declined' });
    await read(id);
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

  it('by the thousand are one message, which stays true', async () => {
    const channel = ownChannel();
    const id = await connect([{ name: 'all', channel, burst: 10 }], { page_size: 500 });
    const many = Array.from({ length: 1_519 }, () => site().maker.entry({ state: 'R', quiet: true }));
    draft();
    await read(id);
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
    await read(id);
    await waitUntil(() => JSON.stringify(messages(channel)[0]?.blocks).includes('1319 × Journal was declined'), {
      what: () => JSON.stringify(messages(channel)[0]?.blocks),
      timeoutMs: 30_000,
    });
    expect(messages(channel)).to.have.length(1);
  }).timeout(120_000);

  it('are told once by two processes that read and look at the same time', async () => {
    const channel = ownChannel();
    const id = await connect([{ name: 'all', channel }]);
    const log = createLog({ level: 'error', format: 'text' });
    const second: Jobs = await startJobs(product.settings, product.database.url, log);
    try {
      const rows = [draft(), draft()] as const;
      await Promise.all([read(id), product.readNow(), product.readNow()]);
      for (const row of rows) await card(channel, `${nameOf(row)},`);
      for (const row of rows) balance(row);
      await Promise.all([read(id), product.readNow(), product.readNow()]);
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
