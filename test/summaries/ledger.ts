import { randomUUID } from 'node:crypto';
import { testKeyring } from '../support/database.ts';
import { type CardMessage, channels, type Product } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

export interface LedgerGiven {
  name?: string;
  cadence?: string;
  /** Whether a route takes summaries; default true. */
  route?: boolean;
  channel?: string;
  mentions?: string[];
  conditions?: Record<string, unknown>;
  status?: 'active' | 'paused';
}

/** A schedule whose instants come only when a case says so, and by which no period is ever being closed. */
export const seldom = '33 3 1 1 *';

/** A connection to the simulated Intacct that has only summaries, as `apply` would leave it. */
export async function connectLedger(product: Product, given: LedgerGiven = {}): Promise<string> {
  const { db } = product.database;
  const site = product.sandbox.intacct.describe();
  const user = site.users.find(({ role }) => role === 'service');
  const installation = await db('installations').first('id');
  const id = randomUUID();
  const secret = { sender_password: site.senderPassword, password: user?.password };
  await db('connections').insert({
    id,
    installation_id: installation.id,
    name: given.name ?? 'ledger',
    connector: 'intacct',
    time_zone: 'Europe/London',
    status: given.status ?? 'active',
    settings: JSON.stringify({
      gateway: site.url,
      sender_id: site.senderId,
      company_id: site.companyId,
      user_id: user?.userId,
      private_entities: 'read',
    }),
    secret: testKeyring().encrypt(JSON.stringify(secret), `connections:${id}:secret`),
  });
  await db('people_runs').insert({ connection_id: id, offered: false, matched_at: new Date('2100-01-01') });
  if (given.route ?? true) {
    await db('routes').insert({
      connection_id: id,
      name: 'summaries',
      position: 0,
      kind: 'summary',
      conditions: JSON.stringify(given.conditions ?? {}),
      channel: given.channel ?? channels.treasury,
      mentions: given.mentions ?? [],
    });
  }
  await db('feeds').insert({ connection_id: id, kind: 'summary', cadence: given.cadence ?? seldom });
  await db.raw(`select pg_notify('countersign_schedule', '')`);
  return id;
}

export interface FeedState {
  id: string;
  plan: string | null;
  due_at: Date | null;
  last_error: string | null;
  attempts: number;
  last_read_at: Date | null;
}

export function feedOf(product: Product, connectionId: string): Promise<FeedState> {
  return product.database.db('feeds').where({ connection_id: connectionId, kind: 'summary' }).first();
}

/** Waits until the app has planned the feed's next instant. */
export function planned(product: Product, connectionId: string): Promise<FeedState> {
  return waitUntil(
    async () => {
      const feed = await feedOf(product, connectionId);
      return feed.plan !== null ? feed : undefined;
    },
    { what: () => `the feed is planned; the log says:\n${product.logLines.slice(-15).join('')}`, timeoutMs: 20_000 },
  );
}

/** Lets an instant of the schedule have come, some seconds ago. */
export async function letItBeDue(product: Product, connectionId: string, seconds = 1): Promise<void> {
  const { db } = product.database;
  const { id } = await planned(product, connectionId);
  await db('feeds')
    .where({ id })
    .update({ due_at: db.raw(`clock_timestamp() - ? * interval '1 second'`, [seconds]) });
  await db.raw(
    `select graphile_worker.add_job('summarise', json_build_object('id', ?::text), job_key := 'summarise:' || ?)`,
    [id, id],
  );
}

/** The summaries in a channel, oldest first, once there are so many. */
export function summaries(product: Product, count: number, channel = channels.treasury): Promise<CardMessage[]> {
  const read = () =>
    (product.sandbox.slack.messages(channel) as unknown as CardMessage[]).filter(
      ({ text, thread_ts }) => text.startsWith('Posting summary') && thread_ts === undefined,
    );
  return waitUntil(() => (read().length >= count ? read() : undefined), {
    what: () =>
      `${count} summaries in ${channel}, there are ${read().length}; the log says:\n${product.logLines.slice(-25).join('')}`,
    timeoutMs: 30_000,
  });
}

/** All makings of a connection, oldest first. */
export function runsOf(product: Product, connectionId: string) {
  return product.database
    .db('summary_runs as r')
    .join('feeds as f', 'f.id', 'r.feed_id')
    .where('f.connection_id', connectionId)
    .orderBy('r.id')
    .select('r.*');
}
