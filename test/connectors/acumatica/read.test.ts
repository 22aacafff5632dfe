import { expect } from 'chai';
import { documentSchema } from '../../../app/domain/document.ts';
import type { SettingsChange } from '../../../sandbox/acumatica/index.ts';
import { errorOf, startHttp } from '../../outbound/servers.ts';
import { type Bench, documentsOf, keysOf, openBench, readAll, signal } from './support.ts';

describe('reading bills of Acumatica', () => {
  let bench: Bench;
  afterEach(() => bench.close());
  const open = async (settings: SettingsChange = {}, seedBills = 25) => {
    bench = await openBench({ seedBills, settings });
    return bench;
  };
  const allKeys = () =>
    bench.site
      .bills()
      .map(({ type, ref }) => `${type}|${ref}`)
      .sort();

  for (const order of ['key', 'insertion', 'shuffled'] as const)
    it(`reads every bill once, listed in order: ${order}`, async () => {
      const { connect } = await open({ order }, 45);
      expect(keysOf(await readAll(connect({ page_size: 10 })))).to.deep.equal(allKeys());
    });

  it('loses no bill when rows are deleted and added between pages', async () => {
    const { connect, site } = await open({}, 60);
    const before = allKeys();
    const removed = before[1]?.split('|')[1] ?? '';
    const read: string[] = [];
    for await (const { documents } of connect({ page_size: 10 }).read('bill', null, signal)) {
      read.push(...documents.map(({ key }) => key));
      if (read.length >= 20 && site.bill(removed)) site.removeBill(removed);
    }
    expect([...new Set(read)].sort()).to.deep.equal(before);
  });

  it('reads an import of hundreds of bills of one moment, whatever the order', async () => {
    const { connect, site } = await open({ order: 'shuffled' }, 20);
    site.addBills(300, { modifiedAt: Date.now() - 3_600_000 });
    expect(keysOf(await readAll(connect({ page_size: 20 })))).to.deep.equal(allKeys());
  });

  it('starts the first read as many days back as asked', async () => {
    const { connect, site } = await open({}, 0);
    site.addBill({ ref: 'OLD', modifiedAt: Date.now() - 9 * 86_400_000 });
    site.addBill({ ref: 'NEW', modifiedAt: Date.now() - 86_400_000 });
    expect(keysOf(await readAll(connect({ read_from_days: 5 })))).to.deep.equal(['Bill|NEW']);
    expect(keysOf(await readAll(connect({ read_from_days: '10' })))).to.deep.equal(['Bill|NEW', 'Bill|OLD']);
  });

  it('says what the ERP says about a bill', async () => {
    const { connect, site, url } = await open({}, 0);
    site.addBill({
      ref: 'A/B 1',
      status: 'Balanced',
      vendorName: "O'Neill & Søn",
      vendorRef: 'R-1',
      amount: '1234.5',
      currency: 'EUR',
      date: '2025-03-04',
      dueDate: null,
      lines: [{ description: 'Paper', quantity: '2.5', amount: '1234.5', account: '61000' }],
    });
    const [document] = documentsOf(await readAll(connect()));
    expect(document).to.deep.include({
      key: 'Bill|A/B 1',
      vendor: { code: site.bill('A/B 1')?.vendor, name: "O'Neill & Søn" },
      amount: { value: '1234.50', currency: 'EUR' },
      date: '2025-03-04',
      dueDate: null,
      lines: [{ description: 'Paper', quantity: '2.5', amount: '1234.50', account: '61000' }],
      actions: ['release', 'hold'],
      link: `${url}/Main?CompanyID=TREASURY&ScreenId=AP301000&DocType=INV&RefNbr=A%2FB%201`,
    });
    expect(await connect().get('bill', 'Bill|A/B 1', signal)).to.deep.equal(document);
  });

  it('keeps every digit of a huge amount', async () => {
    const { connect, site } = await open({}, 3);
    site.addBill({ ref: 'HUGE', amount: '123456789012345678901234567890.1234' });
    const found = documentsOf(await readAll(connect())).find(({ reference }) => reference === 'HUGE');
    expect(found?.amount?.value).to.equal('123456789012345678901234567890.1234');
  });

  it('reads bills one by one where the list cannot carry their lines, and remembers it', async () => {
    const { connect, requests } = await open({ optimizationErrorFields: ['Details'] }, 25);
    const connection = connect({ page_size: 10 });
    const pages = await readAll(connection);
    expect(keysOf(pages)).to.deep.equal(allKeys());
    for (const document of documentsOf(pages)) {
      documentSchema.parse(document);
      expect(document.lines.length).to.be.greaterThan(0);
    }
    expect(requests('bill.get')).to.equal(25);
    const lists = requests('bill.list');
    await readAll(connection, pages.at(-1)?.cursor ?? null);
    expect(requests('bill.list')).to.equal(lists + 1);
  });

  it('asks for vendors once however many bills there are', async () => {
    const { connect, site, requests } = await open({}, 0);
    site.addBills(600, { modifiedAt: Date.now() - 3_600_000 });
    const documents = documentsOf(await readAll(connect({ page_size: 100 })));
    expect(documents.length).to.equal(600);
    expect(documents.every(({ vendor }) => vendor?.name)).to.equal(true);
    expect(requests('vendor.list')).to.equal(1);
  });

  it('asks for a vendor that came later by its code', async () => {
    const { connect, site, asked } = await open({}, 3);
    const connection = connect();
    const cursor = (await readAll(connection)).at(-1)?.cursor ?? null;
    site.addBill({ ref: 'LATE', vendorName: 'Late Ltd' });
    const found = documentsOf(await readAll(connection, cursor)).find(({ reference }) => reference === 'LATE');
    expect(found?.vendor?.name).to.equal('Late Ltd');
    expect(asked.filter((line) => line.includes('/Vendor?')).length).to.equal(2);
    expect(asked.at(-1)).to.contain(`VendorID eq '${found?.vendor?.code}'`);
  });

  it('reads bills without names when vendors cannot be read', async () => {
    const { connect, site } = await open({}, 5);
    site.setFault({ kind: '403', match: { path: '/Vendor' } });
    const documents = documentsOf(await readAll(connect()));
    expect(documents.length).to.equal(5);
    expect(documents.every(({ vendor }) => vendor !== null && vendor.name === null)).to.equal(true);
  });

  it('works on a site that lists versions bare, without links, and answers 404 for a missing record', async () => {
    const { connect } = await open({ versionList: 'array', links: false, missingRecordStatus: 404 }, 5);
    const connection = connect();
    expect((await connection.test(signal)).summary).to.match(
      /^Acumatica at 127.0.0.1:\d+, tenant TREASURY, Default 25.200.001/,
    );
    expect(documentsOf(await readAll(connection)).length).to.equal(5);
    expect(await connection.get('bill', 'Bill|999999', signal)).to.equal(null);
  });

  it('gives no more than the memory of one oversized answer', async () => {
    const { connect, site } = await open({}, 2);
    const connection = connect();
    await connection.test(signal);
    site.setFault({ kind: 'oversized', match: { path: '/Bill' }, bytes: 65 * 1024 * 1024 });
    expect(await errorOf(readAll(connection))).to.include({ name: 'PermanentError', reason: 'body_too_large' });
  });

  it('does not carry its token to where a redirect leads', async () => {
    const { connect, site } = await open({}, 2);
    const connection = connect();
    await connection.test(signal);
    const seen: unknown[] = [];
    const elsewhere = await startHttp((request, response) => {
      seen.push(request.headers.authorization);
      response.end('[]');
    });
    site.setFault({ kind: 'redirect-elsewhere', match: { path: '/Bill' }, location: elsewhere.url });
    await readAll(connection).catch(() => {});
    await elsewhere.close();
    expect(seen).to.have.length.greaterThan(0);
    expect(seen.every((token) => token === undefined)).to.equal(true);
  });

  it('refuses a key that is none, and a kind that it does not read', async () => {
    const { connect } = await open({}, 0);
    expect(await errorOf(connect().get('bill', 'nonsense', signal))).to.include({ reason: 'key_unreadable' });
    expect(await errorOf(connect().get('order' as never, 'x', signal))).to.include({ reason: 'kind_unknown' });
  });
});
