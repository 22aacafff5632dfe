import type { PoolClient, QueryConfig } from 'pg';

/** The statement by which graphile-worker 0.18 deletes a batch of finished jobs (sql/completeJobs.js). */
const ofBatch =
  /^\s*delete from \S+_private_jobs\S* as jobs\s+using unnest\(\$1::bigint\[\]\) n\(n\)\s+where id = n\s*$/;

/**
 * Has a batch of finished jobs deleted one by one. In one statement, each delete keeps its row locked until the last is
 * done, and a transaction that wakes several of the same jobs again, in another order, ends in a deadlock with it.
 */
export function writeOffSingly(client: PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
  async function one(config: QueryConfig): Promise<unknown> {
    const text = config.text.replace(/using unnest[\s\S]*$/, 'where id = $1::bigint');
    let last: unknown;
    const ids: unknown[] = config.values?.[0] ?? [];
    for (const id of ids) last = await query({ text, values: [id] });
    return last;
  }
  client.query = ((...given: unknown[]) => {
    const [config] = given as [Partial<QueryConfig> | undefined];
    return typeof config?.text === 'string' && ofBatch.test(config.text) ? one(config as QueryConfig) : query(...given);
  }) as typeof client.query;
}
