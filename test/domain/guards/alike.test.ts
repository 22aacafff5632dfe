import { expect } from 'chai';
import { type Billed, likeness, plainReference } from '../../../app/domain/guards/alike.ts';

const bill = (fields: Partial<Billed> = {}): Billed => ({
  type: 'Bill',
  phase: 'waiting',
  vendorReference: 'INV-1001',
  currency: 'GBP',
  date: '2026-03-03',
  credit: false,
  ...fields,
});

describe('a vendor’s reference', () => {
  // Each row: what people write for the same invoice.
  const same: Array<[why: string, ...written: string[]]> = [
    ['case and spaces', 'Inv 1001a', 'INV1001A', ' inv  1001 A '],
    ['punctuation', 'INV-1001', 'INV/1001', 'INV.1001', 'INV#1001', '#1001'],
    ['words before the number', '1001', 'Invoice 1001', 'Invoice No. 1001', 'Bill no 1001', 'Rechnung Nr. 1001'],
    ['leading zeros', '1001', '001001', 'INV-0001001'],
    ['zeros in the parts of a number', '2026-7', '2026/007', 'INV 2026-07'],
    ['letters that look like digits', 'A1O01', 'A1001', 'AI00L'],
    ['full-width digits', '１００１', '1001'],
  ];
  for (const [why, ...written] of same) {
    it(`is the same whatever its ${why}`, () => {
      expect(new Set(written.map(plainReference)).size, String(written.map(plainReference))).to.equal(1);
    });
  }

  // Each row: two invoices.
  const others: Array<[string, string]> = [
    ['INV-1001', 'INV-1002'],
    ['2026-01', '2026-10'],
    ['A-77', 'B-77'],
    ['100', '1000'],
    ['NOVA-7', 'VA-7'],
    ['Информ-7', 'Форма-7'],
  ];
  for (const [a, b] of others) {
    it(`${a} is not ${b}`, () => expect(plainReference(a)).to.not.equal(plainReference(b)));
  }

  it('is none where nothing is left of it', () => {
    for (const empty of [null, '', '  ', '--', '#']) expect(plainReference(empty), String(empty)).to.equal(null);
  });

  it('of hostile length and shape is read in no time', () => {
    const began = performance.now();
    plainReference(`${'no.'.repeat(3_000)}${'0'.repeat(10_000)}`);
    plainReference(`inv${'-'.repeat(20_000)}x`);
    expect(performance.now() - began).to.be.below(500);
  });
});

describe('two bills of one vendor over one amount', () => {
  // Each row: what the other bill is like, by what they are alike, and why.
  const rules: Array<[why: string, other: Partial<Billed>, by: ReturnType<typeof likeness>, one?: Partial<Billed>]> = [
    ['the same reference on the same day', {}, 'reference'],
    ['the reference as another hand wrote it', { vendorReference: 'inv 01001' }, 'reference'],
    ['entered again a month later', { date: '2026-04-02' }, 'reference'],
    ['entered again before', { date: '2026-02-20' }, 'reference'],
    ['the other has been paid', { phase: 'closed' }, 'reference'],
    ['one has no date', { date: null }, 'reference'],
    ['numbers are used anew after a year', { date: '2027-03-03' }, null],
    ['a rent comes every month with a reference of its own', { vendorReference: 'APR 2026', date: '2026-04-03' }, null],
    ['two deliveries on one day, numbered on', { vendorReference: 'INV-1002' }, null],
    ['one has no reference, on the same day', { vendorReference: null }, 'day'],
    ['neither has one, on the same day', { vendorReference: null }, 'day', { vendorReference: null }],
    ['one has no reference, on another day', { vendorReference: null, date: '2026-03-04' }, null],
    ['neither reference nor date', { vendorReference: null, date: null }, null, { vendorReference: null, date: null }],
    ['two digits changed places', { vendorReference: 'INV-57293' }, 'mistyped', { vendorReference: 'INV-57239' }],
    ['a digit was typed twice', { vendorReference: 'INV-572399' }, 'mistyped', { vendorReference: 'INV-57239' }],
    ['a slip, but weeks apart', { vendorReference: '57293', date: '2026-03-20' }, null, { vendorReference: '57239' }],
    ['another currency', { currency: 'EUR' }, null],
    ['the other was voided', { phase: 'voided' }, null],
    ['the other was rejected', { phase: 'rejected' }, null],
    ['a debit adjustment takes it back', { type: 'Debit Adj.', credit: true }, null],
    ['a prepayment asks for it before', { type: 'Prepayment' }, null],
  ];
  for (const [why, other, by, one = {}] of rules) {
    it(`${by ? `are alike by ${by}` : 'are two'}: ${why}`, () => {
      expect(likeness(bill(one), bill(other))).to.equal(by);
      expect(likeness(bill(other), bill(one)), 'the other way round').to.equal(by);
    });
  }
});
