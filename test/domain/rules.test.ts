import { expect } from 'chai';
import { contentHash, describeChanges, substanceHash } from '../../app/domain/changes.ts';
import { formatDate } from '../../app/domain/dates.ts';
import type { ErpDocument } from '../../app/domain/document.ts';
import { written } from '../../app/domain/figures.ts';
import { compareDecimals, formatMoney } from '../../app/domain/money.ts';
import { mayDecide } from '../../app/domain/policy.ts';
import { type Conditions, matchRoute, routesFor } from '../../app/domain/routing.ts';
import { cleanText } from '../../app/domain/text.ts';
import { sampleBill } from './sample-bill.ts';

const bill = sampleBill();
const of = (value: string, currency: string | null = 'GBP') => ({ amount: { value, currency } });

describe('routing', () => {
  const table: Array<[Conditions, Partial<ErpDocument>, string]> = [
    [{}, {}, 'match'], // no condition takes all of the kind
    [{ types: ['Bill'] }, {}, 'match'], // the ERP's word for the sort of record
    [{ types: ['Debit Adj.'] }, {}, 'type'],
    [{ statuses: ['Pending Approval', 'Balanced'] }, {}, 'match'], // any of the listed states
    [{ statuses: ['Balanced'] }, {}, 'status'],
    [{ vendors: ['ASHWORTH'] }, {}, 'match'], // by the vendor's code
    [{ vendors: ['Ashworth & Sons'] }, {}, 'match'], // or by its name
    [{ vendors: ['ashworth'] }, {}, 'vendor'], // exactly as written
    [{ vendors: ['ASHWORTH'] }, { vendor: null }, 'vendor'], // no vendor is none of them
    [{ branches: ['MAIN', 'NORTH'] }, {}, 'match'], // the company or branch that the record belongs to
    [{ branches: ['NORTH'] }, {}, 'branch'],
    [{ branches: ['MAIN'] }, { branch: null }, 'branch'], // no branch is none of them
    [{ currency: 'GBP' }, {}, 'match'],
    [{ currency: 'EUR' }, {}, 'currency'],
    [{ currency: 'GBP' }, { amount: null }, 'currency'], // an unknown amount has no currency
    [{ amountAtLeast: '1250' }, {}, 'match'], // from the threshold on
    [{ amountAtLeast: '1250.01' }, {}, 'amount'],
    [{ amountBelow: '1250' }, {}, 'amount'], // up to, and not with, the other one
    [{ amountBelow: '1250.0001' }, {}, 'match'],
    [{ amountAtLeast: '9' }, of('10'), 'match'], // as numbers, not as text
    [{ amountAtLeast: '0' }, { amount: null }, 'amount'], // an unknown amount meets no threshold
    [{ amountBelow: '999999' }, { amount: null }, 'amount'],
    [{ types: ['Bill'], statuses: ['Balanced'], vendors: ['X'] }, {}, 'status'], // the first that says no is named
  ];
  for (const [conditions, different, reason] of table) {
    it(`${JSON.stringify(conditions)} on ${JSON.stringify(different)} is ${reason}`, () => {
      expect(matchRoute(sampleBill(different), { kind: 'bill', conditions })).to.equal(reason);
    });
  }

  it('gives each channel the first route that takes the document', () => {
    const route = (id: string, channel: string, conditions: Conditions = {}) => ({
      id,
      kind: 'bill' as const,
      channel,
      conditions,
    });
    const routes = [
      route('large', 'C1', { amountAtLeast: '5000' }),
      route('all', 'C1'),
      route('rest', 'C1'),
      route('other', 'C2'),
    ];
    expect(routesFor(bill, routes).map(({ id }) => id)).to.deep.equal(['all', 'other']);
  });
});

