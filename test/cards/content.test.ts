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

describe('what a card knows of its ERP besides', () => {
  const custom = [
    { name: 'A.UsrProject', label: 'Project', value: 'x'.repeat(500) },
    { name: 'A.UsrDay', label: 'Day', value: '2026-03-01' },
    { name: 'A.UsrNone', label: 'None', value: null },
    { name: 'A.UsrOther', label: 'Other', value: 'not shown' },
  ];
  const route = { deciders: [{ user: 'U1' }], actions: ['approve' as const], mentions: [] };
  const withFields = (names: string[], different: Partial<ErpDocument> = {}) =>
    draw({ custom, ...different }, { route: { ...route, customFields: names } });

  it('is the custom fields of its route in their order, cut and written for people, and bound to the ticket', () => {
    const card = withFields(['A.UsrDay', 'A.UsrProject', 'A.UsrNone', 'A.Unread']);
    expect(card.fields?.map(({ label }) => label)).to.deep.equal(['Day', 'Project', 'None']);
    expect(card.fields?.map(({ value }) => value.length)).to.deep.equal(['1 Mar 2026'.length, 200, 'none'.length]);
    const seen = (drawn: typeof card) => readTicket(drawn.ticket)?.seen;
    expect(seen(withFields([]))).to.equal('abc');
    expect(withFields([])).to.not.have.property('fields');
    expect(seen(card)).to.match(/^abc-[\w-]{12}$/);
    const other = custom.map((field) => (field.name === 'A.UsrOther' ? { ...field, value: 'else' } : field));
    const day = custom.map((field) => (field.name === 'A.UsrDay' ? { ...field, value: '2026-03-02' } : field));
    const names = ['A.UsrDay', 'A.UsrProject', 'A.UsrNone'];
    const noDay = custom.map((field) => (field.name === 'A.UsrDay' ? { ...field, value: '2026-02-30' } : field));
    expect(JSON.stringify(withFields(names, { custom: noDay }).fields), 'text that looks like a day').to.contain(
      '2026-02-30',
    );
    expect(seen(withFields(names, { custom: other })), 'what is not shown').to.equal(seen(card));
    expect(seen(withFields(names, { custom: day })), 'what is shown').to.not.equal(seen(card));
  });

  it('is how far an approval is, with whoever gave the last step and all who can give the next', () => {
    const row = { workgroup: null, decidedBy: null, decidedAt: null };
    const amara = { code: 'EP1', name: 'Amara Okafor' };
    const approvals = [
      { ...row, step: 1, approver: amara, status: 'approved' as const, decidedBy: amara, decidedAt: at },
      { ...row, step: 2, approver: { code: 'EP2', name: 'Jonas Weber' }, status: 'pending' as const },
      { ...row, step: 2, approver: null, workgroup: 'Directors', status: 'pending' as const },
      { ...row, step: 3, approver: null, status: 'pending' as const },
    ];
    const approvers = new Map([['EP2', 'U7']]);
    const card = draw({ approvals }, { route, approvers });
    expect(words(card.ask)).to.equal('Waiting for @U7 or the workgroup Directors to approve · step 2 of 3');
    expect(words(card.outcome)).to.equal(`Step 1 of 3 approved by Amara Okafor ${at}`);
    const step = { ...approval, complete: false };
    expect(words(draw({ approvals }, { route, decision: step }).outcome)).to.equal(`Step 1 of 3 approved by @U1 ${at}`);
    const earlier = { ...step, at: '2026-02-01T10:00:00.000Z' };
    expect(words(draw({ approvals }, { route, decision: earlier }).outcome)).to.contain('Amara Okafor');
    expect(words(draw({}, { route, decision: step }).outcome)).to.contain('Acumatica does not tell whose');
    expect(words(draw({ approvals: [] }, { route }).ask)).to.equal('Waiting for @U1 to approve');
  });

  it('is that it is archived: nothing is offered, whatever its status', () => {
    const card = draw({ archived: true });
    expect(card.buttons).to.deep.equal([]);
    expect(words(card.outcome)).to.equal(
      'This record is archived in Acumatica: it is Pending Approval, and nothing can be decided on it.',
    );
    expect(card.smallPrint).to.include('archived');
    expect(card.link).to.not.equal(null);
  });
});
