import { NextStepError } from '../domain/errors.ts';
import { noProblems, type Problems } from './entered.ts';
import type { FormField } from './fields.ts';

/** Says an error of a test at each field that it is about; what no field claims is said on top. */
export function placeProblem(error: unknown, fields: readonly FormField[]): Problems {
  const problems = noProblems();
  if (!(error instanceof NextStepError)) {
    problems.others.push('The test ended unexpectedly. Nothing was saved; the log of the app says more.');
    return problems;
  }
  const { field, message } = error;
  const fitting = fields.filter(({ name, problems: own }) => field && (name === field || own.includes(field)));
  for (const { name } of fitting) problems.byField[`credentials.${name}`] = message;
  if (fitting.length === 0) problems.others.push(message);
  return problems;
}
