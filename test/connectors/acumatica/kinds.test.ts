import { expect } from 'chai';
import { documentSchema, type ErpDocument } from '../../../app/domain/document.ts';
import { type DocumentContext, readDocument } from '../../../connectors/acumatica/document.ts';
import { acumatica } from '../../../connectors/acumatica/index.ts';
import { kindNamed, kinds } from '../../../connectors/acumatica/kinds/index.ts';
import type { ErpConnection } from '../../../connectors/connector.ts';
import type { SettingsChange } from '../../../sandbox/acumatica/index.ts';
import { errorOf } from '../../outbound/servers.ts';
import { type Bench, openBench, signal } from './support.ts';

const value = (of: unknown) => ({ value: of });
const context: DocumentContext = {
  site: 'https://erp.example/AcumaticaERP',
  tenant: 'Main',
  actions: { approve: 'Approve', reject: 'Reject', release: 'Release', hold: 'PutOnHold', unhold: 'ReleaseFromHold' },
  nameOf: (party, code) => `${party} ${code}`,
};
const changed = value('2025-03-04T17:02:11.37+00:00');
const linkTo = (rest: string) => `https://erp.example/AcumaticaERP/Main?CompanyID=Main&ScreenId=${rest}`;

describe('the documents of Acumatica', () => {
  it('are orders with what was promised', () => {
    const record = {
      id: 'a1',
      Type: value('Normal'),
      OrderNbr: value('000301'),
      Status: value('Pending Approval'),
      VendorID: value('V1'),
      Owner: value('EP00000001'),
      OrderTotal: value(99.5),
      CurrencyID: value('GBP'),
      PromisedOn: value('2025-04-01T00:00:00+00:00'),
      LastModifiedDateTime: changed,
      Details: [{ LineDescription: value('Chairs'), OrderQty: value(10), ExtendedCost: value(99.5), Account: {} }],
    };
    const document = documentSchema.strict().parse(readDocument(record, kindNamed('purchase_order'), context));
    expect(document).to.deep.include({
      key: 'Normal|000301',
      vendor: { code: 'V1', name: 'vendor V1' },
      amount: { value: '99.50', currency: 'GBP' },
      promisedOn: '2025-04-01',
      owner: { code: 'EP00000001', name: null },
      lines: [{ description: 'Chairs', quantity: '10', amount: '99.50', account: null }],
      actions: ['approve', 'reject', 'hold'],
      link: linkTo('PO301000&OrderType=RO&OrderNbr=000301'),
    });
  });

  it('are payments with what they pay, released or not, each document once', () => {
    const row = (ref: string, amount: number) => ({
      DocType: value('Bill'),
      ReferenceNbr: value(ref),
      AmountPaid: value(amount),
    });
    const record = {
      Type: value('Payment'),
      ReferenceNbr: value('000501'),
      Status: value('Balanced'),
      PaymentAmount: value(60),
      CurrencyID: value('GBP'),
      CashAccount: value('10200'),
      PaymentMethod: value('BACS'),
      LastModifiedDateTime: changed,
    };
    const read = (more: object) => readDocument({ ...record, ...more }, kindNamed('payment'), context);
    const before = read({ Details: [row('2', 40), row('1', 15), row('1', 5)], History: [] });
    expect(documentSchema.strict().parse(before).applications).to.deep.equal([
      { kind: 'bill', key: 'Bill|1', type: 'Bill', reference: '1', amount: '20.00' },
      { kind: 'bill', key: 'Bill|2', type: 'Bill', reference: '2', amount: '40.00' },
    ]);
    const after = read({ History: [row('1', 20), row('2', 40)] });
    expect(after.applications).to.deep.equal(before.applications);
    expect(before).to.include({ cashAccount: '10200', method: 'BACS', phase: 'ready' });
  });

  it('are journals whose amount is the sum of their lines, to the last digit', () => {
    const line = (account: string, debit: unknown, credit: unknown) => ({
      Account: value(account),
      Subaccount: value('000-000'),
      DebitAmount: value(debit),
      CreditAmount: value(credit),
    });
    const record = {
      Module: value('GL'),
      BatchNbr: value('000901'),
      Status: value('Balanced'),
      CurrencyID: value('GBP'),
      LedgerID: value('ACTUAL'),
      PostPeriod: value('032025'),
      LastModifiedDateTime: changed,
      Details: [line('61000', 0.1, 0), line('61001', '0.2000', 0), line('21500', 0, 0.4)],
    };
    const document = documentSchema.strict().parse(readDocument(record, kindNamed('journal'), context));
    expect(document).to.deep.include({
      key: 'GL|000901',
      vendor: null,
      amount: { value: '0.40', currency: 'GBP' },
      totals: { debit: '0.30', credit: '0.40' },
      ledger: 'ACTUAL',
      period: '03-2025',
      link: linkTo('GL301000&Module=GL&BatchNbr=000901'),
    });
    expect(document.lines[0]).to.deep.equal({
      description: null,
      quantity: null,
      amount: null,
      account: '61000',
      subaccount: '000-000',
      debit: '0.10',
      credit: '0.00',
    });
  });

  for (const kind of kinds) {
    const record = (status: string) => ({
      ...Object.fromEntries(Object.values(kind.fields).map((field) => [field, {}])),
      [kind.key.type]: value('X'),
      [kind.key.reference]: value('1'),
      Status: value(status),
      LastModifiedDateTime: changed,
      ...(kind.lines ? { [kind.lines.detail]: [{}] } : {}),
      ...Object.fromEntries((kind.applications ?? []).map(({ detail }) => [detail, [{}]])),
    });

    it(`of the kind ${kind.kind} may have any field empty`, () => {
      const document = documentSchema.strict().parse(readDocument(record('On Hold'), kind, context));
      expect(document).to.include({ phase: 'held', vendor: null, description: null });
      expect(document.actions).to.deep.equal(['unhold']);
    });

    it(`of the kind ${kind.kind} offer nothing in a state that is not known`, () => {
      for (const status of ['Freigegeben', '', 'constructor'])
        expect(readDocument(record(status), kind, context)).to.deep.include({ phase: 'other', actions: [] });
    });
  }
});

