import { expect } from 'chai';
import { fieldOf, type TestClient, TestSite } from './site.ts';

type Rows = Array<Record<string, { value?: unknown }>>;

describe('sandbox acumatica: payment data of vendors, and discounts', () => {
  let test: TestSite;
  let client: TestClient;
  beforeEach(async () => {
    test = new TestSite();
    client = await test.client();
    test.site.addBill({ ref: 'ONE', vendorName: 'Ashworth & Sons' });
  });
  afterEach(() => test.close());

  const code = () => test.site.bill('ONE')?.vendor ?? '';
  const shape = { $expand: 'PaymentInstructions,RemittanceContact,RemittanceContact/Address' };
  async function vendor(query: Record<string, string> = shape) {
    const all = await client.list('Vendor', { ...query, $filter: `VendorID eq '${code()}'` });
    return all[0] as Record<string, unknown>;
  }

  it('come only when they are expanded', async () => {
    expect(await vendor({})).to.not.have.any.keys('PaymentInstructions', 'RemittanceContact');
    const whole = await vendor();
    const rows = whole.PaymentInstructions as Rows;
    expect(rows.map((row) => row.Description?.value)).to.deep.equal(['Sort code', 'Account number']);
    const contact = whole.RemittanceContact as Record<string, Record<string, unknown>>;
    expect(contact.Address?.City).to.deep.equal({ value: 'London' });
    const few = await vendor({ $select: 'VendorID,PaymentInstructions/Value', $expand: 'PaymentInstructions' });
    expect((few.PaymentInstructions as Rows)[0])
      .to.have.property('Value')
      .and.to.not.have.property('Description');
  });

  it('are changed by whoever sits at the vendor’s form, with or without a stamp of it', async () => {
    const stamp = async () => fieldOf((await vendor()) as never, 'LastModifiedDateTime');
    const before = await stamp();
    test.pass(60_000);
    const path = `/vendors/${encodeURIComponent(code())}`;
    test.site.changeSettings({ instructionsMoveModified: false });
    expect((await test.admin(path, { account: '12345678' }, 'PATCH')).status).to.equal(200);
    expect(((await vendor()).PaymentInstructions as Rows)[1]?.Value).to.deep.equal({ value: '12345678' });
    expect(await stamp()).to.equal(before);
    test.site.changeSettings({ instructionsMoveModified: true });
    await test.admin(path, { account: '87654321' }, 'PATCH');
    expect(await stamp()).to.not.equal(before);
    expect((await test.admin(path, { iban: 'X' }, 'PATCH')).status).to.equal(400);
  });

  it('has the cash discount of a bill outside the contract, with the type of each field', async () => {
    test.site.addBill({ ref: 'TWO', discount: '20.05', discountDate: '2026-03-24' });
    const names = 'Document.DiscDate,Document.CuryOrigDiscAmt';
    const [bill] = await client.list('Bill', { $filter: "ReferenceNbr eq 'TWO'", $custom: names });
    expect((bill as Record<string, unknown>).custom).to.deep.equal({
      Document: {
        DiscDate: { type: 'CustomDateTimeField', value: '2026-03-24T00:00:00+00:00' },
        CuryOrigDiscAmt: { type: 'CustomDecimalField', value: 20.05 },
      },
    });
    const schema = (await client.get('Bill/$adHocSchema')).json() as { custom: { Document: object } };
    expect(schema.custom.Document).to.include.keys('DiscDate', 'CuryOrigDiscAmt');
    test.site.changeSettings({ hiddenFields: ['Document.DiscDate'] });
    const less = (await client.get('Bill/$adHocSchema')).json() as { custom: { Document: object } };
    expect(less.custom.Document).to.not.have.property('DiscDate');
  });
});
