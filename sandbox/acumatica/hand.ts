import type { Bill } from './bill.ts';
import { type BillChanges, type BillFields, billChangesSchema, newBillSchema, writtenLines } from './bill-view.ts';
import { applyChanges } from './changes.ts';
import type { Parts } from './parts.ts';

type HandParts = Pick<Parts, 'bills' | 'maker' | 'vendors' | 'workflow'>;

/** The hand of another program or person in the ERP: adds and edits bills past the API and its rules. */
export class Hand {
  readonly #parts: HandParts;

  constructor(parts: HandParts) {
    this.#parts = parts;
  }

  /** A bill as it would come in, with these fields instead of its own. Throws ZodError or RangeError. */
  add(fields: BillFields): Bill {
    const { type, ref, modifiedAt, ...changes } = newBillSchema.parse(fields);
    const { bills, maker } = this.#parts;
    const draft = maker.draft(changes.status);
    const bill = bills.add(
      { ...draft, type: type ?? 'Bill', ref, createdBy: changes.createdBy ?? draft.createdBy },
      false,
    );
    this.#apply(bill, changes);
    if (changes.amount !== undefined && changes.balance === undefined) bill.balance = bill.amount;
    bill.modifiedAt = modifiedAt ?? bill.modifiedAt;
    bills.announceAdded(bill);
    return bill;
  }

  /** Changes a bill in whatever state it is. Throws ZodError. */
  edit(bill: Bill, changes: BillChanges): void {
    const parsed = billChangesSchema.parse(changes);
    this.#apply(bill, parsed);
    this.#parts.bills.changed(bill, parsed.by ?? 'clerk', parsed.touch ?? true);
  }

  #apply(bill: Bill, changes: ReturnType<typeof billChangesSchema.parse>): void {
    const { vendors, workflow } = this.#parts;
    const { vendor, vendorName, lines, project, taxTotal, order, discount, discountDate, ...plain } = changes;
    applyChanges(bill, plain, workflow.map());
    if (vendor !== undefined) bill.vendor = vendor;
    if (vendor && vendorName) vendors.get(vendor) ?? vendors.add(vendor, vendorName);
    else if (vendorName) bill.vendor = vendors.named(vendorName).code;
    if (lines) {
      bill.lines = writtenLines(bill, lines);
      if (changes.amount === undefined) bill.amount = bill.lines.reduce((sum, line) => sum + line.amount, 0n);
    } else if (changes.lineCount !== undefined) bill.lines = null;
    if (changes.amount !== undefined && changes.balance === undefined && bill.balance !== 0n)
      bill.balance = bill.amount;
    const extras = { project, taxTotal, order, discount, discountDate };
    const told = Object.fromEntries(Object.entries(extras).filter(([, value]) => value !== undefined));
    if (Object.keys(told).length > 0) bill.extras = { ...bill.extras, ...told };
  }
}
