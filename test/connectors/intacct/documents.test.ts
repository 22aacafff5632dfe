import { expect } from 'chai';
import { paidNews } from '../../../app/domain/paid.ts';
import { payBills } from '../intacct-site.ts';
import { Company, keysOf } from './company.ts';

describe('connectors intacct: payments and journals', () => {
  let company: Company;
  beforeEach(async () => {
    company = await Company.start();
  });
  afterEach(() => company.close());

  const payment = async (key: number) => {
    const found = await company.get(key, undefined, 'payment');
    if (!found) throw new Error(`no payment ${key}`);
    return found;
  };
  const journal = async (key: number) => {
    const found = await company.get(key, undefined, 'journal');
    if (!found) throw new Error(`no journal ${key}`);
    return found;
  };

  it('tell of a payment who gets it, by which bank and way, and what it pays', async () => {
    const bills = [company.site.maker.bill({ state: 'A' }), company.site.maker.bill({ state: 'A' })];
    const row = payBills(company.site, { state: 'C', bills });
    const read = await payment(row.RECORDNO);
    expect(read).to.deep.include({
      type: 'Payment',
      status: 'Posted',
      phase: 'posted',
      vendor: { code: row.VENDORID, name: read.vendor?.name },
      amount: { value: row.TRX_TOTALENTERED, currency: row.CURRENCY },
      cashAccount: row.FINANCIALENTITY,
      method: 'ACH',
    });
    expect(read.vendor?.name).to.match(/\w/);
    expect(read.applications).to.deep.equal(
      bills.map(({ RECORDNO, RECORDID, TRX_TOTALENTERED }) => ({
        ...{ kind: 'bill', key: String(RECORDNO), type: 'Bill', reference: RECORDID, amount: TRX_TOTALENTERED },
      })),
    );
  });

  it('are news for the bills when a payment takes effect and when it is voided', async () => {
    const bill = company.site.maker.bill({ state: 'A' });
    const { RECORDNO } = payBills(company.site, { state: 'A', bills: [bill] });
    const waiting = await payment(RECORDNO);
    expect(paidNews(null, waiting)).to.deep.equal([]);
    company.site.hand.change('APPYMT', RECORDNO, { STATE: 'Posted' });
    const posted = await payment(RECORDNO);
    expect(paidNews(waiting, posted).map(({ paid, isPaid }) => [paid.key, isPaid])).to.deep.equal([
      [String(bill.RECORDNO), true],
    ]);
    company.site.hand.change('APPYMT', RECORDNO, { STATE: 'Voided' });
    expect(paidNews(posted, await payment(RECORDNO)).map(({ isPaid }) => isPaid)).to.deep.equal([false]);
  });

  it('call a payment by the states that people see, whatever a refusal is called', async () => {
    // Each row: the code, its label, where that stands, and what can be decided then.
    const rows: [string, string, string, string[]][] = [
      ['D', 'Draft', 'held', []],
      ['S', 'Submitted', 'waiting', ['approve', 'reject']],
      ['PA', 'Partially Approved', 'waiting', ['approve', 'reject']],
      ['A', 'Approved', 'ready', []],
      ['E', 'Delivered', 'ready', []],
      ['C', 'Posted', 'posted', []],
      ['V', 'Voided', 'voided', []],
    ];
    for (const [state, status, phase, actions] of rows) {
      const { RECORDNO } = payBills(company.site, { state });
      expect(await payment(RECORDNO)).to.deep.include({ status, phase, actions });
    }
    const { RECORDNO } = payBills(company.site, { state: 'U' });
    for (const declinedPayment of ['Unapproved', 'Declined'] as const) {
      company.site.changeSettings({ declinedPayment });
      expect(await payment(RECORDNO)).to.include({ status: declinedPayment, phase: 'rejected' });
    }
  });

  it('ask once for what the bills of a page are called, and go without where the role may not read bills', async () => {
    for (let count = 0; count < 5; count += 1) payBills(company.site, { state: 'C' });
    const connection = company.connect();
    const [page] = await company.pages(connection, null, 'payment');
    const named = page?.documents.flatMap(({ applications = [] }) => applications.map(({ reference }) => reference));
    expect(named?.every((reference) => reference.startsWith('BILL-'))).to.equal(true);
    const asked = company.running.asked.filter((body) => body.includes('<object>APBILL</object><select>'));
    expect(asked).to.have.length(1);
    company.site.changeSettings({ noPermission: ['APBILL'] });
    const [again] = await company.pages(company.connect(), null, 'payment');
    for (const { applications } of again?.documents ?? [])
      for (const { reference, key } of applications ?? []) expect(reference).to.equal(key);
  });

  it('show both sides of a journal entry, and their sums', async () => {
    const entry = company.site.maker.entry({ state: 'P', title: 'Accrual of rent' });
    const read = await journal(entry.RECORDNO);
    expect(read).to.include({ type: 'GL', reference: String(entry.BATCHNO), status: 'Posted', phase: 'closed' });
    expect(read).to.include({ description: 'Accrual of rent', ledger: 'GJ', vendor: null });
    expect(read.actions).to.deep.equal([]);
    const lines = company.site.ledger.where('GLENTRY', 'BATCHNO', entry.RECORDNO);
    expect(read.lines.map(({ debit, credit }) => [debit, credit])).to.deep.equal(
      lines.map(({ TR_TYPE, TRX_AMOUNT }) => (TR_TYPE === '1' ? [TRX_AMOUNT, '0.00'] : ['0.00', TRX_AMOUNT])),
    );
    expect(read.totals).to.deep.equal({ debit: lines[0]?.TRX_AMOUNT, credit: lines[1]?.TRX_AMOUNT });
    expect(read.amount).to.deep.equal({ value: lines[0]?.TRX_AMOUNT, currency: 'GBP' });
  });

  it('show that a draft does not balance', async () => {
    const { RECORDNO } = company.site.maker.entry({ state: 'I', balance: 'too little credit' });
    const { totals, status, phase } = await journal(RECORDNO);
    expect({ status, phase }).to.deep.equal({ status: 'Draft', phase: 'held' });
    expect(Number(totals?.debit)).to.be.greaterThan(Number(totals?.credit));
  });

  it('leave statistical lines out, and add several currencies up in the base currency', async () => {
    const { RECORDNO } = company.site.maker.entry({ state: 'P' });
    const [first] = company.site.ledger.where('GLENTRY', 'BATCHNO', RECORDNO);
    const statistical = { BATCHNO: RECORDNO, TR_TYPE: '1', AMOUNT: '12.00', TRX_AMOUNT: '12.00', STATISTICAL: 'T' };
    company.site.hand.add('GLENTRY', { ...statistical, ACCOUNTNO: '9000' });
    const before = await journal(RECORDNO);
    expect(before.lines).to.have.length(2);
    const euro = { CURRENCY: 'EUR', TRX_AMOUNT: '1.00' };
    company.site.hand.change('GLENTRY', first?.RECORDNO ?? 0, euro);
    const mixed = await journal(RECORDNO);
    expect(mixed.totals).to.deep.equal(before.totals);
    expect(mixed.amount?.currency).to.equal(null);
  });

  it('tell sub-ledgers apart by their module', async () => {
    company.site.maker.bill({ state: 'A' });
    company.site.maker.entry({ state: 'P', journal: 'CMJ', module: '11.CM' });
    const [page] = await company.pages(company.connect(), null, 'journal');
    expect(new Set(page?.documents.map(({ type }) => type))).to.deep.equal(new Set(['AP', 'CM']));
  });

  describe('what was deleted', () => {
    const readFrom = async (cursor: Parameters<Company['pages']>[1]) => {
      const pages = await company.pages(company.connect(), cursor);
      return { gone: pages.flatMap(({ gone = [] }) => gone.map(Number)), cursor: pages.at(-1)?.cursor, pages };
    };

    it('is told by the audit history, every half an hour and of this kind alone', async () => {
      const [one, two] = [company.site.maker.bill({ state: 'S' }), company.site.maker.bill({ state: 'S' })];
      const entry = company.site.maker.entry({ state: 'I' });
      let { cursor } = await readFrom(null);
      company.site.hand.remove('APBILL', one.RECORDNO);
      company.site.hand.remove('GLBATCH', entry.RECORDNO);
      company.pass(20);
      let read = await readFrom(cursor);
      expect(read.gone).to.deep.equal([]);
      company.pass(11);
      company.spent.length = 0;
      read = await readFrom(read.cursor);
      expect(read.gone).to.deep.equal([one.RECORDNO]);
      expect(company.spent).to.deep.equal([2]);
      cursor = read.cursor;
      company.pass(31);
      company.site.hand.remove('APBILL', two.RECORDNO);
      expect((await readFrom(cursor)).gone).to.deep.equal([two.RECORDNO]);
    });

    it('is not missed where the history does not answer, and costs nothing more where it is not open', async () => {
      const bill = company.site.maker.bill({ state: 'S' });
      const connection = company.connect();
      let cursor = (await company.pages(connection)).at(-1)?.cursor;
      company.site.hand.remove('APBILL', bill.RECORDNO);
      company.pass(31);
      company.site.changeSettings({ auditHistoryAllowed: false });
      company.spent.length = 0;
      for (let turn = 0; turn < 3; turn += 1) {
        const pages = await company.pages(connection, cursor);
        expect(keysOf(pages)).to.deep.equal([]);
        cursor = pages.at(-1)?.cursor;
        company.pass(31);
      }
      expect(company.spent.filter((calls) => calls > 1)).to.have.length(1);
      company.site.changeSettings({ auditHistoryAllowed: true });
      expect((await readFrom(cursor)).gone).to.deep.equal([bill.RECORDNO]);
    });
  });
});
