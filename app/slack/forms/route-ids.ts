import { z } from 'zod';

/** The form's own name, by which its submission is known. */
export const routeFormId = 'route_form';

/** Controls that change the form at once. */
export const routeActions = {
  connection: 'route_connection',
  kind: 'route_kind',
  delivery: 'route_delivery',
  addLimit: 'route_add_limit',
} as const;

/** Inputs; each stands in a block of the same id, but for the name's, whose block is another once the form fills it in. */
export const routeInputs = {
  name: 'route_name',
  amountAtLeast: 'route_amount_at_least',
  amountBelow: 'route_amount_below',
  currency: 'route_currency',
  vendors: 'route_vendors',
  statuses: 'route_statuses',
  types: 'route_types',
  branches: 'route_branches',
  channel: 'route_channel',
  person: 'route_person',
  cadence: 'route_cadence',
  mentions: 'route_mentions',
  people: 'route_people',
  upTo: 'route_up_to',
  actions: 'route_actions',
  burst: 'route_burst',
  actAs: 'route_act_as',
  noteDecisions: 'route_note_decisions',
  severities: 'route_severities',
  severity: 'route_severity',
  customFields: 'route_custom_fields',
  catchUp: 'route_catch_up',
} as const;

/** Where suggestions are asked for. */
export const routeSuggestions = [
  routeActions.connection,
  routeInputs.vendors,
  routeInputs.statuses,
  routeInputs.types,
  routeInputs.branches,
  routeInputs.customFields,
] as const;

export const nameBlock = (naming: number) => `${routeInputs.name}.${naming}`;
export const peopleBlock = (tier: number) => `${routeInputs.people}.${tier}`;
export const upToBlock = (tier: number) => `${routeInputs.upTo}.${tier}`;

/** What the form carries along: ids and counts only, far below Slack's 3,000 characters. All of it may be forged. */
export const routeMetadata = z.object({
  connection: z.uuid().nullable(),
  /** The route that is edited, and its version when it was read. */
  route: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullable(),
  version: z.int().nullable(),
  /** The hash of what was previewed. */
  previewed: z.string().max(64).nullable(),
  /** How often the form itself filled the name in. */
  naming: z.int().min(0).max(1_000),
  kind: z.string().max(40).nullable(),
});
export type RouteMetadata = z.infer<typeof routeMetadata>;
