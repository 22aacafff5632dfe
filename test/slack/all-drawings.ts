import type { KnownBlock } from '@slack/types';
import type { HistoryEvent } from '../../app/audit/history.ts';
import { type CardSubject, type DecisionShown, drawCard } from '../../app/cards/content.ts';
import { drawDigest } from '../../app/cards/digest.ts';
import { drawThreadLine } from '../../app/cards/thread.ts';
import type { FoundDocument } from '../../app/documents/find.ts';
import { type ActionName, actionNames } from '../../app/domain/document.ts';
import type { HomeContent } from '../../app/home/content.ts';
import type { ListedPerson, PeopleList } from '../../app/home/people.ts';
import type { PushSetup } from '../../app/push/setup.ts';
import { buildForm, presetsOf } from '../../app/setup/form.ts';
import { toBlocks, toFallback, toThread } from '../../app/slack/blocks.ts';
import { administratorsView } from '../../app/slack/forms/administrators-view.ts';
import { checkingView, failedView, savedView } from '../../app/slack/forms/connection-answers.ts';
import { connectionFormView } from '../../app/slack/forms/connection-form.ts';
import { peopleView } from '../../app/slack/forms/people-view.ts';
import { loading, plainView } from '../../app/slack/forms/plain-view.ts';
import { pushLoadingView, pushView, pushWordsView } from '../../app/slack/forms/push-view.ts';
import { toHomeView, toPlainHomeView } from '../../app/slack/home-blocks.ts';
import { toUnfurl } from '../../app/slack/link-surface.ts';
import { answer } from '../../app/slack/messages/answer.ts';
import { auditLines } from '../../app/slack/messages/audit.ts';
import { foundLines } from '../../app/slack/messages/find.ts';
import { helpLines, unknownWordLines } from '../../app/slack/messages/help.ts';
import { historyOf, historyOfDigest, historySentence } from '../../app/slack/messages/history.ts';
import { mineLines } from '../../app/slack/messages/mine.ts';
import { replayDone, replayOffer } from '../../app/slack/messages/replay.ts';
import { acumatica } from '../../connectors/acumatica/index.ts';
import { reasonView } from '../../listeners/views/reason-view.ts';
import { sampleBill } from '../domain/sample-bill.ts';

/** A message or a view as the app hands it to Slack. */
export interface Drawing {
  what: string;
  blocks: readonly KnownBlock[];
  /** Of a message; a view has none. */
  text?: string;
  callbackId?: string;
}

const at = '2026-11-20T13:45:00.000Z';
const uuid = (n: number) => `7d444840-9dc0-11d1-b245-5ffdce74fad${n}`;
const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, n) => make(n));
const locale = 'en-GB';

