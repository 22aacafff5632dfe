import { formatDate } from '../../domain/dates.ts';
import type { ErpDocument } from '../../domain/document.ts';
import { partyOf } from '../../domain/kinds.ts';
import { shorten } from '../../domain/text.ts';
import type { CardSubject } from '../card.ts';
import { longestName } from './headline.ts';

export function smallPrint({ document, erp, company, decision, locale }: CardSubject): string[] {
  const parts = [`${erp} · ${company}`];
  if (document.archived) parts.push('archived');
  if (decision?.state === 'done' && decision.actedAs)
    parts.push(`decided in ${erp} as ${shorten(decision.actedAs, 100)}`);
  const { name, code } = partyOf(document) ?? {};
  if (name && name.length > longestName) parts.push(shorten(name, 300));
  if (name && code) parts.push(code);
  if (document.vendorReference) parts.push(`their reference ${document.vendorReference}`);
  if (document.paymentReference) parts.push(`payment reference ${document.paymentReference}`);
  if (document.date) parts.push(`dated ${formatDate(document.date, locale)}`);
  if (document.terms) parts.push(`terms ${document.terms}`);
  if (document.method) parts.push(`by ${document.method}`);
  if (document.cashAccount) parts.push(`cash account ${document.cashAccount}`);
  if (document.ledger) parts.push(`ledger ${document.ledger}`);
  if (document.branch) parts.push(`branch ${document.branch}`);
  if (document.owner) parts.push(`owner ${shorten(document.owner.name ?? document.owner.code, 60)}`);
  parts.push(...ordersInWords(document));
  return parts;
}

const shownOrders = 3;

function ordersInWords({ lines }: ErpDocument): string[] {
  const orders = [...new Set(lines.flatMap(({ order }) => order ?? []))];
  if (orders.length === 0) return [];
  const more = orders.length - shownOrders;
  const shown = orders.slice(0, shownOrders).join(', ');
  return [`purchase order${orders.length > 1 ? 's' : ''} ${shown}${more > 0 ? ` and ${more} more` : ''}`];
}
