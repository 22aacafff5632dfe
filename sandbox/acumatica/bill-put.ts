import type { Bill, BillType } from './bill.ts';
import { billTypes } from './bill.ts';
import { linesFromBody } from './bill-put-lines.ts';
import { type Body, given } from './body-field.ts';
import { ErpError, noEntity } from './erp-error.ts';
import type { Test } from './filter/compile.ts';
import { parseMoney } from './money.ts';
import type { Parts } from './parts.ts';

export interface PutOptions {
  byFilter: Test<Bill> | null;
  onlyInsert: boolean;
  onlyUpdate: boolean;
  /** Status where an update finds no record. */
  missingStatus: 404 | 412;
  by: string;
}

const dayMs = 86_400_000;

function text(body: Body, name: string): string | null | undefined {
  const value = given(body, name);
  return value === undefined || value === null ? value : String(value);
}

/** The entity as it was sent, with what is wrong on top and on each field. */
function refused(body: Body, problems: ReadonlyMap<string, string>): ErpError {
  const fields = [...problems].map(([name, error]) => [name, { ...(body[name] as object | undefined), error }]);
  const all = [...problems].map(([name, error]) => `${name}: ${error}`).join('\r\n');
  return new ErpError(422, {
    ...body,
    ...Object.fromEntries(fields),
    error: `PX.Data.PXOuterException: Error: ${all}`,
  });
}

function target(parts: Parts, body: Body, byFilter: Test<Bill> | null): Bill | undefined {
  const { bills, settings } = parts;
  if (typeof body.id === 'string') {
    const bill = bills.byId(body.id);
    if (!bill) throw noEntity(settings.missingRecordStatus);
    return bill;
  }
  const [type, ref] = [text(body, 'Type') ?? 'Bill', text(body, 'ReferenceNbr')];
  if (ref && ref !== '<NEW>') return bills.byKey(type, ref);
  return byFilter ? bills.inOrder('key').find(byFilter) : undefined;
}

function insert(parts: Parts, body: Body, by: string): Bill {
  const { bills, vendors, now } = parts;
  const problems = new Map<string, string>();
  const type = text(body, 'Type') ?? 'Bill';
  if (!billTypes.includes(type as BillType)) problems.set('Type', `'${type}' is not a type of document.`);
  if (!text(body, 'Vendor')) problems.set('Vendor', "'Vendor' cannot be empty.");
  else if (!vendors.get(text(body, 'Vendor') ?? null))
    problems.set('Vendor', "'Vendor' cannot be found in the system.");
  if (problems.size > 0) throw refused(body, problems);
  const today = Math.floor(now() / dayMs) * dayMs;
  return bills.add(
    {
      type: type as BillType,
      status: 'On Hold',
      vendor: null,
      vendorRef: null,
      description: null,
      amount: 0n,
      balance: 0n,
      currency: 'GBP',
      date: today,
      dueDate: today + 30 * dayMs,
      terms: '30D',
      branch: text(body, 'BranchID') ?? 'HMT',
      lineText: 'Entered through the API',
      lineCount: 1,
      lines: [],
      steps: [],
      decisions: [],
      extras: null,
      createdBy: by,
      modifiedBy: by,
    },
    false,
  );
}

/** Changes to one bill, checked as a whole and then made: the plain fields, the lines, the hold. */
function update(parts: Parts, bill: Bill, body: Body, by: string): void {
  const { vendors, workflow, bills } = parts;
  const problems = new Map<string, string>();
  const editable = bill.status === 'On Hold';
  const vendor = text(body, 'Vendor');
  if (vendor !== undefined && !vendors.get(vendor)) problems.set('Vendor', "'Vendor' cannot be found in the system.");
  for (const name of ['Vendor', 'VendorRef', 'Amount', 'Date', 'BranchID', 'Terms', 'Details']) {
    if (body[name] !== undefined && !editable)
      problems.set(name, `'${name}' cannot be changed: the document is not on hold.`);
  }
  const lines = Array.isArray(body.Details) && editable ? linesFromBody(bill, body.Details) : null;
  if (lines?.problems)
    throw new ErpError(422, { ...body, Details: lines.problems, error: 'Inserting a row raised an error.' });
  if (problems.size > 0) throw refused(body, problems);

  const hold = given(body, 'Hold');
  if (hold === true && bill.status !== 'On Hold') workflow.check(bill, 'hold');
  if (vendor) bill.vendor = vendors.get(vendor)?.code ?? null;
  const [vendorRef, description, terms] = [text(body, 'VendorRef'), text(body, 'Description'), text(body, 'Terms')];
  if (vendorRef !== undefined) bill.vendorRef = vendorRef;
  if (description !== undefined) bill.description = description;
  if (terms !== undefined) bill.terms = terms;
  const [date, dueDate, amount, note] = [
    text(body, 'Date'),
    text(body, 'DueDate'),
    text(body, 'Amount'),
    text(body, 'note'),
  ];
  if (date) bill.date = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  if (dueDate) bill.dueDate = Date.parse(`${dueDate.slice(0, 10)}T00:00:00Z`);
  if (amount) {
    bill.amount = parseMoney(amount);
    if (bill.lines?.length === 0) bill.lines = null;
  }
  if (note !== undefined) bill.extras = { ...bill.extras, note: note ?? '' };
  if (lines?.lines) {
    bill.lines = lines.lines;
    bill.amount = lines.lines.reduce((sum, line) => sum + line.amount, 0n);
  }
  if (amount || lines) bill.balance = bill.amount;
  if (hold === true && bill.status !== 'On Hold') workflow.act(bill, 'hold', { username: by, role: 'service' }, null);
  else if (hold === false && bill.status === 'On Hold') workflow.startApproval(bill, by);
  else bills.changed(bill, by);
}

/** PUT and PATCH: finds by id, keys or filter, inserts where nothing is found. Throws ErpError. */
export function putBill(parts: Parts, body: Body, options: PutOptions): Bill {
  const found = target(parts, body, options.byFilter);
  if (found ? options.onlyInsert : options.onlyUpdate) {
    const status = found ? 412 : options.missingStatus;
    throw new ErpError(status, { message: 'The precondition of the request is not met.' });
  }
  const bill = found ?? insert(parts, body, options.by);
  try {
    update(parts, bill, body, options.by);
  } catch (error) {
    if (!found) parts.bills.remove(bill);
    throw error;
  }
  return bill;
}
