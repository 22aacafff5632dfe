import type { KnownBlock } from '@slack/types';
import type { HistoryEvent } from '../../../app/audit/history.ts';
import type { CardSubject, DecisionShown } from '../../../app/cards/card.ts';
import type { FoundDocument } from '../../../app/documents/find.ts';
import { type ActionName, actionNames } from '../../../app/domain/document.ts';
import { sampleBill } from '../../domain/sample-bill.ts';

/** A message or a view as the app hands it to Slack. */
export interface Drawing {
  what: string;
  blocks: readonly KnownBlock[];
  /** Of a message; a view has none. */
  text?: string;
  callbackId?: string;
}

export const at = '2026-11-20T13:45:00.000Z';
export const uuid = (n: number) => `7d444840-9dc0-11d1-b245-5ffdce74fad${n}`;
export const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, n) => make(n));
export const locale = 'en-GB';

export function subject(n: number, more: Partial<CardSubject> = {}): CardSubject {
  return {
    key: uuid(n % 10),
    document: sampleBill({ reference: `00${4200 + n}`, actions: [...actionNames] }),
    substance: 'abc',
    version: 1,
    gone: false,
    route: { deciders: [{ user: 'U0ONE' }, { user: 'U0TWO' }], actions: [...actionNames], mentions: ['U0NINE'] },
    erp: 'Acumatica',
    company: 'treasury',
    locale,
    decision: null,
    ...more,
  };
}

export const decision = (state: DecisionShown['state'], action: ActionName = 'approve'): DecisionShown => ({
  ...{ action, state, person: 'U0ONE', reason: 'Fine', message: 'It is closed.', at, complete: true },
});

export const found: FoundDocument = {
  documentId: '1',
  document: sampleBill(),
  connection: 'treasury',
  connector: 'acumatica',
  gone: false,
  cards: [{ channel: 'C0ONE', messageId: '1.2', state: 'posted' }],
};
export const event = (kind: string): HistoryEvent => ({ kind, at: new Date(at), actor: 'U0ONE', data: {} });

export const paged = <T>(items: T[]) => ({ items, total: 500, page: 3, pages: 63, size: 8 });
