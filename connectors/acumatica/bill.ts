import type { DocumentLine, ErpDocument } from '../../app/domain/document.ts';
import { dateField, decimalField, instantField, isRecord, textField, unexpected, type WireRecord } from './fields.ts';
import { billLink } from './link.ts';
import { phaseOf, possibleActions, type SiteActions } from './states.ts';

/** What the mapping needs to know of the site besides the record itself. */
export interface BillContext {
  site: string;
  tenant: string;
  actions: SiteActions;
  vendorName(code: string): string | null;
}

/** The part of a record by which rows are recognised and ordered, read before the rest. */
export interface BillStamp {
  id: string;
  type: string;
  reference: string;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

/** Throws PermanentError `unexpected_answer` for a record without keys. */
export function readStamp(record: unknown): BillStamp {
  if (!isRecord(record)) throw unexpected('a bill that is no record');
  const type = textField(record, 'Type');
  const reference = textField(record, 'ReferenceNbr');
  if (type === null || reference === null) throw unexpected('a bill without Type or ReferenceNbr');
  const modifiedAt = instantField(record, 'LastModifiedDateTime');
  if (modifiedAt === null) throw unexpected(`bill ${reference} without LastModifiedDateTime`);
  return { id: typeof record.id === 'string' ? record.id : `${type}|${reference}`, type, reference, modifiedAt };
}

function readLine(line: unknown): DocumentLine {
  if (!isRecord(line)) throw unexpected('a bill line that is no record');
  return {
    description: textField(line, 'TransactionDescription') ?? textField(line, 'Description'),
    quantity: decimalField(line, 'Qty', 0),
    amount: decimalField(line, 'Amount', 2) ?? decimalField(line, 'ExtendedCost', 2),
    account: textField(line, 'Account'),
  };
}

function readLines(details: unknown): DocumentLine[] {
  if (details === undefined || details === null) return [];
  if (!Array.isArray(details)) throw unexpected('bill lines that are no list');
  return details.map(readLine);
}

/** One Bill record as a document. Throws PermanentError `unexpected_answer` where a field is not what it has to be. */
export function readBill(record: WireRecord, context: BillContext): ErpDocument {
  const { id, type, reference, modifiedAt } = readStamp(record);
  const status = textField(record, 'Status') ?? '';
  const phase = phaseOf(status);
  const amount = decimalField(record, 'Amount', 2);
  const vendor = textField(record, 'Vendor');
  return {
    kind: 'bill',
    key: `${type}|${reference}`,
    erpId: typeof record.id === 'string' ? id : null,
    type,
    reference,
    status,
    phase,
    vendor: vendor === null ? null : { code: vendor, name: context.vendorName(vendor) },
    vendorReference: textField(record, 'VendorRef'),
    amount: amount === null ? null : { value: amount, currency: textField(record, 'CurrencyID') },
    date: dateField(record, 'Date'),
    dueDate: dateField(record, 'DueDate'),
    description: textField(record, 'Description'),
    terms: textField(record, 'Terms'),
    branch: textField(record, 'BranchID'),
    lines: readLines(record.Details),
    modifiedAt: new Date(modifiedAt).toISOString(),
    actions: possibleActions(phase, context.actions),
    link: billLink(context.site, context.tenant, type, reference),
  };
}