describe('pushes of Acumatica', () => {
  it('name a record by the columns of its own form, its type by label or by code', () => {
    const gone = (kind: ErpDocument['kind'], row: object) =>
      acumatica.push?.parse(JSON.stringify({ Inserted: [], Deleted: [row] }), kind, {}).gone;
    expect(gone('journal', { Module: 'GL', BatchNbr: '000901' })).to.deep.equal(['GL|000901']);
    expect(gone('purchase_order', { OrderType: 'RO', OrderNbr: '000301' })).to.deep.equal(['Normal|000301']);
    expect(gone('payment', { DocType: 'Payment', RefNbr: '000501' })).to.deep.equal(['Payment|000501']);
    expect(gone('journal', { DocType: 'Bill', RefNbr: '1' })).to.deep.equal([]);
  });
});

describe('kinds of documents of an Acumatica site', () => {
  let bench: Bench;
  let connection: ErpConnection;
  afterEach(() => bench.close());
  const open = async (settings: SettingsChange = {}) => {
    bench = await openBench({ seedBills: 4, seedOthers: true, settings });
    connection = bench.connect();
  };
  const readKind = async (kind: ErpDocument['kind'], of = connection): Promise<ErpDocument[]> => {
    const documents: ErpDocument[] = [];
    for await (const page of of.read(kind, null, signal)) documents.push(...page.documents);
    return documents;
  };

  it('that may not be read stop no other, and are named with their form', async () => {
    await open({ closedScreens: ['GL301000', 'AR302000'] });
    const { summary } = await connection.test(signal);
    expect(summary).to.contain('bills, purchase orders, payments can be read.');
    expect(summary).to.contain('may not read journals (GL301000)');
    expect(summary).to.contain('may not read customer payments (AR302000)');
    expect(await errorOf(readKind('journal'))).to.include({ name: 'ReconnectError', field: 'rights', scope: 'kind' });
    expect((await readKind('bill')).length).to.equal(4);
  });

  it('cost one request each while nothing changes, and share the names of vendors', async () => {
    await open();
    await readKind('bill');
    const before = bench.requests('vendor.list');
    await readKind('purchase_order');
    await readKind('payment');
    expect(bench.requests('vendor.list')).to.equal(before);
    expect((await readKind('customer_payment'))[0]?.customer?.name).to.be.a('string');
  });

  it('are read one by one where the site cannot list them whole', async () => {
    await open({ optimizationErrorFields: ['History'] });
    const payments = await readKind('payment');
    expect(payments.some(({ applications }) => applications?.length === 1)).to.equal(true);
    expect(bench.requests('check.get')).to.equal(payments.length);
    expect((await readKind('bill')).length).to.equal(4);
    expect(bench.requests('bill.get')).to.equal(0);
  });

  it('are passed over while they have no number yet', async () => {
    await open();
    const known = (await readKind('journal')).length;
    bench.site.form('journals').add({ ref: '<NEW>' });
    expect((await readKind('journal')).length).to.equal(known);
  });

  for (const [kind, collection, type, action] of [
    ['payment', 'checks', 'Payment', 'ReleaseCheck'],
    ['journal', 'journals', 'GL', 'ReleaseJournalTransaction'],
    ['customer_payment', 'payments', 'Payment', 'ReleasePayment'],
  ] as const)
    it(`are released by ${action}, which is waited for`, async () => {
      await open();
      const { ref } = bench.site.form(collection).add({ status: 'Balanced', amount: '10.00' });
      const document = await connection.get(kind, `${type}|${ref}`, signal);
      if (!document) throw new Error('gone');
      const outcome = await connection.act({ document, action: 'release', reason: null }, signal);
      expect(outcome).to.include({ result: 'done', complete: true });
      expect(bench.asked.some((line) => line.includes(`/${action}/status/`))).to.equal(true);
    });

  it('tell why a batch may not leave hold, in the words of the ERP', async () => {
    await open();
    const lines = [{ debit: '10.00' }, { credit: '9.00' }];
    const { ref } = bench.site.form('journals').add({ status: 'On Hold', lines });
    const document = await connection.get('journal', `GL|${ref}`, signal);
    if (!document) throw new Error('gone');
    expect(await connection.act({ document, action: 'unhold', reason: null }, signal)).to.deep.include({
      result: 'refused',
      message: 'Batch is out of balance, please review.',
    });
  });

  it('have no action where the form has none', async () => {
    await open();
    const { ref } = bench.site.form('purchase-orders').add({ status: 'Open' });
    const document = await connection.get('purchase_order', `Normal|${ref}`, signal);
    if (!document) throw new Error('gone');
    expect(await connection.act({ document, action: 'release', reason: null }, signal)).to.include({
      result: 'refused',
      message: 'Acumatica offers no action to release purchase orders at this site.',
    });
  });

  it('of the purchase order that a bill was ordered with name it', async () => {
    await open();
    const [order] = bench.site.form('purchase-orders').all();
    const { ref } = bench.site.addBill({ order: order?.ref ?? '' });
    const bill = await connection.get('bill', `Bill|${ref}`, signal);
    expect(bill?.lines[0]?.order).to.equal(order?.ref);
  });
});
