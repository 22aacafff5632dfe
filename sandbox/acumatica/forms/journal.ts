import { z } from 'zod';
import { displayMoney } from '../../money.ts';
import { lineId } from '../bill-lines.ts';
import { applyChanges, commonChanges, decimal, newKeys, text } from '../changes.ts';
import type { DocumentRecord } from '../document.ts';
import { exception } from '../erp-error.ts';
import { filesDetail } from '../file-detail.ts';
import { createForm, type Form } from '../form.ts';
import { detailText } from '../record-text.ts';
import { customOf, type Field, field, postPeriod, type RecordType } from '../record-type.ts';
import { Records } from '../records.ts';
import type { DocumentView } from '../view.ts';
import { Workflow } from '../workflow.ts';
import { dayOf, type Site } from './shared.ts';

interface JournalLine {
  id: string;
  number: number;
  description: string | null;
  account: string;
  subaccount: string;
  debit: bigint;
  credit: bigint;
}

/** A batch of the ledger; `type` is its module, `amount` the sum of its debits. */
export interface Journal extends DocumentRecord {
  ledger: string;
  lines: readonly JournalLine[];
}

const modules = ['GL', 'AP', 'AR', 'CM', 'IN'] as const;
const statuses = [
  'On Hold',
  'Pending Approval',
  'Rejected',
  'Balanced',
  'Scheduled',
  'Unposted',
  'Posted',
  'Void',
] as const;

const fields: readonly Field<Journal>[] = [
  field('BatchNbr', 'string', (journal) => journal.ref),
  field('BranchID', 'string', (journal) => journal.branch),
  field('CreatedDateTime', 'datetime', (journal) => journal.createdAt),
  field('CurrencyID', 'string', (journal) => journal.currency),
  field('Description', 'string', (journal) => journal.description),
  field('Hold', 'boolean', (journal) => journal.status === 'On Hold'),
  field('LastModifiedDateTime', 'datetime', (journal) => journal.modifiedAt),
  field('LedgerID', 'string', (journal) => journal.ledger),
  field('Module', 'string', (journal) => journal.type),
  field('PostPeriod', 'string', (journal) => postPeriod(journal.date)),
  field('Status', 'string', (journal) => journal.status),
  field('TransactionDate', 'datetime', (journal) => journal.date),
];

const lineFields: readonly Field<JournalLine>[] = [
  field('Account', 'string', (line) => line.account),
  field('CreditAmount', 'decimal', (line) => line.credit),
  field('DebitAmount', 'decimal', (line) => line.debit),
  field('Description', 'string', () => null),
  field('LineNbr', 'int', (line) => line.number),
  field('ReferenceNbr', 'string', () => null),
  field('Subaccount', 'string', (line) => line.subaccount),
  field('TransactionDescription', 'string', (line) => line.description),
];

const record = (path: string): RecordType<Journal> => ({
  name: 'JournalTransaction',
  screen: 'GL301000',
  graph: 'PX.Objects.GL.JournalEntry',
  view: 'BatchModule',
  fields,
  details: {
    Details: {
      fields: lineFields.map(({ name }) => name),
      write: (journal, names) => detailText(journal.lines, lineFields, (line) => line.id, names),
    },
    files: filesDetail('Journal Transactions', path),
  },
  id: (journal) => journal.id,
  note: (journal) => journal.extras?.note ?? '',
  custom: customOf,
});

const changes = z.strictObject({
  ...commonChanges,
  status: z.enum(statuses).optional(),
  ledger: z.string().optional(),
  lines: z
    .array(
      z.object({
        description: text.default(null),
        account: z.string().default('60000'),
        subaccount: z.string().default('HMT-000'),
        debit: decimal.default(0n),
        credit: decimal.default(0n),
      }),
    )
    .optional(),
});
const newJournal = changes.extend(newKeys([...modules]));

const sum = ({ lines }: Journal, side: 'debit' | 'credit') => lines.reduce((total, line) => total + line[side], 0n);

/** Journal Transactions (GL301000): a batch may only leave hold when it balances. */
export function journalForm(site: Site): Form<Journal> {
  const { now, random, settings, path } = site;
  const records = new Records<Journal>(now, random, 901);
  const workflow = new Workflow<Journal>(
    records,
    {
      isApproved: true,
      approved: 'Balanced',
      from: { release: ['Balanced'] },
      check(journal) {
        if (sum(journal, 'debit') !== sum(journal, 'credit'))
          throw exception('Error: Batch is out of balance, please review.', 'PX.Data.PXRowPersistingException');
      },
      carryOut: (_journal, _action, _by, move) => move('Posted'),
    },
    settings,
    now,
  );

  function apply(journal: Journal, { lines, ...rest }: z.output<typeof changes>): void {
    applyChanges(journal, rest, workflow.map());
    if (lines) {
      journal.lines = lines.map((line, index) => ({ ...line, number: index + 1, id: lineId(journal.id, index) }));
      journal.amount = sum(journal, 'debit');
    } else if (rest.amount !== undefined) journal.lines = accrual(journal);
  }

  /** Two lines for the amount, where none were given. */
  function accrual({ id, amount, description }: Journal): JournalLine[] {
    if (amount === null) return [];
    const line = { description, subaccount: 'HMT-000', debit: 0n, credit: 0n };
    return [
      { ...line, id: lineId(id, 0), number: 1, account: '61000', debit: amount },
      { ...line, id: lineId(id, 1), number: 2, account: '21500', credit: amount },
    ];
  }

  return createForm<Journal, DocumentView>(
    {
      collection: 'journals',
      title: 'Journal Transactions',
      type: () => record(path),
      keys: { type: 'Module', reference: 'BatchNbr', usualType: 'GL' },
      address: { screen: 'GL301000', type: 'Module', reference: 'BatchNbr', codes: null },
      statuses,
      types: modules,
      declared: { ReleaseJournalTransaction: 'release' },
      shown: (journal) => ({
        party: null,
        day: journal.date,
        lines: journal.lines.map(({ description, account, subaccount, debit, credit }) => ({
          description,
          quantity: null,
          account: `${account} ${subaccount}`,
          amount: displayMoney(debit === 0n ? credit : debit),
          side: debit === 0n ? ('credit' as const) : ('debit' as const),
        })),
        facts: [
          ['Ledger', journal.ledger],
          ['Post period', postPeriod(journal.date)?.replace(/^(..)/, '$1-') ?? null],
        ],
      }),
      own: () => ({}),
      add(given) {
        const { type = 'GL', ref, modifiedAt, status = 'Pending Approval', ...rest } = newJournal.parse(given ?? {});
        const journal = records.add(
          {
            type,
            ref,
            modifiedAt,
            status,
            ledger: 'ACTUAL',
            lines: [],
            description: 'Accrual',
            amount: 2_500_0000n,
            currency: 'GBP',
            date: dayOf(now()),
            branch: 'HMT',
            steps: [],
            decisions: [],
            extras: null,
            createdBy: rest.createdBy ?? 'clerk',
            modifiedBy: 'clerk',
          },
          false,
        );
        apply(journal, { ...rest, status });
        if (journal.lines.length === 0 && rest.lines === undefined) journal.lines = accrual(journal);
        records.announceAdded(journal);
        return journal;
      },
      edit(journal, given) {
        const parsed = changes.parse(given);
        apply(journal, parsed);
        records.changed(journal, parsed.by ?? 'clerk', parsed.touch ?? true);
      },
    },
    { records, workflow, settings, path },
  );
}
