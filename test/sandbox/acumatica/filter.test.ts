import { expect } from 'chai';
import { exceptionOf, type TestClient, TestSite } from './site.ts';

describe('sandbox acumatica: $filter', () => {
  let test: TestSite;
  let client: TestClient;
  before(async () => {
    test = new TestSite();
    client = await test.client();
    const add = (ref: string, fields: object, modifiedAt: string) => test.site.addBill({ ref, modifiedAt, ...fields });
    add('A1', { amount: '100', vendorRef: "O'Brien 7", status: 'On Hold' }, '2026-03-01T10:00:00.000Z');
    add('A2', { amount: '250.5', vendorRef: 'INV-2', status: 'Open', date: '2026-02-28' }, '2026-03-02T10:00:00.000Z');
    add(
      'A3',
      { amount: null, vendorRef: null, vendor: null, status: 'Pending Approval', description: 'Rent (north)' },
      '2026-03-03T10:00:00.125Z',
    );
    add(
      'A4',
      { amount: '-40.25', vendorRef: 'inv-4', status: 'Balanced', custom: { 'Document.UsrRisk': 'high' } },
      '2026-03-04T10:00:00Z',
    );
  });
  after(() => test.close());

  const found: [string, string[]][] = [
    ["Status eq 'Open'", ['A2']],
    ["Status ne 'Open' and ReferenceNbr gt 'A1'", ['A3', 'A4']],
    ["Status eq 'Open' or Status eq 'Balanced' and ReferenceNbr eq 'A1'", ['A2']],
    ["(Status eq 'Open' or Status eq 'Balanced') and ReferenceNbr ne 'A2'", ['A4']],
    // Decimals, with and without their suffix; an empty amount is in no comparison.
    ['Amount gt 99.9999M', ['A1', 'A2']],
    ['Amount le 100', ['A1', 'A4']],
    ['Amount eq -40.25', ['A4']],
    ['100M eq Amount', ['A1']],
    ['Hold eq true', ['A1']],
    // A quote in a text is doubled.
    ["VendorRef eq 'O''Brien 7'", ['A1']],
    ["substringof('rent (n',Description)", ['A3']],
    ["startswith(VendorRef,'INV')", ['A2', 'A4']],
    ["endswith(VendorRef,'4') and Status eq 'Balanced'", ['A4']],
    ['VendorRef eq null', ['A3']],
    ["LastModifiedDateTime ge datetimeoffset'2026-03-03T10:00:00.125+00:00'", ['A3', 'A4']],
    ["LastModifiedDateTime gt datetimeoffset'2026-03-03T12:00:00.125+02:00'", ['A4']],
    ["Date eq date'2026-02-28'", ['A2']],
    ["cf.String(f='Document.UsrRisk') eq 'high'", ['A4']],
    // Traps: understood, and find nothing.
    ["substringof('INV',VendorRef) eq true", []],
    ["(substringof('INV',VendorRef)) eq true", []],
    ["Status eq 'Nowhere'", []],
  ];
  for (const [filter, refs] of found) {
    it(`finds ${refs.join(', ') || 'nothing'} by ${filter}`, async () => {
      expect(await client.refs(filter)).to.deep.equal(refs);
    });
  }

  const refused: [string, RegExp][] = [
    ["contains(Description,'Rent')", /unknown function with name 'contains'/],
    ["tolower(Status) eq 'open'", /unknown function with name 'tolower'/],
    ["not substringof('INV',VendorRef)", /'Not' is not supported/],
    ["Hold eq 'true'", /'Edm.Boolean' and 'Edm.String'/],
    ["Amount gt '5'", /'Edm.Decimal' and 'Edm.String'/],
    ["LastModifiedDateTime gt '2026-03-01'", /'Edm.DateTimeOffset' and 'Edm.String'/],
    // An offset whose plus was not encoded arrives with a space.
    ["LastModifiedDateTime gt datetimeoffset'2026-03-01T10:00:00 00:00'", /Unrecognized 'datetimeoffset' literal/],
    ['Details/Amount gt 5', /detail entities/],
    ["VendorName eq 'x'", /Could not find a property named 'VendorName'/],
    ["Status eq 'Open' and", /Syntax error/],
    ["Status eq 'Open", /Syntax error/],
  ];
  for (const [filter, words] of refused) {
    it(`answers 500 to ${filter}`, async () => {
      const answer = await client.get(`Bill?$filter=${encodeURIComponent(filter)}`);
      expect(answer.status).to.equal(500);
      expect(exceptionOf(answer)).to.match(words);
    });
  }

  it('finds nothing where `and` joins fields of different views', async () => {
    test.site.changeSettings({ otherViewFields: ['VendorRef'] });
    expect(await client.refs("VendorRef eq 'INV-2'")).to.deep.equal(['A2']);
    expect(await client.refs("VendorRef eq 'INV-2' and Status eq 'Open'")).to.deep.equal([]);
    test.site.changeSettings({ otherViewFields: [] });
  });
});
