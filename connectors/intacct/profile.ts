import { z } from 'zod';
import { ReconnectError, RetryableError } from '../../app/domain/errors.ts';
import type { ConnectContext } from '../connector.ts';
import { fingerprint } from '../shared/fingerprint.ts';
import type { Api } from './api.ts';
import type { IntacctCredentials } from './credentials.ts';
import { unexpected } from './fields.ts';
import { readUserFormat, type UserFormat } from './formats.ts';
import type { FunctionResult } from './gateway/answer.ts';
import { kinds } from './kinds/index.ts';
import { lookup, readUserFormatting } from './query.ts';
import { summaryObjects } from './summary/queries.ts';
import { child, children, textOf } from './xml/read.ts';

/** What a company has changes with releases and settings; how the user sees dates, with the season. */
const maxAgeMs = 12 * 3_600_000;

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
});

/** What has to be known of a company and its API user before anything can be read. */
export interface Profile {
  format: UserFormat;
  /** Of these fields, those that the object has here. Throws ReconnectError of one kind where there is no such object. */
  fields(object: string, wanted: readonly string[]): string[];
}

export interface Profiles {
  current(signal: AbortSignal): Promise<Profile>;
  discover(signal: AbortSignal): Promise<Profile>;
}

const documentObjects = kinds.flatMap(({ object, lines }) => [object, ...(lines ? [lines.object] : [])]);
const objects = [...new Set([...documentObjects, ...summaryObjects])];

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

/** The names of an object's fields; its definition is given to everybody, whatever the role may read. */
function fieldNames({ data }: FunctionResult): string[] {
  const type = child(data, 'Type') ?? data;
  return children(child(type, 'Fields'), 'Field').flatMap((field) => textOf(field, 'ID')?.toUpperCase() ?? []);
}

export function createProfiles({ credentials, state, now }: ConnectContext<IntacctCredentials>, api: Api): Profiles {
  const { gateway, company_id, user_id, entity } = credentials;
  const of = fingerprint([gateway, company_id, user_id, entity]);
  type Stored = z.infer<typeof profileSchema>;
  let held: Stored | null = null;

  const usable = ({ readAt }: Stored) => now() - readAt < maxAgeMs;

  const profile = ({ format, fields }: Stored): Profile => ({
    format,
    fields(object, wanted) {
      const known = fields[object];
      if (known === undefined)
        throw new ReconnectError(`Intacct has no ${object} for this company.`, { field: 'rights', scope: 'kind' });
      return wanted.filter((field) => known.includes(field));
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
    const fields: Stored['fields'] = {};
    for (const [index, result] of definitions.entries()) {
      // An object that this company has not is no reason to leave the others unread.
      if (result instanceof ReconnectError && result.scope === 'kind') continue;
      if (result instanceof Error) throw result;
      fields[objects[index] ?? ''] = fieldNames(result);
    }
    const read: Stored = { of, readAt: now(), format: formatOf(formatting), fields };
    await state.change(async (current) => ({ ...current, profile: read }));
    held = read;
    return read;
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
  };
}
