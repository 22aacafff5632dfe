import { expect } from 'chai';
import type { ErpDocument } from '../../../app/domain/document.ts';
import { written } from '../../../app/domain/figures.ts';
import { type GuardFacts, guardsOf, type Neighbour } from '../../../app/domain/guards/guards.ts';
import { guardWords } from '../../../app/domain/guards/words.ts';
import { sampleBill } from '../sample-bill.ts';

const bill = (fields: Partial<ErpDocument> = {}) =>
  sampleBill({ vendorReference: 'INV-7', date: '2026-03-01', ...fields });
const neighbour = (fields: Partial<Neighbour> = {}): Neighbour => ({
  ...{ reference: '000801', status: 'Open', type: 'Bill', phase: 'posted', vendorReference: 'inv 007' },
  ...{ currency: 'GBP', date: '2026-02-27', credit: false },
  ...fields,
});
const facts = (fields: Partial<GuardFacts> = {}): GuardFacts => ({
  ...{ today: '2026-03-15', neighbours: [], party: null, approval: null },
  ...fields,
});

function told(document: ErpDocument, around: Partial<GuardFacts>, locale = 'en-GB') {
  const { guards, until } = guardsOf(document, facts(around));
  const words = guards.map((guard) =>
    written(guardWords(guard, { erp: 'Acumatica', own: document.vendorReference }), locale),
  );
  return { words, until };
}

