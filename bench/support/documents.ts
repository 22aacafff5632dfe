import type { ErpDocument } from '../../app/domain/document.ts';

/** A bill like those of the simulated ERP; `vendor` decides which route takes it. */
export function sampleDocument(index: number, vendor: string): ErpDocument {
  const reference = `${vendor}-${String(index).padStart(6, '0')}`;
  const line = (number: number) => ({
    description: `Professional services, part ${number}`,
    quantity: '1',
    amount: `${1_000 + index}.50`,
    account: '61000',
  });
  return {
    kind: 'bill',
    key: `Bill|${reference}`,
    erpId: null,
    type: 'Bill',
    reference,
    status: 'Pending Approval',
    phase: 'waiting',
    vendor: { code: vendor, name: `Vendor ${vendor}` },
    vendorReference: `INV-${index}`,
    amount: { value: `${3_000 + 3 * index}.50`, currency: 'GBP' },
    date: '2025-03-01',
    dueDate: '2025-03-31',
    description: 'Purchase of services for the quarter',
    terms: '30D',
    branch: 'MAIN',
    lines: [line(1), line(2), line(3)],
    modifiedAt: '2025-03-01T10:00:00.000Z',
    actions: ['approve', 'reject'],
    link: `https://erp.example.com/AcumaticaERP/Main?ScreenId=AP301000&DocType=INV&RefNbr=${index}`,
  };
}
