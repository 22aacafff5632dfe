import type { Stamp } from './document.ts';
import type { Pass, PassPage } from './pass.ts';

function identityOf({ id, modifiedAt }: Stamp): string {
  return `${id} ${modifiedAt}`;
}

/**
 * Reads by `$skip`. Lists have no order that one could rely on and rows shift while they are read, so each page starts
 * with the last row of the page before. Returns false as soon as that row is another one or a row comes twice: then
 * something may have been passed over, and the rest has to be read in another way.
 */
export async function* readByPages<R extends { stamp: Stamp }>(
  pass: Pass<R>,
  position: { skip: number; seam: string | null },
): AsyncGenerator<PassPage<R>, boolean> {
  let { skip, seam } = position;
  for (;;) {
    const rows = await pass.fetch({ before: null, top: pass.pageSize, skip });
    const [first] = rows;
    if (seam !== null && (first === undefined || identityOf(first.stamp) !== seam)) return false;
    const fresh = seam === null ? rows : rows.slice(1);
    if (fresh.some((row) => pass.hasSeen(row))) return false;
    const taken = pass.takeNew(fresh);
    const last = rows.at(-1);
    if (last === undefined || rows.length < pass.pageSize) {
      yield { rows: taken, cursor: pass.cursorWhenDone() };
      return true;
    }
    skip += rows.length - 1;
    seam = identityOf(last.stamp);
    yield { rows: taken, cursor: pass.cursorAt({ by: 'pages', skip, seam }) };
  }
}
