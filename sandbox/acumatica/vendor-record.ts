import { randomUUID } from 'node:crypto';
import { detailText, fieldsText } from './record-text.ts';
import { type Field, field, type RecordType } from './record-type.ts';
import type { PaymentInstruction, Vendor } from './vendors.ts';

const instructionFields: readonly Field<PaymentInstruction & { vendor: Vendor }>[] = [
  field('Description', 'string', (row) => row.description),
  field('LocationID', 'int', () => 1),
  field('PaymentInstructionsID', 'string', (row) => row.id),
  field('PaymentMethod', 'string', (row) => row.vendor.paymentMethod),
  field('Value', 'string', (row) => row.value),
];

const contactFields: readonly Field<Vendor>[] = [
  field('Attention', 'string', ({ remittance }) => remittance.attention),
  field('CompanyName', 'string', (vendor) => vendor.name),
  field('Email', 'string', ({ remittance }) => remittance.email),
  field('Phone1', 'string', ({ remittance }) => remittance.phone),
];
const addressFields: readonly Field<Vendor>[] = [
  field('AddressLine1', 'string', ({ remittance }) => remittance.addressLine1),
  field('AddressLine2', 'string', () => null),
  field('City', 'string', ({ remittance }) => remittance.city),
  field('Country', 'string', ({ remittance }) => remittance.country),
  field('PostalCode', 'string', ({ remittance }) => remittance.postalCode),
  field('State', 'string', () => null),
];

/** A linked entity: one object, with another one in it. */
function remittanceText(vendor: Vendor, names: ReadonlySet<string> | null): string {
  const shown = names ? contactFields.filter(({ name }) => names.has(name)) : contactFields;
  const head = (id: string) => `{"id":"${id}","rowNumber":1,"note":null`;
  const address = `${head(`${vendor.id.slice(0, -1)}a`)}${fieldsText(vendor, addressFields)},"custom":{}}`;
  const inner = !names || names.has('Address') ? `,"Address":${address}` : '';
  return `${head(`${vendor.id.slice(0, -1)}c`)}${fieldsText(vendor, shown)}${inner},"custom":{}}`;
}

/** The Vendor entity. */
export const vendorRecord: RecordType<Vendor> = {
  name: 'Vendor',
  screen: 'AP303000',
  graph: 'PX.Objects.AP.VendorMaint',
  view: 'BAccount',
  fields: [
    field('CurrencyID', 'string', () => 'GBP'),
    field('LastModifiedDateTime', 'datetime', (vendor) => vendor.modifiedAt),
    field('LegalName', 'string', (vendor) => vendor.name),
    field('PaymentMethod', 'string', (vendor) => vendor.paymentMethod),
    field('Status', 'string', (vendor) => vendor.status),
    field('Terms', 'string', () => '30D'),
    field('VendorClass', 'string', () => 'DOMESTIC'),
    field('VendorID', 'string', (vendor) => vendor.code),
    field('VendorName', 'string', (vendor) => vendor.name),
  ],
  details: {
    PaymentInstructions: {
      fields: instructionFields.map(({ name }) => name),
      write: (vendor, names) =>
        detailText(
          vendor.instructions.map((row) => ({ ...row, vendor })),
          instructionFields,
          // Rows without a note have an id of their own in each session.
          () => randomUUID(),
          names,
        ),
    },
    RemittanceContact: { fields: [...contactFields.map(({ name }) => name), 'Address'], write: remittanceText },
    files: { fields: [], write: () => '[]' },
  },
  id: (vendor) => vendor.id,
  note: () => '',
  custom: () => null,
};

/** The Customer entity. */
export const customerRecord: RecordType<Vendor> = {
  name: 'Customer',
  screen: 'AR303000',
  graph: 'PX.Objects.AR.CustomerMaint',
  view: 'BAccount',
  fields: [
    field('CurrencyID', 'string', () => 'GBP'),
    field('CustomerClass', 'string', () => 'DOMESTIC'),
    field('CustomerID', 'string', (customer) => customer.code),
    field('CustomerName', 'string', (customer) => customer.name),
    field('LastModifiedDateTime', 'datetime', (customer) => customer.modifiedAt),
    field('Status', 'string', (customer) => customer.status),
    field('Terms', 'string', () => '30D'),
  ],
  details: { files: { fields: [], write: () => '[]' } },
  id: (customer) => customer.id,
  note: () => '',
  custom: () => null,
};
