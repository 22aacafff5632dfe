import { expect } from 'chai';
import type { CardSubject, Text } from '../../app/cards/card.ts';
import { drawCard } from '../../app/cards/content.ts';
import { type DigestSubject, drawDigest } from '../../app/cards/digest.ts';
import { drawThreadLine, isForChannel } from '../../app/cards/thread.ts';
import type { ErpDocument } from '../../app/domain/document.ts';
import { toBlocks, toThread } from '../../app/slack/blocks.ts';
import { sampleException, solvedException } from '../domain/sample-exception.ts';

const at = '2026-03-02T11:00:00.000Z';

function draw(document: ErpDocument = sampleException(), more: Partial<CardSubject> = {}) {
  return drawCard({
    key: '0f0e5c3a-7d8f-4f53-9f1b-2f6f0f6f0f6f',
    locale: 'en-GB',
    document,
    substance: 'abc',
    version: 1,
    gone: false,
    route: { deciders: [], actions: ['approve'], mentions: ['U9', 'S1'], severity: 'as_found' },
    erp: 'Sage Intacct',
    company: 'treasury',
    decision: null,
    ...more,
  });
}
const shownAs = (severity: 'info' | 'warning' | 'critical') => ({
  route: { deciders: [], actions: [], mentions: ['U9'], severity },
});
const words = (text: Text | null) =>
  (text ?? [])
    .map((part) => (typeof part === 'string' ? part : 'person' in part ? `@${part.person}` : part.instant))
    .join('');

describe('the card of an exception', () => {
  it('says how severe it is, what is wrong, with what and by how much', () => {
    const card = draw();
    expect(card.headline).to.equal('Critical · Journal does not balance · GJ 45 · difference £120.00');
    expect(card.spoken).to.equal(
      'Critical: Journal does not balance, GJ 45, difference £120.00, dated 2 Mar 2026. Open in Sage Intacct.',
    );
    expect(words(card.ask)).to.equal('For @U9 @S1');
    expect(card.lines).to.deep.equal([
      { text: 'In GBP: debit £1,200.00, credit £1,080.00', amount: 'difference £120.00' },
    ]);
    expect(card.buttons).to.deep.equal([]);
    expect(card.warnings).to.deep.equal([]);
    expect(card.description).to.equal('Accrual: audit fees');
  });

  it('writes each line in its own currency', () => {
    const [line] = sampleException().lines;
    if (!line) throw new Error('The sample has no line');
    const lines = [
      { ...line, description: 'In JPY', currency: 'JPY', debit: '100', credit: '90', amount: '10' },
      { ...line, description: 'In the base currency', currency: null, debit: '1.5', credit: '1', amount: '0.50' },
    ];
    expect(draw(sampleException({ lines })).lines.map(({ text, amount }) => `${text} | ${amount}`)).to.deep.equal([
      'In JPY: debit JP¥100, credit JP¥90 | difference JP¥10',
      'In the base currency: debit 1.50, credit 1.00 | difference 0.50',
    ]);
  });

  it('names the vendor and not its code where the vendor is what is wrong', () => {
    const vendor = { code: 'V7', name: 'Ashworth & Sons' };
    const card = draw(
      sampleException(
        { type: 'Vendor is on hold and has open payments', reference: 'V7', vendor },
        { amountIs: undefined as never },
      ),
    );
    expect(card.headline).to.equal('Critical · Vendor is on hold and has open payments · Ashworth & Sons · £120.00');
  });

  it('names nobody on an information, and looks as the route says', () => {
    const card = draw(sampleException(), shownAs('info'));
    expect(card.headline).to.match(/^Information · /);
    expect(card.ask).to.equal(null);
    const mark = (of: ReturnType<typeof draw>) => /[🔵🟠🔴🏁]/u.exec(JSON.stringify(toBlocks(of)))?.[0];
    expect([draw(), draw(sampleException(), shownAs('warning')), card].map(mark)).to.deep.equal(['🔴', '🟠', '🔵']);
    expect(mark(draw(solvedException()))).to.equal('🏁');
  });

  it('that is solved says how and when, and asks nobody any more', () => {
    const card = draw(solvedException(), { version: 2 });
    expect(card.headline).to.equal('Solved · Journal does not balance · GJ 45');
    expect(words(card.outcome)).to.equal(`Solved ${at}: the journal balances now.`);
    expect(card.spoken)
      .to.contain('Solved: Journal does not balance, GJ 45')
      .and.to.contain('The journal balances now.');
    expect([card.ask, card.description, card.lines]).to.deep.equal([null, null, []]);
    expect(card.link?.label).to.equal('Open in Sage Intacct');
  });

  it('mentions people and groups in the way that Slack wants for each', () => {
    const blocks = JSON.stringify(toBlocks(draw()));
    expect(blocks).to.contain('{"type":"user","user_id":"U9"}');
    expect(blocks).to.contain('{"type":"usergroup","usergroup_id":"S1"}');
  });
});

