import { PermanentError } from '../../app/domain/errors.ts';
import type { Api } from './api.ts';
import { readStamp, type Stamp } from './document.ts';
import type { Kind } from './kinds/kind.ts';
import { kindInWords } from './profile.ts';
import { referencesPath } from './queries.ts';

/** Keeps the address of a filtered request well below what web servers accept. */
const referencesPerRequest = 40;

const keyOf = ({ type, reference }: Stamp) => `${type}|${reference}`;

/**
 * Which of these records are archived. No field says so: what is not there without asking for the archive is in it.
 * Gives their ids.
 */
export async function archivedAmong(
  api: Api,
  kind: Kind,
  stamps: readonly Stamp[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const live = new Set<string>();
  for (let at = 0; at < stamps.length; at += referencesPerRequest) {
    const references = stamps.slice(at, at + referencesPerRequest).map(({ reference }) => reference);
    const answer = await api.list(referencesPath(kind, [...new Set(references)]), kindInWords(kind), signal);
    if ('problem' in answer)
      throw new PermanentError('refused_by_erp', `Acumatica cannot even list the keys of ${kindInWords(kind)}.`);
    for (const record of answer.records) live.add(keyOf(readStamp(record, kind)));
  }
  return new Set(stamps.filter((stamp) => !live.has(keyOf(stamp))).map(({ id }) => id));
}
