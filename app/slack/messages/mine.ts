import type { OwnDecision, WaitingDocument } from '../../decisions/waiting.ts';
import { actionWords } from '../../domain/actions.ts';
import type { Line } from './answer.ts';
import { documentLine, documentLinks } from './document-line.ts';
import { plural } from './status.ts';

export interface Mine {
  command: string;
  total: number;
  /** Pages count from 1. */
  page: number;
  pages: number;
  waiting: WaitingDocument[];
  decided: OwnDecision[];
  erpTitle: (connector: string) => string;
  /** By card key. */
  cardLinks: Map<string, string>;
  /** How the person who asks writes amounts and dates. */
  locale: string;
}

/** What waits for one person, and what they decided lately. */
export function mineLines(mine: Mine): Line[] {
  const { command, total, page, pages, waiting, decided, erpTitle, cardLinks, locale } = mine;
  const head =
    total === 0
      ? 'Nothing waits for your decision.'
      : `${plural(total, 'document')} for you to decide, due soonest first.`;
  const rest: Line = page < pages ? [`Page ${page} of ${pages}. `, { code: `${command} mine ${page + 1}` }] : [];
  return [
    [{ bold: head }],
    ...waiting.map((entry): Line => {
      const link = cardLinks.get(entry.cardKey);
      return [
        ...documentLine(entry.document, { locale }),
        ...documentLinks(entry.document, erpTitle(entry.connector), link),
        ...(link ? [] : [' · on a card in ', { channel: entry.channel }]),
        ...(entry.paused ? [' · its connection is paused'] : []),
      ];
    }),
    ...(rest.length > 0 ? [rest] : []),
    ...(decided.length > 0 ? [[{ bold: 'You decided lately' }]] : []),
    ...decided.map(
      (decision): Line => [
        `${outcome(decision)} `,
        { instant: decision.at },
        ' · ',
        ...documentLine(decision.document, { locale, status: false }),
      ],
    ),
  ];
}

function outcome({ action, state, outcome: code }: OwnDecision): string {
  const { done, doing, noun } = actionWords[action];
  switch (state) {
    case 'done':
      return code === 'step_approved' ? 'One step approved' : done;
    case 'refused':
      return `${noun} not done`;
    case 'dead':
      return `${noun} could not be carried out`;
    default:
      return `${doing}, asked`;
  }
}
