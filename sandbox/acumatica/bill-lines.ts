import { splitMoney } from '../money.ts';
import type { Bill, BillLine } from './bill.ts';

const one = 10_000n;
const weights = [5, 3, 2, 1];
const parts = ['', ', rebillable', ', second instalment', ', expenses'];

const accounts = new Map<string, string>();

/** A code of five digits that is the same for the same kind of expense. */
function accountOf(text: string): string {
  const known = accounts.get(text);
  if (known) return known;
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 9_000;
  accounts.set(text, String(60_000 + hash));
  return String(60_000 + hash);
}

/** The id of a line of its own bill: the bill's with another end, so that nothing need be stored. */
export function lineId(billId: string, index: number): string {
  return `${billId.slice(0, 24)}${(index + 1).toString(16).padStart(12, '0')}`;
}

/** The lines as written, or else one to four that sum exactly to the amount. */
export function linesOf(bill: Bill): readonly BillLine[] {
  const order = bill.extras?.order;
  const ordered = order === undefined ? {} : { order };
  if (bill.lines) return order === undefined ? bill.lines : bill.lines.map((line) => ({ ...line, ...ordered }));
  if (bill.amount === null) return [];
  const net = bill.amount - (bill.extras?.taxTotal ?? 0n);
  const count = bill.lineCount;
  const shares = count <= weights.length ? weights.slice(0, count) : new Array<number>(count).fill(1);
  return splitMoney(net, shares).map((amount, index) => ({
    id: lineId(bill.id, index),
    branch: bill.branch,
    description: `${bill.lineText}${parts[index] ?? `, part ${index + 1}`}`,
    quantity: one,
    unitCost: amount,
    amount,
    account: accountOf(bill.lineText),
    subaccount: `${bill.branch}-000`,
    project: 'X',
    ...ordered,
  }));
}
