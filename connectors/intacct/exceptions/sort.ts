import type { DocumentLine, Money, Severity } from '../../../app/domain/document.ts';
import type { Closing } from './close.ts';
import type { ErpRecord } from './records.ts';

/** What the time is and what the connection counts by. */
export interface Circumstances {
  /** The gateway's clock, milliseconds since the epoch. */
  at: number;
  /** Who waits for longer than this is stuck. */
  stuckMs: number;
  /** When months close; null: nobody said. */
  closing: Closing | null;
}

/** What is wrong with a record; what is not said is the record's own. */
export interface Finding {
  amount?: Money | null;
  amountIs?: string;
  severity?: Severity;
  lines?: DocumentLine[];
}

/** What became of it: solved, or no longer told of. `outcome` is a clause: "the journal balances now". */
export interface End {
  status: 'Solved' | 'Closed';
  outcome: string;
}

/** One sort of exception: all that tells it from the others. */
export interface Sort<R extends ErpRecord = ErpRecord> {
  /** In the key of each; never changes. */
  id: string;
  /** In words. */
  type: string;
  /** As it is proposed; a route may show it otherwise. */
  severity: Severity;
  /** What is wrong with the record now; null: nothing of this sort. */
  find(record: R, now: Circumstances): Finding | null;
  /** What became of it, of a record with which nothing of this sort is wrong. */
  end(record: R, now: Circumstances): End;
  /** Where it happened once and is told once, for there is nothing that would solve it: the word for how it stands. */
  notice?: string;
}

export const solved = (outcome: string): End => ({ status: 'Solved', outcome });
/** No longer watched, though nobody put it right. */
export const closed = (outcome: string): End => ({ status: 'Closed', outcome });
