import type { FoundDocument } from '../../documents/find.ts';
import type { Line } from './answer.ts';
import { documentLine, documentLinks } from './document-line.ts';

/** What was found, with the ways there; `cardLinks` by document id. */
export function foundLines(
  found: FoundDocument[],
  text: string,
  most: number,
  {
    erpTitle,
    cardLinks,
    manyConnections,
    locale,
  }: {
    erpTitle: (connector: string) => string;
    cardLinks: Map<string, string>;
    manyConnections: boolean;
    locale: string;
  },
): Line[] {
  const sought = text.slice(0, 80);
  if (found.length === 0) {
    return [[`Nothing that you may see has “${sought}” in its reference, vendor or vendor’s reference.`]];
  }
  const shown = found.slice(0, most);
  return [
    ...shown.map(({ documentId, document, connection, connector, gone, cards }): Line => {
      const inDigest = cards.find(({ state }) => state === 'digested');
      const gathered = cards.find(({ state }) => state === 'gathered');
      const link = cardLinks.get(documentId);
      return [
        ...documentLine(document, { gone, locale }),
        ...(manyConnections ? [` · ${connection}`] : []),
        ...documentLinks(document, erpTitle(connector), link, gone),
        ...(!link && inDigest ? [' · in a digest in ', { channel: inDigest.channel }] : []),
        ...(!link && !inDigest && gathered ? [' · in the next digest in ', { channel: gathered.channel }] : []),
      ];
    }),
    ...(found.length > most ? [[`There are more. Type more of the reference or the vendor to see fewer.`]] : []),
  ];
}
