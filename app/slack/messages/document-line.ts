import { formatDate } from '../../domain/dates.ts';
import type { ErpDocument } from '../../domain/document.ts';
import { documentName, partyOf, partyWords } from '../../domain/kinds.ts';
import { formatMoney } from '../../domain/money.ts';
import { shorten } from '../../domain/text.ts';
import type { Line } from './answer.ts';

/** A document in one line, as on its card: what, whose, how much, when due, in which state. */
export function documentLine(
  document: ErpDocument,
  options: { locale: string; status?: boolean; gone?: boolean },
): Line {
  const { locale } = options;
  const { amount, dueDate, status } = document;
  const party = partyOf(document);
  const words = partyWords(document.kind);
  const whose = party ? [shorten(party.name ?? party.code, 60)] : words ? [`no ${words.word}`] : [];
  const howMuch = amount ? [formatMoney(amount, locale)] : document.exception ? [] : ['no amount yet'];
  const parts = [...whose, ...howMuch];
  if (dueDate) parts.push(`due ${formatDate(dueDate, locale)}`);
  if (options.gone) parts.push('no longer in the ERP');
  else if (options.status ?? true) parts.push(status);
  if (document.archived && !options.gone) parts.push('archived');
  return [{ bold: documentName(document) }, ` · ${parts.join(' · ')}`];
}

/** The ways to a document: its card, where it stands, and the ERP. */
export function documentLinks(document: ErpDocument, erp: string, cardLink: string | undefined, gone = false): Line {
  return [
    ...(cardLink ? [' · ', { url: cardLink, label: 'card' }] : []),
    ...(gone || document.link === null ? [] : [' · ', { url: document.link, label: `open in ${erp}` }]),
  ];
}
