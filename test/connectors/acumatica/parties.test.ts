import { expect } from 'chai';
import type { ErpParty } from '../../../app/domain/party.ts';
import type { SettingsChange } from '../../../sandbox/acumatica/index.ts';
import { errorOf } from '../../outbound/servers.ts';
import { type Bench, openBench, signal } from './support.ts';

describe('Acumatica’s vendors', () => {
  let bench: Bench;
  const open = async (settings: SettingsChange = {}) => {
    bench = await openBench({ settings });
  };
  afterEach(() => bench.close());

  async function vendors(since: number | null = null, entered: Record<string, unknown> = {}): Promise<ErpParty[]> {
    const all: ErpParty[] = [];
    for await (const page of bench.connect(entered).parties?.(since, signal) ?? []) all.push(...page);
    return all;
  }
  const codeOfFirst = () => bench.site.bills()[0]?.vendor ?? '';
  const one = async (code = codeOfFirst()) => (await bench.connect().party?.(code, signal)) as ErpParty;

  it('come each once in pages, with the same texts as long as nothing changed', async () => {
    await open({ order: 'shuffled' });
    const [first, again] = [await vendors(null, { page_size: 7 }), await vendors()];
    expect(new Set(first.map(({ code }) => code)).size)
      .to.equal(first.length)
      .and.to.be.above(10);
    const sorted = (parties: ErpParty[]) => parties.sort((a, b) => (a.code < b.code ? -1 : 1));
    expect(sorted(first)).to.deep.equal(sorted(again));
    expect(first.find(({ code }) => code === codeOfFirst())).to.deep.equal(await one());
  });

  // Each row: what somebody changes at the vendor's form, and which of the two texts becomes another.
  const changes: Array<[what: string, Parameters<Bench['site']['editVendor']>[1], bank: boolean, remittance: boolean]> =
    [
      ['the account', { account: '00000001' }, true, false],
      ['the sort code', { sortCode: '99-99-99' }, true, false],
      ['how it is paid', { paymentMethod: 'CHECK' }, true, false],
      ['the address that payments go to', { remittance: { addressLine1: '2 Low Street' } }, false, true],
      ['the e-mail that is told of payments', { remittance: { email: 'x@y.example' } }, false, true],
      ['nothing of that', { status: 'On Hold' }, false, false],
    ];
  for (const [what, change, bank, remittance] of changes) {
    it(`say so when ${what} is another`, async () => {
      await open();
      const before = await one();
      bench.site.editVendor(codeOfFirst(), change);
      const after = await one();
      expect({ bank: before.bank !== after.bank, remittance: before.remittance !== after.remittance }).to.deep.equal({
        bank,
        remittance,
      });
    });
  }

  it('can be asked for by when they changed', async () => {
    await open();
    const since = Date.now() + 5;
    while (Date.now() <= since + 5) await new Promise(setImmediate);
    expect(await vendors(since)).to.deep.equal([]);
    bench.site.editVendor(codeOfFirst(), { account: '00000002' });
    expect((await vendors(since)).map(({ code }) => code)).to.deep.equal([codeOfFirst()]);
  });

  it('are read one by one where the site cannot list what is asked for', async () => {
    await open({ optimizationErrorFields: ['PaymentInstructions'] });
    expect((await vendors()).find(({ code }) => code === codeOfFirst())).to.deep.equal(await one());
  });

  it('that are not there are null', async () => {
    await open();
    expect(await one('NOBODY')).to.equal(null);
  });

  it('have their accounts in no error', async () => {
    await open();
    bench.site.editVendor(codeOfFirst(), { account: '12121212' });
    bench.site.setFault({ kind: 'truncated-json', match: { path: '/Vendor' } });
    const error = await errorOf(one());
    expect(JSON.stringify([error, String(error)])).to.not.contain('12121212');
  });
});

describe('The cash discount of a bill in Acumatica', () => {
  let bench: Bench;
  afterEach(() => bench.close());
  const read = async (ref: string) => bench.connect().get('bill', `Bill|${ref}`, signal);

  it('comes from outside the contract, exact and with its day', async () => {
    bench = await openBench();
    const { ref } = bench.site.addBill({ amount: '1000.00', discount: '20.0500', discountDate: '2026-03-24' });
    const bill = await read(ref);
    expect(bill).to.deep.include({ discountDate: '2026-03-24', discountAmount: { value: '20.05', currency: 'GBP' } });
    expect(bench.asked.some((line) => line.includes('$custom=Document.DiscDate,Document.CuryOrigDiscAmt'))).to.equal(
      true,
    );
  });

  it('is left out where the terms give none, though the form has a date', async () => {
    bench = await openBench();
    const bill = await read(bench.site.addBill().ref);
    expect(bill).to.not.have.any.keys('discountDate', 'discountAmount');
  });

  it('is not asked for where the form of this release has no such field', async () => {
    bench = await openBench({ settings: { hiddenFields: ['Document.DiscDate', 'Document.CuryOrigDiscAmt'] } });
    const { ref } = bench.site.addBill({ discount: '20.00', discountDate: '2026-03-24' });
    expect(await read(ref)).to.not.have.any.keys('discountDate', 'discountAmount');
    expect(bench.asked.some((line) => line.includes('$custom'))).to.equal(false);
  });

  it('marks a debit adjustment as taking from what is owed', async () => {
    bench = await openBench();
    const { ref } = bench.site.addBill({ type: 'Debit Adj.' });
    expect(await bench.connect().get('bill', `Debit Adj.|${ref}`, signal)).to.include({ credit: true });
    expect(await read(bench.site.addBill().ref)).to.not.have.property('credit');
  });
});
