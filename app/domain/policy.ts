import type { ActionName, ErpDocument } from './document.ts';
import type { Figured } from './figures.ts';
import { compareDecimals } from './money.ts';
import type { Route } from './routing.ts';

export type PolicyReason =
  | 'allowed'
  | 'action_not_offered'
  | 'not_a_decider'
  | 'over_limit'
  | 'amount_unknown'
  | 'other_currency'
  | 'created_it';

export interface Verdict {
  reason: PolicyReason;
  /** For the person who asked; empty when allowed. */
  message: Figured;
}

/**
 * May this person take this action on this document, as its route says? `creator` is who entered it in the ERP, where the
 * ERP says so and that person is known in Slack.
 */
export function mayDecide(
  person: string,
  action: ActionName,
  document: Pick<ErpDocument, 'amount'>,
  route: Pick<Route, 'deciders' | 'actions'>,
  creator: string | null = null,
): Verdict {
  if (!route.actions.includes(action)) {
    return { reason: 'action_not_offered', message: 'This route does not offer that action. Ask whoever set it up.' };
  }
  const entries = route.deciders.filter((decider) => decider.user === person);
  if (entries.length === 0) {
    return {
      reason: 'not_a_decider',
      message:
        'You are not among the people who may decide here, so nothing was done. Ask one of them, or an administrator to add you.',
    };
  }
  if (person === creator) {
    return {
      reason: 'created_it',
      message: 'You entered this in the ERP, so somebody else has to decide on it. Nothing was done.',
    };
  }
  const refusals = entries.map((entry) => overLimit(entry.upTo, document));
  return refusals.find((refusal) => refusal.reason === 'allowed') ?? refusals[0] ?? allowed;
}

const allowed: Verdict = { reason: 'allowed', message: '' };

function overLimit(upTo: Route['deciders'][number]['upTo'], { amount }: Pick<ErpDocument, 'amount'>): Verdict {
  if (!upTo) return allowed;
  const limit: Figured = ['You may decide up to ', { money: upTo }];
  if (!amount) {
    return {
      reason: 'amount_unknown',
      message: [...limit, ', and this amount is not known, so nothing was done.'],
    };
  }
  if (amount.currency !== upTo.currency) {
    return {
      reason: 'other_currency',
      message: [...limit, `, and this is in ${amount.currency ?? 'no currency'}, so nothing was done.`],
    };
  }
  // A large credit is as large a decision as a large bill.
  if (compareDecimals(amount.value.replace(/^-/, ''), upTo.value) <= 0) return allowed;
  return {
    reason: 'over_limit',
    message: [...limit, ', and this is ', { money: amount }, ', so nothing was done. Ask someone with a higher limit.'],
  };
}
