import type { Stamp } from './document.ts';
import type { Pass, PassPage } from './pass.ts';

/** From `from` (included) to `to` (excluded; null: open), in ms since the epoch. */
interface TimeWindow {
  from: number;
  to: number | null;
}

/** A time strictly inside the window that parts the rows seen; null where nothing is left to part. */
function splitPoint({ from, to }: TimeWindow, rows: { stamp: Stamp }[]): number | null {
  const times = rows.map(({ stamp }) => stamp.modifiedAt).sort((a, b) => a - b);
  const inside = (at: number | undefined): at is number => at !== undefined && at > from && (to === null || at < to);
  const median = times[Math.floor(times.length / 2)];
  if (inside(median)) return median;
  const other = times.find(inside);
  if (other !== undefined) return other;
  return inside(from + 1) ? from + 1 : null;
}

/** Many rows of one moment (an import): ask for more and more of them, at last for all. */
async function fetchUndivided<R extends { stamp: Stamp }>(pass: Pass<R>, window: TimeWindow): Promise<R[]> {
  for (const factor of [4, 16]) {
    const top = pass.pageSize * factor;
    const rows = await pass.fetch({ since: window.from, before: window.to, top, skip: 0 });
    if (rows.length < top) return rows;
  }
  return pass.fetch({ since: window.from, before: window.to, top: null, skip: 0 });
}

/**
 * Reads by windows of time, whatever the order of rows: a window that answers with fewer rows than asked for is
 * complete, a full one is split in two.
 */
export async function* readByWindows<R extends { stamp: Stamp }>(
  pass: Pass<R>,
  from: number,
): AsyncGenerator<PassPage<R>> {
  const waiting: TimeWindow[] = [{ from, to: null }];
  for (let window = waiting.pop(); window !== undefined; window = waiting.pop()) {
    const { from: start, to } = window;
    let rows = await pass.fetch({ since: start, before: to, top: pass.pageSize, skip: 0 });
    if (rows.length >= pass.pageSize) {
      const at = splitPoint(window, rows);
      if (at !== null) {
        waiting.push({ from: at, to }, { from: start, to: at });
        continue;
      }
      rows = await fetchUndivided(pass, window);
    }
    const fresh = pass.takeNew(rows);
    while (fresh.length > pass.pageSize)
      yield { rows: fresh.splice(0, pass.pageSize), cursor: pass.cursorAt({ by: 'windows', from: start }) };
    yield { rows: fresh, cursor: to === null ? pass.cursorWhenDone() : pass.cursorAt({ by: 'windows', from: to }) };
  }
}
