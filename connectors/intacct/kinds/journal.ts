import type { Kind } from './kind.ts';

/**
 * Journal entries, and what the sub-ledgers post. What is posted balances; a draft may not. Nothing approves one by the
 * API: writing its state would replace its lines.
 */
export const journal: Kind = {
  kind: 'journal',
  cadence: '*/10 * * * *',
  object: 'GLBATCH',
  fields: {
    reference: ['BATCHNO'],
    type: ['MODULE'],
    date: ['BATCH_DATE'],
    description: ['BATCH_TITLE'],
    ledger: ['JOURNAL'],
    branch: ['BASELOCATION_NAME', 'MEGAENTITYNAME', 'MEGAENTITYID'],
    createdBy: ['CREATEDBY'],
  },
  created: 'WHENCREATED',
  type: 'GL',
  typeOf: (module) => module.replace(/^\d+\./, ''),
  types: ['GL', 'AP', 'AR', 'EE', 'PO', 'CM'],
  statuses: new Map([
    ['Draft', ['held']],
    ['Submitted', ['waiting']],
    ['Partially Approved', ['waiting']],
    ['Declined', ['rejected']],
    ['Approved', ['ready']],
    ['Posted', ['closed']],
    ['Reversal Pending', ['waiting']],
    ['Reversed', ['voided']],
  ]),
  lines: {
    object: 'GLENTRY',
    // Its own number of the entry is in BATCH_NUMBER; BATCHNO holds that of the record.
    parent: 'BATCHNO',
    fields: { description: ['DESCRIPTION'], account: ['ACCOUNTNO'], subaccount: ['DEPARTMENT'] },
    sided: { side: 'TR_TYPE', currency: 'CURRENCY', own: 'TRX_AMOUNT', base: 'AMOUNT', statistical: 'STATISTICAL' },
  },
};
