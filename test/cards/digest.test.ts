import { expect } from 'chai';
import { type DigestSubject, drawDigest } from '../../app/cards/digest.ts';
import { toBlocks, toFallback } from '../../app/slack/blocks.ts';
import { sampleBill } from '../domain/sample-bill.ts';

const draw = (different: Partial<DigestSubject> = {}) =>
  drawDigest({
    key: '0f0e5c3a-7d8f-4f53-9f1b-2f6f0f6f0f6f',
    kind: 'bill',
    count: 3,
    totals: [{ value: '1030.29', currency: 'GBP' }],
    states: [
      { status: 'Pending Approval', count: 2 },
      { status: 'Balanced', count: 1 },
    ],
    waiting: 2,
    largest: [sampleBill()],
    route: { deciders: [{ user: 'U1' }], mentions: [] },
    gathered: { since: '2025-01-09T08:00:00.000Z', changed: [] },
    timeZone: 'Europe/London',
    erp: 'Acumatica',
    company: 'treasury',
    locale: 'en-GB',
    ...different,
  });
const askOf = (different: Partial<DigestSubject>) =>
  draw(different)
    .ask?.map((part) => (typeof part === 'string' ? part : 'person' in part ? `@${part.person}` : part.instant))
    .join('');

describe('a digest', () => {
  it('names its documents by what people call the kind, one or many', () => {
    expect(draw({ count: 1 }).headline).to.equal('1 bill · £1,030.29');
    expect(draw().headline).to.equal('3 bills · £1,030.29');
    expect(draw({ totals: [] }).headline).to.equal('3 bills');
    expect(draw({ count: 1 }).buttons[0]).to.include({ label: 'Post it as a card' });
  });

  it('says since when, by the clock of the connection’s company', () => {
    expect(draw().description).to.contain('since the digest of Thu 9 Jan 2025, 08:00: 2 Pending Approval, 1 Balanced.');
    expect(draw({ timeZone: 'Asia/Tokyo' }).description).to.contain('Thu 9 Jan 2025, 17:00');
    expect(draw({ gathered: { since: null, changed: [] } }).description).to.contain('the first digest here');
    const german = draw({
      locale: 'de-DE',
      route: { deciders: [{ user: 'U1', upTo: { value: '5000', currency: 'GBP' } }], mentions: [] },
    });
    expect(german.description).to.contain('9. Jan. 2025');
    expect(german.headline).to.match(/^3 bills · 1\.030,29.£$/);
    expect(JSON.stringify(german.ask)).to.match(/up to 5\.000,00.£/);
    expect(draw({ gathered: null }).description).to.contain('These arrived together');
  });

  it('says who may decide, each up to what', () => {
    const upTo = (value: string) => ({ value, currency: 'GBP' });
    const deciders = [{ user: 'U1' }, { user: 'U2', upTo: upTo('500') }, { user: 'U1', upTo: upTo('9') }];
    expect(askOf({ route: { deciders, mentions: ['U9'] } })).to.equal(
      '2 to decide, by @U1 or @U2 up to £500.00: in the Home of this app, or on cards of their own · for information: @U9',
    );
    const many = Array.from({ length: 7 }, (_, index) => ({ user: `U${index}` }));
    expect(askOf({ route: { deciders: many, mentions: [] } })).to.contain('@U4 or 2 others:');
  });

  it('asks nobody where nothing waits, or nobody may decide', () => {
    expect(draw({ waiting: 0 }).ask).to.equal(null);
    expect(draw({ route: { deciders: [], mentions: [] } }).ask).to.equal(null);
    expect(draw({ waiting: 0 }).spoken).to.not.contain('to decide');
  });

  it('fits into a message whatever an ERP calls its states', () => {
    const long = 'a state with a name that never ends '.repeat(20);
    const states = Array.from({ length: 40 }, (_, index) => ({ status: `${index} ${long}`, count: 1 }));
    const changed = states.map(({ status }) => ({ from: status, to: long, count: 1 }));
    const totals = Array.from({ length: 60 }, (_, index) => ({ value: '1', currency: `${index}`.padStart(3, 'X') }));
    const card = draw({ states, totals, gathered: { since: null, changed } });
    expect(card.description).to.contain('and 34 other states');
    const [header] = toBlocks(card);
    expect(JSON.stringify(header).length).to.be.lessThan(300);
    expect(JSON.stringify(toBlocks(card)).length).to.be.lessThan(6_000);
    expect(toFallback(card).length).to.be.lessThan(1_600);
  });
});
