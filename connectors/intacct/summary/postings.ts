import type { ReportingPeriod } from '../../../app/domain/periods.ts';
import type { Postings } from '../../../app/domain/summary.ts';
import type { ConnectContext } from '../../connector.ts';
import type { Api, Question } from '../api.ts';
import type { IntacctCredentials } from '../credentials.ts';
import { linkOf } from '../document.ts';
import { date, lastNo, type Row, recordNo, rowsOf, text } from '../fields.ts';
import { dateText, type UserFormat } from '../formats.ts';
import type { FunctionResult } from '../gateway/answer.ts';
import type { Profile, Profiles } from '../profile.ts';
import { allOf, atLeast, greaterThan, query } from '../query.ts';
import { showsPrivate } from '../reader.ts';
import { createDebitReader } from './debits.ts';
import { moduleWords } from './modules.ts';
import { entriesAtOnce, entryFields, postedBetween, rowsMost } from './queries.ts';
import { createTally, type Header } from './tally.ts';

const what = 'posted entries (GLBATCH)';
const largestMost = 5;
const yearMs = 366 * 24 * 3_600_000;

/** Reads the ledger for summaries. */
export interface LedgerReader {
  postings(period: ReportingPeriod, signal: AbortSignal): Promise<Postings>;
  periods(signal: AbortSignal): Promise<ReportingPeriod[]>;
}

export function createLedgerReader(
  { credentials, now }: ConnectContext<IntacctCredentials>,
  { api, profiles }: { api: Api; profiles: Profiles },
): LedgerReader {
  const showPrivate = showsPrivate(credentials);
  const debits = createDebitReader(api, showPrivate);

  function headers(profile: Profile, { start, end }: ReportingPeriod, after: string | null): Question {
    const posted = postedBetween(dateText(start, profile.format), dateText(end, profile.format));
    const filter = after === null ? posted : allOf(posted, greaterThan('RECORDNO', after));
    const page = { object: 'GLBATCH', pageSize: entriesAtOnce, showPrivate };
    return { ask: query({ ...page, fields: profile.fields('GLBATCH', entryFields), filter }), what };
  }

  return {
    /**
     * Entries and the sums of their lines, a thousand of each with one billed call: the next entries are asked for in the
     * request that brings the sums of these. Kept are the journals' sums and the largest entries.
     */
    async postings(period, signal) {
      const profile = await profiles.current(signal);
      const tally = createTally(largestMost);
      const first = await api.ask([headers(profile, period, null)], signal);
      let after: string | null = null;
      for (let page = first.results[0]; page !== undefined; ) {
        const rows = rowsOf(page, 'GLBATCH');
        after = lastNo(rows, 'GLBATCH', after);
        if (after === null) break;
        const numbers = rows.map((row) => recordNo(row, 'GLBATCH'));
        const more = hasMore(page, rows.length) ? [headers(profile, period, after)] : [];
        const { results } = await api.askAll([debits.question(profile, numbers), ...more], signal);
        const [sums, next] = results;
        if (next instanceof Error) throw next;
        const byEntry = sums === undefined ? new Map() : await debits.read(profile, numbers, sums, signal);
        for (const row of rows) {
          const header = readHeader(row, profile.format);
          tally.add(header, byEntry.get(header.key) ?? { totals: [], base: '0.00' });
        }
        page = next;
      }
      return { groups: tally.groups(), largest: tally.largest() };
    },

    async periods(signal) {
      const { format } = await profiles.current(signal);
      const since = dateText(new Date(now() - yearMs).toISOString().slice(0, 10), format);
      const ask = query({
        ...{ object: 'REPORTINGPERIOD', fields: ['RECORDNO', 'NAME', 'START_DATE', 'END_DATE'] },
        ...{ filter: atLeast('END_DATE', since), pageSize: rowsMost, showPrivate: false },
      });
      const { results } = await api.ask([{ ask, what: 'reporting periods (REPORTINGPERIOD)' }], signal);
      const rows = results[0] === undefined ? [] : rowsOf(results[0], 'REPORTINGPERIOD');
      return rows.flatMap((row) => {
        const start = date(row, ['START_DATE'], format);
        const end = date(row, ['END_DATE'], format);
        const name = text(row, ['NAME']);
        return start !== null && end !== null && name !== null && start <= end ? [{ name, start, end }] : [];
      });
    },
  };
}

/** What remains is told with the page; where it is not, a full page may have a next one. */
function hasMore({ data }: FunctionResult, rows: number): boolean {
  const told = data?.attributes.numremaining;
  return told === undefined ? rows >= entriesAtOnce : Number(told) > 0;
}

function readHeader(row: Row, format: UserFormat): Header {
  const key = recordNo(row, 'GLBATCH');
  return {
    key,
    reference: text(row, ['BATCHNO']) ?? key,
    description: text(row, ['BATCH_TITLE']),
    journal: text(row, ['JOURNAL']) ?? 'No journal',
    module: moduleWords(text(row, ['MODULE'])),
    date: date(row, ['BATCH_DATE'], format),
    link: linkOf(row),
  };
}
