import type { Knex } from 'knex';
import type { Budget, Connector } from '../../connectors/connector.ts';
import { defaultLocale } from '../domain/locale.ts';
import { readingMost } from './meter.ts';
import { calendarDay, projected, usedUpOn } from './month.ts';
import { calls, dayUsedUp, monthName, monthUsedUp } from './words.ts';

/** The administrator's budget of a connection; null where its ERP does not bill by the call. */
export type BudgetOf = (connector: string, settings: Readonly<Record<string, unknown>>) => Budget | null;

export function budgetsOf(connectorById: (id: string) => Connector | undefined): BudgetOf {
  return (connector, settings) => connectorById(connector)?.budget?.(settings) ?? null;
}

/** What a connection has used of its budget in this month, by its own calendar. */
export interface CallsUsed {
  today: number;
  thisMonth: number;
  /** What the month comes to if it goes on like this; null while calls are made for less than a day. */
  projected: number | null;
  budget: Budget;
  /** The month's first day. */
  month: string;
  /** The day of the month on which the budget is used up at this pace; null: it is not, or it is too early to tell. */
  usedUpOn: number | null;
  /** Why nothing is read now, in words; null where the budget allows it. */
  problem: string | null;
}

interface Subject {
  id: string;
  connector: string;
  settings: Record<string, unknown>;
  time_zone: string;
}

/** What each of these connections has used; those whose ERP does not bill by the call are left out. */
export async function readCallsUsed(
  db: Knex,
  connections: readonly Subject[],
  budgetOf: BudgetOf,
  now = new Date(),
): Promise<Map<string, CallsUsed>> {
  const subjects = connections.flatMap(({ id, connector, settings, time_zone }) => {
    const budget = budgetOf(connector, settings);
    return budget ? [{ id, budget, at: calendarDay(now, time_zone) }] : [];
  });
  if (subjects.length === 0) return new Map();
  const rows: Array<{ connection_id: string; month: string; calls: string; days: number[] }> = await db('erp_calls')
    .whereIn(
      ['connection_id', 'month'],
      subjects.map(({ id, at }) => [id, at.month]),
    )
    .select('connection_id', 'calls', 'days');
  return new Map(
    subjects.map(({ id, budget, at }) => {
      const row = rows.find((each) => each.connection_id === id);
      const thisMonth = Number(row?.calls ?? 0);
      const today = row?.days[at.day - 1] ?? 0;
      const first = (row?.days.findIndex((count) => count > 0) ?? 0) + 1 || 1;
      const { callsPerDay, callsPerMonth } = budget;
      const isUsedUp = (used: number, most: number | null) => most !== null && used >= readingMost(most);
      const problem =
        callsPerMonth !== null && isUsedUp(thisMonth, callsPerMonth)
          ? monthUsedUp(callsPerMonth, at, 'reading')
          : callsPerDay !== null && isUsedUp(today, callsPerDay)
            ? dayUsedUp(callsPerDay, 'reading')
            : null;
      const used: CallsUsed = {
        ...{ today, thisMonth, budget, problem, month: at.month, projected: projected(thisMonth, at, first) },
        usedUpOn: callsPerMonth === null ? null : usedUpOn(thisMonth, callsPerMonth, at, first),
      };
      return [id, used];
    }),
  );
}

/** For people: "120 calls today of 3,000 allowed · 41,000 in November of 60,000 allowed, about 58,000 by its end". */
export function callsWords(used: CallsUsed, locale: string = defaultLocale): string {
  const allowed = (most: number | null) => (most === null ? '' : ` of ${calls(most, locale)} allowed`);
  const { today, thisMonth, budget } = used;
  const month = monthName(used);
  const foretold = used.projected === null ? '' : `, about ${calls(used.projected, locale)} by its end`;
  return [
    `${calls(today, locale)} ${today === 1 ? 'call' : 'calls'} today${allowed(budget.callsPerDay)}`,
    `${calls(thisMonth, locale)} in ${month}${allowed(budget.callsPerMonth)}${foretold}`,
  ].join(' · ');
}
