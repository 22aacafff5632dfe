import type { ErpDocument, ExceptionPart } from '../../app/domain/document.ts';

/** A draft that does not balance, with what a case wants to be different. */
export function sampleException(
  different: Partial<ErpDocument> = {},
  exception: Partial<ExceptionPart> = {},
): ErpDocument {
  return {
    kind: 'exception',
    key: 'GLBATCH 123 unbalanced',
    erpId: null,
    type: 'Journal does not balance',
    reference: 'GJ 45',
    status: 'Open',
    phase: 'waiting',
    vendor: null,
    vendorReference: null,
    amount: { value: '120.00', currency: 'GBP' },
    date: '2026-03-02',
    dueDate: null,
    description: 'Accrual: audit fees',
    terms: null,
    branch: 'HM Treasury',
    lines: [
      {
        description: 'In GBP',
        quantity: null,
        amount: '120.00',
        account: null,
        debit: '1200.00',
        credit: '1080.00',
        currency: 'GBP',
      },
    ],
    exception: {
      severity: 'critical',
      concerns: { kind: 'journal', key: '123', name: 'Journal GJ 45' },
      amountIs: 'difference',
      outcome: null,
      ...exception,
    },
    modifiedAt: '2026-03-02T10:00:00.000Z',
    actions: [],
    link: 'https://erp.example.com/ur.phtml?.r=abc',
    ...different,
  };
}

/** The same, solved. */
export const solvedException = (different: Partial<ErpDocument> = {}) =>
  sampleException(
    {
      status: 'Solved',
      phase: 'closed',
      amount: null,
      lines: [],
      modifiedAt: '2026-03-02T11:00:00.000Z',
      ...different,
    },
    { outcome: 'the journal balances now' },
  );
