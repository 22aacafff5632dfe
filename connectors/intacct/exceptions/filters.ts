import { dateText, lowerBound } from '../formats.ts';
import type { Profile } from '../profile.ts';
import { allOf, anyOf, atLeast, atMost, equalTo, type Filter, lessThan, oneOf } from '../query.ts';
import { type Closing, closedThrough } from './close.ts';
import { labelsOf } from './payment-states.ts';

const watched = ['Draft', 'Submitted', 'Partially Approved', 'Declined', 'Reversal Pending'];

/** Changed or made at or after a moment (ms), by the stamps that the object has. */
function stampedSince(profile: Profile, object: string, stamps: readonly string[], since: number): Filter {
  const bound = lowerBound(since, profile.format);
  return anyOf(...profile.fields(object, stamps).map((stamp) => atLeast(stamp, bound)));
}

/** Journals that are on their way, and those that were posted or changed after their month was closed. */
export function journalsToWatch(profile: Profile, at: number, closing: Closing | null): Filter {
  const onTheirWay = oneOf('STATE', watched);
  if (closing === null) return onTheirWay;
  const { day, since } = closedThrough(at, closing);
  const late = allOf(
    equalTo('STATE', 'Posted'),
    atMost('BATCH_DATE', dateText(day, profile.format)),
    stampedSince(profile, 'GLBATCH', ['WHENMODIFIED', 'WHENCREATED'], since),
  );
  return anyOf(onTheirWay, late);
}

/** Payments that are on their way or refused, and those that were taken back since a moment (ms). */
export function paymentsToWatch(profile: Profile, since: number): Filter {
  const known = profile.states('APPYMT');
  const changed = stampedSince(profile, 'APPYMT', ['WHENMODIFIED', 'AUWHENCREATED'], since);
  const takenBack = labelsOf(known, 'taken back');
  return anyOf(
    oneOf('STATE', labelsOf(known, 'open', 'refused')),
    ...(takenBack.length > 0 ? [allOf(oneOf('STATE', takenBack), changed)] : []),
    allOf(lessThan('TOTALENTERED', '0'), changed),
  );
}

/** Payments that are on their way to these vendors. */
export const openPaymentsOf = (profile: Profile, vendors: readonly string[]): Filter =>
  allOf(oneOf('VENDORID', vendors), oneOf('STATE', labelsOf(profile.states('APPYMT'), 'open')));
