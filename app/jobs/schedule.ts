import type { Knex } from 'knex';
import cron, { type ScheduledTask } from 'node-cron';
import pg from 'pg';
import type { Logger } from 'winston';
import { pushesSuffice } from '../queue/push-trust.ts';
import { wake, wakeSql } from '../queue/wake.ts';
import { connectionConfig } from '../storage/database.ts';
import { wakeSummaries } from '../summaries/plan.ts';

interface Planned {
  plan: string;
  task: ScheduledTask;
}

/** What has a cadence: a feed to be read, or a route whose documents are gathered into digests. */
interface Due {
  task: 'read-feed' | 'digest';
  id: string;
  cadence: string;
  timeZone: string;
  /** The connection and, where it is a route's, the route: for the log. */
  name: string;
}

export interface Schedule {
  /** Brings the plan to what the database says now. */
  replan(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Keeps each cadence in its connection's time zone, in every process: a tick only adds a keyed wake-up, so any number of
 * processes act once. The plan follows the database: at once when told (NOTIFY), else with each sweep.
 */
export function startSchedule({ db, url, log }: { db: Knex; url: string; log: Logger }): Schedule {
  const planned = new Map<string, Planned>();
  let stopped = false;
  let replanning: Promise<void> = Promise.resolve();

  /** One after the other, so that a stop can wait for the last and finds every timer there is. */
  function replan(): Promise<void> {
    replanning = replanning.catch(() => undefined).then(planAnew);
    return replanning;
  }

  async function planAnew(): Promise<void> {
    if (stopped) return;
    const due = [...(await feeds(db)), ...(await gatheringRoutes(db))];
    if (stopped) return;
    const wanted = new Map(due.map((each) => [`${each.task} ${each.id}`, each]));
    const woken: Record<Due['task'], string[]> = { 'read-feed': [], digest: [] };
    for (const [key, { plan, task }] of planned) {
      const known = wanted.get(key);
      if (known && plan === planOf(known)) continue;
      await task.destroy();
      planned.delete(key);
      // A route that gathers no more may have something to let go.
      const [name, id] = key.split(' ');
      if (!known && name === 'digest' && id) woken.digest.push(id);
    }
    for (const [key, each] of wanted) {
      if (planned.has(key)) continue;
      try {
        const task = cron.schedule(each.cadence, () => tick(each), { timezone: each.timeZone });
        planned.set(key, { plan: planOf(each), task });
        woken[each.task].push(each.id);
      } catch (error) {
        const what = each.task === 'digest' ? 'this route makes no digest' : 'this feed is not read';
        log.error(`cadence not understood; ${what}`, { of: each.name, cadence: each.cadence, error });
      }
    }
    await wake(db, 'read-feed', woken['read-feed']);
    await wake(db, 'digest', woken.digest);
    await wakeSummaries(db);
  }

  async function tick({ task, id }: Due): Promise<void> {
    await (task === 'read-feed' ? wakeAtCadence(db, id) : wake(db, task, id)).catch((error) =>
      log.debug('tick lost; the next one comes', { error }),
    );
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
      await replanning.catch(() => undefined);
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

const planOf = ({ cadence, timeZone }: Due) => `${cadence} ${timeZone}`;

/** Summaries have a calendar of their own: see `wakeSummaries`. */
async function feeds(db: Knex): Promise<Due[]> {
  const rows = await db('feeds as f')
    .join('connections as n', 'n.id', 'f.connection_id')
    .modify(ofRunningConnections)
    .whereNot('f.kind', 'summary')
    .select('f.id', 'f.cadence', 'n.time_zone', 'n.name');
  return rows.map((row: DueRow) => toDue('read-feed', row));
}

async function gatheringRoutes(db: Knex): Promise<Due[]> {
  const rows = await db('routes as r')
    .join('connections as n', 'n.id', 'r.connection_id')
    .modify(ofRunningConnections)
    .where({ 'r.retired_at': null })
    .whereNotNull('r.digest_cadence')
    .select('r.id', 'r.digest_cadence as cadence', 'n.time_zone', db.raw(`n.name || ', ' || r.name as name`));
  return rows.map((row: DueRow) => toDue('digest', row));
}

function ofRunningConnections(query: Knex.QueryBuilder): void {
  query
    .join('installations as i', 'i.id', 'n.installation_id')
    .whereNot('n.status', 'paused')
    .where('i.state', 'active');
}

interface DueRow {
  id: string;
  cadence: string;
  time_zone: string;
  name: string;
}

function toDue(task: Due['task'], row: DueRow): Due {
  return { task, id: String(row.id), cadence: row.cadence, timeZone: row.time_zone, name: row.name };
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