describe('policy', () => {
  const upTo = (value: string, currency = 'GBP') => ({ user: 'U1', upTo: { value, currency } });
  const table: Array<[string, Array<ReturnType<typeof upTo> | { user: string }>, Pick<ErpDocument, 'amount'>, string]> =
    [
      ['someone without a limit', [{ user: 'U1' }], of('1e9'.replace('e9', '000000000')), 'allowed'],
      ['someone who is not named', [{ user: 'U2' }], of('1'), 'not_a_decider'],
      ['nobody named', [], of('1'), 'not_a_decider'],
      ['exactly the limit', [upTo('100')], of('100.0000'), 'allowed'],
      ['a ten-thousandth above it', [upTo('100')], of('100.0001'), 'over_limit'],
      ['a credit above it', [upTo('100')], of('-100.01'), 'over_limit'],
      ['a credit within it', [upTo('100')], of('-100'), 'allowed'],
      ['another currency', [upTo('100')], of('1', 'EUR'), 'other_currency'],
      ['no currency', [upTo('100')], of('1', null), 'other_currency'],
      ['an unknown amount', [upTo('100')], { amount: null }, 'amount_unknown'],
      ['one of two limits that fits', [upTo('100'), upTo('50', 'EUR')], of('50', 'EUR'), 'allowed'],
      ['more digits than a float has', [upTo('90071992547409930000.01')], of('90071992547409930000.02'), 'over_limit'],
    ];
  for (const [what, deciders, document, reason] of table) {
    it(`${what}: ${reason}`, () => {
      const verdict = mayDecide('U1', 'approve', document, { deciders, actions: ['approve'] });
      expect(verdict.reason).to.equal(reason);
      expect(verdict.message === '').to.equal(reason === 'allowed');
    });
  }

  it('offers nothing that the route does not', () => {
    const verdict = mayDecide('U1', 'release', bill, { deciders: [{ user: 'U1' }], actions: ['approve'] });
    expect(verdict.reason).to.equal('action_not_offered');
  });

  it('lets nobody decide on what they entered themselves, whatever their limit', () => {
    const route = { deciders: [{ user: 'U1' }, { user: 'U2' }], actions: ['approve' as const] };
    expect(mayDecide('U1', 'approve', bill, route, 'U1').reason).to.equal('created_it');
    expect(mayDecide('U2', 'approve', bill, route, 'U1').reason).to.equal('allowed');
    expect(mayDecide('U1', 'approve', bill, route, null).reason).to.equal('allowed');
  });
});

describe('what an approval is bound to', () => {
  const bound: Array<Partial<ErpDocument>> = [
    of('1250.01'),
    of('1250.00', 'EUR'),
    { amount: null },
    { vendor: { code: 'OTHER', name: 'Ashworth & Sons' } },
    { vendor: null },
    { vendorReference: 'INV-18' },
    { dueDate: '2026-03-02' },
    { terms: '60D' },
    { type: 'Debit Adj.' },
    { lines: [] },
    { lines: [{ description: 'Chairs', quantity: '10', amount: '1250.00', account: '60001' }] },
  ];
  for (const different of bound) {
    it(`is another bill with ${JSON.stringify(different)}`, () => {
      const after = sampleBill(different);
      expect(substanceHash(after)).to.not.equal(substanceHash(bill));
      expect(describeChanges(bill, after)).to.not.deep.equal([]);
    });
  }

  const loose: Array<Partial<ErpDocument>> = [
    { status: 'Balanced', phase: 'ready' },
    { description: 'Other words' },
    { vendor: { code: 'ASHWORTH', name: 'Ashworth and Sons' } },
    { modifiedAt: '2026-02-02T10:00:00.000Z' },
    { actions: [] },
    { owner: { code: 'EP1', name: 'Maya Okafor' }, createdBy: { code: 'EP2', name: null } },
  ];
  for (const different of loose) {
    it(`is the same bill with ${JSON.stringify(different)}`, () => {
      expect(substanceHash(sampleBill(different))).to.equal(substanceHash(bill));
    });
  }

  it('and a touched record shows nothing new', () => {
    expect(contentHash(sampleBill({ modifiedAt: null }))).to.equal(contentHash(bill));
    expect(describeChanges(bill, sampleBill({ modifiedAt: null }))).to.deep.equal([]);
  });

  it('names what is different for people', () => {
    const after = sampleBill({ ...of('9000'), dueDate: null, lines: [...bill.lines, ...bill.lines] });
    expect(describeChanges(bill, after)).to.deep.equal([
      {
        field: 'amount',
        from: '£1,250.00',
        to: '£9,000.00',
        figures: { from: { money: bill.amount }, to: { money: { value: '9000', currency: 'GBP' } } },
      },
      {
        field: 'due date',
        from: '1 Mar 2026',
        to: 'none',
        figures: { from: { date: '2026-03-01' }, to: undefined },
      },
      { field: 'lines', from: '1 line', to: '2 lines' },
    ]);
  });
});

