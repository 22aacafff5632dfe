import type { CurrentRoute } from '../connections/apply/current.ts';
import type { WantedRoute } from '../connections/apply/plan-routes.ts';
import { type CustomFieldOffered, customFieldsMost, customNameSchema } from '../domain/custom.ts';
import { severities } from '../domain/document.ts';
import { defaultLocale } from '../domain/locale.ts';
import { compareDecimals } from '../domain/money.ts';
import type { Conditions, Decider } from '../domain/routing.ts';
import { inWords } from '../home/routes.ts';
import { isCadence } from './cadences.ts';
import { fitting, isGroup, listedConditions, type RouteDraft } from './route-draft.ts';

/** A field of the form; of a tier of deciders with its number: `people.0`, `upTo.0`. */
export type RouteField = keyof RouteDraft | `people.${number}` | `upTo.${number}`;
export type Problems = Partial<Record<RouteField, string>>;

export interface CheckContext {
  /** The route that is edited: what the form cannot show of it is kept. */
  current: CurrentRoute | undefined;
  /** Names of the connection's other routes in force. */
  taken: ReadonlySet<string>;
  position: number;
  /** What documents of the kind are called: "Bills". */
  title: string;
  /** The custom fields that the ERP has for the kind; null where it does not tell, or did not yet. */
  fields?: readonly CustomFieldOffered[] | null;
  /** Whether nobody but the person themselves can act on them. */
  actsOnlyAsPerson: boolean;
}

const longestName = 80;
const burstMost = 1_000;

/** What the form says, as a route; or what is wrong with it, by field, in words for whoever fills it in. */
export function checkDraft(
  draft: RouteDraft,
  context: CheckContext,
): { wanted: WantedRoute; problems?: never } | { problems: Problems } {
  const problems: Problems = {};
  const when = readConditions(draft, context, problems);
  const deciders = inOrder(readLimits(draft, problems), context.current?.deciders ?? []);
  const channel = readPlace(draft, context, problems);
  const digest = readCadence(draft, problems);
  const burst = Number(draft.burst);
  if (!/^\d{1,4}$/.test(draft.burst.trim()) || burst < 1 || burst > burstMost)
    problems.burst = `A whole number from 1 to ${burstMost}.`;
  if (deciders.length > 0 && draft.actions.length === 0)
    problems.actions = 'Choose what they may do, or leave the people who may decide empty: then cards only inform.';
  const customFields = readFields(draft, context, problems);
  const name = draft.name.trim() || proposeName(`${context.title}${inWords(when, defaultLocale)}`, context.taken);
  if (name.length > longestName) problems.name = `Use up to ${longestName} characters.`;
  if (context.taken.has(name))
    problems.name = 'Another route of this connection has this name. Choose one that tells them apart.';
  if (Object.keys(problems).length > 0) return { problems };
  const groups = (context.current?.mentions ?? []).filter(isGroup);
  const mentions = inOrder([...draft.mentions, ...groups], context.current?.mentions ?? []);
  const { kind, actions } = draft;
  return {
    wanted: {
      name,
      kind,
      when,
      channel,
      deciders,
      actions,
      mentions,
      burst,
      digest,
      note_decisions: draft.noteDecisions,
      severity: kind === 'exception' ? draft.severity : 'as_found',
      act_as: context.actsOnlyAsPerson ? 'person' : (draft.actAs ?? context.current?.act_as ?? 'service'),
      custom_fields: customFields,
      position: context.position,
    },
  };
}

