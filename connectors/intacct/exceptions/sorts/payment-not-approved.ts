import type { Payment } from '../records.ts';
import { type Sort, solved } from '../sort.ts';

const clauses = {
  draft: 'the payment is a draft again',
  open: 'the payment is on its way again',
  refused: 'the payment was refused',
  done: 'the payment was made',
  'taken back': 'the payment was taken back',
} as const;

export const endByStanding = ({ standing }: Payment) => solved(clauses[standing]);

/** Refused by an approver: its bills stay chosen until somebody cancels the request. */
export const paymentNotApproved: Sort<Payment> = {
  id: 'not_approved',
  type: 'Payment was not approved',
  severity: 'warning',
  find: ({ standing }) => (standing === 'refused' ? {} : null),
  end: endByStanding,
};
