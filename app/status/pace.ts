import type { Knex } from 'knex';
import type { PaceByConnection } from '../connections/open.ts';
import type { PaceFigures } from '../outbound/pace.ts';

/** How much of its limits each connection uses, over all processes that live, as of their last heartbeat. */
export async function readPace(db: Knex): Promise<Map<string, PaceFigures>> {
  const rows: Array<{ figures: { erpPace?: PaceByConnection } }> = await db('processes')
    .whereRaw('alive_until > clock_timestamp()')
    .select('figures');
  const all = new Map<string, PaceFigures>();
  for (const [id, pace] of rows.flatMap(({ figures }) => Object.entries(figures.erpPace ?? {}))) {
    const known = all.get(id);
    all.set(id, {
      lastMinute: pace.lastMinute + (known?.lastMinute ?? 0),
      mostInAMinute: pace.mostInAMinute + (known?.mostInAMinute ?? 0),
      heldBackMs: pace.heldBackMs + (known?.heldBackMs ?? 0),
      requestsPerMinute: pace.requestsPerMinute,
    });
  }
  return all;
}

/** For people: "31 requests in the last minute of 150 allowed, 96 at most". */
export function paceWords({ lastMinute, mostInAMinute, requestsPerMinute }: PaceFigures): string {
  const requests = lastMinute === 1 ? '1 request' : `${lastMinute} requests`;
  const allowed = requestsPerMinute === null ? '' : ` of ${requestsPerMinute} allowed`;
  return `${requests} in the last minute${allowed}, ${mostInAMinute} at most`;
}
