import { expect } from 'chai';
import type { DocumentKind } from '../../../app/domain/document.ts';
import type { ControlRow, ErpConnection } from '../../../connectors/connector.ts';
import { type Bench, openBench, signal } from './support.ts';

const dayMs = 24 * 3_600_000;

describe('The control list of Acumatica', () => {
  let bench: Bench;
  afterEach(() => bench?.close());

  async function rowsOf(
    connection: ErpConnection,
    since: string | null = null,
    kind: DocumentKind = 'bill',
  ): Promise<ControlRow[]> {
    const rows: ControlRow[] = [];
    for await (const page of connection.control?.(kind, since, signal) ?? []) rows.push(...page);
    return rows;
  }
  const keys = (rows: ControlRow[]) => [...new Set(rows.map(({ key }) => key))].sort();
  const all = () =>
    bench.site
      .bills()
      .map(({ type, ref }) => `${type}|${ref}`)
      .sort();
  const lists = () => bench.asked.filter((line) => line.startsWith('GET') && line.includes('/Bill?'));

  it('is read in few requests that carry no lines', async () => {
    bench = await openBench({ seedBills: 0 });
    bench.site.addBills(5_000);
    const rows = await rowsOf(bench.connect());
    expect(keys(rows)).to.deep.equal(all());
    expect(lists()).to.have.length(3);
    for (const line of lists()) expect(line).not.to.contain('$expand');
  });

  for (const order of ['key', 'insertion', 'shuffled'] as const) {
    it(`misses nothing with lists in the order "${order}"`, async () => {
      bench = await openBench({ seedBills: 150, settings: { order } });
      expect(keys(await rowsOf(bench.connect({ page_size: 2 })))).to.deep.equal(all());
    });
  }

  it('misses nothing of what is deleted, added and changed while it is read', async () => {
    bench = await openBench({ seedBills: 120 });
    const connection = bench.connect({ page_size: 2 });
    const kept = new Set(all());
    const rows: ControlRow[] = [];
    for await (const page of connection.control?.('bill', null, signal) ?? []) {
      rows.push(...page);
      const [first, second] = bench.site.bills();
      if (rows.length < 100 && first && second) {
        bench.site.removeBill(first.id);
        kept.delete(`${first.type}|${first.ref}`);
        bench.site.editBill(second.id, { amount: '1.00' });
      }
    }
    expect(keys(rows)).to.include.members([...kept]);
  });

  it('says of each document what its reading says', async () => {
    bench = await openBench({ seedBills: 30, seedOthers: true });
    const connection = bench.connect();
    for (const kind of ['bill', 'purchase_order', 'payment', 'customer_payment', 'journal'] as const) {
      const rows = new Map((await rowsOf(connection, null, kind)).map((row) => [row.key, row]));
      let count = 0;
      for await (const { documents } of connection.read(kind, null, signal)) {
        for (const { key, type, reference, status, amount, branch, modifiedAt } of documents) {
          expect(rows.get(key)).to.deep.equal({ key, type, reference, values: { status, amount, branch }, modifiedAt });
          count += 1;
        }
      }
      expect(count, kind).to.equal(rows.size).and.to.be.greaterThan(0);
    }
  });

  it('reaches back as far as the first reading, and further where older documents are known', async () => {
    bench = await openBench({ seedBills: 0 });
    const at = (days: number) => Date.now() - days * dayMs;
    const [recent, old, older] = [1, 40, 60].map((days) => bench.site.addBill({ modifiedAt: at(days) }));
    const connection = bench.connect();
    const keyOf = (bill?: { ref: string }) => `Bill|${bill?.ref}`;
    expect(keys(await rowsOf(connection))).to.deep.equal([keyOf(recent)]);
    expect(keys(await rowsOf(connection, new Date(at(50)).toISOString()))).to.deep.equal([keyOf(recent), keyOf(old)]);
    expect(keys(await rowsOf(connection, new Date().toISOString()))).to.deep.equal([keyOf(recent)]);
    expect(older).not.to.equal(undefined);
  });

  it('has archived documents, and so does the reading of one; lists of changes do not', async () => {
    bench = await openBench({ seedBills: 0 });
    const bill = bench.site.addBill({ archived: true });
    const connection = bench.connect();
    const key = `Bill|${bill.ref}`;
    expect(keys(await rowsOf(connection))).to.deep.equal([key]);
    expect((await connection.get('bill', key, signal))?.reference).to.equal(bill.ref);
    for await (const { documents } of connection.read('bill', null, signal)) expect(documents).to.deep.equal([]);
  });

  it('comes without the values where the site cannot list them, and is told by the keys', async () => {
    bench = await openBench({ seedBills: 3, settings: { optimizationErrorFields: ['Amount'] } });
    const rows = await rowsOf(bench.connect());
    expect(keys(rows)).to.deep.equal(all());
    for (const { values, modifiedAt } of rows)
      expect({ values, dated: modifiedAt !== null }).to.deep.equal({ values: null, dated: true });
  });
});
