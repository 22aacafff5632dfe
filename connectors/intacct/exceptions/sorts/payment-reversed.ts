import type { Payment } from '../records.ts';
import { type Sort, solved } from '../sort.ts';
import { isReversal } from './payment-voided.ts';

/** The payment that takes another one's money back: that a bank refused one shows in no other way. */
export const paymentReversed: Sort<Payment> = {
  id: 'reversed',
  type: 'Payment was reversed',
  severity: 'warning',
  notice: 'Reversed',
  find: (payment) => (isReversal(payment) ? {} : null),
  end: () => solved('the payment stands again'),
};
