const headerFields = [
  'Type',
  'ReferenceNbr',
  'Status',
  'Vendor',
  'VendorRef',
  'Amount',
  'CurrencyID',
  'Date',
  'DueDate',
  'Description',
  'Terms',
  'BranchID',
  'LastModifiedDateTime',
];
const lineFields = ['Account', 'Amount', 'Description', 'ExtendedCost', 'Qty', 'TransactionDescription'];

const billShape = `$select=${[...headerFields, ...lineFields.map((name) => `Details/${name}`)].join(',')}&$expand=Details`;
const keyShape = '$select=Type,ReferenceNbr,LastModifiedDateTime';

/** A slice of the bills; instants in ms since the epoch, `before` excluded; null: no bound. */
export interface BillSlice {
  since: number;
  before: number | null;
  top: number | null;
  skip: number;
}

/** OData v3 literals: instants carry a prefix, a quote inside a text is doubled. */
const instantLiteral = (instant: number) => `datetimeoffset'${new Date(instant).toISOString().replace('Z', '+00:00')}'`;
const textLiteral = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** The query of a list of bills changed within the slice. No order is asked for: the API has none to offer. */
export function billsQuery({ since, before, top, skip }: BillSlice, keysOnly: boolean): string {
  const bounds = [`LastModifiedDateTime ge ${instantLiteral(since)}`];
  if (before !== null) bounds.push(`LastModifiedDateTime lt ${instantLiteral(before)}`);
  const parts = [`$filter=${encodeURIComponent(bounds.join(' and '))}`, keysOnly ? keyShape : billShape];
  if (top !== null) parts.push(`$top=${top}`);
  if (skip > 0) parts.push(`$skip=${skip}`);
  return parts.join('&');
}

export function billPath(id: string): string {
  return `Bill/${encodeURIComponent(id)}?${billShape}`;
}

export function billKeyPath(type: string, reference: string): string {
  return `Bill/${encodeURIComponent(type)}/${encodeURIComponent(reference)}?${billShape}`;
}

/** A key with a slash does not fit into the path. */
export function billKeyQuery(type: string, reference: string): string {
  const filter = `Type eq ${textLiteral(type)} and ReferenceNbr eq ${textLiteral(reference)}`;
  return `$filter=${encodeURIComponent(filter)}&${keyShape}`;
}

export function vendorsQuery(page: { top: number; skip: number } | { codes: string[] }): string {
  const shape = '$select=VendorID,VendorName';
  if ('codes' in page) {
    const filter = page.codes.map((code) => `VendorID eq ${textLiteral(code)}`).join(' or ');
    return `$filter=${encodeURIComponent(filter)}&${shape}`;
  }
  return `${shape}&$top=${page.top}${page.skip > 0 ? `&$skip=${page.skip}` : ''}`;
}
