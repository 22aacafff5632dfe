import type { Knex } from 'knex';
import { nextDue, parseSchedule } from '../domain/close-schedule.ts';
import type { ReportingPeriod } from '../domain/periods.ts';
import { leaseIsFree } from '../queue/lease.ts';
import { wake, wakeSql } from '../queue/wake.ts';
import { mayBeTried } from './retries.ts';

/** The ERP's periods are asked for again when they are so old. */
const periodsAge = `interval '20 hours'`;

/**
 * Wakes whoever makes summaries wherever there is something to do: a schedule that is new, an instant that has come, an
 * asking that nobody works on, or periods that are old.
 */
export async function wakeSummaries(db: Knex): Promise<void> {
  await db.raw(
    `select ${wakeSql('summarise', 'f.id')} from feeds f
     join connections n on n.id = f.connection_id and n.status <> 'paused'
     join installations i on i.id = n.installation_id and i.state = 'active'
     where f.kind = 'summary' and ${leaseIsFree('f.lease_owner')} and (
       f.lease_owner is not null or f.plan is distinct from f.cadence || ' ' || n.time_zone or f.due_at <= clock_timestamp()
       or n.periods_read_at is null or n.periods_read_at < clock_timestamp() - ${periodsAge}
       or (${mayBeTried}
         and exists (select 1 from summary_runs r where r.feed_id = f.id and r.state = 'open')))`,
  );
}

/** Whether the ERP's periods are to be asked for (again). */
export async function periodsAreOld(db: Knex, connectionId: string): Promise<boolean> {
  const row = await db('connections')
    .where({ id: connectionId })
    .first(db.raw(`coalesce(periods_read_at < clock_timestamp() - ${periodsAge}, true) as old`));
  return row?.old ?? false;
}

/** The periods of a connection as they were last read, in order. */
export async function loadPeriods(db: Knex, connectionId: string): Promise<ReportingPeriod[]> {
  return db('reporting_periods')
    .where({ connection_id: connectionId })
    .orderBy('starts_on')
    .select('name', db.raw('starts_on::text as start'), db.raw('ends_on::text as end'));
}

export interface PlannedFeed {
  feedId: string;
  connectionId: string;
  cadence: string;
  timeZone: string;
}

/**
 * Deals with the instants of a feed's schedule: where one has come, a summary is to be made (many missed ones are one),
 * and the next is reckoned. Throws nothing for a schedule that is not understood: the feed says so.
 */
export async function planSummaries(db: Knex, feed: PlannedFeed): Promise<void> {
  const { feedId, connectionId, timeZone, cadence } = feed;
  const plan = `${cadence} ${timeZone}`;
  const parsed = parseSchedule(cadence);
  await db.transaction(async (trx) => {
    const row = await trx('feeds')
      .where({ id: feedId })
      .forUpdate()
      .first('plan', 'due_at', trx.raw('clock_timestamp() as now'));
    if (!row) return;
    if ('problem' in parsed) {
      const error = `Its schedule is not understood, so none is made by itself: it ${parsed.problem}.`;
      await trx('feeds').where({ id: feedId }).update({ plan, due_at: null, last_error: error });
      return;
    }
    const calendar = { periods: await loadPeriods(trx, connectionId), timeZone };
    const isKnown = row.plan === plan && row.due_at !== null;
    // An instant that came counts, also where the calendar is another by now.
    if (isKnown && row.due_at <= row.now) await openRun(trx, feedId, row.due_at);
    const next = nextDue(parsed.schedule, row.now, calendar);
    await trx('feeds').where({ id: feedId }).update({ plan, due_at: next });
    if (next) await wake(trx, 'summarise', feedId, Math.max(0, next.getTime() - row.now.getTime()) + 5);
  });
}

async function openRun(trx: Knex.Transaction, feedId: string, dueAt: Date): Promise<void> {
  await trx.raw(
    `insert into summary_runs (feed_id, key, due_at, scheduled) values (?, ?, ?, true)
     on conflict (feed_id) where state = 'open' do update set due_at = excluded.due_at, scheduled = true`,
    [feedId, dueAt.toISOString(), dueAt],
  );
}
