import { seenOf, shownFields } from '../domain/custom.ts';
import { shownSeverity } from '../domain/exceptions.ts';
import { writeSeen } from '../domain/seen.ts';
import type { CardContent, CardSubject } from './card.ts';
import { ask } from './parts/ask.ts';
import { button } from './parts/buttons.ts';
import { exceptionAsk, exceptionOutcome, isOver } from './parts/exception.ts';
import { fields } from './parts/fields.ts';
import { headline, spoken, title } from './parts/headline.ts';
import { openOutcome, outcome } from './parts/outcome.ts';
import { rowsOf } from './parts/rows.ts';
import { smallPrint } from './parts/small-print.ts';
import { warnings } from './parts/warnings.ts';
import { drawSummary } from './summary.ts';

const shownLines = 5;

/** Draws a document's card from plain data. */
export function drawCard(subject: CardSubject): CardContent {
  if (subject.document.exception) return drawException(subject);
  const { document, route, decision, gone } = subject;
  if (document.summary) return drawSummary(subject, document.summary);
  const deciding = decision?.state === 'stored' || decision?.state === 'acting';
  const ended = gone || document.archived === true;
  const possible = ended || deciding ? [] : document.actions.filter((action) => route.actions.includes(action));
  const buttons = route.deciders.length > 0 ? possible.map((action) => button(action, document, subject.erp)) : [];
  const closed = buttons.length === 0 && !deciding && (ended || decision?.state === 'done' || subject.version > 1);
  const rows = closed ? [] : rowsOf(subject);
  return {
    headline: headline(subject),
    spoken: spoken(subject),
    status: gone ? null : { label: document.status, phase: document.phase },
    ask: closed ? null : ask(subject, deciding, buttons.length > 0 ? possible : []),
    outcome: closed ? outcome(subject) : openOutcome(subject),
    warnings: warnings(subject),
    description: closed ? null : document.description,
    lines: rows.slice(0, shownLines),
    moreLines: Math.max(0, rows.length - shownLines),
    smallPrint: smallPrint(subject),
    buttons,
    link: gone ? null : linkOf(subject),
    ...fields(subject),
    ticket: `${subject.key}.${writeSeen({
      substance: seenOf(subject.substance, shownFields(document, route.customFields)),
      partyVersion: subject.facts?.party?.version ?? null,
    })}`,
  };
}

/** An exception asks nothing of the ERP: it says what is wrong, to whom, and what became of it. */
function drawException(subject: CardSubject): CardContent {
  const { document, route, gone } = subject;
  const over = isOver(subject);
  const rows = over ? [] : rowsOf(subject);
  const severity = over ? null : shownSeverity(document, route.severity);
  return {
    headline: headline(subject),
    spoken: spoken(subject),
    status: gone ? null : { label: document.status, phase: document.phase, ...(severity ? { severity } : {}) },
    ask: exceptionAsk(subject),
    outcome: exceptionOutcome(subject),
    warnings: warnings(subject),
    description: over ? null : document.description,
    lines: rows.slice(0, shownLines),
    moreLines: Math.max(0, rows.length - shownLines),
    smallPrint: smallPrint(subject),
    buttons: [],
    link: gone ? null : linkOf(subject),
    ticket: `${subject.key}.${writeSeen({ substance: subject.substance, partyVersion: null })}`,
  };
}

function linkOf({ document, erp }: CardSubject): CardContent['link'] {
  return document.link === null ? null : { label: `Open in ${erp}`, about: title(document), url: document.link };
}

/** What a button's value says: the card, and what it showed (see `Seen`). Undefined for anything else. */
export function readTicket(ticket: string | undefined): { key: string; seen: string } | undefined {
  const match = /^([0-9a-f-]{36})\.([\w-]{1,64}(?::\d{1,9})?)$/.exec(ticket ?? '');
  return match?.[1] && match[2] ? { key: match[1], seen: match[2] } : undefined;
}
