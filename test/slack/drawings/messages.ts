import type { KnownBlock } from '@slack/types';
import { drawCard } from '../../../app/cards/content.ts';
import { drawDigest } from '../../../app/cards/digest.ts';
import { drawThreadLine } from '../../../app/cards/thread.ts';
import type { GuardFacts } from '../../../app/domain/guards/guards.ts';
import { toBlocks, toFallback, toThread } from '../../../app/slack/blocks.ts';
import { toUnfurl } from '../../../app/slack/link-surface.ts';
import { sampleBill } from '../../domain/sample-bill.ts';
import { sampleException, solvedException } from '../../domain/sample-exception.ts';
import { sampleSummary } from '../../domain/sample-summary.ts';
import { at, type Drawing, decision, locale, subject, uuid } from './samples.ts';

/** Everything that a card can warn of, at once. */
const guarded: GuardFacts = {
  today: '2026-11-20',
  neighbours: ['000801', '000802'].map((reference) => ({
    ...{ reference, status: 'Open', type: 'Bill', phase: 'posted' as const, vendorReference: 'inv 17' },
    ...{ currency: 'GBP', date: '2026-02-03', credit: false },
  })),
  party: { version: 3, bankChangedOn: '2026-11-08', remittanceChangedOn: '2026-11-19' },
  approval: { state: 'waiting', on: '2026-11-01', document: sampleBill({ lines: [], dueDate: null, terms: '60D' }) },
};
const discounted = sampleBill({
  discountDate: '2026-11-22',
  discountAmount: { value: '120.00', currency: 'GBP' },
});
const ownFields = sampleBill({
  custom: [
    { name: 'Document.UsrProject', label: 'Project', value: '<@U0ONE> *North* crossing' },
    { name: 'Document.UsrDay', label: 'Day', value: '2026-03-01' },
  ],
});
const approver = { step: 1, workgroup: null, decidedBy: null, decidedAt: null };
const halfApproved = sampleBill({
  approvals: [
    { ...approver, approver: { code: 'EP1', name: 'Amara Okafor' }, status: 'approved' },
    { ...approver, step: 2, approver: { code: 'EP2', name: 'Jonas Weber' }, status: 'pending' },
    { ...approver, step: 2, approver: null, workgroup: 'Directors', status: 'pending' },
  ],
});

export function messages(): Drawing[] {
  const cards = [
    subject(0),
    subject(1, { gone: true, version: 2 }),
    subject(8, { document: sampleSummary(3) }),
    subject(9, { document: sampleSummary(300) }),
    subject(2, { document: sampleBill({ amount: null, vendor: null, dueDate: null, lines: [] }) }),
    subject(8, { document: sampleBill({ archived: true, actions: [] }) }),
    subject(9, {
      document: ownFields,
      route: { ...subject(9).route, customFields: ['Document.UsrProject', 'Document.UsrDay'] },
    }),
    subject(10, { document: halfApproved, approvers: new Map([['EP2', 'U0TWO']]) }),
    ...(['stored', 'acting', 'done', 'refused', 'dead'] as const).map((state, n) =>
      subject(3 + n, { decision: decision(state), version: 2 }),
    ),
    subject(0, { document: sampleException() }),
    subject(0, { document: sampleException({}, { severity: 'info' }) }),
    subject(0, { document: solvedException(), version: 2 }),
    subject(0, { document: sampleException(), gone: true, version: 2 }),
    subject(8, { facts: guarded, document: discounted }),
    subject(9, { facts: guarded, document: { ...discounted, phase: 'posted' }, version: 2 }),
  ].map(drawCard);
  const figures = { totals: [{ value: '1', currency: 'GBP' }], states: [{ status: 'On Hold', count: 2 }] };
  const gathered = { since: at, changed: [{ from: 'On Hold', to: 'Balanced', count: 1 }] };
  const digest = {
    ...{ key: uuid(1), kind: 'bill' as const, ...figures, waiting: 2, largest: [sampleBill()], gathered },
    ...{ route: { deciders: [{ user: 'U0ONE' }], mentions: ['U0NINE'] }, timeZone: 'Europe/London' },
    ...{ erp: 'Acumatica', company: 'treasury', locale },
  };
  const exceptions = {
    ...{
      ...digest,
      kind: 'exception' as const,
      largest: [sampleException(), solvedException()],
      count: 12,
      waiting: 0,
    },
    exceptions: [{ severity: 'critical' as const, type: 'Journal does not balance', count: 11 }],
  };
  const threads = [
    { type: 'changed' as const, changes: [{ field: 'amount' as const, from: '1', to: '2' }], at },
    { type: 'decided' as const, ...decision('done'), from: 'A', to: 'B' },
    { type: 'unapproved' as const, at },
    { type: 'not-done' as const, ...decision('refused'), message: 'It is closed.' },
    { type: 'over' as const, status: 'Solved', outcome: 'the journal balances now', at },
    { type: 'again' as const, name: 'Journal does not balance GJ 45', severity: 'critical' as const, at },
  ];
  const drawn = [
    ...cards,
    drawDigest({ ...digest, count: 12 }),
    drawDigest({ ...digest, count: 0, gathered: null }),
    drawDigest(exceptions),
  ];
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
