import type { Knex } from 'knex';
import cron, { type ScheduledTask } from 'node-cron';
import pg from 'pg';
import type { Logger } from 'winston';
import { pushesSuffice } from '../queue/push-trust.ts';
import { wake, wakeSql } from '../queue/wake.ts';
import { connectionConfig } from '../storage/database.ts';

interface Planned {
  plan: string;
  task: ScheduledTask;
}

export interface Schedule {
  /** Brings the plan to what the database says now. */
  replan(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Keeps each feed's cadence in its connection's time zone, in every process: a tick only adds a keyed wake-up, so any
 * number of processes read once. The plan follows the database: at once when told (NOTIFY), else with each sweep.
 */
export function startSchedule({ db, url, log }: { db: Knex; url: string; log: Logger }): Schedule {
  const planned = new Map<string, Planned>();
  let stopped = false;

  async function replan(): Promise<void> {
    const feeds = await db('feeds as f')
      .join('connections as n', 'n.id', 'f.connection_id')
      .join('installations as i', 'i.id', 'n.installation_id')
      .whereNot('n.status', 'paused')
      .where('i.state', 'active')
      .select('f.id', 'f.cadence', 'n.time_zone', 'n.name');
    if (stopped) return;
    const wanted = new Map(feeds.map((feed) => [String(feed.id), feed]));
    for (const [id, { plan, task }] of planned) {
      const feed = wanted.get(id);
      if (feed && plan === `${feed.cadence} ${feed.time_zone}`) continue;
      await task.destroy();
      planned.delete(id);
    }
    for (const [id, feed] of wanted) {
      if (planned.has(id)) continue;
      try {
        const task = cron.schedule(feed.cadence, () => tick(id), { timezone: feed.time_zone });
        planned.set(id, { plan: `${feed.cadence} ${feed.time_zone}`, task });
        await wake(db, 'read-feed', id);
      } catch (error) {
        log.error('cadence not understood; this feed is not read', {
          connection: feed.name,
          cadence: feed.cadence,
          error,
        });
      }
    }
  }

  async function tick(id: string): Promise<void> {
    await wakeAtCadence(db, id).catch((error) => log.debug('tick lost; the next one comes', { error }));
  }

  const listener = listen(
    url,
    log,
    () => void replan().catch((error) => log.debug('not re-planned; the sweep will', { error })),
  );
  return {
    replan,
    async stop() {
      stopped = true;
      await listener.stop();
      for (const { task } of planned.values()) await task.destroy();
    },
  };
}

/** Wakes the reading, unless pushes flow and it was read lately: then they wake it, and polling only looks after them. */
async function wakeAtCadence(db: Knex, feedId: string): Promise<void> {
  await db.raw(
    `select ${wakeSql('read-feed', 'id')} from feeds
     where id = ? and not ${pushesSuffice}`,
    [feedId],
  );
}

/** LISTEN on a connection of its own, made anew when it is lost. */
function listen(url: string, log: Logger, onNotice: () => void): { stop(): Promise<void> } {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function connect(): Promise<void> {
    const next = new pg.Client(connectionConfig(url, 'countersign schedule'));
    client = next;
    next.on('error', (error) => log.debug('schedule lost its database connection', { error }));
    next.on('end', again);
    next.on('notification', onNotice);
    await next.connect();
    await next.query('listen countersign_schedule');
    onNotice();
  }

  function again(): void {
    if (stopped || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      void connect().catch(again);
    }, 1_000);
  }

  void connect().catch(again);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
