/** Screen addresses take internal codes where the API speaks labels. */
export const docTypeByType: Record<string, string> = {
  Bill: 'INV',
  'Debit Adj.': 'ADR',
  'Credit Adj.': 'ACR',
  Prepayment: 'PPM',
};

/** The labels above. */
export const billTypes: readonly string[] = Object.keys(docTypeByType);

/** Where a person opens the bill. Without CompanyID the browser may open another tenant. */
export function billLink(site: string, tenant: string, type: string, reference: string): string {
  const docType = docTypeByType[type];
  const start = `${site}/Main?CompanyID=${encodeURIComponent(tenant)}&ScreenId=AP301000`;
  if (docType === undefined) return start;
  return `${start}&DocType=${docType}&RefNbr=${encodeURIComponent(reference)}`;
}

/** The label that stands for an internal code; undefined for anything else. */
export function typeOfCode(code: string): string | undefined {
  return Object.entries(docTypeByType).find(([, known]) => known === code)?.[0];
}
