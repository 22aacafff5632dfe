import type { KnownBlock } from '@slack/types';
import { drawCard } from '../../../app/cards/content.ts';
import type { HomeContent } from '../../../app/home/content.ts';
import { toHomeView, toPlainHomeView } from '../../../app/slack/home-blocks.ts';
import { at, type Drawing, paged, subject, times, uuid } from './samples.ts';

export function homes(): Drawing[] {
  const status = ['active', 'paused', 'broken'] as const;
  const shared = { notice: 'Paused.', glance: { waiting: 8, connections: 3, troubles: ['1 stuck'] }, readAt: at };
  const decisions: NonNullable<HomeContent['decisions']> = {
    waiting: paged(
      times(8, (n) => ({
        card: drawCard(subject(n)),
        due: null,
        channel: 'C0ONE',
        paused: n === 0 ? 'treasury' : null,
      })),
    ),
    decided: [{ outcome: 'done', words: ['Approved'] }],
    isDecider: true,
  };
  const administration: NonNullable<HomeContent['administration']> = {
    missingScopes: ['users:read.email'],
    connections: paged(
      times(6, (n) => ({
        ...{ id: uuid(n), name: `company ${n}`, erp: 'Acumatica', status: status[n % 3] ?? 'active', problem: 'No.' },
        ...{
          advice: 'Mend it.',
          problemSince: at,
          pace: null,
          calls: { words: '12 calls today', problem: n === 0 ? 'The budget is used up.' : null },
          takesPushes: true,
          push: null,
          toConnect: n > 2,
          feeds:
            n === 0 ? [{ kind: 'summary' as const, lastReadAt: at, nextReadAt: at, isBehind: false, error: null }] : [],
          compared: { at, words: '1 still differs: Bill 1 (changed unnoticed)', isTrouble: true },
        },
        people: { matched: 1, unmatched: 2, problem: null },
      })),
    ),
    dead: {
      ...paged(times(5, (n) => ({ ticket: `lane.${n}`, channel: 'C0ONE', words: ['2 cards for '], why: 'Archived.' }))),
      ...{ cards: 10, decisions: 0 },
    },
    routes: paged(
      times(2, (n) => ({ id: `${n}`, name: `r${n}`, connection: 'c', channel: 'C0ONE', what: 'Bills', deciders: [] })),
    ),
    administrators: { installer: 'U0ONE', named: ['U0TWO'], version: 1, changedBy: null },
    audit: [{ words: ['It happened'] }],
  };
  const linked = { user: 'maya', since: at, problem: null };
  const links = [null, linked, { ...linked, problem: 'Expired.' }];
  const accounts = paged(
    links.map((link, n) => ({ connectionId: uuid(n), connection: `company ${n}`, erp: 'Acumatica', linked: link })),
  );
  const both = [
    toHomeView({ ...shared, tab: 'decisions', decisions, accounts, administration: null }),
    toHomeView({ ...shared, tab: 'administration', decisions: null, accounts: null, administration }),
    toPlainHomeView(),
  ];
  return both.map((view, n) => ({ what: `Home ${n}`, callbackId: 'home', blocks: view.blocks as KnownBlock[] }));
}
