/** The modules that post, by the letters after the point of MODULE: `3.AP`. */
const names: Record<string, string> = {
  GL: 'General ledger',
  AP: 'Payables',
  AR: 'Receivables',
  EE: 'Employee expenses',
  PO: 'Purchasing',
  SO: 'Order entry',
  CM: 'Cash management',
  INV: 'Inventory',
};

/** A module in words; one that is not known stays as Intacct calls it. */
export function moduleWords(code: string | null): string {
  if (code === null) return 'No module';
  return names[code.split('.').at(-1) ?? ''] ?? code;
}
