import { type Kind, workflowActions } from './kind.ts';

/**
 * Payments and Applications: from customers. What they are applied to is not read: until the release it stands in one
 * detail and from then on in another, whose expansion no list survives ("Optimization cannot be performed.").
 */
export const customerPayment: Kind = {
  kind: 'customer_payment',
  cadence: '*/5 * * * *',
  entity: 'Payment',
  screen: 'AR302000',
  key: { type: 'Type', reference: 'ReferenceNbr' },
  fields: {
    customer: 'CustomerID',
    amount: 'PaymentAmount',
    currency: 'CurrencyID',
    date: 'ApplicationDate',
    description: 'Description',
    branch: 'Branch',
    cashAccount: 'CashAccount',
    method: 'PaymentMethod',
    paymentReference: 'PaymentRef',
  },
  types: ['Payment', 'Credit Memo', 'Prepayment', 'Refund', 'Voided Payment'],
  statuses: new Map([
    ['On Hold', ['held', 'unhold']],
    ['Pending Approval', ['waiting', 'approve', 'reject', 'hold']],
    ['Rejected', ['rejected']],
    ['Balanced', ['ready', 'release', 'hold']],
    ['Open', ['posted']],
    ['Reserved', ['posted']],
    ['Closed', ['closed']],
    ['Voided', ['voided']],
  ]),
  actions: { ...workflowActions('Payment'), release: ['ReleasePayment', 'Release'] },
  declared: ['release'],
  link: {
    type: 'DocType',
    reference: 'RefNbr',
    codes: { Payment: 'PMT', Prepayment: 'PPM', 'Credit Memo': 'CRM', Refund: 'REF', 'Voided Payment': 'RPM' },
  },
};
