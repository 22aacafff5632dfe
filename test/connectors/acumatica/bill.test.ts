import { expect } from 'chai';
import { documentSchema } from '../../../app/domain/document.ts';
import { type DocumentContext, readDocument } from '../../../connectors/acumatica/document.ts';
import { bill } from '../../../connectors/acumatica/kinds/bill.ts';
import { errorOf } from '../../outbound/servers.ts';

const context: DocumentContext = {
  site: 'https://erp.example/AcumaticaERP',
  tenant: 'My Company',
  actions: {
    approve: 'Approve',
    reject: 'Reject',
    release: 'ReleaseBill',
    hold: 'PutOnHold',
    unhold: 'ReleaseFromHold',
  },
  nameOf: (_party, code) => (code === 'V1' ? 'Northwind' : null),
};
const readBill = (record: Record<string, unknown>, of: DocumentContext) => readDocument(record, bill, of);
const value = (of: unknown) => ({ value: of });
const record = {
  id: '3f0c',
  rowNumber: 1,
  note: { value: '' },
  Type: value('Bill'),
  ReferenceNbr: value('000871'),
  Status: value('Pending Approval'),
  Vendor: value('V1'),
  VendorRef: {},
  Amount: value(1250),
  CurrencyID: value('USD'),
  Date: value('2025-03-04T00:00:00+00:00'),
  DueDate: value('2025-04-03T00:00:00+00:00'),
  Description: value('Paper'),
  Terms: value('30D'),
  BranchID: value('HQ'),
  LastModifiedDateTime: value('2025-03-04T17:02:11.37+00:00'),
  Details: [
    {
      TransactionDescription: value('A4'),
      Description: {},
      Qty: value(3),
      Amount: value(1250),
      Account: value('60000'),
    },
    {
      TransactionDescription: {},
      Description: value('old'),
      Qty: {},
      Amount: {},
      ExtendedCost: value(0),
      Account: null,
    },
  ],
  NewField: value({ deep: [1] }),
  custom: {},
};

describe('a bill as a document', () => {
  it('has every field in the words of the domain', () => {
    const document = documentSchema.parse(readBill(record, context));
    expect(document).to.deep.equal({
      kind: 'bill',
      key: 'Bill|000871',
      erpId: '3f0c',
      type: 'Bill',
      reference: '000871',
      status: 'Pending Approval',
      phase: 'waiting',
      vendor: { code: 'V1', name: 'Northwind' },
      vendorReference: null,
      amount: { value: '1250.00', currency: 'USD' },
      date: '2025-03-04',
      dueDate: '2025-04-03',
      description: 'Paper',
      terms: '30D',
      branch: 'HQ',
      lines: [
        { description: 'A4', quantity: '3', amount: '1250.00', account: '60000' },
        { description: 'old', quantity: null, amount: '0.00', account: null },
      ],
      modifiedAt: '2025-03-04T17:02:11.370Z',
      actions: ['approve', 'reject', 'hold'],
      link: 'https://erp.example/AcumaticaERP/Main?CompanyID=My%20Company&ScreenId=AP301000&DocType=INV&RefNbr=000871',
    });
  });

  it('survives fields that are empty, null or absent', () => {
    const { Type, ReferenceNbr, LastModifiedDateTime } = record;
    const document = readBill(
      { Type, ReferenceNbr, LastModifiedDateTime, Amount: {}, Vendor: null, Date: { value: null } },
      context,
    );
    expect(documentSchema.parse(document)).to.include({
      amount: null,
      vendor: null,
      date: null,
      erpId: null,
      phase: 'other',
    });
  });

  it('does not shift a date that carries another offset', () => {
    expect(readBill({ ...record, Date: value('2025-03-04T00:00:00+13:00') }, context).date).to.equal('2025-03-04');
  });

  for (const [status, phase, actions] of [
    ['On Hold', 'held', ['unhold']],
    ['Balanced', 'ready', ['release', 'hold']],
    ['Rejected', 'rejected', []],
    ['Open', 'posted', []],
    ['Closed', 'closed', []],
    ['Voided', 'voided', []],
    ['Freigegeben', 'other', []],
  ] as const)
    it(`that is ${status} is ${phase} and offers ${actions.join(' and ') || 'nothing'}`, () => {
      const document = readBill({ ...record, Status: value(status) }, context);
      expect({ phase: document.phase, actions: document.actions }).to.deep.equal({ phase, actions });
    });

  it('offers only what the site has', () => {
    const actions = { approve: 'Approve' };
    expect(readBill(record, { ...context, actions }).actions).to.deep.equal(['approve']);
  });

  it('links to the internal code of its type, and to the screen where that is unknown', () => {
    const linkOf = (type: string) => readBill({ ...record, Type: value(type) }, context).link;
    expect(linkOf('Debit Adj.')).to.contain('DocType=ADR&');
    expect(linkOf('Credit Adj.')).to.contain('DocType=ACR&');
    expect(linkOf('Prepayment')).to.contain('DocType=PPM&');
    expect(linkOf('Rechnung')).to.match(/ScreenId=AP301000$/);
  });

  for (const [what, broken] of [
    ['without a reference', { ReferenceNbr: {} }],
    ['with an amount that is no number', { Amount: value('much') }],
    ['with a date that is none', { Date: value('tomorrow') }],
    ['without a time of change', { LastModifiedDateTime: {} }],
    ['with lines that are no list', { Details: 'three' }],
  ] as const)
    it(`${what} is refused`, async () => {
      const reading = Promise.resolve().then(() => readBill({ ...record, ...broken }, context));
      expect(await errorOf(reading)).to.include({ name: 'PermanentError', reason: 'unexpected_answer' });
    });
});
