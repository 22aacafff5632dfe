import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { type HistoryEdge, historyPage } from '../../app/audit/history.ts';
import { digestMembers } from '../../app/cards/digest-members.ts';
import type { Spot } from '../../app/cards/standing.ts';
import { documentById } from '../../app/documents/find.ts';
import { type HistoryPlace, historyOf, historyOfDigest, historySentence } from '../../app/slack/messages/history.ts';
import { connectorById } from '../../connectors/index.ts';
import type { ListenerDeps } from '../deps.ts';

/** A view holds a hundred blocks; these leave room for what is around them. */
const eventsPerPage = 20;
const documentsPerPage = 20;

const erpTitle = (connector: string) => connectorById(connector)?.title ?? connector;

/** What a form with a history carries along; it comes back as it was sent, for Slack keeps it. */
export const historyPlace = z.object({
  documentId: z.string().regex(/^\d+$/).optional(),
  digestId: z.string().regex(/^\d+$/).optional(),
  channel: z.string().min(1),
  page: z.int().min(0).optional(),
});

const notKnown = 'This document is not known here any more.';

/** The form as it is to be filled in: a document's history, or the list of a digest's documents. */
export async function drawHistory(
  { db, locales }: Pick<ListenerDeps, 'db' | 'locales'>,
  { workspace, person }: Pick<Spot, 'workspace' | 'person'>,
  place: HistoryPlace,
  edge?: HistoryEdge,
): Promise<ModalView> {
  const { documentId, digestId, page = 0 } = place;
  const row = await db('installations').where({ slack_key: workspace, state: 'active' }).first('id');
  if (!row) return historySentence(notKnown);
  const locale = await locales.localeOf(row.id, person);
  if (!documentId) {
    if (!digestId) return historySentence(notKnown);
    const range = { limit: documentsPerPage, offset: page * documentsPerPage };
    const found = await digestMembers(db, digestId, range);
    return historyOfDigest(found, { ...place, page }, { perPage: documentsPerPage, locale });
  }
  const document = await documentById(db, workspace, documentId);
  if (!document) return historySentence(notKnown);
  const events = await historyPage(db, documentId, edge, eventsPerPage);
  return historyOf(document, events, place, { erpTitle, locale });
}
