import { type Kind, workflowActions } from './kind.ts';

/** What a payment is applied to stands in Details until it is released, and in History from then on. */
const applied = (detail: string) => ({
  detail,
  type: 'DocType',
  reference: 'ReferenceNbr',
  amount: 'AmountPaid',
  kind: 'bill' as const,
});

/** Checks and Payments: to vendors. The entity is called Check; `Payment` is that of customers. */
export const payment: Kind = {
  kind: 'payment',
  cadence: '*/2 * * * *',
  entity: 'Check',
  screen: 'AP302000',
  key: { type: 'Type', reference: 'ReferenceNbr' },
  fields: {
    vendor: 'Vendor',
    amount: 'PaymentAmount',
    currency: 'CurrencyID',
    date: 'ApplicationDate',
    description: 'Description',
    cashAccount: 'CashAccount',
    method: 'PaymentMethod',
    paymentReference: 'PaymentRef',
  },
  applications: [applied('Details'), applied('History')],
  types: ['Payment', 'Check', 'Debit Adj.', 'Prepayment', 'Refund', 'Voided Refund', 'Voided Payment'],
  statuses: new Map([
    ['On Hold', ['held', 'unhold']],
    ['Pending Approval', ['waiting', 'approve', 'reject', 'hold']],
    ['Rejected', ['rejected']],
    ['Pending Print', ['ready']],
    ['Printed', ['ready', 'release']],
    ['Balanced', ['ready', 'release', 'hold']],
    ['Open', ['posted']],
    ['Reserved', ['posted']],
    ['Closed', ['closed']],
    ['Voided', ['voided']],
  ]),
  actions: { ...workflowActions('Check'), release: ['ReleaseCheck', 'Release'] },
  declared: ['release'],
  link: {
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
};
