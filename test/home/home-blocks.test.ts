import { expect } from 'chai';
import type { CardContent } from '../../app/cards/card.ts';
import type { HomeContent } from '../../app/home/content.ts';
import { dueIn } from '../../app/home/due.ts';
import { clampPage, paged } from '../../app/home/paging.ts';
import { inWords } from '../../app/home/routes.ts';
import { toHomeView, toPlainHomeView } from '../../app/slack/home-blocks.ts';
import { scopes } from '../../app/slack/scopes.ts';
import { checkView } from '../../sandbox/slack/blocks/view.ts';

const evil = '<!channel> *_~`\n\u0000&<@U0FINDIR01> ';
const long = evil + '𝒳'.repeat(3_000);
const instant = '2026-11-20T13:45:00.000Z';
const text = [long, { person: 'U0FINDIR01' }, long, { instant }];
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

const card: CardContent = {
  headline: long,
  spoken: long,
  status: { label: long, phase: 'waiting' },
  ask: null,
  outcome: null,
  warnings: [long, long],
  description: long,
  lines: [],
  moreLines: 0,
  fields: times(10, () => ({ label: long, value: long })),
  smallPrint: [long, long],
  buttons: [
    { action: 'approve', label: 'l'.repeat(999), about: long, style: 'primary' },
    { action: 'reject', label: 'l'.repeat(999), about: long, style: 'danger', asksReason: true },
    {
      action: 'release',
      label: 'l'.repeat(999),
      about: long,
      confirm: { title: long, text: 'x'.repeat(999), yes: 'y'.repeat(99) },
    },
    { action: 'hold', label: 'l'.repeat(999), about: long },
  ],
  link: { label: 'l'.repeat(999), about: long, url: `https://erp.example/${'a'.repeat(5_000)}` },
  ticket: `7d444840-9dc0-11d1-b245-5ffdce74fad2.${'s'.repeat(22)}`,
};

const page = { total: 500, page: 3, pages: 63, size: 8 };

/** Every list full, every text as long and as mean as an ERP can make it. */
const worst: Omit<HomeContent, 'tab' | 'decisions' | 'administration' | 'accounts'> = {
  notice: long,
  glance: { waiting: 500, connections: 50, troubles: [long, long, long, long] },
  readAt: instant,
};
const decisions: HomeContent['decisions'] = {
  waiting: {
    ...page,
    items: times(8, () => ({ card, due: { words: long, overdue: true }, channel: 'C0APAPPROV', paused: long })),
  },
  decided: times(6, () => ({ outcome: 'not_done' as const, words: text })),
  isDecider: true,
};
const accounts: HomeContent['accounts'] = {
  ...page,
  items: times(5, () => ({
    connectionId: 'a'.repeat(36),
    connection: long,
    erp: long,
    linked: { user: long, since: instant, problem: long },
  })),
};
const administration: HomeContent['administration'] = {
  missingScopes: Object.keys(scopes),
  connections: {
    ...page,
    items: times(6, () => ({
      ...{ id: 'a'.repeat(36), name: long, erp: long, status: 'broken' as const, problem: long, advice: long },
      problemSince: instant,
      pace: long,
      calls: { words: long, problem: long },
      takesPushes: true,
      push: { lastPushAt: null, problem: null },
      toConnect: true,
      feeds: times(5, () => ({
        ...{ kind: 'bill' as const, lastReadAt: instant, nextReadAt: instant },
        ...{ isBehind: true, error: long },
      })),
      people: { matched: 900, unmatched: 100, problem: long },
    })),
  },
  dead: {
    ...page,
    cards: 900,
    decisions: 12,
    items: times(5, () => ({ ticket: 'lane.1', channel: 'C0APAPPROV', words: text, why: long })),
  },
  routes: {
    ...page,
    items: times(8, () => ({
      id: '1',
      name: long,
      connection: long,
      channel: 'U0FINDIR01',
      what: long,
      deciders: text,
    })),
  },
  administrators: { installer: 'U0ADMIN006', named: times(50, () => 'U0FINDIR01'), version: 1, changedBy: null },
  audit: times(10, () => ({ words: text })),
};

