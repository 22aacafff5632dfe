import { expect } from 'chai';
import { cents } from '../../sandbox/intacct/ledger/amounts.ts';
import type { Row } from '../../sandbox/intacct/ledger/row.ts';
import { addPayment } from '../../sandbox/intacct/workflow/payments.ts';
import { home, openHome, press } from '../home/homes.ts';
import { modal, submit } from '../setup/forms.ts';
import { hurry, isTold, toldTo } from '../support/lanes.ts';
import { type CardMessage, channels, type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { startBooks } from './books.ts';

const { director, controller, clerk } = people;

describe('Payment requests, decided by people who typed their own sign-in', () => {
  let product: Product;
  before(async () => {
    product = await startBooks({ kinds: ['payment'], settings: { read_from_days: 1 } });
    await db()('routes').insert({
      ...{ connection_id: product.connectionId, name: 'payments', position: 0, kind: 'payment' },
      ...{ channel: channels.approvals, conditions: '{}', actions: ['approve', 'reject'], burst: 20 },
      deciders: JSON.stringify([{ user: director }, { user: controller }, { user: clerk }]),
      // As a file of an older version may have left it: nobody but the person acts all the same.
      act_as: 'service',
    });
    await waitUntil(async () => (await db()('feeds').first('cursor')).cursor, { what: 'the first reading' });
  });
  after(() => product?.stop());
  afterEach(async () => {
    await db()('erp_accounts').delete();
    await db()('erp_calls').delete();
    site().changeSettings({ paymentApprovers: [['amara.okafor', 'jonas.weber']] });
  });

  const db = () => product.database.db;
  const site = () => product.sandbox.intacct;
  const userOf = (userId: string) =>
    site()
      .describe()
      .users.find((user) => user.userId === userId);
  const decisionsOf = (payment: Row) =>
    db()('decisions as x')
      .join('documents as d', 'd.id', 'x.document_id')
      .where('d.reference', String(payment.RECORDID))
      .orderBy('x.id')
      .select('x.id', 'x.state', 'x.outcome', 'x.message', 'x.acted_as', 'x.person');
  const ended = (payment: Row, count = 1) =>
    waitUntil(
      async () => {
        const rows = await decisionsOf(payment);
        return rows.filter(({ state }) => ['done', 'refused', 'dead'].includes(state)).length >= count
          ? rows
          : undefined;
      },
      { what: () => `${count} ended decisions; the log says:\n${product.logLines.slice(-20).join('')}` },
    );
  const whoActed = (payment: Row) =>
    site()
      .ledger.where('AUDITHISTORY', 'OBJECTKEY', `${payment.RECORDNO}--REC`)
      .map(({ USERID }) => String(USERID));

  /** A payment request that waits, and its card. */
  async function request(createdBy = 'clerk'): Promise<{ payment: Row; card: CardMessage }> {
    const bill = site().maker.bill({ state: 'A' });
    const hand = { userId: createdBy, source: 'ui' as const };
    const bills = [{ bill, cents: cents(bill.TRX_TOTALDUE) }];
    const given = { bills, method: 'ACH', state: 'S', day: site().maker.today(), docNumber: null };
    const payment = addPayment(site().ledger, given, hand);
    await product.readNow();
    return { payment, card: await product.card(String(payment.RECORDID)) };
  }

  async function link(user: string, as: string): Promise<void> {
    await openHome(product, user, ({ text }) => text.includes('My links to ERP accounts'));
    await press(product, user, 'account_link');
    await typeIn(user, as);
  }

  function toldMessage(user: string, words: string): CardMessage {
    const { slack } = product.sandbox;
    const [found] = slack.channels().flatMap(({ id: channel, isDirect }) =>
      slack
        .messages(channel)
        .filter((message) => (isDirect || message.ephemeralTo === user) && message.text.includes(words))
        .map((message) => ({ ...(message as unknown as CardMessage), channel })),
    );
    if (!found) throw new Error(`${user} was not told “${words}”`);
    return found;
  }

  async function typeIn(user: string, as: string): Promise<void> {
    await modal(product, user, ({ title }) => title === 'Link my account');
    await submit(product, user, { user_id: as, password: userOf(as)?.password });
    const done = await modal(product, user, ({ text }) => text.includes('is linked'));
    await product.sandbox.slack.closeView(user, done.id, true);
  }

  it('are asked to link when they first decide, and then approve in their own name', async () => {
    const { payment, card } = await request();
    await product.click(card, 'decide_approve');
    expect((await ended(payment))[0]).to.include({ state: 'refused', outcome: 'account_needed' });
    expect(payment.STATE).to.equal('S');
    await isTold(product, director, 'yours is not linked yet');
    await product.click(toldMessage(director, 'not linked yet'), 'account_link');
    await typeIn(director, 'amara.okafor');
    await product.click(card, 'decide_approve');
    expect((await ended(payment, 2))[1]).to.include({ state: 'done', acted_as: 'amara.okafor' });
    expect(payment.STATE).to.equal('A');
    expect(whoActed(payment)).to.include('amara.okafor').and.to.not.include('countersign');
    const closed = await product.card(String(payment.RECORDID), ({ blocks }) =>
      JSON.stringify(blocks).includes('decided in Sage Intacct as amara.okafor'),
    );
    expect(JSON.stringify(closed.blocks)).to.not.contain('decide_approve');
  });

  it('are declined by them, too', async () => {
    await link(controller, 'jonas.weber');
    const { payment, card } = await request();
    await product.click(card, 'decide_reject', controller);
    const view = await waitUntil(() => product.sandbox.slack.openViews(controller).at(-1), { what: 'the form' });
    await product.sandbox.slack.submitView(controller, view.id, { reason: { reason_text: 'Not ours' } });
    expect((await ended(payment))[0]).to.include({ state: 'done', acted_as: 'jonas.weber' });
    expect(payment.STATE).to.equal('U');
    expect(whoActed(payment)).to.include('jonas.weber');
  });

  it('are not approved by who entered them, nor by who is no approver: in Intacct’s own words', async () => {
    await link(director, 'amara.okafor');
    await link(clerk, 'clerk');
    for (const [person, createdBy, user] of [
      [director, 'amara.okafor', 'amara.okafor'],
      [clerk, 'jonas.weber', 'clerk'],
    ] as const) {
      const { payment, card } = await request(createdBy);
      await product.click(card, 'decide_approve', person);
      expect((await ended(payment))[0]).to.include({ state: 'refused', outcome: 'refused_by_erp' });
      expect(await isTold(product, person, String(payment.RECORDID))).to.contain(
        `User ${user} is not an eligible approver of payment request ${payment.RECORDNO}`,
      );
      expect(payment.STATE).to.equal('S');
    }
  });

  it('take two people where two levels are set, and one of them never both', async () => {
    site().changeSettings({
      paymentApprovers: [
        ['amara.okafor', 'jonas.weber'],
        ['amara.okafor', 'jonas.weber'],
      ],
    });
    await link(director, 'amara.okafor');
    await link(controller, 'jonas.weber');
    const { payment, card } = await request();
    await product.click(card, 'decide_approve', director);
    expect((await ended(payment))[0]).to.include({ outcome: 'step_approved', acted_as: 'amara.okafor' });
    expect(payment.STATE).to.equal('PA');
    const open = await product.card(String(payment.RECORDID), ({ text }) => text.includes('Partially Approved'));
    await product.click(open, 'decide_approve', director);
    expect((await ended(payment, 2))[1]).to.include({ state: 'refused' });
    await product.click(open, 'decide_approve', controller);
    expect((await ended(payment, 3))[2]).to.include({ state: 'done', acted_as: 'jonas.weber' });
    expect(payment.STATE).to.equal('A');
  });

  it('sign in again by themselves where Intacct ended the session', async () => {
    await link(director, 'amara.okafor');
    const { payment, card } = await request();
    expect(site().expireSessions('amara.okafor')).to.be.greaterThan(0);
    await product.click(card, 'decide_approve');
    expect((await ended(payment))[0]).to.include({ state: 'done' });
  });

  it('are asked to link anew once the password was changed in Intacct', async () => {
    await link(director, 'amara.okafor');
    const user = userOf('amara.okafor');
    if (!user) throw new Error('nobody of that name');
    const before = user.password;
    try {
      user.password = 'another password of hers';
      site().expireSessions('amara.okafor');
      const { payment, card } = await request();
      await product.click(card, 'decide_approve');
      expect((await ended(payment))[0]).to.include({ state: 'refused', outcome: 'account_needed' });
      expect(payment.STATE).to.equal('S');
      const told = await isTold(product, director, 'does not accept the user ID and password that you linked');
      expect(told).to.contain('Nothing was done in Sage Intacct').and.to.not.contain(before);
      await openHome(product, director, ({ text }) => text.includes('⚠️ Intacct does not accept'));
      await press(product, director, 'account_link');
      await typeIn(director, 'amara.okafor');
      await home(product, director, ({ text }) => !text.includes('⚠️ Intacct does not accept'));
      await product.click(card, 'decide_approve');
      expect((await ended(payment, 2))[1]).to.include({ state: 'done', acted_as: 'amara.okafor' });
    } finally {
      user.password = before;
    }
  });

  describe('where the budget of calls is used up for reading', () => {
    const setBudget = async (most: number, calls: number) => {
      await db().raw(
        `update connections set settings = settings || jsonb_build_object('calls_per_month', ?::int), updated_at = clock_timestamp()`,
        [most],
      );
      await db().raw(
        `insert into erp_calls (connection_id, month, calls, days)
         select id, date_trunc('month', clock_timestamp() at time zone time_zone)::date, ?, array_fill(0, array[31]) from connections
         on conflict (connection_id, month) do update set calls = excluded.calls, days = excluded.days`,
        [calls],
      );
    };
    afterEach(() => setBudget(1_000_000, 0));

    it('go through all the same, within what is kept for them', async () => {
      await link(director, 'amara.okafor');
      const { payment, card } = await request();
      await setBudget(1_000, 950);
      await product.click(card, 'decide_approve');
      expect((await ended(payment))[0]).to.include({ state: 'done' });
      const { calls } = await db()('erp_calls').first('calls');
      expect(Number(calls)).to.be.within(951, 1_000);
    });

    it('and that is used up as well, their person hears at once when it goes on, and nothing was done', async () => {
      await link(director, 'amara.okafor');
      const { payment, card } = await request();
      await setBudget(1_000, 1_000);
      const asked = site().counters.requests;
      await product.click(card, 'decide_approve');
      expect((await ended(payment))[0]).to.include({ state: 'refused', outcome: 'budget_used_up' });
      await isTold(product, director, 'The budget of 1,000 calls for');
      expect(site().counters.requests).to.equal(asked);
      expect(payment.STATE).to.equal('S');
      await setBudget(2_000, 1_000);
      await product.click(card, 'decide_approve');
      expect((await ended(payment, 2))[1]).to.include({ state: 'done' });
    });

    it('and one that ran into the end of the reserve half-way is brought to its end', async () => {
      await link(director, 'amara.okafor');
      const { payment, card } = await request();
      // Reading it anew passes; acting and reading back are beyond.
      await setBudget(1_000, 997);
      await product.click(card, 'decide_approve');
      await hurry(product);
      expect((await ended(payment))[0]).to.include({ state: 'done' });
      expect(Number((await db()('erp_calls').first('calls')).calls)).to.be.greaterThan(1_000);
    });
  });

  it('show a password in no message and no line of the log', () => {
    const everything = [...product.logLines, ...toldTo(product, director), ...toldTo(product, clerk)].join('\n');
    for (const { password } of site().describe().users) expect(everything).to.not.contain(password);
  });
});
