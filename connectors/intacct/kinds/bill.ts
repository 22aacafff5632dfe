import type { Kind } from './kind.ts';

/** Bills. One that comes from Purchasing is deleted and made again under a new number when it changes. */
export const bill: Kind = {
  kind: 'bill',
  cadence: '*/5 * * * *',
  object: 'APBILL',
  fields: {
    reference: ['RECORDID'],
    vendorReference: ['DOCNUMBER'],
    amount: ['TRX_TOTALENTERED', 'TOTALENTERED'],
    currency: ['CURRENCY', 'BASECURR'],
    vendorCode: ['VENDORID'],
    vendorName: ['VENDORNAME'],
    date: ['WHENCREATED'],
    dueDate: ['WHENDUE'],
    description: ['DESCRIPTION'],
    terms: ['TERMNAME'],
    branch: ['MEGAENTITYNAME', 'MEGAENTITYID'],
    createdBy: ['CREATEDBY'],
  },
  created: 'AUWHENCREATED',
  type: 'Bill',
  types: ['Bill'],
  statuses: new Map([
    ['Draft', ['held']],
    ['Analyzing', ['other']],
    ['Submitted', ['waiting']],
    ['Partially Approved', ['waiting']],
    ['Declined', ['rejected']],
    ['Approved', ['ready']],
    ['Posted', ['posted']],
    ['Selected', ['posted']],
    ['Partially Paid', ['posted']],
    ['Paid', ['closed']],
    ['Reversed', ['voided']],
    ['Reversal', ['voided']],
  ]),
  lines: {
    object: 'APBILLITEM',
    parent: 'RECORDKEY',
    fields: {
      description: ['ENTRYDESCRIPTION'],
      amount: ['TRX_AMOUNT', 'AMOUNT'],
      account: ['ACCOUNTNO'],
    },
  },
};
