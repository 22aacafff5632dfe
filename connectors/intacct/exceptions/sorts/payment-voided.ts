import type { Payment } from '../records.ts';
import { type Sort, solved } from '../sort.ts';

/** A payment that takes the money back has an amount below zero. */
export const isReversal = ({ amount }: Payment) => amount?.value.startsWith('-') ?? false;

export const paymentVoided: Sort<Payment> = {
  id: 'voided',
  type: 'Payment was voided',
  severity: 'warning',
  notice: 'Voided',
  find: (payment) => (payment.standing === 'taken back' && !isReversal(payment) ? {} : null),
  end: () => solved('the payment stands again'),
};
