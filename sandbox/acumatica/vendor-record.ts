import { field, type RecordType } from './record-type.ts';
import type { Vendor } from './vendors.ts';

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
    field('PaymentMethod', 'string', () => 'BACS'),
    field('Status', 'string', (vendor) => vendor.status),
    field('Terms', 'string', () => '30D'),
    field('VendorClass', 'string', () => 'DOMESTIC'),
    field('VendorID', 'string', (vendor) => vendor.code),
    field('VendorName', 'string', (vendor) => vendor.name),
  ],
  details: { files: { fields: [], write: () => '[]' } },
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
