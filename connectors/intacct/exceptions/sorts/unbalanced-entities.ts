import { byCurrency, byEntity, differing, isZero, overall, toLine } from '../balance.ts';
import type { Journal } from '../records.ts';
import { type Sort, solved } from '../sort.ts';
import { endByState } from './journal-ends.ts';

/**
 * A draft that balances over all and not in each entity: Intacct posts it only where a base entity is given, and then adds
 * the lines between entities itself.
 */
export const unbalancedEntities: Sort<Journal> = {
  id: 'unbalanced_entities',
  type: 'Journal does not balance in each entity',
  severity: 'warning',
  find({ state, lines, hasBase, byEntity: isTold }) {
    if (state !== 'Draft' || lines === null || !isTold) return null;
    if (!isZero(overall(lines).difference) || differing(byCurrency(lines)).length > 0) return null;
    const entities = differing(byEntity(lines));
    return entities.length === 0
      ? null
      : { amount: null, lines: entities.map(toLine), severity: hasBase ? 'info' : 'warning' };
  },
  end(journal) {
    if (journal.state !== 'Draft') return endByState(journal);
    const isWhole = journal.lines === null || isZero(overall(journal.lines).difference);
    return isWhole
      ? solved('the journal balances in each entity now')
      : { status: 'Closed', outcome: 'the journal does not balance at all now, which is told by itself' };
  },
};
