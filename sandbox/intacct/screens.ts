import { amount, cents } from './ledger/amounts.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Row } from './ledger/row.ts';
import type { Catalog } from './objects/catalog.ts';
import { labelOf } from './objects/object-type.ts';

/** A record as the company's own screens show it. Amounts are decimal strings, days ISO dates, `changedAt` an ISO moment. */
export interface Shown {
  object: string;
  key: number;
  ref: string;
  party: string | null;
  amount: string | null;
  currency: string | null;
  day: string | null;
  status: string;
  description: string | null;
  createdBy: string | null;
  changedAt: string | null;
  lines: ShownLine[];
}

interface ShownLine {
  description: string;
  account: string | null;
  amount: string | null;
  side: 'debit' | 'credit' | null;
}

interface Screen {
  title: string;
  of(row: Row, ledger: Ledger): Pick<Shown, 'ref' | 'party' | 'amount' | 'currency' | 'day' | 'description'>;
  line?(row: Row, ledger: Ledger): ShownLine;
}

const text = (value: unknown) => (value === null || value === undefined || value === '' ? null : String(value));
const vendorName = (row: Row, ledger: Ledger) =>
  text(ledger.where('VENDOR', 'VENDORID', row.VENDORID)[0]?.NAME ?? row.VENDORID);

const screens: Record<string, Screen> = {
  APBILL: {
    title: 'Bills',
    of: (row, ledger) => ({
      ref: String(row.RECORDID),
      party: vendorName(row, ledger),
      amount: text(row.TRX_TOTALENTERED),
      currency: text(row.CURRENCY),
      day: text(row.WHENDUE),
      description: text(row.DESCRIPTION),
    }),
    line: (row) => ({
      description: text(row.ENTRYDESCRIPTION) ?? '—',
      account: text(row.ACCOUNTNO),
      amount: text(row.TRX_AMOUNT),
      side: null,
    }),
  },
  APPYMT: {
    title: 'Payments',
    of: (row, ledger) => ({
      ref: text(row.RECORDID) ?? `Request ${row.RECORDNO}`,
      party: vendorName(row, ledger),
      amount: text(row.TRX_TOTALENTERED),
      currency: text(row.CURRENCY),
      day: text(row.WHENCREATED),
      description: [row.PAYMENTMETHOD, row.FINANCIALENTITY, row.DESCRIPTION].filter(Boolean).join(' · '),
    }),
    line: (row, ledger) => ({
      description: `Bill ${ledger.get('APBILL', row.RECORDKEY)?.RECORDID ?? row.RECORDKEY}`,
      account: null,
      amount: text(row.TRX_PAYMENTAMOUNT),
      side: null,
    }),
  },
  GLBATCH: {
    title: 'Journal entries',
    of: (row, ledger) => {
      const lines = ledger.where('GLENTRY', 'BATCHNO', row.RECORDNO).filter(({ STATISTICAL }) => STATISTICAL !== 'T');
      const debits = lines.filter(({ TR_TYPE }) => TR_TYPE === '1').map(({ TRX_AMOUNT }) => cents(TRX_AMOUNT));
      return {
        ref: `${ledger.get('JOURNAL', row.JOURNALKEY)?.SYMBOL ?? ''} ${row.BATCHNO}`.trim(),
        party: text(row.BATCH_TITLE),
        amount: amount(debits.reduce((total, each) => total + each, 0n)),
        currency: text(lines[0]?.CURRENCY),
        day: text(row.BATCH_DATE),
        description: [row.MODULE, row.REFERENCENO].filter(Boolean).join(' · '),
      };
    },
    line: (row) => ({
      description: [text(row.DESCRIPTION), text(row.LOCATION), text(row.CURRENCY)].filter(Boolean).join(' · ') || '—',
      account: text(row.ACCOUNTNO),
      amount: text(row.TRX_AMOUNT),
      side: row.TR_TYPE === '1' ? 'debit' : 'credit',
    }),
  },
  VENDOR: {
    title: 'Vendors',
    of: (row) => ({
      ref: String(row.VENDORID),
      party: text(row.NAME),
      amount: text(row.TOTALDUE),
      currency: null,
      day: null,
      description: row.ONHOLD === 'T' ? 'On hold' : null,
    }),
  },
};

/** What the screens are called, and how many records each has. */
export function screenList(ledger: Ledger): { object: string; title: string; size: number }[] {
  return Object.entries(screens).map(([object, { title }]) => ({ object, title, size: ledger.size(object) }));
}

/** The newest records of a screen, first the one that changed last. Throws RangeError for a screen nobody knows. */
export function shownRows(
  { ledger, catalog }: { ledger: Ledger; catalog: Catalog },
  object: string,
  limit: number,
): Shown[] {
  const rows = [...ledger.rows(object)].sort((a, b) => changedMs(b) - changedMs(a) || b.RECORDNO - a.RECORDNO);
  return rows.slice(0, limit).map((row) => shownRow({ ledger, catalog }, object, row));
}

const changedMs = ({ WHENMODIFIED }: Row) => (typeof WHENMODIFIED === 'number' ? WHENMODIFIED : 0);

/** One record with its lines. Throws RangeError for a screen nobody knows. */
export function shownRow({ ledger, catalog }: { ledger: Ledger; catalog: Catalog }, object: string, row: Row): Shown {
  const screen = screens[object];
  const type = catalog.get(object);
  if (!screen || !type) throw new RangeError(`there is no screen of ${object}`);
  const { line } = screen;
  const state = type.fields.find(({ id }) => id === 'STATE' || id === 'STATUS');
  const lines = type.lines && line ? ledger.where(type.lines.object, type.lines.by, row.RECORDNO) : [];
  return {
    object,
    key: row.RECORDNO,
    ...screen.of(row, ledger),
    status: (state && labelOf(state, row, ledger)) ?? '',
    createdBy: text(row.CREATEDBY),
    changedAt: typeof row.WHENMODIFIED === 'number' ? new Date(row.WHENMODIFIED).toISOString() : null,
    lines: line ? lines.map((each) => line(each, ledger)) : [],
  };
}
