import { written } from '../../domain/figures.ts';
import { guardsOf } from '../../domain/guards/guards.ts';
import { guardWords } from '../../domain/guards/words.ts';
import { partyOf, partyWords } from '../../domain/kinds.ts';
import { compareDecimals } from '../../domain/money.ts';
import type { CardSubject } from '../card.ts';
import { moneyOf } from './money.ts';

export function warnings(subject: CardSubject): string[] {
  const { decision, document, facts, erp, locale } = subject;
  const list = decision?.state === 'dead' && decision.message ? [decision.message] : [];
  if (document.exception) return list;
  if (!document.amount) list.push('No amount yet: check it before deciding.');
  const party = partyWords(document.kind);
  if (party && !partyOf(document)) list.push(`No ${party.word} yet: check it before deciding.`);
  const { totals } = document;
  if (totals && compareDecimals(totals.debit, totals.credit) !== 0)
    list.push(`Debits of ${moneyOf(totals.debit, subject)} and credits of ${moneyOf(totals.credit, subject)} differ.`);
  if (facts && !subject.gone) {
    const { guards } = guardsOf(document, facts);
    list.push(...guards.map((guard) => written(guardWords(guard, { erp, own: document.vendorReference }), locale)));
  }
  return list;
}
