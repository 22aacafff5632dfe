import type { Bill } from '../bill.ts';
import { filesDetail } from '../file-detail.ts';
import { createForm, type Form } from '../form.ts';
import { customOf, type Field, field, type RecordType } from '../record-type.ts';
import { Records } from '../records.ts';
import type { DocumentView } from '../view.ts';
import { type Rules, Workflow } from '../workflow.ts';
import {
  applicationRows,
  byHand,
  type Payment,
  paymentFields,
  paymentSchemas,
  shownPayment,
  unapplied,
} from './payment.ts';
import type { Site } from './shared.ts';

const types = [
  'Payment',
  'Debit Adj.',
  'Prepayment',
  'Refund',
  'Voided Refund',
  'Voided Payment',
  /** What older releases call a payment. */
  'Check',
] as const;
const statuses = [
  'On Hold',
  'Pending Approval',
  'Rejected',
  'Pending Print',
  'Printed',
  'Balanced',
  'Open',
  'Reserved',
  'Closed',
  'Voided',
] as const;

const fields: readonly Field<Payment>[] = [
  ...paymentFields,
  field('UnappliedBalance', 'decimal', unapplied),
  field('Vendor', 'string', (payment) => payment.party),
];

const record = (path: string): RecordType<Payment> => ({
  name: 'Check',
  screen: 'AP302000',
  graph: 'PX.Objects.AP.APPaymentEntry',
  view: 'Document',
  fields,
  // What it is applied to stands in Details until the release, and in History from then on.
  details: {
    Details: applicationRows(false),
    History: applicationRows(true),
    files: filesDetail('Checks and Payments', path),
  },
  id: (payment) => payment.id,
  note: (payment) => payment.extras?.note ?? '',
  custom: customOf,
});

/** Takes what is paid off a bill, or puts it back. */
function pay(bills: Records<Bill>, { applied }: Payment, by: string): void {
  for (const { type, ref, amount } of applied) {
    const bill = bills.byKey(type, ref);
    if (!bill) continue;
    bill.balance = (bill.balance ?? 0n) - amount;
    bill.status = bill.balance === 0n ? 'Closed' : 'Open';
    bills.changed(bill, by);
  }
}

function checkRules(checks: Records<Payment>, bills: Records<Bill>): Rules<Payment> {
  return {
    isApproved: true,
    approved: 'Balanced',
    from: { release: ['Balanced', 'Printed'], void: ['Open', 'Closed'] },
    carryOut(check, action, by, move) {
      if (action === 'release') {
        check.isReleased = true;
        pay(bills, check, by);
        return move(unapplied(check) === 0n ? 'Closed' : 'Open');
      }
      // The voiding document takes everything back under the same number; it is released at once here.
      const { modifiedAt: _, ...copy } = check;
      const applied = check.applied.map((row) => ({ ...row, amount: -row.amount }));
      const amount = -(check.amount ?? 0n);
      const voiding = checks.add({ ...copy, type: 'Voided Payment', status: 'Closed', amount, applied, createdBy: by });
      pay(bills, voiding, by);
      move('Voided');
    },
  };
}

/** Checks and Payments (AP302000): money to vendors. */
export function checkForm(site: Site, bills: Records<Bill>): Form<Payment> {
  const { now, random, settings, vendors, path } = site;
  const records = new Records<Payment>(now, random, 501);
  const workflow = new Workflow(records, checkRules(records, bills), settings, now);
  return createForm<Payment, DocumentView>(
    {
      collection: 'checks',
      title: 'Checks and Payments',
      type: () => record(path),
      keys: { type: 'Type', reference: 'ReferenceNbr', usualType: 'Payment' },
      address: {
        screen: 'AP302000',
        type: 'DocType',
        reference: 'RefNbr',
        codes: {
          Payment: 'CHK',
          Check: 'CHK',
          'Debit Adj.': 'ADR',
          Prepayment: 'PPM',
          Refund: 'REF',
          'Voided Payment': 'VCK',
        },
      },
      statuses,
      types,
      declared: { ReleaseCheck: 'release', VoidCheck: 'void' },
      shown: (payment) => shownPayment(payment, vendors),
      own: () => ({}),
      ...byHand({ records, workflow }, paymentSchemas([...statuses], [...types]), vendors, now),
    },
    { records, workflow, settings, path },
  );
}
