import { displayMoney } from '../money.ts';
import { readTreasury, type TreasuryRow } from '../treasury.ts';
import type { Bill } from './bill.ts';
import type { Form } from './form.ts';
import type { Journal } from './forms/journal.ts';
import type { Payment } from './forms/payment.ts';
import type { PurchaseOrder } from './forms/purchase-order.ts';
import type { Records } from './records.ts';
import type { Vendors } from './vendors.ts';
import { dayOrNull } from './view.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

export interface OtherForms {
  purchaseOrders: Form<PurchaseOrder>;
  checks: Form<Payment>;
  payments: Form<Payment>;
  journals: Form<Journal>;
}

interface Making {
  status?: string;
  modifiedAt?: number;
}

/** Makes the documents around the bills out of the same published payments: orders before them, checks after, and the rest. */
export class DocumentMaker {
  readonly #rows = readTreasury();
  readonly #forms: OtherForms;
  readonly #bills: Records<Bill>;
  readonly #customers: Vendors;
  readonly #now: () => number;
  #made = 0;

  constructor(forms: OtherForms, bills: Records<Bill>, customers: Vendors, now: () => number) {
    this.#forms = forms;
    this.#bills = bills;
    this.#customers = customers;
    this.#now = now;
  }

  /** What preceded and what paid the bills that are there, and some of every other kind in all sorts of states. */
  seed(): void {
    for (const [index, bill] of this.#bills.inOrder('insertion').entries()) {
      if (index % 4 === 0) this.#orderBefore(bill);
      if (bill.status === 'Closed') this.pay(bill, 'Closed', bill.modifiedAt);
    }
    const makers: [make: (making: Making) => void, statuses: readonly string[]][] = [
      [(making) => this.#order(making), ['Open', 'Pending Approval', 'On Hold', 'Rejected', 'Pending Approval']],
      [(making) => this.#receipt(making), ['Open', 'Balanced', 'Closed', 'On Hold']],
      [(making) => this.#journal(making), ['Posted', 'Pending Approval', 'Balanced', 'On Hold', 'Posted']],
      [(making) => this.#check(making), ['Pending Approval', 'On Hold', 'Balanced']],
    ];
    for (const [make, statuses] of makers) {
      for (const [index, status] of statuses.entries()) {
        make({ status, modifiedAt: Math.floor(this.#now() - (statuses.length - index) * 5.3 * hourMs) });
      }
    }
  }

  /** One document that is no bill, as it comes in now: an order, a journal, a payment of a customer, in turn. */
  arrive(): void {
    const makers = [() => this.#order({}), () => this.#journal({}), () => this.#receipt({ status: 'Balanced' })];
    makers[this.#made % makers.length]?.();
  }

  /** A check for all that is open of a bill. */
  pay(bill: Bill, status = 'Balanced', modifiedAt?: number): Payment {
    const open = status === 'Closed' ? bill.amount : bill.balance;
    return this.#forms.checks.add({
      status,
      modifiedAt,
      party: bill.vendor,
      description: `Payment of ${bill.vendorRef ?? bill.ref}`,
      date: dayOrNull(modifiedAt ?? this.#now()),
      branch: bill.branch,
      pays: [{ type: bill.type, ref: bill.ref, amount: displayMoney(open ?? 0n) }],
    });
  }

  #next(): TreasuryRow {
    // Beginning elsewhere than the bills do, so that not everything is there twice.
    const row = this.#rows[(this.#made + 97) % this.#rows.length];
    if (!row) throw new RangeError('the treasury file is empty');
    this.#made += 1;
    return row;
  }

  #orderBefore(bill: Bill): void {
    const order = this.#forms.purchaseOrders.add({
      status: 'Closed',
      vendor: bill.vendor,
      amount: displayMoney(bill.amount ?? 0n),
      description: bill.description,
      branch: bill.branch,
      date: dayOrNull((bill.date ?? this.#now()) - 21 * dayMs),
      promisedOn: dayOrNull((bill.date ?? this.#now()) - 7 * dayMs),
      modifiedAt: bill.modifiedAt - hourMs,
    });
    bill.extras = { ...bill.extras, order: order.ref };
  }

  #order(making: Making): void {
    const { vendor, amount, description, branch } = this.#next();
    this.#forms.purchaseOrders.add({ ...making, vendor, amount: displayMoney(amount), description, branch });
  }

  #receipt(making: Making): void {
    const { vendorName, amount, branch } = this.#next();
    const party = this.#customers.named(vendorName).code;
    const description = `Recharge of shared services to ${vendorName}`;
    this.#forms.payments.add({ ...making, party, amount: displayMoney(amount), description, branch });
  }

  #journal(making: Making): void {
    const { amount, expenseType, branch } = this.#next();
    this.#forms.journals.add({
      ...making,
      amount: displayMoney(amount),
      description: `Accrual: ${expenseType}`,
      branch,
    });
  }

  #check(making: Making): void {
    const { vendor, amount, description, branch } = this.#next();
    const type = 'Prepayment';
    this.#forms.checks.add({ ...making, type, party: vendor, amount: displayMoney(amount), description, branch });
  }
}
