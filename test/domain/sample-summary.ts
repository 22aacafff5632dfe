import type { ErpDocument } from '../../app/domain/document.ts';
import { summaryDocument } from '../../app/domain/summary.ts';

/** A posting summary of so many journals, with long and hostile names among them. */
export function sampleSummary(journals: number): ErpDocument {
  const names = [
    'GJ',
    'APJ',
    '<!channel> *J*',
    'A journal whose name goes on and on and on and on and on and on',
    'CMJ',
  ];
  const currencies = ['GBP', 'EUR', 'USD', 'JPY', 'CHF'];
  const groups = Array.from({ length: journals }, (_, index) => ({
    journal: `${names[index % names.length]}${index < names.length ? '' : index}`,
    module: index % 2 === 0 ? 'General ledger' : 'Payables',
    entries: 1_000 + index,
    totals: currencies.slice(0, 1 + (index % 5)).map((currency) => ({ value: '9999999999999.99', currency })),
  }));
  const largest = Array.from({ length: 5 }, (_, index) => ({
    ...{ key: String(index), reference: String(index), journal: names[index] ?? 'GJ', date: '2026-03-10' },
    description:
      index === 1 ? null : 'Rent for the first quarter, and so on, and so on, and so on, and so on, and so on',
    totals: [{ value: '1234567.89', currency: 'GBP' }],
    link: index === 2 ? null : `https://www.intacct.com/ia/acct/ur.phtml?.r=${index}`,
  }));
  const period = { name: 'Month Ended March 2026', start: '2026-03-01', end: '2026-03-31' };
  const base = { period, closing: true, timeZone: 'Europe/London' };
  const first = summaryDocument({
    ...{ ...base, key: '1', at: new Date('2026-04-01T07:00:00Z'), previous: null },
    postings: { groups: groups.slice(1), largest: largest.slice(1) },
  });
  const at = new Date('2026-04-02T07:00:00Z');
  return summaryDocument({ ...base, key: '2', at, postings: { groups, largest }, previous: first.summary ?? null });
}
