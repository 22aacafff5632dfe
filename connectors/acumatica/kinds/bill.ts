import { type Kind, workflowActions } from './kind.ts';

/** Bills and Adjustments. Approving one (approval map) is one thing, releasing it to the ledger a later one. */
export const bill: Kind = {
  kind: 'bill',
  cadence: '* * * * *',
  entity: 'Bill',
  screen: 'AP301000',
  key: { type: 'Type', reference: 'ReferenceNbr' },
  fields: {
    vendor: 'Vendor',
    vendorReference: 'VendorRef',
    amount: 'Amount',
    currency: 'CurrencyID',
    date: 'Date',
    dueDate: 'DueDate',
    description: 'Description',
    terms: 'Terms',
    branch: 'BranchID',
  },
  lines: {
    detail: 'Details',
    fields: {
      description: ['TransactionDescription', 'Description'],
      quantity: ['Qty'],
      amount: ['Amount', 'ExtendedCost'],
      account: ['Account'],
      order: ['POOrderNbr'],
    },
  },
  types: ['Bill', 'Debit Adj.', 'Credit Adj.', 'Prepayment'],
  statuses: new Map([
    ['On Hold', ['held', 'unhold']],
    ['Pending Approval', ['waiting', 'approve', 'reject', 'hold']],
    ['Rejected', ['rejected']],
    ['Balanced', ['ready', 'release', 'hold']],
    ['Pre-Released', ['other']],
    ['Scheduled', ['other']],
    ['Under Reclassification', ['other']],
    ['Open', ['posted']],
    ['Reserved', ['posted']],
    ['Closed', ['closed']],
    ['Voided', ['voided']],
  ]),
  actions: { ...workflowActions('Bill'), release: ['ReleaseBill', 'Release'] },
  declared: ['release'],
  link: {
    type: 'DocType',
    reference: 'RefNbr',
    codes: { Bill: 'INV', 'Debit Adj.': 'ADR', 'Credit Adj.': 'ACR', Prepayment: 'PPM' },
  },
};
