import { actionWords } from '../domain/actions.ts';
import { type Change, sidesOf } from '../domain/changes.ts';
import { formatDate } from '../domain/dates.ts';
import type { ActionName, Money, Severity } from '../domain/document.ts';
import { isLoud, severityWords } from '../domain/exceptions.ts';
import { unapprovedWords } from '../domain/guards/words.ts';
import { formatMoney } from '../domain/money.ts';
import type { ShownAs } from '../domain/routing.ts';
import { shorten } from '../domain/text.ts';
import type { Text } from './card.ts';

/** One line of a card's thread, as stored. */
export type ThreadLine =
  | { type: 'changed'; changes: Change[]; at: string }
  | {
      type: 'decided';
      action: ActionName;
      person: string;
      reason: string | null;
      from: string;
      to: string;
      complete: boolean;
      /** The person's own ERP user, where not the connection's acted. */
      as?: string | null;
      at: string;
    }
  | { type: 'paid'; isPaid: boolean; name: string; status: string; amount: Money | null; date: string | null }
  /** Of an exception: it is over, or there again. */
  | { type: 'over'; status: string; outcome: string; at: string }
  | { type: 'again'; name: string; severity: Severity; at: string }
  | { type: 'unapproved'; at: string }
  | { type: 'recorded'; person: string; files: number; at: string }
  | { type: 'not-recorded'; person: string; message: string; at: string }
  | { type: 'not-done'; action: ActionName; person: string; message: string; at: string };

/** What the lines are drawn for; the route's own wishes count for exceptions. */
export interface ThreadReader {
  erp: string;
  locale: string;
  mentions?: readonly string[];
  severity?: ShownAs;
}

/** A thread line in words: what happened, who did it, when. */
export function drawThreadLine(line: ThreadLine, reader: ThreadReader): Text {
  const { erp, locale } = reader;
  switch (line.type) {
    case 'changed':
      return [
        `Changed in ${erp} `,
        { instant: line.at },
        `: ${line.changes.map((change) => describeChange(change, locale)).join('; ')}`,
      ];
    case 'decided': {
      const reason = line.reason ? ` “${shorten(line.reason, 1_000)}”` : '';
      const more = line.complete ? '' : ' More approvals are needed.';
      return [
        { person: line.person },
        ` ${actionWords[line.action].told} `,
        { instant: line.at },
        ` (${line.from} → ${line.to}${line.as ? `, in ${erp} as ${shorten(line.as, 100)}` : ''}).${reason}${more}`,
      ];
    }
    case 'paid': {
      const amount = line.amount ? `${formatMoney(line.amount, locale)} ` : '';
      const day = line.date ? ` of ${formatDate(line.date, locale)}` : '';
      const payment = `${shorten(line.name, 80)}${day}`;
      return [
        line.isPaid ? `Paid: ${amount}by ${payment}.` : `No longer paid by ${payment}: it is ${line.status} in ${erp}.`,
      ];
    }
    case 'over':
      return [`${shorten(line.status, 30)} `, { instant: line.at }, `: ${shorten(line.outcome, 300)}.`];
    case 'again': {
      const severity = severityOf(line, reader);
      const people = isLoud(severity) ? (reader.mentions ?? []) : [];
      const what = `${severityWords[severity]}: ${shorten(line.name, 120)} is there again, seen `;
      return [what, { instant: line.at }, '.', ...people.flatMap<Text[number]>((person) => [' ', { person }])];
    }
    case 'unapproved':
      return [`⚠️ ${unapprovedWords(erp)} Seen `, { instant: line.at }, '.'];
    case 'recorded': {
      const files = line.files === 0 ? '' : line.files === 1 ? ', with one file' : `, with ${line.files} files`;
      return [`Recorded in ${erp} for `, { person: line.person }, ' ', { instant: line.at }, `${files}.`];
    }
    case 'not-recorded':
      return [
        `Not recorded in ${erp} for `,
        { person: line.person },
        ' ',
        { instant: line.at },
        `: ${shorten(line.message, 500)}`,
      ];
    case 'not-done':
      return [
        { person: line.person },
        ` asked to ${actionWords[line.action].infinitive} this `,
        { instant: line.at },
        `. ${line.message}`,
      ];
  }
}

/** Whether the line is shown in the channel, too: a card that was closed long ago stands where nobody looks any more. */
export function isForChannel(line: ThreadLine, reader: Pick<ThreadReader, 'severity'>): boolean {
  return line.type === 'again' && isLoud(severityOf(line, reader));
}

function severityOf({ severity }: { severity: Severity }, { severity: shownAs = 'as_found' }: { severity?: ShownAs }) {
  return shownAs === 'as_found' ? severity : shownAs;
}

function describeChange(change: Change, locale: string): string {
  const { field } = change;
  const { from, to } = sidesOf(change, locale);
  return `${shorten(field, 60)} ${shorten(from, 200)} → ${shorten(to, 200)}`;
}
