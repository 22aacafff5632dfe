import type { CustomField, CustomFieldOffered } from '../../app/domain/custom.ts';
import { customNameSchema } from '../../app/domain/custom.ts';
import type { ErpDocument } from '../../app/domain/document.ts';
import { NextStepError, PermanentError, RetryableError } from '../../app/domain/errors.ts';
import { cleanText } from '../../app/domain/text.ts';
import type { ConnectContext } from '../connector.ts';
import type { Api } from './api.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import { isRecord, type WireRecord } from './fields.ts';
import type { Kind } from './kinds/kind.ts';
import { kindInWords } from './profile.ts';

const longestValue = 1_000;
/** What the site knew or did not know is asked again after a while: it may be gone, or back. */
const learnedForMs = 30 * 60_000;
/** The dialog for a reason, which `$adHocSchema` lists like a view of the form. */
const dialogs = new Set(['ReasonApproveRejectParams']);

/** `UsrProjectCode` → "Project code", `AttributeREGION` → "REGION": the API tells no titles. */
export function labelOf(name: string): string {
  const field = name.slice(name.indexOf('.') + 1);
  const own = field.replace(/^(Usr|Attribute)(?=.)/, '').replaceAll('_', ' ');
  const words = own.replace(/(?<=[a-z\d])(?=[A-Z])/g, ' ').split(' ');
  const lowered = words.map((word, index) => (index > 0 && /^[A-Z][a-z]/.test(word) ? word.toLowerCase() : word));
  return lowered.join(' ').trim() || field;
}

/** What customers add is called `Usr…` or `Attribute…`; other fields outside the contract come after them. */
const isAdded = (name: string) => /\.(Usr|Attribute)/.test(name);

/** The fields outside the contract that `$adHocSchema` lists by view and name; null where it lists none. */
export function offeredFields(schema: unknown): CustomFieldOffered[] | null {
  if (!isRecord(schema) || !isRecord(schema.custom)) return null;
  const names = Object.entries(schema.custom).flatMap(([view, fields]) =>
    isRecord(fields) && !dialogs.has(view) ? Object.keys(fields).map((field) => `${view}.${field}`) : [],
  );
  return names
    .filter((name) => customNameSchema.safeParse(name).success)
    .sort((a, b) => Number(isAdded(b)) - Number(isAdded(a)) || a.localeCompare(b, 'en'))
    .map((name) => ({ name, label: labelOf(name) }));
}

function entryOf({ custom }: WireRecord, name: string): WireRecord | null {
  const [view = '', field = ''] = name.split('.');
  const fields = isRecord(custom) ? custom[view] : undefined;
  const entry = isRecord(fields) ? fields[field] : undefined;
  return isRecord(entry) ? entry : null;
}

/** A value in words. A date travels as midnight UTC and stays a date; other times are told in UTC. */
function wordsOf({ value }: WireRecord): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return null;
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}(?:\.\d+)?(?:\+00:00|Z)$/.exec(value) ?? [];
  if (day !== undefined) return time === '00:00' ? day : `${day} ${time} UTC`;
  return cleanText(value).slice(0, longestValue).toWellFormed() || null;
}

/** The custom fields of a record as a document carries them; nothing where none were asked for. */
export function readCustom(record: WireRecord, names: readonly string[]): Pick<ErpDocument, 'custom'> {
  const custom = names.flatMap((name): CustomField[] => {
    const entry = entryOf(record, name);
    return entry ? [{ name, label: labelOf(name), value: wordsOf(entry) }] : [];
  });
  return custom.length > 0 ? { custom } : {};
}

export async function readOffered(api: Api, kind: Kind, signal: AbortSignal): Promise<CustomFieldOffered[] | null> {
  const what = `the fields of ${kindInWords(kind)}`;
  return offeredFields(await api.record(`${kind.entity}/$adHocSchema`, what, signal));
}

/** Which custom fields of a kind are read, as the routes ask for them and as the site has them. */
export interface CustomFields {
  /** Those to be asked for now. */
  names(): string[];
  /** Those that routes ask for and the site does not have. */
  unknown(): string[];
  /** Reads with the fields; where the site turns out to have some of them no more, without those. */
  read<T>(signal: AbortSignal, request: (names: string[]) => Promise<T>, rows: (answer: T) => WireRecord[]): Promise<T>;
}

/**
 * What the site says to a field that it does not know is not documented and differs: so the site's own list of fields
 * decides, after an error or where an answer leaves a field out.
 */
export function createCustomFields(
  { customFields, now }: ConnectContext<AcumaticaCredentials>,
  kind: Kind,
  api: Api,
): CustomFields {
  const missing = new Map<string, number>();
  /** Of the site's own list: an answer that leaves such a field out says only that it is empty. */
  const present = new Map<string, number>();
  const isLately = (learned: Map<string, number>, name: string) =>
    now() - (learned.get(name) ?? Number.NEGATIVE_INFINITY) < learnedForMs;
  const wanted = () => customFields?.(kind.kind) ?? [];
  const isMissing = (name: string) => isLately(missing, name);
  const names = () => wanted().filter((name) => !isMissing(name));

  /** Whether the site has less than was asked for; what it does not have is not asked for again soon. */
  async function lacksSome(asked: string[], signal: AbortSignal): Promise<boolean> {
    const offered = await readOffered(api, kind, signal).catch((error: unknown) => {
      if (error instanceof NextStepError) return null;
      throw error;
    });
    if (offered === null) return false;
    const lacking = asked.filter((name) => !offered.some((field) => field.name === name));
    for (const name of asked) (lacking.includes(name) ? missing : present).set(name, now());
    return lacking.length > 0;
  }

  return {
    names,
    unknown: () => wanted().filter(isMissing),
    async read(signal, request, rows) {
      const asked = names();
      if (asked.length === 0) return request([]);
      try {
        const answer = await request(asked);
        const records = rows(answer);
        const isLeftOut = (name: string) => records.length > 0 && !records.some((record) => entryOf(record, name));
        const leftOut = asked.filter((name) => isLeftOut(name) && !isLately(present, name));
        if (leftOut.length > 0) await lacksSome(leftOut, signal);
        return answer;
      } catch (error) {
        const mayBeTheFields = error instanceof PermanentError || error instanceof RetryableError;
        if (!mayBeTheFields || !(await lacksSome(asked, signal))) throw error;
        return request(names());
      }
    },
  };
}
