import { expect } from 'chai';
import { drawCard } from '../../app/cards/content.ts';
import { drawThreadLine } from '../../app/cards/thread.ts';
import { type ActionName, actionNames, documentKinds, type ErpDocument } from '../../app/domain/document.ts';
import { partyWords } from '../../app/domain/kinds.ts';
import { sampleBill } from '../domain/sample-bill.ts';

const draw = (different: Partial<ErpDocument>, actions: ActionName[] = [...actionNames]) =>
  drawCard({
    key: '0f0e5c3a-7d8f-4f53-9f1b-2f6f0f6f0f6f',
    document: sampleBill(different),
    substance: 'abc',
    version: 1,
    gone: false,
    route: { deciders: [{ user: 'U1' }], actions, mentions: [] },
    erp: 'Acumatica',
    company: 'treasury',
    decision: null,
    locale: 'en-GB',
  });

const order: Partial<ErpDocument> = {
  kind: 'purchase_order',
  type: 'Blanket',
  reference: '000301',
  dueDate: null,
  promisedOn: '2026-05-01',
  vendorReference: null,
};
const payment: Partial<ErpDocument> = {
  kind: 'payment',
  type: 'Payment',
  reference: '000501',
  dueDate: null,
  terms: null,
  branch: null,
  vendorReference: null,
  lines: [],
  cashAccount: '10200',
  method: 'BACS',
  paymentReference: '4711',
  applications: [
    { kind: 'bill', key: 'Bill|7', type: 'Bill', reference: '7', amount: '1000.00' },
    { kind: 'bill', key: 'Bill|8', type: 'Bill', reference: '8', amount: null },
  ],
};
const line = { description: 'Rent', quantity: null, amount: null, subaccount: 'HMT-000' };
const journal: Partial<ErpDocument> = {
  kind: 'journal',
  type: 'GL',
  reference: '000901',
  vendor: null,
  vendorReference: null,
  dueDate: null,
  terms: null,
  ledger: 'ACTUAL',
  period: '02-2026',
  totals: { debit: '1250.00', credit: '1250.00' },
  lines: [
    { ...line, account: '61000', debit: '1250.00', credit: '0.00' },
    { ...line, account: '21500', debit: '0.00', credit: '1250.00' },
  ],
};

describe('a card', () => {
  it('of a purchase order says whom it goes to and when it is promised', () => {
    const card = draw(order);
    expect(card.headline).to.equal('Purchase order 000301 · Ashworth & Sons · £1,250.00 · promised 1 May 2026');
    expect(card.spoken).to.match(/^Purchase order 000301 to Ashworth & Sons for £1,250\.00, promised 1 May 2026\./);
  });

  it('of a payment lists what it pays, and in small print how', () => {
    const card = draw(payment);
    expect(card.headline).to.equal('Payment 000501 · Ashworth & Sons · £1,250.00');
    expect(card.lines).to.deep.equal([
      { text: 'Bill 7', amount: '£1,000.00' },
      { text: 'Bill 8', amount: null },
    ]);
    expect(card.smallPrint.join(' · ')).to.equal(
      'Acumatica · treasury · ASHWORTH · payment reference 4711 · dated 1 Feb 2026 · by BACS · cash account 10200',
    );
  });

  it('of a journal says the period, and of each line account and side', () => {
    const card = draw(journal);
    expect(card.headline).to.equal('Journal GL 000901 · £1,250.00 · period 02-2026');
    expect(card.lines).to.deep.equal([
      { text: '61000 HMT-000 · Rent', amount: 'debit £1,250.00' },
      { text: '21500 HMT-000 · Rent', amount: 'credit £1,250.00' },
    ]);
    expect(card.warnings).to.deep.equal([]);
  });

  it('of a journal that does not balance warns', () => {
    expect(draw({ ...journal, totals: { debit: '1250.00', credit: '1249.99' } }).warnings).to.deep.equal([
      'Debits of £1,250.00 and credits of £1,249.99 differ.',
    ]);
  });

  it('of a bill that was ordered says with which orders', () => {
    const of = (order: string) => ({ description: null, quantity: null, amount: '1.00', account: null, order });
    expect(draw({ lines: [of('1'), of('1'), of('2')] }).smallPrint.at(-1)).to.equal('purchase orders 1, 2');
    expect(draw({ lines: ['1', '2', '3', '4', '5'].map(of) }).smallPrint.at(-1)).to.equal(
      'purchase orders 1, 2, 3 and 2 more',
    );
  });

  for (const kind of documentKinds)
    it(`of the kind ${kind} misses who is on the other side only where somebody should be`, () => {
      const word = partyWords(kind)?.word;
      const missing = draw({ kind, vendor: null }).warnings.filter((warning) => warning.includes('check it before'));
      expect(missing).to.deep.equal(word ? [`No ${word} yet: check it before deciding.`] : []);
    });

  it('on hold offers to release it from hold, and asks for that', () => {
    const card = draw({ status: 'On Hold', phase: 'held', actions: ['unhold'] });
    expect(card.buttons).to.deep.equal([
      { action: 'unhold', label: 'Release from hold', about: 'Bill 000871 from Ashworth & Sons' },
    ]);
    expect(card.ask).to.include(' to release from hold');
    expect(draw({ actions: ['unhold'] }, ['approve']).buttons).to.deep.equal([]);
  });
});

describe('a thread', () => {
  const paid = { type: 'paid', name: 'Payment 000501', status: 'Closed', date: '2026-03-04' } as const;

  it('tells that a bill was paid, and that it is no longer', () => {
    const amount = { value: '310.00', currency: 'GBP' };
    expect(drawThreadLine({ ...paid, isPaid: true, amount }, { erp: 'Acumatica', locale: 'en-GB' })).to.deep.equal([
      'Paid: £310.00 by Payment 000501 of 4 Mar 2026.',
    ]);
    expect(
      drawThreadLine({ ...paid, isPaid: false, status: 'Voided', amount }, { erp: 'Acumatica', locale: 'en-GB' }),
    ).to.deep.equal(['No longer paid by Payment 000501 of 4 Mar 2026: it is Voided in Acumatica.']);
  });
});