/** An amount as people write it, "25,000.50", as a decimal string; undefined for what is none. */
export function readAmount(typed: string): string | undefined {
  const text = typed.trim();
  if (/^-?\d{1,3}([,' \u00a0\u202f]\d{3})+(\.\d+)?$/.test(text)) return text.replace(/[,' \u00a0\u202f]/g, '');
  return /^-?\d{1,24}(\.\d{1,8})?$/.test(text) ? text : undefined;
}

const amountHint = 'Write it like 25000 or 25,000.50.';
const currencyHint = 'Use the three letters of a currency, like GBP.';

function readConditions(draft: RouteDraft, { current }: CheckContext, problems: Problems): Conditions {
  const amount = (field: 'amountAtLeast' | 'amountBelow') => {
    if (draft[field].trim() === '') return undefined;
    const value = readAmount(draft[field]);
    if (value === undefined) problems[field] = amountHint;
    return value;
  };
  const amountAtLeast = amount('amountAtLeast');
  const amountBelow = amount('amountBelow');
  if (amountAtLeast && amountBelow && compareDecimals(amountAtLeast, amountBelow) >= 0)
    problems.amountBelow = 'No amount is both: this must be more than the one above.';
  const currency = draft.currency.trim().toUpperCase();
  if (currency !== '' && !/^[A-Z]{3}$/.test(currency)) problems.currency = currencyHint;
  const chosen = severities.filter((each) => draft.kind !== 'exception' || draft.severities.includes(each));
  if (chosen.length === 0) problems.severities = 'Choose at least one.';
  const lists = listedConditions.flatMap((name) => {
    const values = [...new Set([...draft[name], ...fitting(current?.conditions[name]).kept])];
    return values.length > 0 ? [[name, values]] : [];
  });
  return {
    ...(amountAtLeast === undefined ? {} : { amountAtLeast }),
    ...(amountBelow === undefined ? {} : { amountBelow }),
    ...(currency === '' ? {} : { currency }),
    ...(chosen.length === severities.length ? {} : { severities: chosen }),
    ...Object.fromEntries(lists),
  };
}

function readLimits(draft: RouteDraft, problems: Problems): Decider[] {
  return draft.limits.flatMap(({ people, upTo }, index): Decider[] => {
    const text = upTo.trim();
    if (text === '') return people.map((user) => ({ user }));
    const [, number = '', letters] = /^(.*?)\s*([A-Za-z]{3})?$/.exec(text) ?? [];
    const value = readAmount(number);
    const currency = (letters ?? draft.currency.trim()).toUpperCase();
    if (value === undefined || value.startsWith('-')) problems[`upTo.${index}`] = 'Write it like 25000 GBP.';
    else if (!/^[A-Z]{3}$/.test(currency)) problems[`upTo.${index}`] = 'Add the currency, like 25000 GBP.';
    else if (people.length === 0) problems[`people.${index}`] = 'Choose who may decide up to this amount.';
    return people.map((user) => ({ user, upTo: { value: value ?? '0', currency } }));
  });
}

/** Where a select of one cannot be emptied, the choice that is new counts; in a route that stands, none keeps its place. */
function readPlace({ channel, person }: RouteDraft, { current }: CheckContext, problems: Problems): string {
  if (channel && person && channel !== current?.channel && person !== current?.channel)
    problems.person = 'Choose a channel or a person, not both.';
  const chosen = channel === current?.channel ? (person ?? channel) : (channel ?? person);
  const place = chosen ?? current?.channel;
  if (!place) problems.channel = 'Choose a channel, or below a person who gets the cards as direct messages.';
  else if (!/^[CGUW][A-Z0-9]+$/.test(place)) problems.channel = 'Choose a channel.';
  return place ?? '';
}

function readCadence({ delivery, cadence }: RouteDraft, problems: Problems): string | null {
  if (delivery === 'cards') return null;
  const expression = (delivery === 'own' ? cadence : delivery).trim().replace(/\s+/g, ' ');
  if (!isCadence(expression))
    problems[delivery === 'own' ? 'cadence' : 'delivery'] =
      'Write five fields: minute, hour, day, month, weekday; like “30 7 * * 1-5”.';
  return expression;
}

/** Each has to be there in the ERP, unless the ERP does not tell; one that the route has already may have vanished. */
function readFields(draft: RouteDraft, { fields, title, current }: CheckContext, problems: Problems): string[] {
  const names = inOrder([...new Set(draft.customFields.map((name) => name.trim()))], current?.custom_fields ?? []);
  const odd = names.find((name) => !customNameSchema.safeParse(name).success);
  const unknown = fields ? names.filter((name) => !fields.some((field) => field.name === name)) : [];
  if (names.length > customFieldsMost) problems.customFields = `Choose up to ${customFieldsMost}.`;
  else if (odd !== undefined)
    problems.customFields = `“${odd.slice(0, 80)}” is no custom field. Write the view and the field, like Document.UsrProject.`;
  else if (unknown.length > 0)
    problems.customFields = `${title} have no field ${unknown.join(', ')} in the ERP. Take it out, or choose one from the list.`;
  return names;
}

/** What was there before comes first and in its old order, so that nothing counts as changed that was not. */
function inOrder<T>(values: T[], before: readonly T[]): T[] {
  const rank = new Map(before.map((value, index) => [JSON.stringify(value), index]));
  const of = (value: T) => rank.get(JSON.stringify(value)) ?? before.length;
  return values.toSorted((a, b) => of(a) - of(b));
}

function proposeName(words: string, taken: ReadonlySet<string>): string {
  const plain = words.length > longestName - 4 ? `${words.slice(0, longestName - 5).toWellFormed()}…` : words;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? plain : `${plain} ${number}`;
    if (!taken.has(name)) return name;
  }
}
