import type { ErpDocument, Money } from '../domain/document.ts';
import { formatMoney } from '../domain/money.ts';
import type { CardContent } from './content.ts';

/** Many documents in figures; `largest` holds only those that are named. */
export interface DigestSubject {
  key: string;
  count: number;
  totals: Money[];
  states: Array<{ status: string; count: number }>;
  largest: ErpDocument[];
  erp: string;
  company: string;
}

/** Draws one message for many documents: how many, how much per currency, in which states, the largest ones. */
export function drawDigest({ key, count, totals, states, largest, erp, company }: DigestSubject): CardContent {
  if (count === 0) return dissolved(key, erp, company);
  const sum = totals.map((money) => formatMoney(money)).join(' + ');
  const tally = states.map((state) => `${state.count} ${state.status}`).join(', ');
  return {
    headline: `${count} bills${sum ? ` · ${sum}` : ''}`,
    spoken: `${count} bills arrived together in ${erp}${sum ? `, ${sum} in all` : ''}.`,
    status: null,
    ask: null,
    outcome: null,
    warnings: [],
    description: `These arrived together, so they share one message: ${tally}. The largest:`,
    lines: largest.map((document) => ({
      text: `${document.type} ${document.reference} · ${document.vendor?.name ?? document.vendor?.code ?? 'no vendor'} · ${document.status}`,
      amount: document.amount ? formatMoney(document.amount) : null,
    })),
    moreLines: count - largest.length,
    smallPrint: [`${erp} · ${company}`],
    buttons: [expandButton(count)],
    link: null,
    ticket: `${key}.digest`,
  };
}

/** What is left of a digest whose members all have cards of their own. */
function dissolved(key: string, erp: string, company: string): CardContent {
  return {
    headline: 'Posted as single cards',
    spoken: `The bills that this message stood for are posted as single cards.`,
    status: null,
    ask: null,
    outcome: null,
    warnings: [],
    description: null,
    lines: [],
    moreLines: 0,
    smallPrint: [`${erp} · ${company}`],
    buttons: [],
    link: null,
    ticket: `${key}.digest`,
  };
}

function expandButton(count: number): CardContent['buttons'][number] {
  return {
    action: 'expand',
    label: 'Post each as a card',
    confirm: {
      title: `Post ${count} cards?`,
      text: 'They arrive at one a second, each with its own buttons.',
      yes: 'Post them',
    },
  };
}
