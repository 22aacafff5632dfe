import type { ActionName, Phase } from '../../app/domain/document.ts';

/** The Status labels of a bill. They can change with release and language; an unknown one is `other` and offers nothing. */
const phaseByStatus = new Map<string, Phase>([
  ['On Hold', 'held'],
  ['Pending Approval', 'waiting'],
  ['Rejected', 'rejected'],
  ['Balanced', 'ready'],
  ['Pre-Released', 'other'],
  ['Scheduled', 'other'],
  ['Under Reclassification', 'other'],
  ['Open', 'posted'],
  ['Reserved', 'posted'],
  ['Closed', 'closed'],
  ['Voided', 'voided'],
]);

/** The labels above in the order of a bill's life. */
export const billStatuses: readonly string[] = [...phaseByStatus.keys()];

/** Approving a bill is one thing (approval map), releasing it to the ledger a later one: they never share a state. */
const actionsByPhase: Partial<Record<Phase, ActionName[]>> = {
  waiting: ['approve', 'reject', 'hold'],
  ready: ['release', 'hold'],
};

/** What each action is called on this site; absent where the site has none. */
export type SiteActions = Partial<Record<ActionName, string>>;

export function phaseOf(status: string): Phase {
  return phaseByStatus.get(status) ?? 'other';
}

export function possibleActions(phase: Phase, site: SiteActions): ActionName[] {
  return (actionsByPhase[phase] ?? []).filter((action) => site[action] !== undefined);
}
