/** What a field holds: text, codes, amounts (decimal strings) and ISO dates as text; whole numbers and moments (ms) as numbers. */
export type Value = string | number | null;

/** A row as it is stored. `visibleAt` (ms) hides it until then; no field shows it. */
export interface Row {
  RECORDNO: number;
  visibleAt?: number;
  [field: string]: Value | undefined;
}

export type NewRow = Record<string, Value>;
