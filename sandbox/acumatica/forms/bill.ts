import { randomUUID } from 'node:crypto';
import { displayMoney } from '../../money.ts';
import { type Bill, billStatuses, billTypes, docTypes } from '../bill.ts';
import { linesOf } from '../bill-lines.ts';
import type { BillMaker } from '../bill-maker.ts';
import { putBill } from '../bill-put.ts';
import { billRecord } from '../bill-record.ts';
import type { BillView } from '../bill-view.ts';
import { createForm, type Form } from '../form.ts';
import { Hand } from '../hand.ts';
import type { Records } from '../records.ts';
import { dayOrNull, moneyOrNull } from '../view.ts';
import type { Rules, Workflow } from '../workflow.ts';
import type { Site } from './shared.ts';

/** Reversing a bill enters an adjustment of the other direction, on hold. */
export function billRules(bills: Records<Bill>): Rules<Bill> {
  return {
    isApproved: true,
    approved: 'Balanced',
    from: { release: ['Balanced', 'Under Reclassification'], reverse: ['Open', 'Closed'] },
    carryOut(bill, action, by, move) {
      if (action !== 'reverse') return move('Open');
      const { ref: _, modifiedAt: __, ...copy } = bill;
      const type = bill.type === 'Bill' ? 'Debit Adj.' : 'Credit Adj.';
      bills.add({ ...copy, type, status: 'On Hold', decisions: [], createdBy: by, modifiedBy: by });
      bills.changed(bill, by);
    },
  };
}

/** Bills and Adjustments (AP301000). */
export function billForm(
  site: Site,
  { bills, workflow, maker }: { bills: Records<Bill>; workflow: Workflow<Bill>; maker: BillMaker },
): Form<Bill, BillView> {
  const { settings, vendors, path, now } = site;
  const hand = new Hand({ bills, maker, vendors, workflow });
  const lineIdOf = (line: { id: string }) => (settings.lineIds === 'stable' ? line.id : randomUUID());
  return createForm<Bill, BillView>(
    {
      collection: 'bills',
      title: 'Bills and Adjustments',
      type: () => billRecord(lineIdOf, path),
      keys: { type: 'Type', reference: 'ReferenceNbr', usualType: 'Bill' },
      address: { screen: 'AP301000', type: 'DocType', reference: 'RefNbr', codes: docTypes },
      statuses: billStatuses,
      types: billTypes,
      declared: { ReleaseBill: 'release', ReverseBill: 'reverse' },
      shown: (bill) => ({
        party: { code: bill.vendor, name: vendors.get(bill.vendor)?.name ?? null },
        day: bill.dueDate,
        lines: linesOf(bill).map(({ description, quantity, account, amount }) => ({
          description,
          quantity: displayMoney(quantity),
          amount: displayMoney(amount),
          account,
        })),
        facts: [
          ['Vendor ref.', bill.vendorRef],
          ['Due', dayOrNull(bill.dueDate)],
          ['Terms', bill.terms],
          ['Balance', moneyOrNull(bill.balance)],
          ['Cash discount', bill.extras?.discount ? moneyOrNull(bill.extras.discount) : null],
          ['Discount until', bill.extras?.discount ? dayOrNull(bill.extras.discountDate ?? bill.date) : null],
          ['Purchase order', bill.extras?.order ?? null],
        ],
      }),
      own: (bill) => ({
        status: bill.status,
        vendor: bill.vendor,
        vendorName: vendors.get(bill.vendor)?.name ?? null,
        vendorRef: bill.vendorRef,
        balance: moneyOrNull(bill.balance),
        dueDate: dayOrNull(bill.dueDate),
        terms: bill.terms,
      }),
      add: (fields) => hand.add(fields as Parameters<Hand['add']>[0]),
      edit: (bill, changes) => hand.edit(bill, changes as Parameters<Hand['edit']>[1]),
      put: (body, options) => putBill({ bills, vendors, workflow, settings, now }, body, options),
    },
    { records: bills, workflow, settings, path },
  );
}
