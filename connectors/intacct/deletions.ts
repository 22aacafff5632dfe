import type { Question } from './api.ts';
import { rowsOf, text } from './fields.ts';
import { lowerBound } from './formats.ts';
import type { FunctionResult } from './gateway/answer.ts';
import type { Kind } from './kinds/kind.ts';
import type { Profile } from './profile.ts';
import { allOf, atLeast, equalTo, oneOf, query } from './query.ts';

/** Each question is billed, and what is deleted is rarely urgent. */
const everyMs = 30 * 60_000;
/** A role without the permission is asked again tomorrow. */
const pausedMs = 24 * 3_600_000;
const overlapMs = 10 * 60_000;
const rowsMost = 2000;
const object = 'AUDITHISTORY';

/** The audit history, which alone tells of what was deleted. */
export interface Deletions {
  /** Whether it is time to ask again. `audited`: up to when it was read (ms since the epoch). */
  isDue(audited: number, now: number): boolean;
  question(profile: Profile, since: number): Question;
  /** The keys of what was deleted; null where it did not tell, which is not worth a word. */
  read(result: FunctionResult | Error | undefined, now: number): string[] | null;
}

export function createDeletions(kind: Kind): Deletions {
  let pausedUntil = 0;
  return {
    isDue: (audited, now) => now - audited >= everyMs && now >= pausedUntil,
    question(profile, since) {
      const filter = allOf(
        equalTo('OBJECTTYPE', kind.object.toLowerCase()),
        // Pages differ on whether codes or words are asked for.
        oneOf('ACCESSMODE', ['D', 'Delete']),
        atLeast('ACCESSTIME', lowerBound(since - overlapMs, profile.format)),
      );
      const fields = ['OBJECTKEY'];
      return {
        ask: query({ object, fields, filter, pageSize: rowsMost, showPrivate: false, order: 'ID' }),
        what: 'the audit history',
      };
    },
    read(result, now) {
      if (result === undefined || result instanceof Error) {
        if (result !== undefined) pausedUntil = now + (isRefusal(result) ? pausedMs : 0);
        return null;
      }
      return rowsOf(result, object).flatMap((row) => /^\d+/.exec(text(row, ['OBJECTKEY']) ?? '')?.[0] ?? []);
    },
  };
}

/** Its pages fail now and then; a denial has no number, and words alone. */
const isRefusal = (error: Error) => error.name === 'ReconnectError' || error.name === 'PermanentError';
