import { formatMoney } from '../../domain/money.ts';
import type { CardSubject } from '../card.ts';

/** An amount of the document, in its currency. */
export function moneyOf(value: string, { document, locale }: CardSubject): string {
  return formatMoney({ value, currency: document.amount?.currency ?? null }, locale);
}