describe('the blocks of App Home', () => {
  const views = {
    decisions: toHomeView({ ...worst, tab: 'decisions', decisions, accounts, administration: null }),
    administration: toHomeView({ ...worst, tab: 'administration', decisions: null, accounts: null, administration }),
  };
  for (const [name, view] of Object.entries(views)) {
    it(`keep Slack’s limits with the ${name} at their fullest`, () => {
      checkView(view, 'home');
      expect(view.blocks.length).to.be.at.most(100);
      expect(Buffer.byteLength(JSON.stringify(view))).to.be.lessThan(250_000);
    });

    it(`take text literally in the ${name}: no mrkdwn holds any of it, no half characters`, () => {
      const drawn = JSON.stringify(view);
      for (const [found] of drawn.matchAll(/\{"type":"mrkdwn","text":"[^"]*"/g))
        expect(found).to.not.contain('channel');
      expect(drawn.isWellFormed() && !/\\ud[89a-f]/i.test(drawn)).to.equal(true);
      expect(drawn).to.not.contain('\\u0000');
    });

    it(`name every block of buttons in the ${name} once`, () => {
      const ids = view.blocks.flatMap(({ block_id }) => block_id ?? []);
      expect(new Set(ids).size).to.equal(ids.length).and.to.be.greaterThan(3);
    });
  }

  it('are few and friendly when there is nothing', () => {
    const empty = { total: 0, page: 0, pages: 1, size: 8, items: [] };
    const nothing = { notice: null, glance: null, administration: null, readAt: instant, tab: 'decisions' as const };
    const view = toHomeView({
      ...nothing,
      decisions: { waiting: empty, decided: [], isDecider: true },
      accounts: empty,
    });
    checkView(view, 'home');
    expect(view.blocks.length).to.be.lessThan(6);
    expect(JSON.stringify(view)).to.contain('All done').and.not.contain('Administration');
    checkView(toPlainHomeView(), 'home');
  });

  it('show no way to other pages where there is one', () => {
    const one = { waiting: { ...page, total: 8, page: 0, pages: 1, items: [] }, decided: [], isDecider: true };
    const view = toHomeView({ ...worst, tab: 'decisions', decisions: one, accounts: null, administration: null });
    expect(JSON.stringify(view)).to.not.contain('home_next').and.not.contain('home_previous');
  });
});

describe('a list in pages', () => {
  it('shows its last page when it became shorter than the page that is asked for', () => {
    expect(paged([1, 2, 3, 4, 5], 9, 2)).to.deep.equal({ items: [5], total: 5, page: 2, pages: 3, size: 2 });
    expect(clampPage(3, 0, 8)).to.deep.equal({ page: 0, pages: 1 });
    expect(clampPage(Number.NaN, 20, 8)).to.deep.equal({ page: 0, pages: 3 });
  });
});

describe('a due date in Home', () => {
  const now = new Date('2026-11-20T23:30:00Z');
  it('is counted from today where the company is', () => {
    expect(dueIn('2026-11-20', now, 'Europe/London')).to.deep.equal({ words: 'due today', overdue: false });
    expect(dueIn('2026-11-20', now, 'Asia/Tokyo')).to.deep.equal({ words: 'overdue since yesterday', overdue: true });
    expect(dueIn('2026-11-23', now, 'Asia/Tokyo').words).to.equal('due in 2 days');
    expect(dueIn('2026-11-10', now, 'UTC').words).to.equal('overdue by 10 days');
  });
});

describe('the conditions of a route in words', () => {
  it('read as a person would say them', () => {
    const inGb = (conditions: Parameters<typeof inWords>[0]) => inWords(conditions, 'en-GB');
    expect(inGb({})).to.equal('');
    expect(inGb({ amountAtLeast: '25000', currency: 'GBP', statuses: ['Balanced', 'On Hold'] })).to.equal(
      ' of £25,000.00 or more that are Balanced or On Hold',
    );
    expect(inGb({ amountAtLeast: '1', amountBelow: '5', vendors: ['A', 'B', 'C', 'D', 'E', 'F', 'G'] })).to.equal(
      ' from 1.00 to below 5.00 from A, B, C, D, E or 2 more',
    );
    expect(inGb({ currency: 'EUR' })).to.equal(' in EUR');
  });
});
