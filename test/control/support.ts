import { begin } from '../../app/control/due.ts';
import { type ControlResult, type ControlTotal, controlResult, controlTotals } from '../../app/control/result.ts';
import { wake } from '../../app/queue/wake.ts';
import type { Product } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

/** Begins a comparison, as somebody who asks for it does. */
export async function ask(product: Product): Promise<string> {
  const { db } = product.database;
  const runId = await begin(db, product.connectionId, 'a test');
  await wake(db, 'compare', product.connectionId);
  return runId;
}

/** What the comparison found, once it has come to its end. */
export function ended(product: Product, runId: string): Promise<ControlResult> {
  return waitUntil(() => controlResult(product.database.db, runId, 1_000), {
    what: () => `the end of the comparison; the log says:\n${product.logLines.slice(-25).join('')}`,
    timeoutMs: 30_000,
  });
}

export async function compareNow(product: Product): Promise<ControlResult & { totals: ControlTotal[] }> {
  const runId = await ask(product);
  const result = await ended(product, runId);
  return { ...result, totals: await controlTotals(product.database.db, runId) };
}

/** Reads the feeds once, to their end. */
export async function readOnce(product: Product): Promise<void> {
  const { db } = product.database;
  const { rows } = await db.raw<{ rows: [{ at: Date }] }>('select clock_timestamp() as at');
  await product.readNow();
  await waitUntil(
    async () =>
      (await db('feeds').where('last_started_at', '<', rows[0].at).orWhereNull('last_started_at').first('id')) ===
        undefined &&
      (await db('feeds').whereRaw('last_read_at is null or last_read_at < last_started_at').first('id')) === undefined,
    { what: () => `the feeds having been read; the log says:\n${product.logLines.slice(-25).join('')}` },
  );
}

/** What an administrator reads about it. */
export const named = ({ differences }: ControlResult) =>
  differences.map(({ reference, sort, still }) => `${reference} ${sort}${still ? ' still' : ''}`).sort();
