import { z } from 'zod';
import { actionNames, documentKinds, type ErpDocument, severities } from './document.ts';
import { partyOf } from './kinds.ts';
import { compareDecimals } from './money.ts';

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'an amount like 25000 or 25000.50');

export const conditionsSchema = z.strictObject({
  amountAtLeast: decimal.optional(),
  amountBelow: decimal.optional(),
  currency: z.string().optional(),
  vendors: z.array(z.string()).optional(),
  statuses: z.array(z.string()).optional(),
  types: z.array(z.string()).optional(),
  branches: z.array(z.string()).optional(),
  /** Of exceptions. */
  severities: z.array(z.enum(severities)).optional(),
});
export type Conditions = z.infer<typeof conditionsSchema>;

export const deciderSchema = z.strictObject({
  user: z.string().min(1),
  upTo: z.strictObject({ value: decimal, currency: z.string().min(1) }).optional(),
});
export type Decider = z.infer<typeof deciderSchema>;

/**
 * Who acts in the ERP for those who decide: their own account, theirs where they linked one and else the connection's, or
 * the connection's for everybody.
 */
export const actAsChoices = ['person', 'person_or_service', 'service'] as const;
export type ActAs = (typeof actAsChoices)[number];

/** As what a route shows its exceptions: as the connector sees each, or all alike. */
export const shownAsChoices = ['as_found', ...severities] as const;
export type ShownAs = (typeof shownAsChoices)[number];

export const routeSchema = z.object({
  id: z.string(),
  kind: z.enum(documentKinds),
  conditions: conditionsSchema,
  channel: z.string(),
  deciders: z.array(deciderSchema),
  actions: z.array(z.enum(actionNames)),
  mentions: z.array(z.string()),
  burst: z.number().int().positive(),
  /** When its documents are posted together, as a cron expression; null: a card for each. */
  digestCadence: z.string().nullable(),
  actAs: z.enum(actAsChoices).default('service'),
  severity: z.enum(shownAsChoices).default('as_found'),
  /** The custom fields that its cards show, in their order. */
  customFields: z.array(z.string()).default([]),
});
/** Which documents go to which channel, and who may decide there. */
export type Route = z.infer<typeof routeSchema>;

export type MatchReason =
  | 'match'
  | 'kind'
  | 'type'
  | 'severity'
  | 'status'
  | 'branch'
  | 'vendor'
  | 'currency'
  | 'amount';

/** What routing looks at in a document. */
export type Routable = Pick<
  ErpDocument,
  'kind' | 'type' | 'status' | 'branch' | 'vendor' | 'customer' | 'amount' | 'exception'
>;

/** Whether a document belongs on a route, with the first condition that says no. An unknown amount meets no threshold. */
export function matchRoute(document: Routable, route: Pick<Route, 'kind' | 'conditions'>): MatchReason {
  const { conditions } = route;
  const amount = document.amount;
  if (document.kind !== route.kind) return 'kind';
  if (conditions.types && !conditions.types.includes(document.type)) return 'type';
  const severity = document.exception?.severity;
  if (conditions.severities && !(severity && conditions.severities.includes(severity))) return 'severity';
  if (conditions.statuses && !conditions.statuses.includes(document.status)) return 'status';
  if (conditions.branches && !(document.branch !== null && conditions.branches.includes(document.branch)))
    return 'branch';
  if (conditions.vendors && !isOneOf(conditions.vendors, document)) return 'vendor';
  if (conditions.currency && amount?.currency !== conditions.currency) return 'currency';
  const { amountAtLeast, amountBelow } = conditions;
  if (amountAtLeast && !(amount && compareDecimals(amount.value, amountAtLeast) >= 0)) return 'amount';
  if (amountBelow && !(amount && compareDecimals(amount.value, amountBelow) < 0)) return 'amount';
  return 'match';
}

/**
 * Whether something about a document can still be decided, on this route or, where it only informs, at all. An exception
 * waits while it lasts.
 */
export function stillWaits(
  document: Pick<ErpDocument, 'kind' | 'phase' | 'actions'>,
  route: Pick<Route, 'deciders' | 'actions'>,
): boolean {
  if (document.kind === 'exception') return document.phase === 'waiting';
  const offered = route.deciders.length > 0 ? route.actions : actionNames;
  return document.actions.some((action) => offered.includes(action));
}

/** By code or name; of a payment by a customer, the customer's. */
function isOneOf(names: string[], document: Routable): boolean {
  const party = partyOf(document);
  return party !== null && (names.includes(party.code) || (party.name !== null && names.includes(party.name)));
}

/** One route for each channel that wants the document: the first in order wins, so a channel gets one card. */
export function routesFor<R extends Pick<Route, 'kind' | 'conditions' | 'channel'>>(
  document: Routable,
  routes: readonly R[],
): R[] {
  const byChannel = new Map<string, R>();
  for (const route of routes) {
    if (!byChannel.has(route.channel) && matchRoute(document, route) === 'match') byChannel.set(route.channel, route);
  }
  return [...byChannel.values()];
}
