import { expect } from 'chai';
import { documentSchema, type Summary, type SummaryEntry, type SummaryGroup } from '../../app/domain/document.ts';
import { type Postings, summaryDocument } from '../../app/domain/summary.ts';
import { newsInShort, newsWords } from '../../app/domain/summary-words.ts';

const march = { name: 'Month Ended March 2026', start: '2026-03-01', end: '2026-03-31' };
const gbp = (value: string) => [{ value, currency: 'GBP' }];
const group = (journal: string, entries: number, value: string, module = 'General ledger'): SummaryGroup => ({
  ...{ journal, module, entries, totals: gbp(value) },
});
const entry = (key: string, value: string): SummaryEntry => ({
  ...{ key, reference: key, description: null, journal: 'GJ', date: '2026-03-10', totals: gbp(value), link: null },
});

function make(postings: Postings, previous: Summary | null = null, at = '2026-04-02T07:00:00Z', closing = true) {
  return summaryDocument({
    ...{ key: at, period: march, closing, at: new Date(at), timeZone: 'Europe/London', postings, previous },
  });
}

function summaryOf(...given: Parameters<typeof make>): Summary {
  const { summary } = make(...given);
  if (!summary) throw new Error('no summary');
  return summary;
}

describe('a posting summary', () => {
  const first = {
    groups: [group('GJ', 3, '100.10'), group('APJ', 5, '0.20', 'Payables')],
    largest: [entry('1', '90.00')],
  };

  it('is a document like any other, about which nothing can be decided', () => {
    const document = make(first);
    expect(documentSchema.parse(document)).to.deep.equal(document);
    expect(document).to.deep.include({
      ...{ kind: 'summary', status: 'Closing', actions: [], amount: { value: '100.30', currency: 'GBP' } },
      reference: 'March 2026, Thu 2 Apr 2026, 08:00',
    });
    expect(make(first, null, '2026-03-10T09:00:00Z', false).status).to.equal('Open');
  });

  it('adds up exactly, by currency, with the busiest journal first', () => {
    const euro = { ...group('GJ', 1, '0'), totals: [{ value: '0.1', currency: 'EUR' }] };
    const summary = summaryOf({ groups: [...first.groups, euro], largest: [] });
    expect(summary.entries).to.equal(9);
    expect(summary.totals).to.deep.equal([
      { value: '100.30', currency: 'GBP' },
      { value: '0.10', currency: 'EUR' },
    ]);
    expect(summary.groups.map(({ journal, entries }) => [journal, entries])).to.deep.equal([
      ['APJ', 5],
      ['GJ', 4],
    ]);
    expect(make({ groups: [...first.groups, euro], largest: [] }).amount).to.equal(null);
  });

  it('keeps no more than it can, and says so', () => {
    const groups = Array.from({ length: 450 }, (_, index) => group(`J${index}`, 1, '1.00'));
    const summary = summaryOf({
      groups,
      largest: Array.from({ length: 9 }, (_, index) => entry(String(index), '1.00')),
    });
    expect(summary.groups).to.have.length(200);
    expect(summary.moreGroups).to.equal(250);
    expect(summary.entries).to.equal(450);
    expect(summary.totals).to.deep.equal(gbp('450.00'));
    expect(summary.largest).to.have.length(5);
    // What was left out of the one before is not called new.
    expect(summaryOf({ groups, largest: [] }, summary).since?.newJournals).to.deep.equal([]);
  });

  describe('says what changed since the one before', () => {
    const before = summaryOf(first, null, '2026-03-30T07:00:00Z', false);

    it('in entries and sums, with new journals', () => {
      const now = summaryOf(
        {
          groups: [group('GJ', 40, '150.00'), ...first.groups.slice(1), group('EEJ', 1, '5.00', 'Employee expenses')],
          largest: [],
        },
        before,
      );
      expect(now.since).to.deep.include({ entries: 38, totals: gbp('54.90'), fewer: [] });
      expect(now.since?.newJournals).to.deep.equal([{ journal: 'EEJ', module: 'Employee expenses' }]);
      expect(newsInShort(now, 'en-GB')).to.equal('38 more than on Monday');
      expect(newsWords(now, 'en-GB').join(' ')).to.equal(
        'Since the summary of Mon 30 Mar 2026, 08:00: 38 entries more, £54.90 more. New: EEJ (Employee expenses). Of the largest then, withdrawn or changed: GJ 1, £90.00.',
      );
    });

    it('and what is posted there no more', () => {
      const now = summaryOf({ groups: [group('GJ', 2, '60.00')], largest: [entry('1', '50.00')] }, before);
      expect(now.since?.entries).to.equal(-6);
      expect(now.since?.fewer).to.deep.equal([
        { journal: 'APJ', module: 'Payables', entries: 5 },
        { journal: 'GJ', module: 'General ledger', entries: 1 },
      ]);
      expect(now.since?.withdrawn.map(({ key }) => key)).to.deep.equal(['1']);
      expect(newsInShort(now, 'en-GB')).to.equal('6 fewer than on Monday');
      expect(newsWords(now, 'en-GB')[0]).to.equal(
        'Since the summary of Mon 30 Mar 2026, 08:00: 6 entries fewer, £40.30 less.',
      );
    });

    it('of the largest entries only what is sure', () => {
      const five = (values: string[]) => ({
        groups: [group('GJ', 9, '9.00')],
        largest: values.map((value, index) => entry(`${value}/${index}`, value)),
      });
      const then = summaryOf(five(['90.00', '80.00', '70.00', '60.00', '50.00']), null, '2026-03-30T07:00:00Z');
      // Five larger ones came: those of then may well stand below them.
      expect(summaryOf(five(['99.00', '98.00', '97.00', '96.00', '95.00']), then).since?.withdrawn).to.deep.equal([]);
      // 90 would stand above 60 if it were still there.
      const now = summaryOf(
        { groups: [group('GJ', 9, '9.00')], largest: [...then.largest.slice(1), entry('new', '40.00')] },
        then,
      );
      expect(now.since?.withdrawn.map(({ totals }) => totals[0]?.value)).to.deep.equal(['90.00']);
    });

    it('or that nothing did, and when the one before was', () => {
      const again = (at: string) => summaryOf(first, before, at);
      expect(newsInShort(again('2026-03-30T15:00:00Z'), 'en-GB')).to.equal('unchanged since 08:00');
      expect(newsInShort(again('2026-04-01T07:00:00Z'), 'en-GB')).to.equal('unchanged since Monday');
      expect(newsInShort(again('2026-04-20T07:00:00Z'), 'en-GB')).to.equal('unchanged since Mon 30 Mar 2026, 08:00');
      expect(newsWords(again('2026-04-01T07:00:00Z'), 'en-GB')).to.deep.equal([
        'Since the summary of Mon 30 Mar 2026, 08:00 nothing changed.',
      ]);
      expect(newsInShort(before, 'en-GB')).to.equal(null);
      expect(newsWords(before, 'en-GB')).to.deep.equal(['This is the first summary of March 2026.']);
    });
  });
});
