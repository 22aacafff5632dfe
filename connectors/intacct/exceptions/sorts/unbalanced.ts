import { byCurrency, differing, isZero, overall, sizeOf, toLine } from '../balance.ts';
import type { Journal } from '../records.ts';
import { type Sort, solved } from '../sort.ts';
import { endByState } from './journal-ends.ts';

/** A draft whose debits and credits differ: over all, or in a currency. Only drafts may; posting would refuse it. */
export const unbalanced: Sort<Journal> = {
  id: 'unbalanced',
  type: 'Journal does not balance',
  severity: 'critical',
  find({ state, lines }) {
    if (state !== 'Draft' || lines === null) return null;
    const [currencies, base] = [differing(byCurrency(lines)), overall(lines)];
    if (currencies.length === 0 && isZero(base.difference)) return null;
    const several = new Set(lines.map(({ currency }) => currency)).size > 1;
    const shown = [...currencies, ...(several && !isZero(base.difference) ? [base] : [])];
    const [main = base] = currencies.length === 1 ? currencies : [base];
    return {
      amount: isZero(main.difference) ? null : { value: sizeOf(main), currency: main.currency },
      amountIs: 'difference',
      lines: (shown.length > 0 ? shown : [base]).map(toLine),
    };
  },
  end: (journal) => (journal.state === 'Draft' ? solved('the journal balances now') : endByState(journal)),
};
