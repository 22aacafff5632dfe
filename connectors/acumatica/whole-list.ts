import type { WireRecord } from './fields.ts';

/** A slice of a list; `top` null: all of it. */
export interface ListSlice {
  top: number | null;
  skip: number;
}

/**
 * Reads a whole list in pages, each row once. Lists have no order that one could rely on, so each page starts with the
 * last row of the page before; where that row is another one or a row comes twice, the list is asked for in one piece.
 */
export async function* readWholeList(
  fetch: (slice: ListSlice) => Promise<WireRecord[]>,
  keyOf: (record: WireRecord) => string,
  pageSize: number,
): AsyncGenerator<WireRecord[]> {
  const seen = new Set<string>();
  const takeNew = (records: WireRecord[]) =>
    records.filter((record) => {
      const key = keyOf(record);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  let seam: string | null = null;
  for (let skip = 0; ; ) {
    const records = await fetch({ top: pageSize, skip });
    const [first] = records;
    const shifted = seam !== null && (first === undefined || keyOf(first) !== seam);
    const fresh = takeNew(seam === null ? records : records.slice(1));
    if (shifted || fresh.length < records.length - (seam === null ? 0 : 1)) {
      const rest = [...fresh, ...takeNew(await fetch({ top: null, skip: 0 }))];
      while (rest.length > 0) yield rest.splice(0, pageSize);
      return;
    }
    yield fresh;
    const last = records.at(-1);
    if (last === undefined || records.length < pageSize) return;
    skip += records.length - 1;
    seam = keyOf(last);
  }
}
