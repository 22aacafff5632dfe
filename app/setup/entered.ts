import { z } from 'zod';
import type { Connector } from '../../connectors/connector.ts';
import { type DesiredConnection, splitCredentials } from '../connections/apply/file.ts';
import { cadenceOf, timeZone } from '../connections/apply/file-schema.ts';
import type { DesiredSetup } from '../connections/apply/plan-connection.ts';
import { formFields } from './fields.ts';

/** What a person has entered about a connection, as typed; what was left empty is not there. */
export const enteredSchema = z.object({
  connector: z.string(),
  name: z.string(),
  timeZone: z.string(),
  /** By kind of document; empty where it is not to be read. */
  cadences: z.record(z.string(), z.string()),
  /** Credentials that are no secret, by field. */
  values: z.record(z.string(), z.union([z.string(), z.boolean()])),
  secrets: z.record(z.string(), z.string()),
});
export type Entered = z.output<typeof enteredSchema>;

/**
 * What is wrong, in words: by field (`name`, `time_zone`, `cadence.KIND`, `credentials.FIELD`), and what belongs to none.
 */
export interface Problems {
  byField: Record<string, string>;
  others: string[];
}

export const noProblems = (): Problems => ({ byField: {}, others: [] });

export const hasProblems = ({ byField, others }: Problems) => others.length > 0 || Object.keys(byField).length > 0;

const longestName = 80;
const name = z
  .string()
  .trim()
  .min(1, 'Please fill this in.')
  .max(longestName, `must have at most ${longestName} characters`);

/** Checks the shape of what was entered, by the rules of the `apply` file; `secrets` are those that hold. */
export function checkEntered(
  connector: Connector,
  entered: Entered,
  secrets: Record<string, unknown>,
): { desired: DesiredSetup } | { problems: Problems } {
  const problems = noProblems();
  const named = take(problems, 'name', name.safeParse(entered.name));
  const zone = take(problems, 'time_zone', timeZone.safeParse(entered.timeZone));
  const feeds: DesiredConnection['feeds'] = {};
  for (const kind of Object.keys(connector.feeds)) {
    if ((entered.cadences[kind] ?? '').trim() === '') continue;
    const given = take(problems, `cadence.${kind}`, cadenceOf(kind).safeParse(entered.cadences[kind]));
    if (given !== undefined) feeds[kind] = given;
  }
  const [first] = Object.keys(connector.feeds);
  if (first && Object.values(entered.cadences).every((given) => given.trim() === ''))
    problems.byField[`cadence.${first}`] =
      'Say how often at least one kind is read; without any there is nothing to show.';
  const given = { ...typedValues(connector, entered), ...secrets };
  const credentials = connector.credentials.safeParse(given);
  for (const issue of credentials.error?.issues ?? []) addIssue(problems, issue, given, connector);
  if (!credentials.success || named === undefined || zone === undefined || hasProblems(problems)) return { problems };
  const desired = {
    ...{ name: named, connector: connector.id, timeZone: zone, feeds },
    ...splitCredentials(connector, credentials.data),
  };
  return { desired };
}

/** Numbers arrive as texts. */
function typedValues(connector: Connector, { values }: Entered): Record<string, unknown> {
  const numbers = new Set(
    formFields(connector.credentials).flatMap(({ name, input }) => (input.type === 'number' ? name : [])),
  );
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => {
      const isNumber = numbers.has(field) && typeof value === 'string' && Number.isFinite(Number(value));
      return [field, isNumber ? Number(value) : value];
    }),
  );
}

function take<T>(problems: Problems, field: string, parsed: z.ZodSafeParseResult<T>): T | undefined {
  const [issue] = parsed.error?.issues ?? [];
  if (issue) problems.byField[field] = sentence(issue.message);
  return parsed.data;
}

function addIssue(problems: Problems, issue: z.core.$ZodIssue, given: object, connector: Connector): void {
  const [step] = issue.path;
  const field = typeof step === 'string' && Object.hasOwn(connector.credentials.shape, step) ? step : null;
  if (field === null) {
    problems.others.push(sentence(issue.message));
    return;
  }
  const isMissing = issue.path.length === 1 && !Object.hasOwn(given, field) && issue.code !== 'custom';
  problems.byField[`credentials.${field}`] ??= isMissing ? 'Please fill this in.' : sentence(issue.message);
}

function sentence(text: string): string {
  const start = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
