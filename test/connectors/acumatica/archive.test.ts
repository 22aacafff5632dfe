import { expect } from 'chai';
import { type Bench, documentsOf, keysOf, openBench, readAll, signal } from './support.ts';

describe('archived documents of Acumatica', () => {
  let bench: Bench;
  const live = { status: 'Closed', amount: '1.00' } as const;
  let kept: string;
  let stored: string;
  beforeEach(async () => {
    bench = await openBench({ seedBills: 0 });
    kept = bench.site.addBill(live).ref;
    stored = bench.site.addBill(live).ref;
    bench.site.editBill(stored, { archived: true });
  });
  afterEach(() => bench.close());
  const get = (entered: Record<string, unknown>, ref: string) =>
    bench.connect(entered).get('bill', `Bill|${ref}`, signal);

  it('are found where they are looked up, say that they are archived, and offer nothing', async () => {
    const found = await get({}, stored);
    expect(found).to.include({ archived: true, status: 'Closed' }).and.deep.include({ actions: [] });
    expect(await get({}, kept)).to.not.have.property('archived');
    expect(keysOf(await readAll(bench.connect({})))).to.deep.equal([`Bill|${kept}`]);
    expect(
      bench.asked.filter((line) => line.includes(`/Bill/Bill/${kept}`)),
      'no request more',
    ).to.have.length(1);
    bench.site.removeBill(stored);
    expect(await get({}, stored)).to.equal(null);
  });

  it('are read like others where that is asked for, and told apart from those that are not archived', async () => {
    for (let index = 0; index < 60; index += 1)
      bench.site.addBill({ ...live, type: index % 2 === 0 ? 'Bill' : 'Debit Adj.', ref: `A${index}` });
    for (let index = 0; index < 60; index += 3)
      bench.site.form('bills').edit(`A${index}`, { archived: true }, index % 2 === 0 ? 'Bill' : 'Debit Adj.');
    const open = bench.site.addBill({ status: 'Pending Approval' }).ref;
    const documents = documentsOf(await readAll(bench.connect({ archived: 'read', page_size: 25 })));
    const archived = documents.filter((document) => document.archived).map(({ reference }) => reference);
    const expected = [stored, ...Array.from({ length: 20 }, (_, index) => `A${index * 3}`)];
    expect(archived.sort()).to.deep.equal(expected.sort());
    expect(documents.find(({ reference }) => reference === open)?.actions).to.include('approve');
    expect(new Set(documents.map(({ key }) => key)).size).to.equal(63);
  });
});
