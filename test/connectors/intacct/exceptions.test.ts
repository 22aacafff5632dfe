import { expect } from 'chai';
import type { ErpDocument } from '../../../app/domain/document.ts';
import { ReconnectError } from '../../../app/domain/errors.ts';
import type { Cursor, ErpConnection, Page } from '../../../connectors/connector.ts';
import type { Row } from '../../../sandbox/intacct/ledger/row.ts';
import { clerk } from '../../../sandbox/intacct/seed/maker.ts';
import { addPayment, takeBack } from '../../../sandbox/intacct/workflow/payments.ts';
import { addEntry, addLines, type Line } from '../../../sandbox/intacct/workflow/posting.ts';
import { errorOf } from '../../outbound/servers.ts';
import { Company } from './company.ts';

const { signal } = new AbortController();
const dayMinutes = 24 * 60;

/** One line by its amount with two decimals; below zero it is a credit. */
function line(amount: string, more: Partial<Line> = {}): Line {
  const cents = BigInt(amount.replace('.', ''));
  const side = cents < 0n ? 'credit' : 'debit';
  return { account: '6000', side, cents: cents < 0n ? -cents : cents, entity: 1, text: 'A line', ...more };
}

describe('What is wrong in an Intacct company', () => {
  let company: Company;
  let connection: ErpConnection;
  beforeEach(async () => {
    company = await Company.start();
    connection = company.connect();
  });
  afterEach(() => company.close());

  const today = () => company.site.maker.today();
  function entry(state: string, lines: Line[], more: Record<string, string | number | null> = {}): Row {
    const wish = { journal: 'GJ', module: '2.GL', title: 'Accrual', day: today(), state, lines, entity: null, more };
    return addEntry(company.site.ledger, wish, clerk);
  }
  const even = () => [line('10.00'), line('-10.00')];
  function payment(state: string, method = 'ACH'): Row {
    const bill = company.site.maker.bill({ state: 'A' });
    const wish = { bills: [{ bill, cents: 12_345n }], method, state, day: today(), docNumber: null };
    return addPayment(company.site.ledger, wish, clerk);
  }
  const change = (object: string, row: Row, fields: Record<string, string | number | null>) =>
    company.site.hand.change(object, row.RECORDNO, fields);
  const vendorOf = ({ VENDORID }: Row) => {
    const vendor = company.site.ledger.where('VENDOR', 'VENDORID', VENDORID)[0];
    if (!vendor) throw new Error('There is no such vendor');
    return vendor;
  };

  const pages = (cursor: Cursor | null = null) => company.pages(connection, cursor, 'exception');
  const documentsIn = (read: Page[]) => read.flatMap(({ documents }) => documents);
  const found = async () => documentsIn(await pages());
  async function only(): Promise<ErpDocument> {
    const all = await found();
    expect(all.map(({ type }) => type)).to.have.length(1);
    return all[0] as ErpDocument;
  }
  const inShort = ({ type, reference, phase, exception, amount }: ErpDocument) =>
    `${exception?.severity} · ${type} · ${reference}${amount ? ` · ${exception?.amountIs ?? 'amount'} ${amount.value} ${amount.currency}` : ''}${phase === 'waiting' ? '' : ` (${phase})`}`;
  const outcomeOf = async (key: string) => {
    const now = await connection.get('exception', key, signal);
    return now && `${now.status}/${now.phase}: ${now.exception?.outcome}`;
  };

  it('is nothing while all is well', async () => {
    entry('I', even());
    entry('P', even());
    payment('C');
    payment('D');
    payment('A');
    expect(await found()).to.deep.equal([]);
  });

  describe('with a draft that does not balance', () => {
    it('is told with each side and what is between them', async () => {
      const row = entry('I', [line('1200.00'), line('-1080.00')]);
      const draft = await only();
      expect(inShort(draft)).to.equal(
        `critical · Journal does not balance · GJ ${row.BATCHNO} · difference 120.00 GBP`,
      );
      expect(draft.lines).to.have.length(1);
      expect(draft.lines[0]).to.include({ debit: '1200.00', credit: '1080.00', amount: '120.00', currency: 'GBP' });
      expect(draft.exception?.concerns).to.deep.equal({
        ...{ kind: 'journal', key: String(row.RECORDNO), name: `Journal GJ ${row.BATCHNO}` },
      });
      expect(draft.link).to.match(/ur\.phtml/);
    });

    it('is summed exactly, where floats would differ', async () => {
      entry('I', [line('0.10'), line('0.20'), line('-0.30')]);
      entry('I', [line('90071992547409.93'), line('-90071992547409.92')]);
      expect((await found()).map(({ amount }) => amount?.value)).to.deep.equal(['0.01']);
    });

    it('is summed in each currency', async () => {
      const euro = { currency: 'EUR', rate: '0.845' };
      entry('I', [line('100.00', euro), line('-84.50')]);
      const draft = await only();
      expect(draft.amount, 'no single currency differs, and all is even in the base currency').to.equal(null);
      expect(draft.lines.map(({ description, amount }) => `${description}: ${amount}`).sort()).to.deep.equal([
        'In EUR: 100.00',
        'In GBP: 84.50',
      ]);
    });

    it('leaves out what is merely counted', async () => {
      const row = entry('I', even());
      addLines(company.site.ledger, row, [line('42.00', { statistical: true })], clerk);
      expect(await found()).to.deep.equal([]);
    });

    it('is told by entity where it balances over all, and less loudly where a base entity takes the difference', async () => {
      const lines = () => [line('10.00', { entity: 1 }), line('-10.00', { entity: 2 })];
      entry('I', lines());
      entry('I', lines(), { BASELOCATION_NO: null });
      const drafts = await found();
      expect(drafts.map(({ exception }) => exception?.severity)).to.deep.equal(['warning', 'info']);
      expect(drafts[0]?.type).to.equal('Journal does not balance in each entity');
      expect(drafts[0]?.lines.map(({ description, amount }) => `${description} ${amount}`).sort()).to.deep.equal([
        'Entity E100 10.00',
        'Entity E200 10.00',
      ]);
    });

    it('is told by no entity where a line stands in a department or in none', async () => {
      const row = entry('I', [line('10.00', { entity: 1 }), line('-10.00', { entity: 2 })]);
      const [first] = company.site.ledger.where('GLENTRY', 'BATCHNO', row.RECORDNO);
      if (first) change('GLENTRY', first, { LOCATION: 'E100-SALES' });
      expect(await found()).to.deep.equal([]);
    });
  });

  const sorts: Array<[string, () => unknown, RegExp[]]> = [
    ['a submitted journal', () => entry('S', even()), [/^info · Journal waits for approval · GJ \d+$/]],
    ['a partially approved one', () => entry('X', even()), [/^info · Journal waits for approval/]],
    ['a declined journal', () => entry('R', even()), [/^warning · Journal was declined/]],
    [
      'a payment that was not approved',
      () => payment('U'),
      [/^warning · Payment was not approved · PAY-\d+ · amount 123\.45/],
    ],
    [
      'a voided payment',
      () => takeBack(company.site.ledger, payment('C'), 'voided', clerk),
      [/^warning · Payment was voided · PAY-\d+ · amount 123\.45 \w+ \(voided\)$/],
    ],
    [
      'a payment that takes another one’s money back',
      () => change('APPYMT', payment('C'), { TOTALENTERED: '-123.45', TRX_TOTALENTERED: '-123.45' }),
      [/^warning · Payment was reversed · PAY-\d+ · amount -123\.45 \w+ \(voided\)$/],
    ],
    [
      'a vendor on hold',
      () => change('VENDOR', vendorOf(payment('S')), { ONHOLD: 'true' }),
      [/^critical · Vendor on hold has open payments · \S+ · to be paid 123\.45 \w{3}$/],
    ],
    [
      'an inactive vendor',
      () => change('VENDOR', vendorOf(payment('A')), { STATUS: 'inactive' }),
      [/^warning · Inactive vendor has open payments · /],
    ],
  ];
  for (const [what, make, expected] of sorts) {
    it(`tells of ${what}`, async () => {
      make();
      const told = (await found()).map(inShort);
      expect(told).to.have.length(expected.length);
      for (const [index, pattern] of expected.entries()) expect(told[index]).to.match(pattern);
    });
  }

  it('knows a refusal by whatever word the company has for it', async () => {
    company.site.changeSettings({ declinedPayment: 'Declined' });
    payment('U');
    expect((await only()).type).to.equal('Payment was not approved');
  });

  it('tells of what waits for too long, as stuck and no longer as waiting', async () => {
    const [journal, request] = [entry('S', even()), payment('S')];
    const reversal = entry('L', even());
    expect((await found()).map(({ type }) => type)).to.deep.equal(['Journal waits for approval']);
    company.pass(3 * dayMinutes + 1);
    expect((await found()).map(({ type }) => type).sort()).to.deep.equal([
      ...['Journal is stuck in approval', 'Payment is stuck', 'Reversal is stuck'],
    ]);
    expect(await outcomeOf(`GLBATCH ${journal.RECORDNO} submitted`)).to.equal(
      'Closed/closed: it has waited for so long that it is told of as stuck',
    );
    change('GLBATCH', journal, { STATE: 'Posted' });
    change('GLBATCH', reversal, { STATE: 'Reversed' });
    change('APPYMT', request, { STATE: 'Approved' });
    expect(await outcomeOf(`GLBATCH ${journal.RECORDNO} stuck`)).to.equal('Solved/closed: the journal is posted');
    expect(await outcomeOf(`GLBATCH ${reversal.RECORDNO} reversal_pending`)).to.equal(
      'Solved/closed: the journal was reversed',
    );
    expect(await outcomeOf(`APPYMT ${request.RECORDNO} stuck`)).to.equal(
      'Solved/closed: somebody has worked on the payment',
    );
    connection = company.connect({ stuck_days: 5 });
    entry('S', even());
    company.pass(4 * dayMinutes);
    expect((await found()).map(({ type }) => type)).to.deep.equal(['Journal waits for approval']);
  });

  it('tells of drafts that nobody has touched for a month', async () => {
    const row = entry('I', even());
    company.pass(31 * dayMinutes);
    expect(inShort(await only())).to.equal(`info · Draft was left for a month · GJ ${row.BATCHNO}`);
    change('GLBATCH', row, { BATCH_TITLE: 'Looked at' });
    expect(await outcomeOf(`GLBATCH ${row.RECORDNO} old_draft`)).to.equal(
      'Solved/closed: somebody has worked on the draft',
    );
  });

  describe('with books that close', () => {
    // It is 10 March; with five days, February has been closed since 6 March.
    beforeEach(() => {
      connection = company.connect({ close_after_days: 5 });
    });

    it('tells of what is posted into a closed month, and of what changes there', async () => {
      const early = entry('P', even(), { BATCH_DATE: '2026-02-27', AUWHENCREATED: Date.parse('2026-02-27T10:00:00Z') });
      change('GLBATCH', early, { BATCH_TITLE: 'Changed today' });
      const late = entry('P', even(), { BATCH_DATE: '2026-02-28' });
      entry('P', even(), { BATCH_DATE: '2026-03-01' });
      entry('P', even(), { BATCH_DATE: today() });
      expect((await found()).map(inShort)).to.deep.equal([
        `warning · Journal was posted into a closed month · GJ ${late.BATCHNO}`,
        `info · Journal of a closed month was changed · GJ ${early.BATCHNO}`,
      ]);
      change('GLBATCH', late, { STATE: 'Reversed' });
      expect(await outcomeOf(`GLBATCH ${late.RECORDNO} closed_period`)).to.equal(
        'Solved/closed: the journal was reversed',
      );
    });

    it('tells of nothing that was there before its month closed', async () => {
      entry('P', even(), {
        ...{ BATCH_DATE: '2026-02-27', AUWHENCREATED: Date.parse('2026-03-05T23:00:00Z') },
        WHENMODIFIED: Date.parse('2026-03-05T23:30:00Z'),
      });
      expect(await found()).to.deep.equal([]);
      connection = company.connect({ close_after_days: 4 });
      expect((await found()).map(({ type }) => type)).to.deep.equal(['Journal was posted into a closed month']);
    });

    it('lets days end by the clock of the user, not by UTC', async () => {
      // With nine days February closes at the end of 9 March: in Los Angeles that is 08:00 UTC of 10 March.
      company.site.changeSettings({
        userFormat: { locale: 'en_US', dateformat: '/mdY', gmtoffset: '-08:00', clock: '24' },
      });
      connection = company.connect({ close_after_days: 9 });
      const at = (time: string, BATCH_TITLE: string) => {
        const stamp = Date.parse(`2026-03-10T${time}Z`);
        const given = { BATCH_DATE: '2026-02-27', BATCH_TITLE, AUWHENCREATED: stamp };
        entry('P', even(), { ...given, WHENMODIFIED: stamp });
      };
      at('07:30:00', 'the evening before');
      at('08:30:00', 'after midnight');
      expect((await found()).map(({ description }) => description)).to.deep.equal(['after midnight']);
    });

    it('watches it until the next month closes', async () => {
      entry('P', even(), { BATCH_DATE: '2026-02-28' });
      const { key } = await only();
      company.pass(30 * dayMinutes);
      expect(await found()).to.deep.equal([]);
      expect(await outcomeOf(key)).to.match(/^Closed\/closed: .*another month was closed since$/);
    });

    it('tells nothing of it where nobody said when months close', async () => {
      entry('P', even(), { BATCH_DATE: '2026-02-28' });
      connection = company.connect();
      expect(await found()).to.deep.equal([]);
    });
  });

  describe('and what became of it', () => {
    it('is read anew, for several in one go', async () => {
      const [balanced, posted, deleted] = [1, 2, 3].map(() => entry('I', [line('5.00'), line('-4.00')]));
      if (!balanced || !posted || !deleted) throw new Error('There are three');
      const refused = payment('U');
      const keys = [balanced, posted, deleted].map(({ RECORDNO }) => `GLBATCH ${RECORDNO} unbalanced`);
      keys.push(`APPYMT ${refused.RECORDNO} not_approved`, 'GLBATCH 1 of_another_version', 'nonsense');
      const [, credit] = company.site.ledger.where('GLENTRY', 'BATCHNO', balanced.RECORDNO);
      if (credit) change('GLENTRY', credit, { AMOUNT: '5.00', TRX_AMOUNT: '5.00' });
      change('GLBATCH', posted, { STATE: 'Posted' });
      company.site.hand.remove('GLBATCH', deleted.RECORDNO);
      change('APPYMT', refused, { STATE: 'Submitted' });
      await pages();
      const before = company.spent.length;
      const now = await connection.getMany?.exception?.(keys, signal);
      expect(company.spent.slice(before), 'journals, payments and lines in one request').to.deep.equal([3]);
      expect([...(now ?? [])].map(([key, { exception, status }]) => [key, status, exception?.outcome])).to.deep.equal([
        [keys[0], 'Solved', 'the journal balances now'],
        [keys[1], 'Solved', 'the journal is posted'],
        [keys[3], 'Solved', 'the payment is on its way again'],
      ]);
    });

    it('of a vendor is told by which of both was put right', async () => {
      const [held, paid] = [payment('S'), payment('S')];
      const vendors = [held, paid].map(vendorOf);
      for (const vendor of vendors) change('VENDOR', vendor, { ONHOLD: 'true' });
      const keys = (await found()).map(({ key }) => key);
      expect(new Set(keys).size).to.equal(new Set(vendors).size);
      const [first] = vendors;
      if (!first) throw new Error('There is one');
      for (const row of [held, paid]) change('APPYMT', row, { STATE: 'Posted' });
      expect(await outcomeOf(`VENDOR ${first.RECORDNO} on_hold`)).to.equal(
        'Solved/closed: no payment to the vendor is on its way any more',
      );
      change('APPYMT', held, { STATE: 'Submitted' });
      expect(await outcomeOf(`VENDOR ${first.RECORDNO} on_hold`)).to.equal('Open/waiting: null');
      change('VENDOR', first, { ONHOLD: 'false' });
      expect(await outcomeOf(`VENDOR ${first.RECORDNO} on_hold`)).to.equal(
        'Solved/closed: the vendor is no longer on hold',
      );
    });
  });

  describe('is read whole and for little', () => {
    const last = (read: Page[]) => read.at(-1) as Page;
    const unbalanced = 'Journal does not balance';

    it('says of which types it told all, and with which keys', async () => {
      entry('I', [line('5.00'), line('-4.00')]);
      entry('R', even());
      const read = await pages();
      expect(last(read).whole?.keys).to.have.members(documentsIn(read).map(({ key }) => key));
      expect(last(read).whole?.types).to.include.members([unbalanced, 'Journal was declined', 'Payment is stuck']);
    });

    it('costs two calls where nothing is on its way, and one more for lines and vendors each', async () => {
      await connection.test(signal);
      const costOf = async (cursor: Cursor | null) => {
        const before = company.spent.length;
        const read = await pages(cursor);
        return { spent: company.spent.slice(before), cursor: last(read).cursor, read };
      };
      const quiet = await costOf(null);
      expect(quiet.spent).to.deep.equal([2]);
      entry('I', [line('5.00'), line('-4.00')]);
      payment('S');
      expect((await costOf(quiet.cursor)).spent).to.deep.equal([2, 2]);
    });

    it('leaves the lines of drafts alone while these stand as they were', async () => {
      const row = entry('I', [line('5.00'), line('-4.00')]);
      company.pass(10);
      const first = await pages();
      company.pass(5);
      const before = company.running.asked.length;
      const again = await pages(last(first).cursor);
      expect(company.running.asked.slice(before).join()).to.not.contain('GLENTRY');
      expect(last(again).whole?.types).to.not.include(unbalanced);
      change('GLBATCH', row, { BATCH_TITLE: 'Touched' });
      const touched = await pages(last(again).cursor);
      expect(last(touched).whole?.types).to.include(unbalanced);
      company.pass(20);
      const settled = await pages(last(touched).cursor);
      company.pass(70);
      const later = await pages(last(settled).cursor);
      expect(last(later).whole?.types, 'after an hour whatever the stamps say').to.include(unbalanced);
    });

    it('reads lines every time where the stamps say nothing', async () => {
      company.site.changeSettings({ whenModified: 'null' });
      entry('I', [line('5.00'), line('-4.00')]);
      const first = await pages();
      company.pass(15);
      expect(last(await pages(last(first).cursor)).whole?.types).to.include(unbalanced);
    });

    it('comes in pages, what matters most first', async () => {
      connection = company.connect({ page_size: 10 });
      for (let made = 0; made < 25; made += 1) entry('S', even());
      entry('I', [line('5.00'), line('-4.00')]);
      const read = await pages();
      expect(read.map(({ documents }) => documents.length)).to.deep.equal([10, 10, 6]);
      expect(read[0]?.documents[0]?.type).to.equal(unbalanced);
      expect(read.map(({ whole }) => whole !== undefined)).to.deep.equal([false, false, true]);
    });

    it('goes on over the pages of the gateway', async () => {
      for (let made = 0; made < 2_050; made += 1) entry('R', even());
      expect(await found()).to.have.length(2_050);
    }).timeout(30_000);
  });

  describe('is told as far as it may be read', () => {
    it('tells the rest where vendors are closed to the user, and then says so', async () => {
      change('VENDOR', vendorOf(payment('S')), { ONHOLD: 'true' });
      entry('R', even());
      company.site.changeSettings({ noPermission: ['VENDOR'] });
      const read: Page[] = [];
      const error = await errorOf(
        (async () => {
          for await (const page of connection.read('exception', null, signal)) read.push(page);
        })(),
      );
      expect(error).to.be.instanceOf(ReconnectError).and.to.include({ scope: 'kind', field: 'rights' });
      expect(error.message).to.contain('VENDOR');
      expect(documentsIn(read).map(({ type }) => type)).to.deep.equal(['Journal was declined']);
      expect(read[0]?.whole?.types)
        .to.include('Journal was declined')
        .and.not.include('Vendor on hold has open payments');
    });

    it('does without ONHOLD where vendors have no such field', async () => {
      await connection.test(signal);
      await company.state.change(async (current) => {
        const profile = current?.profile as { fields: Record<string, string[]> };
        const vendor = (profile.fields.VENDOR ?? []).filter((field) => field !== 'ONHOLD');
        return { ...current, profile: { ...profile, fields: { ...profile.fields, VENDOR: vendor } } };
      });
      connection = company.connect();
      const vendor = vendorOf(payment('S'));
      change('VENDOR', vendor, { ONHOLD: 'true' });
      expect(await found()).to.deep.equal([]);
      expect(company.running.asked.join()).to.not.contain('<field>ONHOLD</field>');
    });

    it('tells once of what was taken back, for a week', async () => {
      takeBack(company.site.ledger, payment('C'), 'voided', clerk);
      expect((await only()).phase).to.equal('voided');
      company.pass(8 * dayMinutes);
      expect(await found()).to.deep.equal([]);
    });
  });
});
