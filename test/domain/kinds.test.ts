import { expect } from 'chai';
import { contentHash, describeChanges, substanceHash } from '../../app/domain/changes.ts';
import type { Application, ErpDocument } from '../../app/domain/document.ts';
import { documentName, documentsTitle, documentWords } from '../../app/domain/kinds.ts';
import { sumDecimals } from '../../app/domain/money.ts';
import { paidNews } from '../../app/domain/paid.ts';
import { matchRoute } from '../../app/domain/routing.ts';
import { sampleBill } from './sample-bill.ts';

const pays = (reference: string, amount: string): Application => ({
  kind: 'bill',
  key: `Bill|${reference}`,
  type: 'Bill',
  reference,
  amount,
});
const payment = (different: Partial<ErpDocument> = {}) =>
  sampleBill({
    kind: 'payment',
    type: 'Payment',
    key: 'Payment|1',
    reference: '1',
    lines: [],
    cashAccount: '10200',
    method: 'BACS',
    applications: [pays('7', '10.00'), pays('8', '5.00')],
    ...different,
  });
const journal = (different: Partial<ErpDocument> = {}) =>
  sampleBill({
    kind: 'journal',
    type: 'GL',
    vendor: null,
    ledger: 'ACTUAL',
    period: '03-2025',
    lines: [
      { description: null, quantity: null, amount: null, account: '1', subaccount: 'A', debit: '5.00', credit: '0.00' },
    ],
    ...different,
  });

describe('kinds of documents', () => {
  it('have words for one and for many', () => {
    expect(documentWords('purchase_order')).to.include({ one: 'purchase order', many: 'purchase orders' });
    expect(documentsTitle('customer_payment')).to.equal('Customer payments');
    expect(documentsTitle('something of a later version')).to.equal('Something of a later version');
  });

  it('name a document by its sort where that says what it is, and by its kind where it does not', () => {
    const name = (kind: ErpDocument['kind'], type: string) => documentName({ kind, type, reference: '7' });
    expect(name('bill', 'Debit Adj.')).to.equal('Debit Adj. 7');
    expect(name('payment', 'Prepayment')).to.equal('Prepayment 7');
    expect(name('purchase_order', 'Normal')).to.equal('Purchase order 7');
    expect(name('customer_payment', 'Payment')).to.equal('Customer payment 7');
    expect(name('journal', 'GL')).to.equal('Journal GL 7');
  });

  it('match a route’s names by the customer where there is no vendor', () => {
    const received = payment({ kind: 'customer_payment', vendor: null, customer: { code: 'C1', name: 'Wool & Weft' } });
    const route = (vendors: string[]) => ({ kind: 'customer_payment' as const, conditions: { vendors } });
    expect(matchRoute(received, route(['Wool & Weft']))).to.equal('match');
    expect(matchRoute(received, route(['Ashworth & Sons']))).to.equal('vendor');
  });
});

describe('what an approval is bound to', () => {
  const binds = (before: ErpDocument, after: ErpDocument) => substanceHash(before) !== substanceHash(after);

  it('is for a bill what it always was, so that cards posted before stay good', () => {
    expect(substanceHash(sampleBill())).to.equal('xbnW7BYSY21p-UEGLXlmKe');
  });

  it('is for a payment also what it pays, from which account and how', () => {
    for (const different of [{ applications: [pays('7', '15.00')] }, { cashAccount: '10300' }, { method: 'CHECK' }])
      expect(binds(payment(), payment(different)), JSON.stringify(different)).to.equal(true);
    expect(binds(payment(), payment({ paymentReference: '4711', description: 'again' }))).to.equal(false);
  });

  it('is for a journal also each line’s side, account and subaccount, the ledger and the period', () => {
    const line = journal().lines[0];
    if (!line) throw new Error('no line');
    for (const different of [
      { lines: [{ ...line, debit: '0.00', credit: '5.00' }] },
      { lines: [{ ...line, subaccount: 'B' }] },
      { lines: [{ ...line, account: '2' }] },
      { period: '04-2025' },
      { ledger: 'BUDGET' },
    ])
      expect(binds(journal(), journal(different)), JSON.stringify(different)).to.equal(true);
  });

  it('is for a purchase order also the promised date', () => {
    const order = (promisedOn: string) => sampleBill({ kind: 'purchase_order', promisedOn });
    expect(binds(order('2026-04-01'), order('2026-05-01'))).to.equal(true);
  });

  it('differs in words, too', () => {
    const after = payment({ applications: [pays('8', '5.00')], cashAccount: '10300' });
    expect(describeChanges(payment(), after)).to.deep.equal([
      { field: 'cash account', from: '10200', to: '10300' },
      { field: 'documents paid', from: 'Bill 7 £10.00, Bill 8 £5.00', to: 'Bill 8 £5.00' },
    ]);
    expect(contentHash(payment())).to.not.equal(contentHash(after));
  });
});

describe('what a payment means for the bills that it pays', () => {
  const waiting = payment({ phase: 'waiting' });
  const posted = payment({ phase: 'posted' });
  const told = (before: ErpDocument | null, after: ErpDocument) =>
    paidNews(before, after).map(({ paid, isPaid }) => `${paid.reference} ${isPaid ? 'paid' : 'not paid'}`);

  it('is told when it is posted, not before and not again', () => {
    expect(told(null, waiting)).to.deep.equal([]);
    expect(told(waiting, posted)).to.deep.equal(['7 paid', '8 paid']);
    expect(told(posted, payment({ phase: 'closed' }))).to.deep.equal([]);
    expect(told(null, posted)).to.deep.equal(['7 paid', '8 paid']);
  });

  it('is taken back when it is voided or applied to something else', () => {
    expect(told(posted, payment({ phase: 'voided' }))).to.deep.equal(['7 not paid', '8 not paid']);
    expect(
      told(posted, payment({ phase: 'posted', applications: [pays('7', '10.00'), pays('9', '5.00')] })),
    ).to.deep.equal(['9 paid', '8 not paid']);
  });

  it('is nothing where amounts are below zero, as in the document that voids it, or the other is not read', () => {
    expect(told(null, payment({ phase: 'closed', applications: [pays('7', '-10.00')] }))).to.deep.equal([]);
    const invoice: Application = { ...pays('7', '10.00'), kind: null };
    expect(told(null, payment({ phase: 'closed', applications: [invoice] }))).to.deep.equal([]);
  });
});

describe('sums', () => {
  it('are exact, with two places or as many as are needed', () => {
    expect(sumDecimals([])).to.equal('0.00');
    expect(sumDecimals(['0.1', '0.2'])).to.equal('0.30');
    expect(sumDecimals(['99999999999999.99', '0.0001'])).to.equal('99999999999999.9901');
    expect(sumDecimals(['10', '-10'])).to.equal('0.00');
  });
});
