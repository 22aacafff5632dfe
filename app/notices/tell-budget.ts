import type { Knex } from 'knex';
import type { Surface } from '../cards/surface.ts';
import { PermanentError } from '../domain/errors.ts';
import { type BudgetOf, type CallsUsed, readCallsUsed } from '../metering/used.ts';
import { calls, monthName } from '../metering/words.ts';
import type { ReaderLocales } from '../people/slack-roles.ts';

interface BudgetDeps {
  db: Knex;
  surface: Surface;
  erpTitle: (connector: string) => string;
  budgetOf: BudgetOf;
  locales: ReaderLocales;
}

/** One administrator hears how far a month's budget is used; `id` is the connection, the month and the mark. */
export async function tellBudget(deps: BudgetDeps, id: string, person: string): Promise<void> {
  const { db, surface, budgetOf } = deps;
  const [connectionId = '', month] = id.split('.');
  const row = await db('connections').where({ id: connectionId }).first();
  const used = row && (await readCallsUsed(db, [row], budgetOf)).get(connectionId);
  const budget = used?.budget.callsPerMonth;
  // News of a month that is over, or of a budget that was lifted meanwhile, is no news.
  if (!row || !used || !budget || used.month !== month) return;
  const locale = await deps.locales.localeOf(row.installation_id, person);
  const what = `${deps.erpTitle(row.connector)}, connection “${row.name}”`;
  try {
    await surface.tell(row.installation_id, person, `${what}: ${words(used, budget, locale)}`);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
  }
}

const edit = 'Edit in the Home tab changes the budget and how often it is read.';

function words(used: CallsUsed, budget: number, locale: string): string {
  const { thisMonth, projected, usedUpOn, month } = used;
  if (used.problem) return used.problem;
  const percent = Math.floor((thisMonth / budget) * 100);
  const soFar = `${calls(thisMonth, locale)} of this month’s ${calls(budget, locale)} calls are used (${percent} %).`;
  if (projected === null) return `${soFar} ${edit}`;
  const then = usedUpOn
    ? `At this pace they come to about ${calls(projected, locale)}, and reading stops about ${usedUpOn} ${monthName({ month })} until the month is over.`
    : `At this pace they come to about ${calls(projected, locale)} by the end of ${monthName({ month })}.`;
  return `${soFar} ${then} ${edit}`;
}
