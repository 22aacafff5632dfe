import type { DocumentLine } from '../../domain/document.ts';
import { compareDecimals } from '../../domain/money.ts';
import type { CardContent, CardSubject } from '../card.ts';
import { exceptionRows } from './exception.ts';
import { moneyOf } from './money.ts';

/** What it is for: the lines, or the documents that a payment pays. */
export function rowsOf(subject: CardSubject): CardContent['lines'] {
  const { document } = subject;
  if (document.exception) return exceptionRows(subject);
  if (document.applications?.length) {
    return document.applications.map(({ type, reference, amount }) => ({
      text: `${type} ${reference}`,
      amount: amount === null ? null : moneyOf(amount, subject),
    }));
  }
  return document.lines.map((line) => ({ text: lineText(line), amount: lineAmount(line, subject) }));
}

function lineText({ description, account, subaccount, debit, credit }: DocumentLine): string {
  if (debit === undefined && credit === undefined) return description ?? account ?? 'No description';
  const where = [account, subaccount].filter(Boolean).join(' ');
  return [where, description].filter(Boolean).join(' · ') || 'No account';
}

function lineAmount({ amount, debit, credit }: DocumentLine, subject: CardSubject): string | null {
  if (amount !== null) return moneyOf(amount, subject);
  if (debit !== undefined && compareDecimals(debit, '0') !== 0) return `debit ${moneyOf(debit, subject)}`;
  return credit === undefined ? null : `credit ${moneyOf(credit, subject)}`;
}
