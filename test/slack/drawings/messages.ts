import type { KnownBlock } from '@slack/types';
import { drawCard } from '../../../app/cards/content.ts';
import { drawDigest } from '../../../app/cards/digest.ts';
import { drawThreadLine } from '../../../app/cards/thread.ts';
import { toBlocks, toFallback, toThread } from '../../../app/slack/blocks.ts';
import { toUnfurl } from '../../../app/slack/link-surface.ts';
import { sampleBill } from '../../domain/sample-bill.ts';
import { sampleSummary } from '../../domain/sample-summary.ts';
import { at, type Drawing, decision, locale, subject, uuid } from './samples.ts';

export function messages(): Drawing[] {
  const cards = [
    subject(0),
    subject(1, { gone: true, version: 2 }),
    subject(8, { document: sampleSummary(3) }),
    subject(9, { document: sampleSummary(300) }),
    subject(2, { document: sampleBill({ amount: null, vendor: null, dueDate: null, lines: [] }) }),
    ...(['stored', 'acting', 'done', 'refused', 'dead'] as const).map((state, n) =>
      subject(3 + n, { decision: decision(state), version: 2 }),
    ),
  ].map(drawCard);
  const figures = { totals: [{ value: '1', currency: 'GBP' }], states: [{ status: 'On Hold', count: 2 }] };
  const gathered = { since: at, changed: [{ from: 'On Hold', to: 'Balanced', count: 1 }] };
  const digest = {
    ...{ key: uuid(1), kind: 'bill' as const, ...figures, waiting: 2, largest: [sampleBill()], gathered },
    ...{ route: { deciders: [{ user: 'U0ONE' }], mentions: ['U0NINE'] }, timeZone: 'Europe/London' },
    ...{ erp: 'Acumatica', company: 'treasury', locale },
  };
  const threads = [
    { type: 'changed' as const, changes: [{ field: 'amount' as const, from: '1', to: '2' }], at },
    { type: 'decided' as const, ...decision('done'), from: 'A', to: 'B' },
    { type: 'not-done' as const, ...decision('refused'), message: 'It is closed.' },
  ];
  const drawn = [...cards, drawDigest({ ...digest, count: 12 }), drawDigest({ ...digest, count: 0, gathered: null })];
  return [
    ...drawn.map((card) => ({ what: `the card “${card.headline}”`, text: toFallback(card), blocks: toBlocks(card) })),
    ...threads.map((line) => ({
      what: `the thread line ${line.type}`,
      ...toThread([drawThreadLine(line, { erp: 'Acumatica', locale })]),
    })),
  ];
}

export function previews(): Drawing[] {
  const preview = toUnfurl(
    { document: sampleBill(), erp: 'Acumatica', company: 'treasury', asOf: new Date(at) },
    locale,
  );
  const { blocks = [], fallback = '' } = preview;
  return [{ what: 'the preview of a link', text: fallback, blocks: blocks as KnownBlock[] }];
}
