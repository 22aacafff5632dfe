import type { Api } from './api.ts';
import { textField, type WireRecord } from './fields.ts';
import { type Named, namesPath } from './queries.ts';

const blockSize = 1000;
/** Keeps the address of a filtered request well below what web servers accept. */
const codesPerRequest = 40;
const maxCached = 20_000;
const maxAgeMs = 24 * 3_600_000;
/** After a failure documents go without new names for a while. */
const pauseMs = 5 * 60_000;

export interface Names {
  /**
   * Learns the names of those in `codes` that are not known yet; never fails because of them. In bulk, whole blocks are
   * read, so that thousands of documents cost one request.
   */
  learn(codes: Iterable<string>, bulk: boolean, signal: AbortSignal): Promise<void>;
  nameOf(code: string): string | null;
}

/** The names of vendors or of customers, for documents that hold their codes only. */
export function createNames(api: Api, named: Named, now: () => number): Names {
  const names = new Map<string, string | null>();
  let startedAt = now();
  let blocksRead = 0;
  let listEnded = false;
  let pausedUntil = 0;

  function keep(code: string, name: string | null): void {
    names.set(code, name);
    if (names.size > maxCached) names.delete(names.keys().next().value ?? '');
  }

  function keepRecords(records: WireRecord[]): void {
    for (const record of records) {
      const code = textField(record, named.code)?.trim();
      if (code) keep(code, textField(record, named.name));
    }
  }

  async function request(page: Parameters<typeof namesPath>[1], signal: AbortSignal): Promise<number> {
    const answer = await api.list(namesPath(named, page), `${named.entity} records`, signal);
    if ('problem' in answer) throw new Error(`${named.entity} records cannot be listed`);
    keepRecords(answer.records);
    return answer.records.length;
  }

  async function fetchNames(codes: string[], bulk: boolean, signal: AbortSignal): Promise<void> {
    let unknown = codes;
    if (bulk && !listEnded && (blocksRead === 0 || unknown.length > codesPerRequest)) {
      const found = await request({ top: blockSize, skip: blocksRead * blockSize }, signal);
      blocksRead += 1;
      listEnded = found < blockSize;
      unknown = unknown.filter((code) => !names.has(code));
    }
    const asked = unknown.slice(0, codesPerRequest);
    if (asked.length === 0) return;
    await request({ codes: asked }, signal);
    for (const code of asked) if (!names.has(code)) keep(code, null);
  }

  return {
    nameOf: (code) => names.get(code) ?? null,
    async learn(codes, bulk, signal) {
      const at = now();
      if (at - startedAt > maxAgeMs) {
        names.clear();
        startedAt = at;
        blocksRead = 0;
        listEnded = false;
      }
      const unknown = [...new Set(codes)].filter((code) => !names.has(code));
      if (unknown.length === 0 || at < pausedUntil) return;
      try {
        await fetchNames(unknown, bulk, signal);
      } catch {
        signal.throwIfAborted();
        pausedUntil = at + pauseMs;
      }
    },
  };
}
