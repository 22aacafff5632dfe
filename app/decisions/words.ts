import { actionWords } from '../domain/actions.ts';
import type { Change } from '../domain/changes.ts';
import type { ActionName, ErpDocument } from '../domain/document.ts';
import type { Figured } from '../domain/figures.ts';

export const paused = (connection: string) =>
  `The connection “${connection}” is paused, so nothing was done. Ask an administrator to resume it, then decide again.`;

export const gone = (erp: string) => `This record is no longer in ${erp}, so there is nothing to decide.`;

export function changedSince(erp: string, changes: Change[]): Figured {
  const what = changes.flatMap(({ field, from, to, figures }, index) => [
    `${index === 0 ? ' (' : '; '}${field} `,
    figures?.from ?? from,
    ' → ',
    figures?.to ?? to,
  ]);
  return [
    `This changed in ${erp} after the card was drawn`,
    ...what,
    `${what.length > 0 ? ')' : ''}, so nothing was done. Look at the card as it is now and decide again.`,
  ];
}

export const partyChanged = (erp: string) =>
  `The vendor’s bank details or remittance address changed in ${erp} after the card was drawn, so nothing was done. Call the vendor at a number you already have, then look at the card as it is now and decide again.`;

export function notPossibleNow(erp: string, document: ErpDocument, action: ActionName): string {
  return `It is ${document.status} in ${erp} now, so there is nothing to ${actionWords[action].infinitive} any more. Nothing was done.`;
}

export const gaveStep =
  'You gave one of its approvals already, and the next one is for someone else to give. Nothing was done.';

/** Stands where an ERP does not say who an account belongs to. */
export const unnamedAccount = 'their own account';

export const accountNeeded = (erp: string) =>
  `Here everyone decides with their own ${erp} account, and yours is not linked yet, so nothing was done. Link your account, then press the button again.`;

export const linkEnded = (erp: string, problem: string) =>
  `${problem} Nothing was done in ${erp}. Link your account, then press the button again.`;

export const stillUnclear = 'The ERP gave no clear answer; its state is being read until it is clear.';

export function unclear(document: ErpDocument, action: ActionName): string {
  return `The ERP never answered when asked to ${actionWords[action].infinitive} this, and its state does not show whether it did: it is ${document.status}. Look at it there; if it still waits, decide again.`;
}

export const gaveUp = (problem: string) =>
  `Given up after many tries: ${problem} Nothing more will be tried; decide again when that is solved.`;
