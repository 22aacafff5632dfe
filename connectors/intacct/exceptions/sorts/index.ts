import type { ErpRecord } from '../records.ts';
import type { Sort } from '../sort.ts';
import { closedPeriod } from './closed-period.ts';
import { closedPeriodChanged } from './closed-period-changed.ts';
import { declined } from './declined.ts';
import { oldDraft } from './old-draft.ts';
import { paymentNotApproved } from './payment-not-approved.ts';
import { paymentReversed } from './payment-reversed.ts';
import { paymentStuck } from './payment-stuck.ts';
import { paymentVoided } from './payment-voided.ts';
import { reversalPending } from './reversal-pending.ts';
import { stuck } from './stuck.ts';
import { submitted } from './submitted.ts';
import { unbalanced } from './unbalanced.ts';
import { unbalancedEntities } from './unbalanced-entities.ts';
import { vendorInactive } from './vendor-inactive.ts';
import { vendorOnHold } from './vendor-on-hold.ts';

/** Every sort of exception, by the object of the records that it is about. */
export const sorts = {
  GLBATCH: [
    ...[unbalanced, unbalancedEntities, submitted, stuck, declined, oldDraft, reversalPending],
    ...[closedPeriod, closedPeriodChanged],
  ],
  APPYMT: [paymentNotApproved, paymentStuck, paymentVoided, paymentReversed],
  VENDOR: [vendorOnHold, vendorInactive],
} as const;

/** Those that only the lines of a journal show. */
export const byLines: ReadonlySet<string> = new Set([unbalanced.type, unbalancedEntities.type]);

export const types: readonly string[] = Object.values(sorts).flatMap((each) => each.map(({ type }) => type));

/** The sorts that a record can be of. */
export function sortsOf(object: ErpRecord['object']): ReadonlyArray<Sort> {
  // What is found by the object's name is of that object: the key and the records that it takes go together.
  return sorts[object] as unknown as ReadonlyArray<Sort>;
}
