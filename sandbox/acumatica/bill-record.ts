import type { Bill, BillLine } from './bill.ts';
import { linesOf } from './bill-lines.ts';
import { filesDetail } from './file-detail.ts';
import { detailText } from './record-text.ts';
import { customOf, emptyDetail, type Field, field, postPeriod, type RecordType } from './record-type.ts';

const billFields: readonly Field<Bill>[] = [
  field('Amount', 'decimal', (bill) => bill.amount),
  field('ApprovedForPayment', 'boolean', (bill) => bill.extras?.approvedForPayment ?? false),
  field('Balance', 'decimal', (bill) => bill.balance),
  field('BranchID', 'string', (bill) => bill.branch),
  field('CashAccount', 'string', () => null),
  field('CurrencyID', 'string', (bill) => bill.currency),
  field('Date', 'datetime', (bill) => bill.date),
  field('Description', 'string', (bill) => bill.description),
  field('DueDate', 'datetime', (bill) => bill.dueDate),
  field('Hold', 'boolean', (bill) => bill.status === 'On Hold'),
  field('IsTaxValid', 'boolean', () => false),
  field('LastModifiedDateTime', 'datetime', (bill) => bill.modifiedAt),
  field('LocationID', 'string', (bill) => bill.extras?.locationId ?? 'MAIN'),
  field('PostPeriod', 'string', (bill) => postPeriod(bill.date)),
  field('Project', 'string', (bill) => bill.extras?.project ?? 'X'),
  field('ReferenceNbr', 'string', (bill) => bill.ref),
  field('Status', 'string', (bill) => bill.status),
  field('TaxTotal', 'decimal', (bill) => bill.extras?.taxTotal ?? 0n),
  field('Terms', 'string', (bill) => bill.terms),
  field('Type', 'string', (bill) => bill.type),
  field('Vendor', 'string', (bill) => bill.vendor),
  field('VendorRef', 'string', (bill) => bill.vendorRef),
];

/** The form keeps a discount date also where the terms give no discount. */
const outside: readonly Field<Bill>[] = [
  field('Document.DiscDate', 'datetime', (bill) => bill.extras?.discountDate ?? bill.date),
  field('Document.CuryOrigDiscAmt', 'decimal', (bill) => bill.extras?.discount ?? 0n),
];

const lineFields: readonly Field<BillLine>[] = [
  field('Account', 'string', (line) => line.account),
  field('Amount', 'decimal', (line) => line.amount),
  field('Branch', 'string', (line) => line.branch),
  field('CostCode', 'string', () => null),
  field('Description', 'string', (line) => line.description),
  field('ExtendedCost', 'decimal', (line) => line.amount),
  field('InventoryID', 'string', () => null),
  field('POLine', 'int', () => null),
  field('POOrderNbr', 'string', (line) => line.order ?? null),
  field('POOrderType', 'string', (line) => (line.order ? 'Normal' : null)),
  field('Project', 'string', (line) => line.project),
  field('ProjectTask', 'string', () => null),
  field('Qty', 'decimal', (line) => line.quantity),
  field('Subaccount', 'string', (line) => line.subaccount),
  field('TransactionDescription', 'string', (line) => line.description),
  field('UnitCost', 'decimal', (line) => line.unitCost),
  field('UOM', 'string', () => null),
];

interface Tax {
  id: string;
  taxable: bigint;
  tax: bigint;
}

const taxFields: readonly Field<Tax>[] = [
  field('TaxID', 'string', () => 'VAT20'),
  field('TaxRate', 'decimal', () => 200_000n),
  field('TaxableAmount', 'decimal', (row) => row.taxable),
  field('TaxAmount', 'decimal', (row) => row.tax),
];

function taxesOf(bill: Bill): Tax[] {
  const tax = bill.extras?.taxTotal ?? 0n;
  return tax === 0n ? [] : [{ id: bill.id, taxable: (bill.amount ?? 0n) - tax, tax }];
}

/** The Bill entity. `lineIdOf` says what id a line carries in this answer; `path` is the site's own path. */
export function billRecord(lineIdOf: (line: BillLine) => string, path: string): RecordType<Bill> {
  return {
    name: 'Bill',
    screen: 'AP301000',
    graph: 'PX.Objects.AP.APInvoiceEntry',
    view: 'Document',
    fields: billFields,
    outside,
    details: {
      Details: {
        fields: lineFields.map(({ name }) => name),
        write: (bill, names) => detailText(linesOf(bill), lineFields, lineIdOf, names),
      },
      TaxDetails: {
        fields: taxFields.map(({ name }) => name),
        write: (bill, names) => detailText(taxesOf(bill), taxFields, (row) => row.id, names),
      },
      Applications: emptyDetail,
      files: filesDetail('Bills and Adjustments', path),
    },
    id: (bill) => bill.id,
    note: (bill) => bill.extras?.note ?? '',
    custom: customOf,
  };
}
