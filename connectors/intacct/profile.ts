import { z } from 'zod';
import { ReconnectError, RetryableError } from '../../app/domain/errors.ts';
import { cleanText } from '../../app/domain/text.ts';
import type { ConnectContext } from '../connector.ts';
import { fingerprint } from '../shared/fingerprint.ts';
import type { Api } from './api.ts';
import type { IntacctCredentials } from './credentials.ts';
import { fields as exceptionFields, exceptionObjects } from './exceptions/records.ts';
import { unexpected } from './fields.ts';
import { readUserFormat, type UserFormat } from './formats.ts';
import type { FunctionResult } from './gateway/answer.ts';
import { kinds } from './kinds/index.ts';
import { applicationFieldsOf, fieldsOf, lineFieldsOf, objectsOf } from './kinds/kind.ts';
import { lookup, readUserFormatting } from './query.ts';
import { summaryFields, summaryObjects } from './summary/queries.ts';
import { child, children, textOf, type XmlElement } from './xml/read.ts';

/** What a company has changes with releases and settings; how the user sees dates, with the season. */
const maxAgeMs = 12 * 3_600_000;
/** Definitions are the same for everybody, so asking anew may not help; each time a dozen calls are billed. */
const doubtAgainMs = 3_600_000;

const formatSchema = z.object({
  locale: z.string(),
  separator: z.string(),
  order: z.string(),
  offsetMs: z.number(),
  clock: z.enum(['12', '24']),
});
const profileSchema = z.object({
  /** Fingerprint of the company and user that it was asked of. */
  of: z.string(),
  /** Milliseconds since the epoch. */
  readAt: z.number(),
  format: formatSchema,
  /** By object: its fields, as far as they are read. An object that is not there is one the company has not. */
  fields: z.record(z.string(), z.array(z.string())),
  /** By object: the labels that its STATE can have here. */
  states: z.record(z.string(), z.array(z.string())),
});

/** What has to be known of a company and its API user before anything can be read. */
export interface Profile {
  format: UserFormat;
  /** Of these fields, those that the object has here. Throws ReconnectError of one kind where there is no such object. */
  fields(object: string, wanted: readonly string[]): string[];
  /** The labels that STATE of the object can have here, as far as it tells. */
  states(object: string): readonly string[];
}

export interface Profiles {
  current(signal: AbortSignal): Promise<Profile>;
  discover(signal: AbortSignal): Promise<Profile>;
  /** Something was asked for that is not there: what is known is asked for anew next time, at most once an hour. */
  doubt(): void;
}

const statesMost = 100;
const read = new Set<string>([
  ...Object.values(exceptionFields).flat(),
  ...summaryFields,
  ...kinds.flatMap((kind) => [
    ...fieldsOf(kind),
    ...(kind.lines ? lineFieldsOf(kind.lines) : []),
    ...(kind.applications ? [...applicationFieldsOf(kind.applications), kind.applications.of.reference] : []),
  ]),
]);
const objects = [...new Set([...kinds.flatMap(objectsOf), ...exceptionObjects, ...summaryObjects])];

function formatOf({ data }: FunctionResult): UserFormat {
  const told = child(data, 'userformatting');
  const read = readUserFormat({
    locale: textOf(told, 'locale'),
    dateformat: textOf(told, 'dateformat'),
    gmtoffset: textOf(told, 'gmtoffset'),
    clock: textOf(told, 'clock'),
  });
  if (read === null) throw unexpected('a format of dates that is not known');
  return read;
}

/** An object's fields and the labels of its STATE; its definition is given to everybody, whatever the role may read. */
function definitionOf({ data }: FunctionResult): { fields: string[]; states: string[] } {
  const type = child(data, 'Type') ?? data;
  const found = children(child(type, 'Fields'), 'Field');
  const idOf = (field: XmlElement) => textOf(field, 'ID')?.toUpperCase() ?? '';
  const values = children(
    child(
      found.find((field) => idOf(field) === 'STATE'),
      'VALIDVALUES',
    ),
    'VALIDVALUE',
  );
  const states = values.map(({ text }) => cleanText(text).trim()).filter((label) => label !== '');
  return { fields: found.map(idOf), states: states.slice(0, statesMost) };
}

export function createProfiles({ credentials, state, now }: ConnectContext<IntacctCredentials>, api: Api): Profiles {
  const { gateway, company_id, user_id, entity } = credentials;
  const of = fingerprint([gateway, company_id, user_id, entity]);
  type Stored = z.infer<typeof profileSchema>;
  let held: Stored | null = null;
  let isDoubted = false;
  let doubtedAt = -Infinity;

  const usable = ({ readAt }: Stored) => !isDoubted && now() - readAt < maxAgeMs;

  const profile = ({ format, fields, states }: Stored): Profile => ({
    format,
    states: (object) => states[object] ?? [],
    fields(object, wanted) {
      const known = fields[object];
      if (known === undefined)
        throw new ReconnectError(`Intacct has no ${object} for this company.`, { field: 'rights', scope: 'kind' });
      // A definition that tells no fields is one that cannot be read: then all that is wanted is asked for.
      return wanted.filter((field) => field === 'RECORDNO' || known.length === 0 || known.includes(field));
    },
  });

  async function discover(signal: AbortSignal): Promise<Stored> {
    const questions = [
      { ask: readUserFormatting(user_id), what: "the user's own date format" },
      ...objects.map((object) => ({ ask: lookup(object), what: `the definition of ${object}` })),
    ];
    const { results } = await api.askAll(questions, signal);
    const [formatting, ...definitions] = results;
    if (formatting === undefined || formatting instanceof Error) throw formatting;
    const [fields, states]: [Stored['fields'], Stored['states']] = [{}, {}];
    for (const [index, result] of definitions.entries()) {
      // An object that this company has not is no reason to leave the others unread.
      if (result instanceof ReconnectError && result.scope === 'kind') continue;
      if (result instanceof Error) throw result;
      const [object = '', definition] = [objects[index], definitionOf(result)];
      // Tables have hundreds of fields, and only these are ever asked for.
      fields[object] = definition.fields.filter((field) => read.has(field));
      states[object] = definition.states;
    }
    const found: Stored = { of, readAt: now(), format: formatOf(formatting), fields, states };
    await state.change(async (current) => ({ ...current, profile: found }));
    held = found;
    isDoubted = false;
    return found;
  }

  async function current(signal: AbortSignal): Promise<Stored> {
    if (held !== null && usable(held)) return held;
    const parsed = profileSchema.safeParse((await state.read())?.profile);
    const stored = parsed.success && parsed.data.of === of ? parsed.data : null;
    if (stored !== null && usable(stored)) {
      held = stored;
      return stored;
    }
    try {
      return await discover(signal);
    } catch (error) {
      // What was known this morning is still good enough while Intacct does not tell anew.
      if (error instanceof RetryableError && stored !== null && now() - stored.readAt < 2 * maxAgeMs) return stored;
      throw error;
    }
  }

  return {
    current: async (signal) => profile(await current(signal)),
    discover: async (signal) => profile(await discover(signal)),
    doubt() {
      if (now() - doubtedAt < doubtAgainMs) return;
      doubtedAt = now();
      isDoubted = true;
    },
  };
}
