import type { Bill } from './bill.ts';
import { type BillChanges, type BillFields, billChangesSchema, newBillSchema, writtenLines } from './bill-view.ts';
import type { Parts } from './parts.ts';

/** The hand of another program or person in the ERP: adds and edits bills past the API and its rules. */
export class Hand {
  readonly #parts: Parts;

  constructor(parts: Parts) {
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
    const { vendors } = this.#parts;
    const { vendor, vendorName, lines, note, project, taxTotal, custom, by: _, touch: __, ...plain } = changes;
    for (const [name, value] of Object.entries(plain)) if (value !== undefined) Object.assign(bill, { [name]: value });
    if (plain.status === 'Pending Approval') {
      bill.steps = plain.steps ?? this.#parts.settings.approvalMap;
      bill.decisions = [];
    }
    if (vendor !== undefined) bill.vendor = vendor;
    if (vendor && vendorName) vendors.get(vendor) ?? vendors.add(vendor, vendorName);
    else if (vendorName) bill.vendor = vendors.named(vendorName).code;
    if (lines) {
      bill.lines = writtenLines(bill, lines);
      if (changes.amount === undefined) bill.amount = bill.lines.reduce((sum, line) => sum + line.amount, 0n);
    } else if (changes.lineCount !== undefined) bill.lines = null;
    if (changes.amount !== undefined && changes.balance === undefined && bill.balance !== 0n)
      bill.balance = bill.amount;
    const extras = { note, project, taxTotal, custom };
    const told = Object.fromEntries(Object.entries(extras).filter(([, value]) => value !== undefined));
    if (Object.keys(told).length > 0) bill.extras = { ...bill.extras, ...told };
  }
}
