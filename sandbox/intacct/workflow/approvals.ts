import { refusal } from '../errors.ts';
import type { Hand, Ledger } from '../ledger/ledger.ts';
import type { Row } from '../ledger/row.ts';
import { isoDay } from '../seed/calendar.ts';
import type { Settings } from '../settings.ts';
import { postBill } from './bills.ts';
import { complete, move, takeBack } from './payments.ts';

export interface Company {
  ledger: Ledger;
  settings: Settings;
  /** Milliseconds since the epoch. */
  now: () => number;
}

export const paymentActions = ['approve', 'decline', 'send', 'confirm', 'void'] as const;
export type PaymentAction = (typeof paymentActions)[number];

/** These are posted as soon as they are approved; checks and transfers are confirmed first. */
const postedOnApproval = new Set(['EFT', 'Cash', 'Credit Card']);

/** Throws FunctionFailed where the books of that day (ISO) are closed. */
export function checkOpen({ settings }: Company, day: string, undone: string): void {
  const closed = settings.booksClosedThrough;
  if (closed !== null && day <= closed) {
    throw refusal(`The date ${day} is in a closed period; the books are closed through ${closed}.`, undone, 'GL-0493');
  }
}

/** The session's user decides, and must be an approver of this level who did not enter the request. */
function checkApprover(payment: Row, settings: Settings, hand: Hand, undone: string): void {
  const level = Number(payment.level ?? 0);
  if (payment.STATE !== 'S' && payment.STATE !== 'PA') {
    throw refusal(`Payment request ${payment.RECORDNO} is not waiting for approval.`, undone);
  }
  const eligible = settings.paymentApprovers[level]?.includes(hand.userId);
  const own = payment.CREATEDBY === hand.userId && !settings.selfApproval;
  const again =
    level > 0 &&
    String(payment.approvedBy ?? '')
      .split(' ')
      .includes(hand.userId);
  if (!eligible || own || again) {
    throw refusal(`User ${hand.userId} is not an eligible approver of payment request ${payment.RECORDNO}.`, undone);
  }
}

/** Does one thing to a payment request as the user of `hand`. Throws FunctionFailed and then has changed nothing. */
export function actOnPayment(company: Company, payment: Row, action: PaymentAction, hand: Hand): void {
  const { ledger, settings, now } = company;
  const undone = `Could not ${action} payment request ${payment.RECORDNO}!`;
  const state = String(payment.STATE);
  if (action === 'approve' || action === 'decline') checkApprover(payment, settings, hand, undone);
  if (action === 'decline') move(ledger, payment, 'U', 'declined', hand);
  else if (action === 'approve') {
    const level = Number(payment.level ?? 0) + 1;
    const more = { level, approvedBy: `${payment.approvedBy ?? ''} ${hand.userId}`.trim() };
    if (level < settings.paymentApprovers.length) move(ledger, payment, 'PA', 'partially approved', hand, more);
    else {
      if (postedOnApproval.has(String(payment.PAYMENTMETHOD))) checkOpen(company, String(payment.WHENCREATED), undone);
      move(ledger, payment, 'A', 'approved', hand, more);
      if (postedOnApproval.has(String(payment.PAYMENTMETHOD))) complete(ledger, payment, isoDay(now()), hand);
    }
  } else if (action === 'send') {
    if (!settings.vendorPaymentServices) throw refusal('Vendor Payment Services are not subscribed.', undone);
    if (state !== 'A') throw refusal('Only an approved payment request can be sent.', undone);
    move(ledger, payment, 'E', 'sent', hand);
  } else if (action === 'confirm') {
    if (state !== 'A' && state !== 'E') throw refusal('Only an approved payment request can be confirmed.', undone);
    checkOpen(company, String(payment.WHENCREATED), undone);
    complete(ledger, payment, isoDay(now()), hand);
  } else {
    if (!['A', 'E', 'C'].includes(state)) throw refusal(`A payment in this state cannot be voided.`, undone);
    checkOpen(company, String(payment.WHENCREATED), undone);
    takeBack(ledger, payment, 'voided', hand);
  }
}

/** Approves or declines a submitted bill. Throws FunctionFailed. */
export function decideBill(
  company: Company,
  bill: Row,
  action: 'approve' | 'decline',
  comment: string,
  hand: Hand,
): void {
  const { ledger, settings } = company;
  const undone = `Could not ${action} bill ${bill.RECORDNO}!`;
  if (bill.STATE !== 'S' && bill.STATE !== 'PA')
    throw refusal(`Bill ${bill.RECORDID} is not waiting for approval.`, undone);
  const own = bill.CREATEDBY === hand.userId && !settings.selfApproval;
  if (!settings.billApprovers.includes(hand.userId) || own)
    throw refusal(`User ${hand.userId} is not an eligible approver of bill ${bill.RECORDID}.`, undone);
  if (action === 'approve') checkOpen(company, String(bill.WHENCREATED), undone);
  const workflow = action === 'approve' ? 'approved' : 'declined';
  const state = action === 'approve' ? { STATE: 'A', WHENPOSTED: bill.WHENCREATED ?? null } : { STATE: 'U' };
  ledger.change('APBILL', bill, { ...state, comment }, { ...hand, workflow });
  if (action === 'approve') postBill(ledger, bill, hand);
}
