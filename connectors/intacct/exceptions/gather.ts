import { type Row, recordNo, text } from '../fields.ts';
import type { Profile } from '../profile.ts';
import { greaterThan } from '../query.ts';
import type { List, ReadLists } from './lists.ts';
import { type ErpRecord, type Payment, readJournal, readVendor } from './records.ts';

const noEntities: ReadonlySet<string> = new Set();
const entitiesAgeMs = 12 * 3_600_000;
const allEntities: List = { object: 'LOCATIONENTITY', filter: greaterThan('RECORDNO', '0') };

export interface Journals {
  /** Journals with their lines, which are among `entries`; null: these were not read. */
  journalsOf(
    profile: Profile,
    batches: readonly Row[],
    entries: readonly Row[] | null,
    signal: AbortSignal,
  ): Promise<ErpRecord[]>;
}

export function createJournals(readLists: ReadLists, now: () => number): Journals {
  let held: { ids: ReadonlySet<string>; at: number } | null = null;

  /** The entities of the company, where lines stand in several places; none where the user may not know. */
  async function entitiesFor(profile: Profile, lines: readonly Row[], signal: AbortSignal) {
    const places = new Set(lines.map((row) => text(row, ['LOCATION'])));
    if (places.size < 2) return noEntities;
    if (held && now() - held.at < entitiesAgeMs) return held.ids;
    const [rows] = (await readLists(profile, [allEntities], signal)).rows;
    const ids = new Set(Array.isArray(rows) ? rows.flatMap((row) => text(row, ['LOCATIONID']) ?? []) : []);
    held = { ids, at: now() };
    return ids;
  }

  return {
    async journalsOf(profile, batches, entries, signal) {
      const { format } = profile;
      const entities = entries ? await entitiesFor(profile, entries, signal) : noEntities;
      const lines = entries && Map.groupBy(entries, (row) => text(row, ['BATCHNO']));
      return batches.map((row) =>
        readJournal(row, lines && (lines.get(recordNo(row, 'GLBATCH')) ?? []), { format, entities }),
      );
    },
  };
}

/** Vendors with those of the payments that are on their way to them. */
export function vendorsOf(profile: Profile, rows: readonly Row[], payments: readonly Payment[]): ErpRecord[] {
  const open = Map.groupBy(
    payments.filter(({ standing }) => standing === 'open'),
    ({ vendor }) => vendor?.code,
  );
  return rows.map((row) => readVendor(row, open.get(text(row, ['VENDORID']) ?? undefined) ?? [], profile.format));
}
