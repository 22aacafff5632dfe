import { parseMoney } from '../money.ts';
import type { Bill, BillType } from './bill.ts';
import { billTypes } from './bill.ts';
import { linesFromBody } from './bill-put-lines.ts';
import { type Body, given } from './body-field.ts';
import { ErpError } from './erp-error.ts';
import type { Parts } from './parts.ts';
import { checkPreconditions, givenText, type PutOptions, putTarget } from './put.ts';

type BillDesk = Pick<Parts, 'bills' | 'vendors' | 'workflow' | 'settings' | 'now'>;

const dayMs = 86_400_000;

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

function insert(parts: BillDesk, body: Body, by: string): Bill {
  const { bills, vendors, now } = parts;
  const problems = new Map<string, string>();
  const type = givenText(body, 'Type') ?? 'Bill';
  if (!billTypes.includes(type as BillType)) problems.set('Type', `'${type}' is not a type of document.`);
  if (!givenText(body, 'Vendor')) problems.set('Vendor', "'Vendor' cannot be empty.");
  else if (!vendors.get(givenText(body, 'Vendor') ?? null))
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
      branch: givenText(body, 'BranchID') ?? 'HMT',
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
function update(parts: BillDesk, bill: Bill, body: Body, by: string): void {
  const { vendors, workflow, bills } = parts;
  const problems = new Map<string, string>();
  const editable = bill.status === 'On Hold';
  const vendor = givenText(body, 'Vendor');
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
  const [vendorRef, description, terms] = [
    givenText(body, 'VendorRef'),
    givenText(body, 'Description'),
    givenText(body, 'Terms'),
  ];
  if (vendorRef !== undefined) bill.vendorRef = vendorRef;
  if (description !== undefined) bill.description = description;
  if (terms !== undefined) bill.terms = terms;
  const [date, dueDate, amount, note] = [
    givenText(body, 'Date'),
    givenText(body, 'DueDate'),
    givenText(body, 'Amount'),
    givenText(body, 'note'),
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

const keys = { type: 'Type', reference: 'ReferenceNbr', usualType: 'Bill' };

/** PUT and PATCH: finds by id, keys or filter, inserts where nothing is found. Throws ErpError. */
export function putBill(parts: BillDesk, body: Body, options: PutOptions<Bill>): Bill {
  const found = putTarget({ records: parts.bills, settings: parts.settings }, keys, body, options.byFilter);
  checkPreconditions(found, options);
  const bill = found ?? insert(parts, body, options.by);
  try {
    update(parts, bill, body, options.by);
  } catch (error) {
    if (!found) parts.bills.remove(bill);
    throw error;
  }
  return bill;
}