describe('money and dates', () => {
  const shown: Array<[string, string | null, RegExp]> = [
    ['1250', 'GBP', /^£1,250\.00$/],
    ['-0.5', 'GBP', /^-£0\.50$/],
    ['1234', 'JPY', /^JP¥1,234$/],
    ['1.2345', 'EUR', /^€1\.2345$/],
    ['12.5', 'Points', /^12\.50 Points$/],
    ['12.5', null, /^12\.50$/],
    ['123456789012345678901234567890.12', 'GBP', /^£123,456,789,012,345,678,901,234,567,890\.12$/],
  ];
  for (const [value, currency, words] of shown) {
    it(`${value} ${currency} reads ${words.source}`, () => expect(formatMoney({ value, currency })).to.match(words));
  }

  for (const [locale, amount, date] of [
    ['en-GB', '£1,250.50', '1 Mar 2026'],
    ['en-US', '£1,250.50', 'Mar 1, 2026'],
    ['de-DE', '1.250,50 £', '1. März 2026'],
    ['fr-FR', '1 250,50 £GB', '1 mars 2026'],
    ['ja-JP', '£1,250.50', '2026年3月1日'],
    // The ERP's calendar and digits, whatever is usual there.
    ['th-TH', '£1,250.50', '1 มี.ค. 2026'],
    ['ar-EG', '1,250.50', '2026'],
  ] as const) {
    it(`are written as in ${locale}, in the words that stay as they are`, () => {
      const words = written(
        ['Up to ', { money: { value: '1250.50', currency: 'GBP' } }, ' by ', { date: '2026-03-01' }],
        locale,
      );
      const plain = words.replace(/[\u00a0\u202f]/g, ' ');
      expect(plain)
        .to.match(/^Up to .* by /)
        .and.to.contain(amount)
        .and.to.contain(date);
    });
  }

  it('are compared exactly', () => {
    expect(compareDecimals('0.1', '0.10')).to.equal(0);
    expect(compareDecimals('90071992547409930000.02', '90071992547409930000.01')).to.equal(1);
  });

  it('keep a calendar day in every time zone', () => {
    const zone = process.env.TZ;
    try {
      for (const place of ['America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Kathmandu']) {
        process.env.TZ = place;
        expect(formatDate('2026-03-01')).to.equal('1 Mar 2026');
        expect(formatDate('2026-03-01', 'sv-SE')).to.equal('1 mars 2026');
      }
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });
});

describe('text of an ERP', () => {
  it('loses what cannot be stored or turns its neighbours around, and nothing else', () => {
    expect(cleanText('a\0b \u202Edcb\u202C \u2067x\u2069')).to.equal('ab dcb x');
    expect(cleanText('half \ud83d of it')).to.equal('half \ufffd of it');
    expect(cleanText('שלום 👩‍👩‍👧‍👦 é <!channel>')).to.equal('שלום 👩‍👩‍👧‍👦 é <!channel>');
  });
});
