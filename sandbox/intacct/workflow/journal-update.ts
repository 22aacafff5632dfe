import { entities, entityById, entityByKey } from '../company.ts';
import { refusal } from '../errors.ts';
import { cents, converted } from '../ledger/amounts.ts';
import type { Hand } from '../ledger/ledger.ts';
import type { NewRow, Row } from '../ledger/row.ts';
import { type Company, checkOpen } from './approvals.ts';
import { addLines, type Line } from './posting.ts';

export interface JournalUpdate {
  /** What the client asked for; only Posted and Draft are moves. */
  state: string | undefined;
  title: string | undefined;
  lines: readonly Line[];
}

const undone = 'Could not update Glbatch record!';
/** An entry in one of these states is still in the hands of whoever entered it. */
const editable = new Set(['I', 'R']);

/** Balance overall and, unless a base location takes the difference, in every entity. Throws FunctionFailed. */
function checkBalance(batch: Row, lines: readonly Line[]): void {
  const counted = lines.filter(({ statistical }) => !statistical);
  if (counted.length < 2) throw refusal('A journal entry needs at least two lines.', undone);
  const total = (some: readonly Line[]) =>
    some.reduce((all, line) => all + converted(line.cents, line.rate ?? '1') * (line.side === 'debit' ? 1n : -1n), 0n);
  if (total(counted) !== 0n) throw refusal('Debits and credits do not balance.', undone, 'GL-0493');
  const based = entityById(String(batch.BASELOCATION_NO ?? '')) !== undefined;
  const apart = entities.some(({ recordNo }) => total(counted.filter(({ entity }) => entity === recordNo)) !== 0n);
  if (apart && !based) throw refusal('BASELOCATION_NO is needed where entities do not balance.', undone);
}

/** The only move a client has on a journal entry: Posted or Draft, replacing its lines. Throws FunctionFailed. */
export function updateEntry(company: Company, batch: Row, update: JournalUpdate, hand: Hand): void {
  const { ledger, settings } = company;
  if (batch.MODULE !== '2.GL') throw refusal('Entries of other modules are changed in their module.', undone);
  if (!editable.has(String(batch.STATE))) throw refusal('The entry cannot be edited in its current state.', undone);
  if (update.state !== undefined && update.state !== 'Posted' && update.state !== 'Draft')
    throw refusal(`The state ${update.state} cannot be set.`, undone);
  if (update.lines.length === 0) throw refusal('ENTRIES is required.', undone);
  for (const { account, entity } of update.lines) {
    if (ledger.where('GLACCOUNT', 'ACCOUNTNO', account).length === 0) {
      throw refusal(`Account ${account} does not exist.`, undone);
    }
    if (!entityByKey(entity)) throw refusal('A line names an unknown location.', undone);
  }
  const posting = update.state === 'Posted';
  if (posting) {
    checkOpen(company, String(batch.BATCH_DATE), undone);
    checkBalance(batch, update.lines);
  }
  for (const line of [...ledger.where('GLENTRY', 'BATCHNO', batch.RECORDNO)]) ledger.remove('GLENTRY', line, hand);
  addLines(ledger, batch, update.lines, hand);
  const state = posting ? (settings.journalApprovals ? 'S' : 'P') : 'I';
  const changes: NewRow = { STATE: state, ...(update.title === undefined ? {} : { BATCH_TITLE: update.title }) };
  ledger.change('GLBATCH', batch, changes, hand);
}

/** Reads what a client wrote into a line. Throws RangeError for an amount that is none. */
export function lineOf(text: (name: string) => string | undefined): Line {
  const rate = text('EXCHANGE_RATE');
  const currency = text('CURRENCY');
  return {
    account: text('ACCOUNTNO') ?? '',
    side: text('TR_TYPE') === '-1' ? 'credit' : 'debit',
    cents: cents(text('TRX_AMOUNT') ?? text('AMOUNT')),
    entity: entityById(text('LOCATION'))?.recordNo ?? 0,
    text: text('DESCRIPTION') ?? null,
    ...(rate ? { rate } : {}),
    ...(currency ? { currency } : {}),
  };
}