describe('what a card warns of', () => {
  it('is nothing where there is nothing', () => {
    expect(told(bill(), {})).to.deep.equal({ words: [], until: null });
  });

  describe('a possible duplicate', () => {
    it('names the nearest bill with its state and date, and what to do', () => {
      const neighbours = [neighbour({ reference: '000702', date: '2026-01-02' }), neighbour()];
      expect(told(bill(), { neighbours }).words).to.deep.equal([
        'Possible duplicate of Bill 000801 (Open, dated 27 Feb 2026) and of 1 more: same vendor and amount, like references INV-7 and inv 007. Compare them before either is approved or paid.',
      ]);
    });

    it('names the same reference before the same day', () => {
      const neighbours = [
        neighbour({ reference: '1', vendorReference: null, date: '2026-03-01' }),
        neighbour({ reference: '2', vendorReference: 'INV-7' }),
      ];
      expect(told(bill(), { neighbours }).words[0]).to.contain('Bill 2 (').and.to.contain('same reference INV-7');
    });

    it('is not told on what is paid, voided or nothing', () => {
      const neighbours = [neighbour()];
      expect(told(bill({ phase: 'closed' }), { neighbours }).words).to.deep.equal([]);
      expect(told(bill({ phase: 'voided' }), { neighbours }).words).to.deep.equal([]);
      const zero = { amount: { value: '0.00', currency: 'GBP' } };
      expect(told(bill(zero), { neighbours }).words).to.deep.equal([]);
    });
  });

  describe('changed bank details', () => {
    const party = { version: 2, bankChangedOn: '2026-03-03', remittanceChangedOn: null };
    it('are warned of by day, with what to do, and read differently tomorrow', () => {
      expect(told(bill(), { party })).to.deep.equal({
        words: [
          'The vendor’s bank details changed in Acumatica, seen on 3 Mar 2026, 12 days ago. Call the vendor at a number you already have before you pay.',
        ],
        until: '2026-03-16',
      });
      expect(told(bill(), { party, today: '2026-03-03' }).words[0]).to.contain('3 Mar 2026, today.');
    });

    it('are told for thirty days, until the bill is paid, and on the payment until it is made', () => {
      expect(told(bill(), { party, today: '2026-04-01' }).words).to.have.length(1);
      expect(told(bill(), { party, today: '2026-04-02' })).to.deep.equal({ words: [], until: null });
      expect(told(bill({ phase: 'posted' }), { party }).words).to.have.length(1);
      expect(told(bill({ phase: 'closed' }), { party }).words).to.have.length(0);
      expect(told(bill({ kind: 'payment', phase: 'ready' }), { party }).words).to.have.length(1);
      expect(told(bill({ kind: 'payment', phase: 'posted' }), { party }).words).to.have.length(0);
      expect(told(bill({ kind: 'journal' }), { party }).words).to.have.length(0);
    });

    it('are told apart from the remittance address', () => {
      const both = { ...party, remittanceChangedOn: '2026-03-14' };
      const [bank, remittance] = told(bill(), { party: both }).words;
      expect(bank).to.contain('bank details');
      expect(remittance).to.contain('remittance address or contact').and.to.contain('yesterday');
    });
  });

  describe('a cash discount', () => {
    const discounted = (date: string, more: Partial<ErpDocument> = {}) =>
      bill({ discountDate: date, discountAmount: { value: '120.00', currency: 'GBP' }, ...more });

    // Each row: the day the discount ends, what is told on 15 March 2026, and when that changes.
    const days: Array<[date: string, words: string | null, until: string | null]> = [
      ['2026-03-24', null, '2026-03-17'],
      ['2026-03-22', 'Discount of £120.00 lapses on 22 Mar 2026, in 7 days: pay by then to take it.', '2026-03-16'],
      ['2026-03-16', 'Discount of £120.00 lapses on 16 Mar 2026, tomorrow: pay by then to take it.', '2026-03-16'],
      ['2026-03-15', 'Discount of £120.00 lapses on 15 Mar 2026, today: pay by then to take it.', '2026-03-16'],
      ['2026-03-14', 'The discount of £120.00 lapsed on 14 Mar 2026, so the full amount is due.', null],
    ];
    for (const [date, words, until] of days) {
      it(`until ${date} ${words ? 'is told' : 'is not told yet'}`, () => {
        expect(told(discounted(date), {})).to.deep.equal({ words: words ? [words] : [], until });
      });
    }

    it('is told while the bill is unpaid only', () => {
      expect(told(discounted('2026-03-16', { phase: 'posted' }), {}).words).to.have.length(1);
      expect(told(discounted('2026-03-16', { phase: 'closed' }), {})).to.deep.equal({ words: [], until: null });
    });

    it('is written as its reader writes amounts and dates', () => {
      expect(told(discounted('2026-03-16'), {}, 'de-DE').words[0])
        .to.contain('120,00')
        .and.to.contain('16. März 2026');
    });
  });

  describe('a change since the approval', () => {
    const approved = (document: ErpDocument, on: string | null = '2026-03-03') => ({
      approval: { state: 'approved' as const, on, document },
    });

    it('says what changed since when, and whom to ask', () => {
      const now = bill({ amount: { value: '1350.00', currency: 'GBP' }, dueDate: '2026-04-01', status: 'Open' });
      expect(told(now, approved(bill({ status: 'Balanced' }))).words).to.deep.equal([
        'Changed since it was approved on 3 Mar 2026: amount £1,250.00 → £1,350.00; due date 1 Mar 2026 → 1 Apr 2026. Ask whoever approved it before you go on.',
      ]);
    });

    it('is none where only the state, the description or the vendor’s name is another', () => {
      const vendor = { code: bill().vendor?.code ?? '', name: 'A new name' };
      const now = bill({ status: 'Open', phase: 'posted', description: 'Other words', vendor });
      expect(told(now, approved(bill())).words).to.deep.equal([]);
    });
  });

  it('is a release that went past the approval, also once the bill is paid', () => {
    const approval = { state: 'waiting' as const, on: null, document: null };
    const words =
      'It was waiting for approval and was released without one that Countersign saw. Look at its approvals in Acumatica before it is paid.';
    for (const phase of ['posted', 'closed'] as const) {
      expect(told(bill({ phase }), { approval }).words).to.deep.equal([words]);
    }
    for (const phase of ['waiting', 'held', 'ready'] as const) {
      expect(told(bill({ phase }), { approval }).words, phase).to.deep.equal([]);
    }
  });

  it('says the worst first', () => {
    const document = bill({
      ...{ phase: 'posted', discountDate: '2026-03-16', discountAmount: { value: '1.00', currency: 'GBP' } },
    });
    const { words } = told(document, {
      neighbours: [neighbour()],
      party: { version: 2, bankChangedOn: '2026-03-03', remittanceChangedOn: null },
      approval: { state: 'waiting', on: null, document: null },
    });
    expect(words.map((line) => line.slice(0, 12))).to.deep.equal([
      'It was waiti',
      'The vendor’s',
      'Possible dup',
      'Discount of ',
    ]);
  });
});
