import type { Knex } from 'knex';
import type { WantedRoute } from '../connections/apply/plan-routes.ts';
import type { ErpDocument, Money } from '../domain/document.ts';
import { sumDecimals } from '../domain/money.ts';
import { matchRoute, type Routable, stillWaits } from '../domain/routing.ts';
import { digestsPerDay } from './cadences.ts';
import type { RouteConnection } from './route-connections.ts';

/** What a route would have meant in the last days, by the documents as they are now. */
export interface Preview {
  days: number;
  matched: number;
  /** Messages a day: cards, or digests at most. */
  perDay: number;
  totals: Money[];
  /** The newest. */
  examples: Example[];
  /** Routes of the same channel that come before and take so many of the matched documents. */
  caughtEarlier: Overlap[];
  /** Routes of the same channel that come after, from which it takes so many. */
  takenFrom: Overlap[];
  /** Routes of other channels that so many of them go to as well. */
  alsoGoes: Overlap[];
  /** Documents, however old, that match, still wait for a decision and have no card in this channel yet. */
  waiting: number;
}

export interface Overlap {
  name: string;
  channel: string;
  count: number;
}
export type Example = Pick<ErpDocument, 'kind' | 'type' | 'reference' | 'vendor' | 'customer' | 'amount'>;

interface Row extends Routable, Pick<ErpDocument, 'actions' | 'reference' | 'phase'> {
  key: string;
  arrived: Date;
  recent: boolean;
  has_card: boolean;
}

const windowDays = 30;
const dayMs = 24 * 3_600_000;
const atOnce = 1_000;
const examplesShown = 3;
const overlapsShown = 3;

/**
 * Goes through the connection's documents of the kind, a thousand at a time, with the very rules by which they are
 * routed. A document counts from when it was first seen, or, in a first reading of what was there, last changed.
 * `routeId` is the route itself where it is edited.
 */
export async function previewRoute(
  db: Knex,
  { installationId, connection, wanted, routeId }: PreviewAsked,
): Promise<Preview> {
  const lane = await db('lanes').where({ installation_id: installationId, channel: wanted.channel }).first('id');
  const route = { kind: wanted.kind, conditions: wanted.when, deciders: wanted.deciders, actions: wanted.actions };
  const others = connection.routes.filter(({ id, retired_at }) => id !== routeId && retired_at === null);
  const overlaps = new Map<string, number>();
  const totals = new Map<string | null, string>();
  let examples: Row[] = [];
  let [matched, sent, waiting, oldest] = [0, 0, 0, Date.now()];
  let after = '';
  for (;;) {
    const rows = await readRows(db, {
      connectionId: connection.id,
      kind: wanted.kind,
      laneId: lane?.id ?? null,
      after,
    });
    for (const row of rows) {
      if (row.recent) oldest = Math.min(oldest, row.arrived.getTime());
      if (matchRoute(row, route) !== 'match') continue;
      const claimed = others.filter((other) => matchRoute(row, other) === 'match');
      const earlier = claimed.find((other) => other.channel === wanted.channel && other.position < wanted.position);
      if (!earlier && !row.has_card && stillWaits(row, route)) waiting += 1;
      if (!row.recent) continue;
      matched += 1;
      if (!earlier) sent += 1;
      // The amounts of exceptions are of different things.
      if (row.amount && row.kind !== 'exception') {
        const { value, currency } = row.amount;
        totals.set(currency, sumDecimals([totals.get(currency) ?? '0', value]));
      }
      examples = [...examples, row].sort((a, b) => b.arrived.getTime() - a.arrived.getTime()).slice(0, examplesShown);
      const shared = earlier ? [earlier] : claimed;
      for (const { id } of shared) overlaps.set(id, (overlaps.get(id) ?? 0) + 1);
    }
    const last = rows.at(-1);
    if (!last || rows.length < atOnce) break;
    after = last.key;
  }
  const days = Math.min(windowDays, Math.max(1, Math.ceil((Date.now() - oldest) / dayMs)));
  const cards = sent / days;
  const overlapsWith = (which: (other: (typeof others)[number]) => boolean): Overlap[] =>
    others
      .flatMap((other) => ({
        name: other.name,
        channel: other.channel,
        count: which(other) ? (overlaps.get(other.id) ?? 0) : 0,
      }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count)
      .slice(0, overlapsShown);
  const same = (other: (typeof others)[number]) => other.channel === wanted.channel;
  return {
    days,
    matched,
    perDay: wanted.digest ? Math.min(cards, digestsPerDay(wanted.digest, connection.timeZone)) : cards,
    totals: [...totals].map(([currency, value]) => ({ value, currency })),
    examples: examples.map(({ kind, type, reference, vendor, customer, amount }) => ({
      ...{ kind, type, reference, vendor, amount },
      ...(customer === undefined ? {} : { customer }),
    })),
    caughtEarlier: overlapsWith((other) => same(other) && other.position < wanted.position),
    takenFrom: overlapsWith((other) => same(other) && other.position >= wanted.position),
    alsoGoes: overlapsWith((other) => !same(other)),
    waiting,
  };
}

export interface PreviewAsked {
  installationId: string;
  connection: RouteConnection;
  wanted: WantedRoute;
  routeId: string | null;
}

/** By the key, which the connection's own index has in order, however many documents others have. */
async function readRows(
  db: Knex,
  asked: { connectionId: string; kind: string; laneId: string | null; after: string },
): Promise<Row[]> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `select key, kind, reference, status, data ->> 'type' as type, data ->> 'branch' as branch, data -> 'vendor' as vendor, data -> 'customer' as customer,
       data -> 'amount' as amount, data -> 'actions' as actions, data -> 'exception' as exception,
       data ->> 'phase' as phase, arrived, arrived > now() - interval '${windowDays} days' as recent,
       exists (select 1 from cards c where c.lane_id = :laneId::bigint and c.document_id = d.id) as has_card
     from (select *, least(first_seen_at, modified_at) as arrived from documents) d
     where connection_id = :connectionId and kind = :kind and gone_at is null and key > :after
       and (arrived > now() - interval '${windowDays} days' or data -> 'actions' <> '[]' or (kind = 'exception' and data ->> 'phase' = 'waiting'))
     order by key limit ${atOnce}`,
    asked,
  );
  return rows;
}
