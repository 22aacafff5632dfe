import type { ErpDocument } from '../../app/domain/document.ts';

/** A bill that waits for approval, with what a case wants to be different. */
export function sampleBill(different: Partial<ErpDocument> = {}): ErpDocument {
  return {
    kind: 'bill',
    key: 'Bill|000871',
    erpId: null,
    type: 'Bill',
    reference: '000871',
    status: 'Pending Approval',
    phase: 'waiting',
    vendor: { code: 'ASHWORTH', name: 'Ashworth & Sons' },
    vendorReference: 'INV-17',
    amount: { value: '1250.00', currency: 'GBP' },
    date: '2026-02-01',
    dueDate: '2026-03-01',
    description: 'Office chairs',
    terms: '30D',
    branch: 'MAIN',
    lines: [{ description: 'Chairs', quantity: '10', amount: '1250.00', account: '60000' }],
    modifiedAt: '2026-02-01T10:00:00.000Z',
    actions: ['approve', 'reject', 'hold'],
    link: 'https://erp.example.com/Main?ScreenId=AP301000',
    ...different,
  };
}