describe('the thread of an exception', () => {
  const reader = { erp: 'Sage Intacct', locale: 'en-GB', mentions: ['U9'], severity: 'as_found' as const };
  const over = { type: 'over' as const, status: 'Solved', outcome: 'the journal balances now', at };
  const again = { type: 'again' as const, name: 'Journal does not balance GJ 45', severity: 'warning' as const, at };

  it('says how it was solved', () => {
    expect(words(drawThreadLine(over, reader))).to.equal(`Solved ${at}: the journal balances now.`);
    expect(isForChannel(over, reader)).to.equal(false);
  });

  it('says in the channel, too, that it is there again; an information only in the thread', () => {
    const line = drawThreadLine(again, reader);
    expect(words(line)).to.equal(`Warning: Journal does not balance GJ 45 is there again, seen ${at}. @U9`);
    expect(toThread([line]).text).to.contain('<@U9>');
    expect(isForChannel(again, reader)).to.equal(true);
    const quiet = { ...reader, severity: 'info' as const };
    expect(words(drawThreadLine(again, quiet))).to.match(/^Information: .*seen [^@]+$/);
    expect(isForChannel(again, quiet)).to.equal(false);
  });
});

describe('the digest of exceptions', () => {
  const subject: DigestSubject = {
    ...{ key: 'k', kind: 'exception', erp: 'Sage Intacct', company: 'treasury', locale: 'en-GB', timeZone: 'UTC' },
    ...{ gathered: null, totals: [{ value: '1', currency: 'GBP' }], waiting: 0, count: 31 },
    route: { deciders: [], mentions: ['U9'], severity: 'as_found' },
    states: [
      { status: 'Open', count: 30 },
      { status: 'Solved', count: 1 },
    ],
    largest: [sampleException(), solvedException()],
    exceptions: [
      { severity: 'critical', type: 'Journal does not balance', count: 28 },
      { severity: 'warning', type: 'Payment was voided', count: 1 },
      { severity: 'warning', type: 'Journal was declined', count: 1 },
    ],
  };

  it('counts by severity and sort, for amounts of different things have no sum', () => {
    const card = drawDigest(subject);
    expect(card.headline).to.equal('31 exceptions · 28 critical, 2 warnings');
    expect(card.description).to.equal(
      'These arrived together, so they share one message: 30 Open, 1 Solved. Still so: 28 × Journal does not balance, 1 × Payment was voided, 1 × Journal was declined.',
    );
    expect(card.lines.map(({ text }) => text)).to.deep.equal([
      'Critical · Journal does not balance GJ 45',
      'Solved · Journal does not balance GJ 45',
    ]);
    expect(words(card.ask)).to.equal('For @U9');
  });

  it('names nobody once none lasts, nor where the route shows them as an information', () => {
    expect(drawDigest({ ...subject, exceptions: [] }).ask).to.equal(null);
    const quiet = drawDigest({ ...subject, route: { ...subject.route, severity: 'info' } });
    expect(quiet.ask).to.equal(null);
    expect(quiet.headline).to.equal('31 exceptions · 30 for information');
  });
});
