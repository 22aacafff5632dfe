import type { Cursor } from '../connector.ts';
import { doneCursor, type PassState, type Position, passCursor } from './cursor.ts';
import type { Stamp } from './document.ts';
import type { Slice } from './queries.ts';

/** Rows saved while a list was being compiled carry an earlier time than their commit: re-read this much. */
export const overlapMs = 2 * 60_000;
const maxSeen = 20_000;
/** How far a clock may go backwards between two passes. */
const putBackMostMs = 24 * 3_600_000;

/** Rows of one request and the ERP's clock when it began, where it told (ms since the epoch). */
export interface Fetched<R> {
  rows: R[];
  clock: number | null;
}

export interface PassPage<R> {
  rows: R[];
  cursor: Cursor;
}

/** One pass over what changed since a fixed instant: fetching, dedupe and progress, shared by both ways of reading. */
export class Pass<R extends { stamp: Stamp }> {
  readonly state: PassState;
  readonly pageSize: number;
  readonly #fetch: (slice: Slice) => Promise<Fetched<R>>;
  /** Which version of which row was yielded; the oldest are forgotten, which costs a repeated row at most. */
  readonly #seen = new Map<string, number>();

  constructor(state: PassState, pageSize: number, fetch: (slice: Slice) => Promise<Fetched<R>>) {
    this.state = { ...state };
    this.pageSize = pageSize;
    this.#fetch = fetch;
  }

  async fetch(slice: Omit<Slice, 'since'> & { since?: number }): Promise<R[]> {
    const { rows, clock } = await this.#fetch({ since: this.state.since, ...slice });
    this.state.start ??= clock;
    return rows;
  }

  hasSeen(row: R): boolean {
    return this.#seen.has(row.stamp.id);
  }

  /** The rows whose present version was not yielded yet; they count as yielded from now on. */
  takeNew(rows: R[]): R[] {
    return rows.filter(({ stamp: { id, modifiedAt } }) => {
      if (this.#seen.get(id) === modifiedAt) return false;
      this.#seen.delete(id);
      this.#seen.set(id, modifiedAt);
      if (this.#seen.size > maxSeen) this.#seen.delete(this.#seen.keys().next().value ?? '');
      this.state.highest = Math.max(this.state.highest, modifiedAt);
      return true;
    });
  }

  cursorAt(position: Position): Cursor {
    return passCursor(this.state, position);
  }

  /**
   * The next pass starts at this pass's own start on the ERP's clock, so a quiet ERP is soon asked for nothing twice. That
   * may lie before this pass's `since`, where that was reckoned by this machine's clock or the ERP's was put back; a clock
   * that is wrong by more than that would have all read again, and is not believed.
   */
  cursorWhenDone(): Cursor {
    const { since, start, highest } = this.state;
    const isCredible = start !== null && start > since - putBackMostMs;
    return doneCursor(isCredible ? start - overlapMs : Math.max(since, highest - overlapMs));
  }
}
