import { connectionNames } from '../../app/connections/named.ts';
import { findDocuments } from '../../app/documents/find.ts';
import type { Line } from '../../app/slack/messages/answer.ts';
import { foundLines } from '../../app/slack/messages/find.ts';
import { askedByAdmin, type Call, erpTitle, localeOf } from './call.ts';
import { cardLinks } from './card-links.ts';

const most = 10;
const shortest = 2;

/** `find TEXT`: documents that the person may see (see `findDocuments`), with the ways to them. */
export async function find(call: Call): Promise<Line[]> {
  const { deps, installationId, person, channel, command, argument, client } = call;
  if ([...argument].length < shortest) {
    return [['Type at least two letters of a reference or a vendor, like ', { code: `${command} find 004217` }, '.']];
  }
  const viewer = { installationId, person, channel, isAdmin: await askedByAdmin(call) };
  const [found, connections, locale] = await Promise.all([
    findDocuments(deps.db, viewer, argument.slice(0, 200), most + 1),
    connectionNames(deps.db, installationId),
    localeOf(call),
  ]);
  const standing = found.slice(0, most).flatMap(({ documentId, cards }) => {
    const card = cards.find(({ messageId }) => messageId !== null);
    return card ? [{ key: documentId, ...card }] : [];
  });
  return foundLines(found, argument, most, {
    erpTitle,
    cardLinks: await cardLinks(client, standing),
    manyConnections: connections.length > 1,
    locale,
  });
}
