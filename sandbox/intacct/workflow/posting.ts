import { baseCurrency, entityByKey, userById } from '../company.ts';
import { amount, converted } from '../ledger/amounts.ts';
import type { Hand, Ledger } from '../ledger/ledger.ts';
import type { NewRow, Row } from '../ledger/row.ts';

export interface Line {
  account: string;
  side: 'debit' | 'credit';
  /** Hundredths, in the line's own currency; unsigned. */
  cents: bigint;
  /** The same in the base currency, where rounding line by line came to something else. */
  baseCents?: bigint;
  currency?: string;
  /** To the base currency. */
  rate?: string;
  /** RECORDNO of an entity. */
  entity: number;
  text?: string | null;
  vendor?: string | null;
  statistical?: boolean;
  more?: NewRow;
}

export interface Entry {
  journal: string;
  /** `2.GL`, `3.AP` … */
  module: string;
  title: string;
  /** ISO */
  day: string;
  /** Code of GLBATCH.STATE. */
  state: string;
  lines: Line[];
  /** RECORDNO of the entity that it was made in; null: the top level. */
  entity: number | null;
  more?: NewRow;
}

/** GLBATCH has numbers of its own within each journal. */
function nextBatchNo(ledger: Ledger, journalKey: number): number {
  return ledger.where('GLBATCH', 'JOURNALKEY', journalKey).length + 1;
}

export function addLines(ledger: Ledger, batch: Row, lines: readonly Line[], hand: Hand): void {
  const before = ledger.where('GLENTRY', 'BATCHNO', batch.RECORDNO).length;
  for (const [index, line] of lines.entries()) {
    const rate = line.rate ?? '1';
    const fields: NewRow = {
      BATCHNO: batch.RECORDNO,
      LINE_NO: before + index + 1,
      TR_TYPE: line.side === 'debit' ? '1' : '-1',
      ENTRY_DATE: batch.BATCH_DATE ?? null,
      AMOUNT: amount(line.baseCents ?? converted(line.cents, rate)),
      TRX_AMOUNT: amount(line.cents),
      ACCOUNTNO: line.account,
      STATISTICAL: line.statistical ? 'T' : 'F',
      LOCATION: entityByKey(line.entity)?.id ?? null,
      CURRENCY: line.currency ?? baseCurrency,
      EXCHANGE_RATE: rate,
      DESCRIPTION: line.text ?? null,
      VENDORID: line.vendor ?? null,
      ...line.more,
    };
    ledger.add('GLENTRY', fields, hand, true);
  }
}

/** Adds a journal entry with its lines, balanced or not. Throws RangeError for an unknown journal. */
export function addEntry(ledger: Ledger, entry: Entry, hand: Hand, quiet = false): Row {
  const journal = ledger.where('JOURNAL', 'SYMBOL', entry.journal)[0];
  if (!journal) throw new RangeError(`there is no journal ${entry.journal}`);
  const base = entityByKey(entry.entity ?? entry.lines[0]?.entity);
  const fields: NewRow = {
    BATCHNO: nextBatchNo(ledger, journal.RECORDNO),
    BATCH_TITLE: entry.title,
    BALANCE: null,
    JOURNALKEY: journal.RECORDNO,
    ADJ: journal.ADJ ?? 'F',
    BATCH_DATE: entry.day,
    MODULE: entry.module,
    USERKEY: userById(hand.userId)?.recordNo ?? null,
    BASELOCATION: base ? String(base.recordNo) : null,
    BASELOCATION_NO: base?.id ?? null,
    BASELOCATION_NAME: base?.name ?? null,
    STATE: entry.state,
    MEGAENTITYKEY: entry.entity,
    ...entry.more,
  };
  const batch = ledger.add('GLBATCH', fields, hand, true);
  addLines(ledger, batch, entry.lines, hand);
  if (!quiet) ledger.announceAdded('GLBATCH', batch, hand);
  return batch;
}

/** What a sub-ledger posts goes into the summary of its day and entity, which grows. */
export function postToSummary(
  ledger: Ledger,
  entry: Omit<Entry, 'state' | 'title'>,
  kind: string,
  hand: Hand,
  quiet = false,
): Row {
  const title = `${kind}: ${entry.day} Daily Summary`;
  const summary = ledger
    .where('GLBATCH', 'BATCH_TITLE', title)
    .find((batch) => (batch.MEGAENTITYKEY ?? null) === entry.entity);
  if (!summary) {
    const more = {
      PRBATCHKEY: ledger.size('GLBATCH') + 300,
      PRBATCHRECTYPE: kind === 'Bills' ? 'pi' : 'pp',
      ...entry.more,
    };
    return addEntry(ledger, { ...entry, title, state: 'P', more }, hand, quiet);
  }
  addLines(ledger, summary, entry.lines, hand);
  if (!quiet) ledger.change('GLBATCH', summary, {}, hand);
  return summary;
}
