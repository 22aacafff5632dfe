import { createHash } from 'node:crypto';
import type { CurrentRoute } from '../connections/apply/current.ts';
import type { WantedRoute } from '../connections/apply/plan-routes.ts';
import { type ActionName, type DocumentKind, type Severity, severities } from '../domain/document.ts';
import type { ActAs, Decider, ShownAs } from '../domain/routing.ts';
import { cadencePresets } from './cadences.ts';

/** People who may decide up to an amount, as typed: "25000 GBP"; empty for any amount. */
export interface LimitTyped {
  people: string[];
  upTo: string;
}

/** A route as it stands in the form, before it is known to make sense. */
export interface RouteDraft {
  name: string;
  kind: DocumentKind;
  amountAtLeast: string;
  amountBelow: string;
  currency: string;
  vendors: string[];
  statuses: string[];
  types: string[];
  branches: string[];
  channel: string | null;
  /** Who gets the cards as direct messages, instead of a channel. */
  person: string | null;
  /** `cards`, the cron expression of a preset, or `own`. */
  delivery: string;
  /** A cron expression of their own. */
  cadence: string;
  mentions: string[];
  limits: LimitTyped[];
  actions: ActionName[];
  burst: string;
  /** Whose account acts in the ERP; null where the form does not ask. */
  actAs: ActAs | null;
  /** Decisions are recorded in the ERP's note, too. */
  noteDecisions: boolean;
  /** Of exceptions: which severities come, and as which they are shown. */
  severities: Severity[];
  severity: ShownAs;
  /** By the ERP's names. */
  customFields: string[];
}

/** The lists of conditions, each of which the form offers as a select with suggestions. */
export const listedConditions = ['vendors', 'statuses', 'types', 'branches'] as const;
export type ListedCondition = (typeof listedConditions)[number];

/** What a select can hold: Slack takes 100 options, and their values up to 75 characters surely. */
const chosenMost = 100;
const longestValue = 75;

export const limitsMost = 20;

/** What of a list fits into a select; the rest came from a file and is kept as it is. */
export function fitting(values: readonly string[] | undefined): { shown: string[]; kept: string[] } {
  const shown = (values ?? []).filter((value) => value.length <= longestValue).slice(0, chosenMost);
  return { shown, kept: (values ?? []).filter((value) => !shown.includes(value)) };
}

export const isGroup = (id: string) => id.startsWith('S');
export const isPersonId = (id: string) => /^[UW]/.test(id);

export function emptyDraft(kind: DocumentKind, actions: readonly ActionName[]): RouteDraft {
  return {
    ...{ name: '', kind, amountAtLeast: '', amountBelow: '', currency: '' },
    ...{ vendors: [], statuses: [], types: [], branches: [], channel: null, person: null },
    ...{ delivery: 'cards', cadence: '', mentions: [], limits: [{ people: [], upTo: '' }], burst: '20' },
    ...{ actAs: null, noteDecisions: false, severities: [...severities], severity: 'as_found', customFields: [] },
    actions: (['approve', 'reject'] as const).filter((action) => actions.includes(action)),
  };
}

/** A route as the form shows it. */
export function draftOf(route: CurrentRoute): RouteDraft {
  const { conditions, digest_cadence: cadence } = route;
  const preset = cadencePresets.find(({ cron }) => cron === cadence);
  const limits = limitsOf(route.deciders);
  return {
    name: route.name,
    kind: route.kind,
    amountAtLeast: conditions.amountAtLeast ?? '',
    amountBelow: conditions.amountBelow ?? '',
    currency: conditions.currency ?? '',
    vendors: fitting(conditions.vendors).shown,
    statuses: fitting(conditions.statuses).shown,
    types: fitting(conditions.types).shown,
    branches: fitting(conditions.branches).shown,
    channel: isPersonId(route.channel) ? null : route.channel,
    person: isPersonId(route.channel) ? route.channel : null,
    delivery: cadence === null ? 'cards' : (preset?.cron ?? 'own'),
    cadence: cadence !== null && !preset ? cadence : '',
    mentions: route.mentions.filter((id) => !isGroup(id)),
    limits: limits.length > 0 ? limits : [{ people: [], upTo: '' }],
    actions: route.actions,
    burst: String(route.burst),
    ...{ actAs: route.act_as, noteDecisions: route.note_decisions },
    ...{ severities: conditions.severities ?? [...severities], severity: route.severity },
    customFields: route.custom_fields,
  };
}

/** Deciders with the same limit share a tier, in the order in which the limits first appear. */
export function limitsOf(deciders: readonly Decider[]): LimitTyped[] {
  const tiers = new Map<string, string[]>();
  for (const { user, upTo } of deciders) {
    const limit = upTo ? `${upTo.value} ${upTo.currency}` : '';
    tiers.set(limit, [...(tiers.get(limit) ?? []), user]);
  }
  return [...tiers].map(([upTo, people]) => ({ people, upTo }));
}

/** Two routes with the same hash are wanted alike: what was previewed is what is saved. */
export function hashOf(connectionId: string, wanted: WantedRoute): string {
  const { position: _, ...rest } = wanted;
  return createHash('sha256')
    .update(JSON.stringify([connectionId, rest]))
    .digest('base64url')
    .slice(0, 22);
}
