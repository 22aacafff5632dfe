import { validate as isCronExpression } from 'node-cron';
import { z } from 'zod';
import { parseSchedule } from '../../domain/close-schedule.ts';
import { customFieldsSchema } from '../../domain/custom.ts';
import { actionNames, documentKinds, severities } from '../../domain/document.ts';
import { isMadeHere } from '../../domain/kinds.ts';
import { actAsChoices, type Conditions, type Decider, shownAsChoices } from '../../domain/routing.ts';

const text = z.string().trim().min(1);
const exact = (value: number | string) => typeof value === 'string' || Number(value.toPrecision(15)) === value;
const amount = z
  .union([z.string(), z.number()])
  .refine(exact, 'has too many digits for a number: put it in quotes')
  .transform(String)
  .refine((value) => /^-?\d+(\.\d+)?$/.test(value), 'must be an amount like 25000 or 25000.50');
const currency = z.string().regex(/^[A-Z]{3}$/, 'must be a currency code like GBP');
const user = z.string().regex(/^[UW][A-Z0-9]+$/, 'must be a member id (U…), from the profile in Slack');
const mention = z.string().regex(/^[UWS][A-Z0-9]+$/, 'must be a member id (U…) or a user group id (S…)');
/** Also what the form in Slack is checked by. */
export const timeZone = text.refine(isTimeZone, 'must be a time zone like Europe/London');
const channel = z
  .string()
  .regex(
    /^[CGUW][A-Z0-9]+$/,
    'must be a channel id (C…), from the channel details in Slack, or a member id (U…) for direct messages',
  );

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

const conditions = z
  .strictObject({
    amount_at_least: amount.optional(),
    amount_below: amount.optional(),
    currency: currency.optional(),
    vendors: z.array(text).min(1).optional(),
    statuses: z.array(text).min(1).optional(),
    types: z.array(text).min(1).optional(),
    branches: z.array(text).min(1).optional(),
    severities: z.array(z.enum(severities)).min(1).optional(),
  })
  .transform(
    ({ amount_at_least: amountAtLeast, amount_below: amountBelow, ...rest }): Conditions => ({
      ...(amountAtLeast === undefined ? {} : { amountAtLeast }),
      ...(amountBelow === undefined ? {} : { amountBelow }),
      ...rest,
    }),
  );

const decider = z
  .strictObject({ user, up_to: amount.optional(), currency: currency.optional() })
  .refine(
    (given) => (given.up_to === undefined) === (given.currency === undefined),
    'needs up_to and currency together',
  )
  .transform(
    ({ user: id, up_to: value, currency: code }): Decider =>
      value === undefined || code === undefined ? { user: id } : { user: id, upTo: { value, currency: code } },
  );

const cadence = text.refine((given) => isCronExpression(given), 'must be a cron expression like "*/5 * * * *"');

const schedule = text.superRefine((given, context) => {
  const parsed = parseSchedule(given);
  if ('problem' in parsed) context.addIssue({ code: 'custom', message: parsed.problem });
});

/** What says when documents of a kind are read, or made; also what the form in Slack is checked by. */
export const cadenceOf = (kind: string) => (isMadeHere(kind) ? schedule : cadence);

const route = z.strictObject({
  name: text,
  kind: z.enum(documentKinds).default('bill'),
  when: conditions.default({}),
  channel,
  deciders: z.array(decider).default([]),
  actions: z.array(z.enum(actionNames)).default(['approve', 'reject']),
  mentions: z.array(mention).default([]),
  burst: z.int().positive().default(20),
  digest: cadence.nullable().default(null),
  note_decisions: z.boolean().default(false),
  /** Left out: as the kind's documents are decided, see `check`. */
  act_as: z.enum(actAsChoices).optional(),
  severity: z.enum(shownAsChoices).default('as_found'),
  custom_fields: customFieldsSchema.default([]),
});

/** `off`, as YAML 1.1 and 1.2 read it: the kind is not read. */
const off = z.union([z.literal('off'), z.literal(false)]).transform(() => 'off' as const);
const feed = z.union([off, z.strictObject({ cadence: text })], {
  error: () => 'must be `off` or { cadence: "*/5 * * * *" }',
});
function cadencesByKind(feeds: Partial<Record<string, 'off' | { cadence: string }>>, context: z.RefinementCtx): void {
  for (const [kind, given] of Object.entries(feeds)) {
    if (given === undefined || given === 'off') continue;
    const [issue] = cadenceOf(kind).safeParse(given.cadence).error?.issues ?? [];
    if (issue) context.addIssue({ code: 'custom', message: issue.message, path: [kind, 'cadence'] });
  }
}

const connection = z.strictObject({
  name: text,
  workspace: text.optional(),
  connector: text,
  time_zone: timeZone.default('UTC'),
  credentials: z.record(z.string(), z.unknown()),
  feeds: z.partialRecord(z.enum(documentKinds), feed).superRefine(cadencesByKind).default({}),
  routes: z.array(route).superRefine(uniqueNames).default([]),
});

function uniqueNames(routes: { name: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, { name }] of routes.entries()) {
    if (seen.has(name))
      context.addIssue({ code: 'custom', message: `"${name}" is there twice`, path: [index, 'name'] });
    seen.add(name);
  }
}

/** The `apply` file, as it is written. */
export const fileSchema = z.strictObject({ connections: z.array(connection) });
export type FileConnection = z.output<typeof connection>;
export type FileRoute = z.output<typeof route>;
