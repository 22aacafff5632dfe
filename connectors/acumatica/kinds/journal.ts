import { type Kind, workflowActions } from './kind.ts';

/** Journal Transactions: a batch of the ledger. Its Module stands where other documents have their Type. */
export const journal: Kind = {
  kind: 'journal',
  cadence: '*/5 * * * *',
  entity: 'JournalTransaction',
  screen: 'GL301000',
  key: { type: 'Module', reference: 'BatchNbr' },
  fields: {
    currency: 'CurrencyID',
    date: 'TransactionDate',
    description: 'Description',
    branch: 'BranchID',
    ledger: 'LedgerID',
    period: 'PostPeriod',
  },
  lines: {
    detail: 'Details',
    fields: {
      description: ['TransactionDescription', 'Description'],
      account: ['Account'],
      subaccount: ['Subaccount'],
      debit: ['DebitAmount'],
      credit: ['CreditAmount'],
    },
  },
  totalled: true,
  types: ['GL', 'AP', 'AR', 'CM', 'IN', 'PM'],
  statuses: new Map([
    ['On Hold', ['held', 'unhold']],
    ['Pending Approval', ['waiting', 'approve', 'reject', 'hold']],
    ['Rejected', ['rejected']],
    ['Balanced', ['ready', 'release', 'hold']],
    ['Scheduled', ['other']],
    ['Unposted', ['posted']],
    ['Posted', ['closed']],
    ['Void', ['voided']],
  ]),
  actions: { ...workflowActions('JournalTransaction'), release: ['ReleaseJournalTransaction', 'Release'] },
  declared: ['release'],
  link: { type: 'Module', reference: 'BatchNbr', codes: null },
};