function subject(n: number, more: Partial<CardSubject> = {}): CardSubject {
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

const decision = (state: DecisionShown['state'], action: ActionName = 'approve'): DecisionShown => ({
  ...{ action, state, person: 'U0ONE', reason: 'Fine', message: 'It is closed.', at, complete: true },
});

function messages(): Drawing[] {
  const cards = [
    subject(0),
    subject(1, { gone: true, version: 2 }),
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

function previews(): Drawing[] {
  const preview = toUnfurl(
    { document: sampleBill(), erp: 'Acumatica', company: 'treasury', asOf: new Date(at) },
    locale,
  );
  const { blocks = [], fallback = '' } = preview;
  return [{ what: 'the preview of a link', text: fallback, blocks: blocks as KnownBlock[] }];
}

const found: FoundDocument = {
  documentId: '1',
  document: sampleBill(),
  connection: 'treasury',
  connector: 'acumatica',
  gone: false,
  cards: [{ channel: 'C0ONE', messageId: '1.2', state: 'posted' }],
};
const event = (kind: string): HistoryEvent => ({ kind, at: new Date(at), actor: 'U0ONE', data: {} });

function answers(): Drawing[] {
  const erpTitle = () => 'Acumatica';
  const links = { erpTitle, cardLinks: new Map<string, string>(), manyConnections: true, locale };
  const waiting = {
    ...{ documentId: '1', document: sampleBill(), actions: [...actionNames], seen: 'abc', cardKey: uuid(1) },
    ...{ channel: 'C0ONE', messageId: null, connectionId: uuid(2), connection: 'treasury', connector: 'acumatica' },
    ...{ paused: true, since: new Date(at) },
  };
  const replayed = {
    cards: 1,
    threadLines: 1,
    decisions: 1,
    notes: 1,
    redrawn: 1,
    channels: [{ channel: 'C0ONE', cards: 1 }],
  };
  const all = {
    help: helpLines('/erp'),
    'an unknown word': unknownWordLines('/erp', 'stats', 'status'),
    find: foundLines([found], 'Acme', 10, links),
    'find nothing': foundLines([], 'Acme', 10, links),
    mine: mineLines({
      ...{ command: '/erp', total: 11, page: 1, pages: 2, waiting: [waiting], decided: [], ...links },
    }),
    audit: auditLines(found, { total: 2, events: [event('card.posted'), event('new.kind')] }, 0, locale),
    'replay, offered': replayOffer('/erp', { cards: { dead: 1 }, decisions: {}, notes: {} }),
    'replay, done': replayDone(replayed, { none: 'Nothing.' }),
  };
  return Object.entries(all).map(([what, lines]) => ({ what: `the answer to ${what}`, ...answer(lines) }));
}

const paged = <T>(items: T[]) => ({ items, total: 500, page: 3, pages: 63, size: 8 });

function homes(): Drawing[] {
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
    connections: paged(
      times(6, (n) => ({
        ...{ id: uuid(n), name: `company ${n}`, erp: 'Acumatica', status: status[n % 3] ?? 'active', problem: 'No.' },
        ...{ advice: 'Mend it.', problemSince: at, pace: null, takesPushes: true, push: null, feeds: [] },
        people: { matched: 1, unmatched: 2, problem: null },
      })),
    ),
    dead: {
      ...paged(times(5, (n) => ({ ticket: `lane.${n}`, channel: 'C0ONE', words: ['2 cards for '], why: 'Archived.' }))),
      ...{ cards: 10, decisions: 0 },
    },
    routes: paged(times(2, (n) => ({ name: `r${n}`, connection: 'c', channel: 'C0ONE', what: 'Bills', deciders: [] }))),
    administrators: { installer: 'U0ONE', named: ['U0TWO'], version: 1, changedBy: null },
    audit: [{ words: ['It happened'] }],
  };
  const both = [
    toHomeView({ ...shared, tab: 'decisions', decisions, administration: null }),
    toHomeView({ ...shared, tab: 'administration', decisions: null, administration }),
    toPlainHomeView(),
  ];
  return both.map((view, n) => ({ what: `Home ${n}`, callbackId: 'home', blocks: view.blocks as KnownBlock[] }));
}

function forms(): Drawing[] {
  const person = (n: number): ListedPerson => ({
    ...{ id: String(n), key: `EP00${n}`, name: `Person ${n}`, sort: 'employee', email: null, version: 1 },
    ...{ slackUser: 'U0ONE', matchedBy: 'hand', unmatched: null, setBy: 'U0TWO' },
  });
  const list: PeopleList = {
    asked: { installationId: uuid(1), connectionId: uuid(2), show: 'all', query: 'per', page: 3 },
    connection: { name: 'treasury', connector: 'acumatica' },
    counts: { byEmail: 1, byHand: 2, unmatched: 3, contacts: 4 },
    ...{ seesEmails: false, matchedAt: at, isRunning: false, problem: 'Not read.', people: paged(times(5, person)) },
  };
  const push: PushSetup = {
    ...{ connectionId: uuid(2), connection: 'treasury', erp: 'Acumatica', isReachable: false },
    state: { lastPushAt: null, problem: null } as PushSetup['state'],
    kinds: [{ kind: 'bill', rows: [{ label: 'URL', value: 'https://x.example' }] }],
  };
  const reader = { erp: 'Acumatica', installUrl: undefined };
  const metadata = { draft: uuid(3), connection: uuid(2), connector: 'acumatica', version: 1, since: '7' };
  const entered = presetsOf(acumatica);
  const problems = { byField: { name: 'Give it a name.' }, others: ['The ERP did not answer.'] };
  const conflict = [{ by: 'U0ONE', at, lines: ['cadence'] }];
  const given = { connectors: [acumatica, { ...acumatica, id: 'other' }], connector: acumatica, entered };
  const place = { documentId: '1', digestId: '2', channel: 'C0ONE', page: 1 };
  const edges = { events: [event('card.posted')], older: { before: '3' }, newer: { after: '9' } };
  const members = times(3, (n) => ({ documentId: `${n}`, document: sampleBill({ reference: `00${n}` }), gone: false }));
  const connectionViews = [
    connectionFormView(buildForm({ ...given, metadata, problems, conflict, isRestored: true })),
    connectionFormView(buildForm({ ...given, metadata: { ...metadata, connection: null } })),
    checkingView(metadata),
    failedView(metadata),
    savedView({ connectionId: uuid(2), name: 'treasury', summary: 'It answered.', isNew: true, isPaused: true }),
  ];
  const views = [
    ...connectionViews,
    historySentence('Looking …'),
    historyOf(found, edges, place, { erpTitle: () => 'Acumatica', locale }),
    historyOfDigest({ total: 60, members }, place, { perPage: 20, locale }),
    reasonView({ cardKey: uuid(1), seen: 'abc', channel: null, messageId: null }),
    peopleView(list, { ...reader, notice: [['Saved.']] }),
    peopleView({ ...list, asked: { ...list.asked, show: 'unmatched', query: '' }, isRunning: true }, reader),
    administratorsView({ installer: 'U0ONE', named: ['U0TWO'], version: 1, changedBy: null }, [['Saved.']]),
    plainView('People', loading),
    pushLoadingView(),
    pushWordsView('Only administrators may do this.'),
    pushView(push, true),
    pushView({ ...push, state: null }, false),
  ];
  return views.map((view) => ({
    what: `the form “${view.title.text}”`,
    ...(view.callback_id ? { callbackId: view.callback_id } : {}),
    blocks: view.blocks as KnownBlock[],
  }));
}

/** Every kind of message and view that the app draws, with what it needs to be full. A new kind is added here. */
export const allDrawings = (): Drawing[] => [...messages(), ...previews(), ...answers(), ...homes(), ...forms()];
