import type { Payment } from '../records.ts';
import { type Sort, solved } from '../sort.ts';
import { isOlder } from './journal-ends.ts';
import { endByStanding } from './payment-not-approved.ts';

/** Asked for, or approved, and not made for too long. */
export const paymentStuck: Sort<Payment> = {
  id: 'stuck',
  type: 'Payment is stuck',
  severity: 'warning',
  find: (payment, { at, stuckMs }) => (payment.standing === 'open' && isOlder(payment, at, stuckMs) ? {} : null),
  end: (payment) =>
    payment.standing === 'open' ? solved('somebody has worked on the payment') : endByStanding(payment),
};
