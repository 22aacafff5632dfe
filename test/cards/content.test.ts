import { expect } from 'chai';
import type { CardSubject, DecisionShown, Text } from '../../app/cards/card.ts';
import { drawCard, readTicket } from '../../app/cards/content.ts';
import { drawThreadLine } from '../../app/cards/thread.ts';
import type { ErpDocument } from '../../app/domain/document.ts';
import { shorten } from '../../app/domain/text.ts';
import { documentLinks } from '../../app/slack/messages/document-line.ts';
import { sampleBill } from '../domain/sample-bill.ts';

const key = '0f0e5c3a-7d8f-4f53-9f1b-2f6f0f6f0f6f';
const at = '2026-02-02T10:00:00.000Z';
const approval: DecisionShown = {
  action: 'approve',
  state: 'done',
  person: 'U1',
  reason: null,
  message: null,
  at,
  complete: true,
};

function draw(document: Partial<ErpDocument> = {}, subject: Partial<CardSubject> = {}) {
  return drawCard({
    key,
    locale: 'en-GB',
    document: sampleBill(document),
    substance: 'abc',
    version: 1,
    gone: false,
    route: {
      deciders: [{ user: 'U1' }, { user: 'U2', upTo: { value: '10', currency: 'GBP' } }],
      actions: ['approve', 'reject'],
      mentions: ['U9'],
    },
    erp: 'Acumatica',
    company: 'treasury',
    decision: null,
    ...subject,
  });
}
const words = (text: Text | null) =>
  (text ?? [])
    .map((part) => (typeof part === 'string' ? part : 'person' in part ? `@${part.person}` : part.instant))
    .join('');
const ready = { status: 'Balanced', phase: 'ready' as const, actions: [] };

describe('the card of a bill', () => {
  it('that waits says all, asks those who can, and offers what the route does', () => {
    const card = draw();
    expect(card.headline).to.equal('Bill 000871 · Ashworth & Sons · £1,250.00 · due 1 Mar 2026');
    expect(card.spoken).to.equal(
      'Bill 000871 from Ashworth & Sons for £1,250.00, due 1 Mar 2026. Pending Approval in Acumatica.',
    );
    expect(words(card.ask))
      .to.match(/^Waiting for @U1 .*@U9$/)
      .and.not.contain('@U2');
    expect(card.buttons.map(({ action }) => action)).to.deep.equal(['approve', 'reject']);
    expect(readTicket(card.ticket)).to.deep.equal({ key, seen: 'abc' });
  });

  const states: Array<[string, ReturnType<typeof draw>, number, RegExp]> = [
    [
      'being decided',
      draw({}, { decision: { ...approval, state: 'acting' } }),
      0,
      /^Approving in Acumatica for @U1 …$/,
    ],
    [
      'whose decision has to wait',
      draw({}, { decision: { ...approval, state: 'stored', message: 'No answer.' } }),
      0,
      /Not done yet: No answer\.$/,
    ],
    ['decided', draw(ready, { decision: approval }), 0, /^Approved by @U1 2026/],
    [
      'rejected with a reason',
      draw({ ...ready, status: 'Rejected' }, { decision: { ...approval, action: 'reject', reason: 'Too much' } }),
      0,
      /^Rejected by @U1 .*“Too much”$/,
    ],
    [
      'with one of two approvals',
      draw({}, { decision: { ...approval, complete: false } }),
      2,
      /^One step approved by @U1/,
    ],
    [
      'decided elsewhere',
      draw(ready, { version: 2 }),
      0,
      /^Nothing is waiting here any more: it is Balanced in Acumatica\.$/,
    ],
    ['deleted', draw({}, { gone: true }), 0, /^This record is no longer in Acumatica\.$/],
  ];
  for (const [what, card, buttons, outcome] of states) {
    it(`that is ${what} says so, with ${buttons} buttons`, () => {
      expect(card.buttons).to.have.length(buttons);
      expect(words(card.outcome) || words(card.ask)).to.match(outcome);
    });
  }

  it('that only informs asks nothing', () => {
    const card = draw({}, { route: { deciders: [], actions: ['approve'], mentions: [] } });
    expect(card.ask).to.equal(null);
    expect(card.buttons).to.deep.equal([]);
  });

  it('asks before what cannot be taken back', () => {
    const route = { deciders: [{ user: 'U1' }], actions: ['release' as const, 'hold' as const], mentions: [] };
    const { buttons } = draw({ ...ready, actions: ['release', 'hold'] }, { route });
    expect(buttons.every(({ confirm }) => confirm !== undefined)).to.equal(true);
  });

  it('warns after a decision whose end is not known', () => {
    const dead = { ...approval, state: 'dead' as const, message: 'Look at it there.' };
    expect(draw({}, { decision: dead }).warnings).to.deep.equal(['Look at it there.']);
  });

  it('takes no ticket but its own', () => {
    for (const ticket of [
      undefined,
      '',
      'x',
      `${key}`,
      `${key}.`,
      `${key}.a.b`,
      `${key}.<x>`,
      `${key}.${'a'.repeat(65)}`,
    ]) {
      expect(readTicket(ticket)).to.equal(undefined);
    }
  });

  it('offers to open a document only where the ERP gives an address', () => {
    expect(draw().link?.label).to.equal('Open in Acumatica');
    expect(draw({ link: null }).link).to.equal(null);
    expect(documentLinks(sampleBill({ link: null }), 'Acumatica', 'https://x.example/card')).to.deep.equal([
      ' · ',
      { url: 'https://x.example/card', label: 'card' },
    ]);
  });

  it('cuts text between characters as people count them', () => {
    expect(shorten('short', 10)).to.equal('short');
    expect(shorten('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 15)).to.equal('👩‍👩‍👧‍👦…');
    for (let most = 1; most < 40; most += 1) expect(shorten('é👩‍👩‍👧‍👦 x'.repeat(9), most).length).to.be.at.most(most);
  });
});

describe('a line of the thread', () => {
  const reader = { erp: 'Acumatica', locale: 'en-GB' };
  it('says what happened, by whom and when', () => {
    const line = {
      type: 'decided' as const,
      action: 'approve' as const,
      person: 'U1',
      reason: 'Fine',
      from: 'A',
      to: 'B',
      complete: false,
      at,
    };
    expect(words(drawThreadLine(line, reader))).to.equal(
      `@U1 approved this ${at} (A → B). “Fine” More approvals are needed.`,
    );
    const change = { type: 'changed' as const, changes: [{ field: 'amount' as const, from: '1', to: '2' }], at };
    expect(words(drawThreadLine(change, reader))).to.equal(`Changed in Acumatica ${at}: amount 1 → 2`);
  });
});
