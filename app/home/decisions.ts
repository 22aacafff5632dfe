import type { Knex } from 'knex';
import type { CardContent, Text } from '../cards/card.ts';
import { drawCard } from '../cards/content.ts';
import { decidedBy, type OwnDecision, type WaitingDocument, waitingFor } from '../decisions/waiting.ts';
import { actionWords } from '../domain/actions.ts';
import { written } from '../domain/figures.ts';
import type { GuardFacts } from '../domain/guards/guards.ts';
import { documentName, partyOf } from '../domain/kinds.ts';
import { formatMoney } from '../domain/money.ts';
import { shorten } from '../domain/text.ts';
import { loadGuardFacts } from '../guards/facts.ts';
import type { HomeAsked } from './content.ts';
import { type Due, dueIn } from './due.ts';
import { clampPage, type Paged } from './paging.ts';

export const waitingPageSize = 8;
const decidedShown = 6;

/** A document to decide here: the card's own words and buttons, with where its card stands. */
export interface WaitingItem {
  card: CardContent;
  due: Due | null;
  channel: string;
  /** The paused connection's name: nothing is carried out there. */
  paused: string | null;
}

export interface DecidedItem {
  outcome: 'done' | 'open' | 'not_done';
  words: Text;
}

export interface Decisions {
  waiting: Paged<WaitingItem>;
  decided: DecidedItem[];
  /** Whether any route in force names this person as a decider. */
  isDecider: boolean;
}

/** What waits for this person's decision, due soonest first, and what they decided lately. */
export async function readDecisions(db: Knex, asked: HomeAsked): Promise<Decisions> {
  const { installationId, person, pages, erpTitle } = asked;
  const size = { limit: waitingPageSize };
  const wish = clampPage(pages.waiting, Number.MAX_SAFE_INTEGER, waitingPageSize).page;
  let read = await waitingFor(db, installationId, person, { ...size, offset: wish * waitingPageSize });
  const { page, pages: count } = clampPage(wish, read.total, waitingPageSize);
  // What is waited for became less than so many pages: the last one there is.
  if (page !== wish) read = await waitingFor(db, installationId, person, { ...size, offset: page * waitingPageSize });
  const ids = read.documents.map(({ documentId }) => documentId);
  const [zones, facts] = await Promise.all([timeZones(db, read.documents), loadGuardFacts(db, ids)]);
  const decided = await decidedBy(db, installationId, person, decidedShown);
  return {
    waiting: {
      items: read.documents.map((waiting) =>
        drawWaiting(waiting, asked, {
          timeZone: zones.get(waiting.connectionId) ?? 'UTC',
          facts: facts.get(waiting.documentId) ?? null,
        }),
      ),
      total: read.total,
      page,
      pages: count,
      size: waitingPageSize,
    },
    decided: decided.map((decision) => drawDecided(decision, erpTitle(decision.connector), asked.locale)),
    isDecider: read.total > 0 || (await isDecider(db, installationId, person)),
  };
}

function drawWaiting(
  waiting: WaitingDocument,
  { person, erpTitle, now, locale }: HomeAsked,
  { timeZone, facts }: { timeZone: string; facts: GuardFacts | null },
): WaitingItem {
  const { document, substance, customFields, cardKey, actions, connection, connector, channel, paused } = waiting;
  const card = drawCard({
    key: cardKey,
    document,
    substance,
    version: 1,
    gone: false,
    route: { deciders: [{ user: person }], actions, mentions: [], customFields },
    erp: erpTitle(connector),
    company: connection,
    locale,
    decision: null,
    facts,
  });
  return {
    card,
    due: document.dueDate ? dueIn(document.dueDate, now, timeZone) : null,
    channel,
    paused: paused ? connection : null,
  };
}

function drawDecided(decision: OwnDecision, erp: string, locale: string): DecidedItem {
  const { action, state, outcome, at, document } = decision;
  const { done, doing } = actionWords[action];
  const message = decision.message === null ? null : written(decision.message, locale);
  const party = partyOf(document);
  const whose = party ? ` · ${shorten(party.name ?? party.code, 60)}` : '';
  const amount = document.amount ? ` · ${formatMoney(document.amount, locale)}` : '';
  const what = ` ${documentName(document)}${whose}${amount}`;
  const when: Text = [' · ', { instant: at.toISOString() }];
  switch (state) {
    case 'stored':
    case 'acting':
      return {
        outcome: 'open',
        words: [`${doing} in ${erp}:${what}${message ? ` · Not done yet: ${message}` : ''}`],
      };
    case 'done': {
      const step = outcome === 'step_approved' ? ' · one step; more approvals are needed' : '';
      return { outcome: 'done', words: [`${done}:${what}${step}`, ...when] };
    }
    default:
      return {
        outcome: 'not_done',
        words: [`Not ${done.toLowerCase()}:${what}`, ...when, ` · ${message ?? ''}`],
      };
  }
}

async function timeZones(db: Knex, documents: WaitingDocument[]): Promise<Map<string, string>> {
  const ids = [...new Set(documents.map(({ connectionId }) => connectionId))];
  const rows = ids.length === 0 ? [] : await db('connections').whereIn('id', ids).select('id', 'time_zone');
  return new Map(rows.map((row) => [row.id, row.time_zone]));
}

async function isDecider(db: Knex, installationId: string, person: string): Promise<boolean> {
  const route = await db('routes as r')
    .join('connections as n', 'n.id', 'r.connection_id')
    .where({ 'n.installation_id': installationId, 'r.retired_at': null })
    .whereRaw('r.deciders @> ?::jsonb', [JSON.stringify([{ user: person }])])
    .first('r.id');
  return route !== undefined;
}
