import { element, leaf } from '../xml/write.ts';
import type { Kind } from './kind.ts';

/** They take no reason, and act as the session's user. */
const decide = (name: string) => (recordNo: string) => ({
  name,
  xml: element(name, element('appaymentkeys', leaf('appaymentkey', recordNo))),
});

/**
 * Payments to vendors, from the request on. An approver's refusal has no published code, and its label differs from
 * source to source; `Draft` is no refusal.
 */
export const payment: Kind = {
  kind: 'payment',
  cadence: '*/5 * * * *',
  object: 'APPYMT',
  fields: {
    reference: ['RECORDID'],
    amount: ['TRX_TOTALENTERED', 'TOTALENTERED'],
    currency: ['CURRENCY', 'BASECURR'],
    vendorCode: ['VENDORID'],
    vendorName: ['VENDORNAME'],
    date: ['WHENCREATED'],
    description: ['DESCRIPTION'],
    branch: ['MEGAENTITYNAME', 'MEGAENTITYID'],
    cashAccount: ['FINANCIALENTITY'],
    method: ['PAYMENTMETHOD'],
    paymentReference: ['DOCNUMBER'],
    createdBy: ['CREATEDBY'],
  },
  created: 'AUWHENCREATED',
  type: 'Payment',
  types: ['Payment'],
  statuses: new Map([
    ['Draft', ['held']],
    ['Pending', ['other']],
    ['Submitted', ['waiting', 'approve', 'reject']],
    ['Partially Approved', ['waiting', 'approve', 'reject']],
    ['Unapproved', ['rejected']],
    ['Declined', ['rejected']],
    ['Approved', ['ready']],
    ['Delivered', ['ready']],
    ['Confirmed', ['posted']],
    ['Posted', ['posted']],
    ['Complete', ['posted']],
    ['Closed', ['closed']],
    ['Voided', ['voided']],
    ['Reversed', ['voided']],
    ['Deleted', ['voided']],
  ]),
  applications: {
    object: 'APPYMTDETAIL',
    parent: 'PAYMENTKEY',
    bill: 'RECORDKEY',
    credit: 'ADJUSTMENTKEY',
    amount: ['TRX_PAYMENTAMOUNT', 'PAYMENTAMOUNT'],
    of: { object: 'APBILL', reference: 'RECORDID', type: 'Bill', kind: 'bill' },
  },
  actions: { approve: decide('approve_appaymentrequest'), reject: decide('decline_appaymentrequest') },
};
