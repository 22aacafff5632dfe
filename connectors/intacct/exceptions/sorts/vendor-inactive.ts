import type { Vendor } from '../records.ts';
import { type Sort, solved } from '../sort.ts';
import { openPayments } from './vendor-on-hold.ts';

export const vendorInactive: Sort<Vendor> = {
  id: 'inactive',
  type: 'Inactive vendor has open payments',
  severity: 'warning',
  find: (vendor) => (vendor.isActive ? null : openPayments(vendor)),
  end: ({ isActive }) =>
    solved(isActive ? 'the vendor is active again' : 'no payment to the vendor is on its way any more'),
};
