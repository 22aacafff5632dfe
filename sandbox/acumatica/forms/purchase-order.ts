import { z } from 'zod';
import { displayMoney } from '../../money.ts';
import { lineId } from '../bill-lines.ts';
import { applyChanges, commonChanges, day, decimal, newKeys, text } from '../changes.ts';
import type { DocumentRecord } from '../document.ts';
import { filesDetail } from '../file-detail.ts';
import { createForm, type Form } from '../form.ts';
import { detailText } from '../record-text.ts';
import { customOf, emptyDetail, type Field, field, type RecordType } from '../record-type.ts';
import { Records } from '../records.ts';
import { type DocumentView, dayOrNull } from '../view.ts';
import { Workflow } from '../workflow.ts';
import { dayOf, inDays, type Site } from './shared.ts';

interface OrderLine {
  id: string;
  number: number;
  description: string | null;
  quantity: bigint;
  amount: bigint;
  account: string;
}

export interface PurchaseOrder extends DocumentRecord {
  vendor: string | null;
  vendorRef: string | null;
  promisedOn: number | null;
  terms: string | null;
  lines: readonly OrderLine[];
}

const types = ['Normal', 'Drop-Ship', 'Project Drop-Ship', 'Blanket', 'Standard'] as const;
const statuses = [
  'On Hold',
  'Pending Approval',
  'Rejected',
  'Pending Printing',
  'Pending Email',
  'Open',
  'Completed',
  'Closed',
  'Canceled',
  'Awaiting Link',
] as const;
const one = 10_000n;

const fields: readonly Field<PurchaseOrder>[] = [
  field('BaseCurrencyID', 'string', () => 'GBP'),
  field('Branch', 'string', (order) => order.branch),
  field('ControlTotal', 'decimal', (order) => order.amount),
  field('CurrencyID', 'string', (order) => order.currency),
  field('CurrencyRate', 'decimal', () => one),
  field('Date', 'datetime', (order) => order.date),
  field('Description', 'string', (order) => order.description),
  field('Hold', 'boolean', (order) => order.status === 'On Hold'),
  field('IsTaxValid', 'boolean', () => false),
  field('LastModifiedDateTime', 'datetime', (order) => order.modifiedAt),
  field('LineTotal', 'decimal', (order) => order.amount),
  field('Location', 'string', () => 'MAIN'),
  field('OrderNbr', 'string', (order) => order.ref),
  field('OrderTotal', 'decimal', (order) => order.amount),
  field('Owner', 'string', () => null),
  field('Project', 'string', () => 'X'),
  field('PromisedOn', 'datetime', (order) => order.promisedOn),
  field('Status', 'string', (order) => order.status),
  field('TaxTotal', 'decimal', () => 0n),
  field('Terms', 'string', (order) => order.terms),
  field('Type', 'string', (order) => order.type),
  field('VendorID', 'string', (order) => order.vendor),
  field('VendorRef', 'string', (order) => order.vendorRef),
  field('VendorTaxZone', 'string', () => null),
];

const lineFields: readonly Field<OrderLine>[] = [
  field('Account', 'string', (line) => line.account),
  field('Description', 'string', () => null),
  field('ExtendedCost', 'decimal', (line) => line.amount),
  field('InventoryID', 'string', () => null),
  field('LineDescription', 'string', (line) => line.description),
  field('LineNbr', 'int', (line) => line.number),
  field('OrderQty', 'decimal', (line) => line.quantity),
  field('Subaccount', 'string', () => null),
  field('UnitCost', 'decimal', (line) => (line.quantity === 0n ? 0n : (line.amount * one) / line.quantity)),
  field('UOM', 'string', () => 'EACH'),
];

const record = (path: string): RecordType<PurchaseOrder> => ({
  name: 'PurchaseOrder',
  screen: 'PO301000',
  graph: 'PX.Objects.PO.POOrderEntry',
  view: 'Document',
  fields,
  details: {
    Details: {
      fields: lineFields.map(({ name }) => name),
      write: (order, names) => detailText(order.lines, lineFields, (line) => line.id, names),
    },
    TaxDetails: emptyDetail,
    files: filesDetail('Purchase Orders', path),
  },
  id: (order) => order.id,
  note: (order) => order.extras?.note ?? '',
  custom: customOf,
});

