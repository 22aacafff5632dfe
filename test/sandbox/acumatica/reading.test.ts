import { expect } from 'chai';
import { exceptionOf, fieldOf, type TestClient, TestSite, type WireRecord } from './site.ts';

function detailsOf(record: WireRecord | undefined): { id: string; Amount: { value: number } }[] {
  return (record?.Details ?? []) as { id: string; Amount: { value: number } }[];
}

describe('sandbox acumatica: reading', () => {
  let test: TestSite;
  let client: TestClient;
  beforeEach(async () => {
    test = new TestSite();
    client = await test.client();
  });
  afterEach(() => test.close());

  it('lists versions as an object, or as older builds do, without sign-in', async () => {
    const modern = await test.call('/AcumaticaERP/entity');
    const { version, endpoints } = modern.json() as { version: object; endpoints: object[] };
    expect(version).to.have.property('acumaticaBuildVersion');
    expect(endpoints).to.deep.include({
      name: 'Default',
      version: '24.200.001',
      href: '/AcumaticaERP/entity/Default/24.200.001/',
    });
    test.site.changeSettings({ versionList: 'array' });
    expect((await test.call('/AcumaticaERP/entity')).json()).to.deep.equal(endpoints);
  });

  it('serves every version listed and no other', async () => {
    test.site.changeSettings({ versions: ['22.200.001', '24.200.001'] });
    expect((await client.send('GET', 'Bill', undefined, {}, '22.200.001')).status).to.equal(200);
    expect((await client.send('GET', 'Bill', undefined, {}, '25.200.001')).status).to.equal(404);
    expect((await client.get('Invoices')).status).to.equal(404);
  });

  it('writes numbers with their zeros, empty fields as {}, moments in UTC with a trimmed fraction', async () => {
    const { ref } = test.site.addBill({ amount: '1250', vendor: null, date: '2025-03-04', lineCount: 1 });
    const { text } = await client.get(`Bill/Bill/${ref}`);
    expect(text).to.include('"Amount":{"value":1250.0000}').and.include('"Vendor":{}').and.include('"CashAccount":{}');
    expect(text)
      .to.include('"Date":{"value":"2025-03-04T00:00:00+00:00"}')
      .and.include('"PostPeriod":{"value":"032025"}');
    expect(text).to.include('"LastModifiedDateTime":{"value":"2026-03-10T09:30:00.25+00:00"}');
    expect(text).not.to.include('"Details"');
  });

  it('keeps amounts exact that no float can hold', async () => {
    const { ref } = test.site.addBill({ amount: '90071992547409.9301' });
    expect((await client.get(`Bill/Bill/${ref}`)).text).to.include('"Amount":{"value":90071992547409.9301}');
  });

  it('brings lines only when expanded, and they sum to the amount', async () => {
    test.site.addBill({ amount: '100.01', lineCount: 3 });
    const [bill] = await client.list('Bill', { $expand: 'Details,TaxDetails,files' });
    const lines = detailsOf(bill);
    expect(lines).to.have.length(3);
    expect(lines.reduce((sum, line) => sum + Math.round(line.Amount.value * 100), 0)).to.equal(10_001);
    expect([bill?.TaxDetails, bill?.files]).to.deep.equal([[], []]);
  });

  it('knows only the custom fields of the form, each with its type, and lists them in $adHocSchema', async () => {
    test.site.addBill({ ref: 'C1', custom: { 'Document.UsrScore': '12.5' } });
    const asked = { $filter: "ReferenceNbr eq 'C1'", $custom: 'Document.UsrScore,Document.UsrProject' };
    const [bill] = await client.list('Bill', asked);
    expect(bill?.custom).to.deep.equal({
      Document: { UsrScore: { type: 'CustomDecimalField', value: 12.5 }, UsrProject: { type: 'CustomStringField' } },
    });
    const schema = (await client.get('Bill/$adHocSchema')).json() as { custom: Record<string, object> };
    expect(schema.custom.Document).to.have.any.keys('UsrScore').and.any.keys('CreatedByID');
    const unknown = await client.get('Bill?$custom=Document.UsrNowhere');
    expect(unknown.status).to.equal(500);
    expect(exceptionOf(unknown)).to.contain('Document.UsrNowhere');
    test.site.changeSettings({ unknownCustomField: 'left out' });
    const [left] = await client.list('Bill', { ...asked, $custom: 'Document.UsrNowhere' });
    expect(left?.custom).to.deep.equal({});
    test.site.changeSettings({ unknownCustomField: 'error' });
  });

  it('shows archived records to whoever asks for them alone, and offers nothing on them', async () => {
    const { ref } = test.site.addBill({ status: 'Balanced', archived: true });
    const show = { 'PX-ApiArchive': 'SHOW' };
    expect((await client.get(`Bill/Bill/${ref}`)).status).to.equal(500);
    expect((await client.send('GET', `Bill/Bill/${ref}`, undefined, show)).status).to.equal(200);
    const filter = `Bill?$filter=${encodeURIComponent(`ReferenceNbr eq '${ref}'`)}`;
    expect((await client.get(filter)).json()).to.deep.equal([]);
    expect((await client.send('GET', filter, undefined, show)).json()).to.have.length(1);
    expect(exceptionOf(await client.act('ReleaseBill', ref))).to.contain('No entity satisfies');
  });

  it('limits fields by $select and adds custom ones by $custom', async () => {
    test.site.addBill({ custom: { 'Document.UsrRisk': 'high' } });
    const [bill] = await client.list('Bill', {
      $select: 'ReferenceNbr,Details/Amount',
      $expand: 'Details',
      $custom: 'Document.UsrRisk',
    });
    expect(Object.keys(bill ?? {})).to.have.members([
      'id',
      'rowNumber',
      'note',
      'ReferenceNbr',
      'Details',
      'custom',
      '_links',
    ]);
    expect(Object.keys(detailsOf(bill)[0] ?? {})).to.have.members(['id', 'rowNumber', 'note', 'Amount', 'custom']);
    expect(bill?.custom).to.deep.equal({ Document: { UsrRisk: { type: 'CustomStringField', value: 'high' } } });
    expect((await client.get('Bill?$select=Amuont')).status).to.equal(500);
  });

  it('pages with $top and $skip as a bare array and ignores $orderby', async () => {
    test.site.addBills(7);
    const refs = async (skip: string) =>
      (await client.list('Bill', { $top: '3', $skip: skip, $orderby: 'Amount desc' })).map((bill) =>
        fieldOf(bill, 'ReferenceNbr'),
      );
    expect(await refs('0')).to.deep.equal(['000801', '000802', '000803']);
    expect(await refs('6')).to.deep.equal(['000807']);
    expect(await client.list('Bill')).to.have.length(7);
    expect((await client.get('Bill?$top=ten')).status).to.equal(400);
  });

  it('promises no order: by insertion, or another at each request', async () => {
    test.site.addBill({ ref: 'B2' });
    test.site.addBill({ ref: 'B1' });
    test.site.addBills(20);
    const order = async () => (await client.list('Bill')).map((bill) => fieldOf(bill, 'ReferenceNbr') as string);
    expect((await order()).slice(-2)).to.deep.equal(['B1', 'B2']);
    test.site.changeSettings({ order: 'insertion' });
    expect((await order()).slice(0, 2)).to.deep.equal(['B2', 'B1']);
    test.site.changeSettings({ order: 'shuffled' });
    const [one, other] = [await order(), await order()];
    expect(one).not.to.deep.equal(other);
    expect([...one].sort()).to.deep.equal([...other].sort());
  });

  it('gets one by keys, by both in one segment, and by id', async () => {
    const { id, ref } = test.site.addBill();
    for (const path of [`Bill/Bill/${ref}`, `Bill/Bill%7C${ref}`, `Bill/${id}`]) {
      expect((await client.get(path)).json(), path).to.include({ id });
    }
    const missing = await client.get('Bill/Bill/999999');
    expect([missing.status, exceptionOf(missing)]).to.deep.equal([500, 'No entity satisfies the condition.']);
    test.site.changeSettings({ missingRecordStatus: 404 });
    expect((await client.get('Bill/Bill/999999')).status).to.equal(404);
  });

  it('breaks a list, but not one record, for fields that cannot be optimised', async () => {
    const { ref } = test.site.addBill();
    test.site.changeSettings({ optimizationErrorFields: ['Details'] });
    const answer = await client.get('Bill?$expand=Details');
    expect(exceptionOf(answer)).to.match(/^Optimization cannot be performed\.[\s\S]*Bill\.Details/);
    expect((await client.get(`Bill/Bill/${ref}?$expand=Details`)).status).to.equal(200);
  });

  it('leaves links out, renews line ids and hides branches when told to', async () => {
    const { ref } = test.site.addBill({ branch: 'NIC' });
    test.site.changeSettings({ links: false, lineIds: 'new each time' });
    const lineIds = async () => {
      const [bill] = await client.list('Bill', { $expand: 'Details' });
      expect(bill).not.to.have.property('_links');
      return detailsOf(bill).map(({ id }) => id);
    };
    expect(await lineIds()).not.to.deep.equal(await lineIds());
    test.site.changeSettings({ hiddenBranches: ['NIC'] });
    expect(await client.list('Bill')).to.deep.equal([]);
    expect((await client.get(`Bill/Bill/${ref}`)).status).to.equal(500);
  });

  it('tells the names of the workflow actions', async () => {
    test.site.changeSettings({
      actionNames: { approve: 'Approve', reject: 'Reject', hold: 'Hold', releaseFromHold: 'RemoveFromHold' },
    });
    const schema = (await client.get('Bill/$adHocSchema')).json() as { _workflowActions: object[] };
    const names = schema._workflowActions.flatMap((action) => Object.keys(action));
    expect(names).to.deep.equal(['Approve', 'Reject', 'Hold', 'RemoveFromHold']);
    expect((await client.get('swagger.json')).json()).to.have.nested.property('paths./Bill/ReleaseBill');
  });

  it('lists vendors and gets one', async () => {
    test.site.addBill({ vendorName: '<!channel> & "Söhne"' });
    const [vendor] = await client.list('Vendor', { $filter: "startswith(VendorName,'<!channel>')" });
    expect(fieldOf(vendor, 'VendorName')).to.equal('<!channel> & "Söhne"');
    const refinitiv = await client.get('Vendor/REFINITIV');
    expect(fieldOf(refinitiv.json() as never, 'VendorName')).to.equal('Refinitiv');
    expect((await client.get('Vendor/NOBODY')).status).to.equal(500);
  });

  it('reads pages of a hundred thousand bills quickly', async () => {
    test.site.addBills(100_000);
    const start = performance.now();
    const bills = await client.list('Bill', {
      $filter: "LastModifiedDateTime ge datetimeoffset'2026-01-01T00:00:00.000+00:00'",
      $top: '1000',
      $skip: '90000',
    });
    expect(bills).to.have.length(1000);
    expect(performance.now() - start).to.be.lessThan(1_000);
  });

  it('leads a deep link to the page of the sandbox', async () => {
    const { link } = test.site.addBill({ ref: '000871' });
    expect(link).to.equal('/AcumaticaERP/Main?CompanyID=TREASURY&ScreenId=AP301000&DocType=INV&RefNbr=000871');
    const answer = await test.call(link);
    expect([answer.status, answer.headers.get('location')]).to.deep.equal([
      302,
      '/acumatica?form=bills&ref=000871&type=Bill',
    ]);
  });
});
