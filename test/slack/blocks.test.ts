import { expect } from 'chai';
import { drawCard } from '../../app/cards/content.ts';
import { escapeMrkdwn, toBlocks, toFallback, toThread } from '../../app/slack/blocks.ts';
import { findBlockErrors } from '../../sandbox/slack/blocks/check.ts';
import { sampleBill } from '../domain/sample-bill.ts';

const texts = [
  '',
  ' ',
  'x',
  '&<>"',
  '\n\t\u0007',
  '👩‍👩‍👧‍👦'.repeat(300),
  'é'.repeat(10_000),
  '<!channel>'.repeat(2_000),
  '\u2028',
];

describe('a card as Slack’s blocks', () => {
  for (const text of texts) {
    it(`is taken by Slack with ${JSON.stringify(text.slice(0, 12))} (${text.length}) in every field`, () => {
      for (const count of [0, 1, 400]) {
        const line = { description: text, quantity: '1', amount: '9'.repeat(30), account: text };
        const document = sampleBill({
          type: text,
          reference: text,
          status: text,
          vendor: { code: text, name: text },
          vendorReference: text,
          amount: { value: `${'9'.repeat(30)}.1234`, currency: text.slice(0, 5) },
          description: text,
          terms: text,
          branch: text,
          lines: Array.from({ length: count }, () => line),
          actions: ['approve', 'reject', 'release', 'hold'],
        });
        const route = {
          deciders: Array.from({ length: 50 }, (_, n) => ({ user: `U${n}` })),
          actions: ['approve' as const, 'reject' as const, 'release' as const, 'hold' as const],
          mentions: ['U1'],
        };
        const decision = {
          action: 'reject' as const,
          state: 'dead' as const,
          person: 'U1',
          reason: text,
          message: text,
          at: '2026-02-02T10:00:00Z',
          complete: true,
        };
        const subject = {
          key: 'k',
          document,
          substance: 's',
          version: 1,
          gone: false,
          route,
          erp: 'Acumatica',
          company: text.slice(0, 80),
          locale: 'en-GB',
        };
        for (const shown of [
          null,
          decision,
          { ...decision, state: 'acting' as const },
          { ...decision, state: 'done' as const },
        ]) {
          const card = drawCard({ ...subject, decision: shown });
          expect(findBlockErrors(toBlocks(card), 'message')).to.deep.equal([]);
          expect(toFallback(card).length).to.be.within(1, 4_000);
          expect(toFallback(card)).to.not.match(/<[!@#]/);
        }
      }
    });
  }

  it('is a thread message that stays within Slack’s limits, whatever was said', () => {
    const lines = Array.from({ length: 100 }, () => [
      '<!channel> '.repeat(100),
      { person: 'U1' },
      { instant: '2026-02-02T10:00:00Z' },
    ]);
    const message = toThread(lines);
    expect(findBlockErrors(message.blocks, 'message')).to.deep.equal([]);
    expect(message.text.length).to.be.at.most(4_000);
    expect(message.text).to.not.contain('<!channel>');
  });

  it('escapes the three characters that Slack reads', () => {
    expect(escapeMrkdwn('<!channel> & co')).to.equal('&lt;!channel&gt; &amp; co');
  });
});