const changes = z.strictObject({
  ...commonChanges,
  status: z.enum(statuses).optional(),
  vendor: text.optional(),
  vendorName: z.string().min(1).optional(),
  vendorRef: text.optional(),
  promisedOn: day.nullable().optional(),
  terms: text.optional(),
  lines: z
    .array(
      z.object({
        description: text.default(null),
        quantity: decimal.default(one),
        amount: decimal,
        account: z.string().default('60000'),
      }),
    )
    .optional(),
});
const newOrder = changes.extend(newKeys([...types]));

/** Purchase Orders (PO301000): approved, then open; nothing is posted. */
export function purchaseOrderForm(site: Site): Form<PurchaseOrder> {
  const { now, random, settings, vendors, path } = site;
  const records = new Records<PurchaseOrder>(now, random, 301);
  const workflow = new Workflow<PurchaseOrder>(
    records,
    { isApproved: true, approved: 'Open', from: {}, carryOut: (_order, _action, _by, move) => move('Open') },
    settings,
    now,
  );

  function apply(order: PurchaseOrder, { vendor, vendorName, lines, ...rest }: z.output<typeof changes>): void {
    applyChanges(order, rest, workflow.map());
    if (vendor !== undefined) order.vendor = vendor;
    if (vendorName) order.vendor = vendors.named(vendorName).code;
    if (lines) {
      order.lines = lines.map((line, index) => ({ ...line, number: index + 1, id: lineId(order.id, index) }));
      if (rest.amount === undefined) order.amount = lines.reduce((sum, line) => sum + line.amount, 0n);
    } else if (rest.amount !== undefined) order.lines = lineOf(order);
  }

  /** One line for the whole amount, where none were given. */
  function lineOf({ id, amount, description }: PurchaseOrder): OrderLine[] {
    if (amount === null) return [];
    return [{ id: lineId(id, 0), number: 1, description, quantity: one, amount, account: '60000' }];
  }

  return createForm<PurchaseOrder, DocumentView>(
    {
      collection: 'purchase-orders',
      title: 'Purchase Orders',
      type: () => record(path),
      keys: { type: 'Type', reference: 'OrderNbr', usualType: 'Normal' },
      address: {
        screen: 'PO301000',
        type: 'OrderType',
        reference: 'OrderNbr',
        codes: { Normal: 'RO', 'Drop-Ship': 'DP', Blanket: 'BL', Standard: 'SB' },
      },
      statuses,
      types,
      declared: {},
      shown: (order) => ({
        party: { code: order.vendor, name: vendors.get(order.vendor)?.name ?? null },
        day: order.promisedOn,
        lines: order.lines.map(({ description, quantity, account, amount }) => ({
          description,
          quantity: displayMoney(quantity),
          account,
          amount: displayMoney(amount),
        })),
        facts: [
          ['Vendor ref.', order.vendorRef],
          ['Promised on', dayOrNull(order.promisedOn)],
          ['Terms', order.terms],
        ],
      }),
      own: () => ({}),
      add(fields) {
        const { type = 'Normal', ref, modifiedAt, status = 'Pending Approval', ...rest } = newOrder.parse(fields ?? {});
        const today = dayOf(now());
        const order = records.add(
          {
            type,
            ref,
            modifiedAt,
            status,
            vendor: vendors.all()[0]?.code ?? null,
            vendorRef: null,
            description: 'Supplies as agreed',
            amount: 1_200_0000n,
            currency: 'GBP',
            date: today,
            promisedOn: today + inDays(14),
            terms: '30D',
            branch: 'HMT',
            lines: [],
            steps: [],
            decisions: [],
            extras: null,
            createdBy: rest.createdBy ?? 'clerk',
            modifiedBy: 'clerk',
          },
          false,
        );
        apply(order, { ...rest, status });
        if (order.lines.length === 0) order.lines = lineOf(order);
        records.announceAdded(order);
        return order;
      },
      edit(order, given) {
        const parsed = changes.parse(given);
        apply(order, parsed);
        records.changed(order, parsed.by ?? 'clerk', parsed.touch ?? true);
      },
    },
    { records, workflow, settings, path },
  );
}
