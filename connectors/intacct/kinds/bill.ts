import { element, leaf } from '../xml/write.ts';
import type { Kind } from './kind.ts';

/** In the schema, on no page of the documentation; only where the administrator turns it on. */
const decide = (name: string) => (recordNo: string, reason: string | null) => {
  const comment = reason === null ? [] : [leaf('COMMENT', reason)];
  return { name, xml: element(name, element('APBILL', [leaf('RECORDNO', recordNo), ...comment])) };
};

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
    ['Submitted', ['waiting', 'approve', 'reject']],
    ['Partially Approved', ['waiting', 'approve', 'reject']],
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
  actions: { approve: decide('approve'), reject: decide('decline') },
  decidable: 'bill_decisions',
};
