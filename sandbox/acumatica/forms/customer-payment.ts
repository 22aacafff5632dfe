import { filesDetail } from '../file-detail.ts';
import { createForm, type Form } from '../form.ts';
import { customOf, type Field, field, type RecordType } from '../record-type.ts';
import { Records } from '../records.ts';
import type { DocumentView } from '../view.ts';
import { Workflow } from '../workflow.ts';
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

const types = ['Payment', 'Credit Memo', 'Prepayment', 'Refund', 'Voided Payment'] as const;
const statuses = [
  'On Hold',
  'Pending Approval',
  'Rejected',
  'Balanced',
  'Open',
  'Reserved',
  'Closed',
  'Voided',
] as const;

const fields: readonly Field<Payment>[] = [
  ...paymentFields,
  field('AppliedToDocuments', 'decimal', (payment) => (payment.amount ?? 0n) - unapplied(payment)),
  field('AvailableBalance', 'decimal', unapplied),
  field('Branch', 'string', (payment) => payment.branch),
  field('CustomerID', 'string', (payment) => payment.party),
];

const record = (path: string): RecordType<Payment> => ({
  name: 'Payment',
  screen: 'AR302000',
  graph: 'PX.Objects.AR.ARPaymentEntry',
  view: 'Document',
  fields,
  details: {
    DocumentsToApply: applicationRows(false),
    ApplicationHistory: applicationRows(true),
    files: filesDetail('Payments and Applications', path),
  },
  // Recorded: a list with this expansion ends in "Optimization cannot be performed.".
  unlistable: ['ApplicationHistory'],
  id: (payment) => payment.id,
  note: (payment) => payment.extras?.note ?? '',
  custom: customOf,
});

/** Payments and Applications (AR302000): money from customers, without an approval map. */
export function customerPaymentForm(site: Site): Form<Payment> {
  const { now, random, settings, customers, path } = site;
  const records = new Records<Payment>(now, random, 701);
  const workflow = new Workflow<Payment>(
    records,
    {
      isApproved: false,
      approved: 'Balanced',
      from: { release: ['Balanced'], void: ['Open', 'Closed'] },
      carryOut(payment, action, _by, move) {
        payment.isReleased = true;
        if (action === 'void') move('Voided');
        else move(unapplied(payment) === 0n ? 'Closed' : 'Open');
      },
    },
    settings,
    now,
  );
  return createForm<Payment, DocumentView>(
    {
      collection: 'payments',
      title: 'Payments and Applications',
      type: () => record(path),
      keys: { type: 'Type', reference: 'ReferenceNbr', usualType: 'Payment' },
      address: {
        screen: 'AR302000',
        type: 'DocType',
        reference: 'RefNbr',
        codes: { Payment: 'PMT', Prepayment: 'PPM', 'Credit Memo': 'CRM', Refund: 'REF', 'Voided Payment': 'RPM' },
      },
      statuses,
      types,
      declared: { ReleasePayment: 'release', VoidPayment: 'void' },
      shown: (payment) => shownPayment(payment, customers),
      own: () => ({}),
      ...byHand({ records, workflow }, paymentSchemas([...statuses], [...types]), customers, now),
    },
    { records, workflow, settings, path },
  );
}
