import type { Knex } from 'knex';
import type { Budget, Meter } from '../../connectors/connector.ts';
import { recordEvents } from '../audit/record.ts';
import { RetryableError } from '../domain/errors.ts';
import { wake } from '../queue/wake.ts';
import { type CalendarDay, calendarDay } from './month.ts';
import { errandNow } from './purpose.ts';
import { dayUsedUp, monthUsedUp } from './words.ts';

/** A connection whose calls are counted. */
export interface Metered {
  id: string;
  time_zone: string;
}

/** The administrator's budget does not allow a call: nothing was sent. */
export class BudgetUsedUp extends RetryableError {}

/** What reading leaves of a budget for decisions: a twentieth. */
export const readingMost = (budget: number) => Math.floor(budget * 0.95);
/** From so much of the month's budget on administrators are told. */
const warnFromPercent = 80;

interface Counted {
  calls: string;
  told_percent: number;
}

/**
 * Counts a connection's calls before they are sent and holds them to its budget. One statement a call, exact across
 * processes: the row is locked while both totals are compared and raised, or neither.
 */
export function createMeter(db: Knex, connection: Metered, budget: Budget, now = () => new Date()): Meter {
  return {
    async spend(calls) {
      const errand = errandNow();
      const most = (limit: number | null) => (limit === null || errand?.isUnderWay ? null : limitFor(limit, errand));
      const at = calendarDay(now(), connection.time_zone);
      const limits = { day: most(budget.callsPerDay), month: most(budget.callsPerMonth) };
      const counted = await count(db, connection.id, calls, at, limits);
      if (!counted) throw await refusal(db, connection, budget, calls, at);
      if (errand) errand.isUnderWay = true;
      if (!budget.callsPerMonth) return;
      const percent = (Number(counted.calls) / budget.callsPerMonth) * 100;
      if (percent >= warnFromPercent && counted.told_percent < warnFromPercent)
        await tellOfBudget(db, connection.id, at, warnFromPercent);
    },
  };
}

const limitFor = (limit: number, errand: object | undefined) => (errand ? limit : readingMost(limit));

/** Counts calls that were made whatever the budget says: the tests of what an administrator enters. */
export async function countCalls(db: Knex, connection: Metered, calls: number, now = new Date()): Promise<void> {
  if (calls > 0) await count(db, connection.id, calls, calendarDay(now, connection.time_zone), noLimits);
}

const noLimits = { day: null, month: null };

/** Undefined where a limit does not allow them; then nothing is counted. */
async function count(
  db: Knex,
  id: string,
  calls: number,
  { month, day }: CalendarDay,
  limits: { day: number | null; month: number | null },
): Promise<Counted | undefined> {
  const { rows } = await db.raw<{ rows: Counted[] }>(
    `insert into erp_calls as m (connection_id, month, calls, days)
     select :id, :month::date, :calls::int,
       array_fill(0, array[:day::int - 1]) || :calls::int || array_fill(0, array[31 - :day::int])
     where :calls::int <= least(:mostInDay::bigint, :mostInMonth::bigint, 2147483647)
     on conflict (connection_id, month) do update
       set calls = m.calls + :calls::int, days[:day::int] = m.days[:day::int] + :calls::int
       where m.calls + :calls::int <= coalesce(:mostInMonth::bigint, 9007199254740991)
         and m.days[:day::int] + :calls::int <= coalesce(:mostInDay::bigint, 2147483647)
     returning calls, told_percent`,
    { id, calls, month, day, mostInDay: limits.day, mostInMonth: limits.month },
  );
  return rows[0];
}

/** Which limit it was, in words; the month's where it is both. */
async function refusal(
  db: Knex,
  { id }: Metered,
  { callsPerDay, callsPerMonth }: Budget,
  calls: number,
  at: CalendarDay,
): Promise<BudgetUsedUp> {
  const row = await db('erp_calls').where({ connection_id: id, month: at.month }).first('calls', 'told_percent');
  const isFor = errandNow() ? 'person' : 'reading';
  const most = callsPerMonth === null ? null : limitFor(callsPerMonth, errandNow());
  if (callsPerMonth !== null && most !== null && Number(row?.calls ?? 0) + calls > most) {
    if (row && row.told_percent < 100) await tellOfBudget(db, id, at, 100);
    return new BudgetUsedUp(monthUsedUp(callsPerMonth, at, isFor), { field: 'budget' });
  }
  return new BudgetUsedUp(dayUsedUp(callsPerDay ?? 0, isFor), { field: 'budget' });
}

/** Has the installation's administrators told, once a month for each of the two marks. */
async function tellOfBudget(db: Knex, id: string, { month }: CalendarDay, percent: number): Promise<void> {
  await db.transaction(async (trx) => {
    const claimed = await trx('erp_calls')
      .where({ connection_id: id, month })
      .where('told_percent', '<', percent)
      .update({ told_percent: percent });
    if (claimed === 0) return;
    const { installation_id: installationId } = await trx('connections').where({ id }).first('installation_id');
    const data = { percent, month };
    await recordEvents(trx, [{ kind: 'connection.budget_reached', installationId, connectionId: id, data }]);
    const { rows } = await trx.raw<{ rows: Array<{ person: string }> }>(
      `select i.installer_user_id as person from connections c join installations i on i.id = c.installation_id
       where c.id = :id and i.installer_user_id is not null
       union select a.person from connections c join administrators a on a.installation_id = c.installation_id
       where c.id = :id`,
      { id },
    );
    await wake(
      trx,
      'tell',
      rows.map(({ person }) => `budget/${id}.${month}.${percent}/${person}`),
    );
  });
}
