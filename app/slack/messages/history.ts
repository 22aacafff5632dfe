import type { Button, KnownBlock, ModalView } from '@slack/types';
import type { HistoryEdge, HistoryPage } from '../../audit/history.ts';
import type { DigestMember } from '../../cards/digest-members.ts';
import type { FoundDocument } from '../../documents/find.ts';
import { spokenLabel } from '../blocks.ts';
import { historyIds, viewIds } from '../ids.ts';
import { type Line, plainLine, richText } from './answer.ts';
import { eventLines } from './audit.ts';
import { documentLine, documentLinks } from './document-line.ts';

/** What the form carries along, ids only: the document or digest it shows, and where it was asked for. */
export interface HistoryPlace {
  documentId?: string | undefined;
  /** The digest that the document was chosen from. */
  digestId?: string | undefined;
  /** The lane's channel, the only place that is named. */
  channel: string;
  /** Of the digest's list, from 0. */
  page?: number | undefined;
}

/** A form that says one thing: that it is being filled in, or why there is nothing to show. */
export function historySentence(sentence: string): ModalView {
  return view([richText([[sentence]])]);
}

/** A document and what happened to it, newest last. */
export function historyOf(
  { document, connection, connector, gone }: Pick<FoundDocument, 'document' | 'connection' | 'connector' | 'gone'>,
  { events, older, newer }: HistoryPage,
  place: HistoryPlace,
  { erpTitle, locale }: { erpTitle: (connector: string) => string; locale: string },
): ModalView {
  const head: Line = [
    ...documentLine(document, { gone, locale }),
    ` · ${connection}`,
    ...documentLinks(document, erpTitle(connector), undefined, gone),
  ];
  const buttons = [
    ...(place.digestId ? [button(historyIds.list, 'Back to the list', String(place.page ?? 0))] : []),
    ...(older ? [button(historyIds.older, 'Older', edgeValue(older))] : []),
    ...(newer ? [button(historyIds.newer, 'Newer', edgeValue(newer))] : []),
  ];
  return view(
    [
      richText([head]),
      { type: 'divider' },
      ...(older ? [note('Older events come before these.')] : []),
      ...eventLines(events, { locale, here: place.channel }).map((line) => richText([line])),
      ...(newer ? [note('Newer events come after these.')] : []),
      ...actions(buttons),
    ],
    place,
  );
}

/** The documents of a digest, each with the way to its history. */
export function historyOfDigest(
  { total, members }: { total: number; members: DigestMember[] },
  place: HistoryPlace & { page: number },
  { perPage, locale }: { perPage: number; locale: string },
): ModalView {
  const last = Math.max(0, Math.ceil(total / perPage) - 1);
  const buttons = [
    ...(place.page > 0 ? [button(historyIds.newer, 'Previous', `page.${place.page - 1}`)] : []),
    ...(place.page < last ? [button(historyIds.older, 'Next', `page.${place.page + 1}`)] : []),
  ];
  const range = last > 0 ? ` Page ${place.page + 1} of ${last + 1}.` : '';
  return view(
    [
      note(`A digest of ${total === 1 ? 'one document' : `${total} documents`}, the largest first.${range}`),
      ...members.map(
        ({ documentId, document, gone }): KnownBlock => ({
          type: 'section',
          text: { type: 'plain_text', text: plainLine(documentLine(document, { gone, locale })), emoji: false },
          accessory: {
            ...button(historyIds.document, 'History', documentId),
            ...spokenLabel('History', `${document.type} ${document.reference}`),
          },
        }),
      ),
      ...actions(buttons),
    ],
    place,
  );
}

function view(blocks: KnownBlock[], place?: HistoryPlace): ModalView {
  return {
    type: 'modal',
    callback_id: viewIds.history,
    title: { type: 'plain_text', text: 'History' },
    close: { type: 'plain_text', text: 'Close' },
    blocks,
    ...(place ? { private_metadata: JSON.stringify(place) } : {}),
  };
}

const edgeValue = (edge: NonNullable<HistoryEdge>) =>
  'before' in edge ? `before.${edge.before}` : `after.${edge.after}`;

function button(actionId: string, text: string, value: string): Button {
  return { type: 'button', action_id: actionId, text: { type: 'plain_text', text, emoji: false }, value };
}

function note(text: string): KnownBlock {
  return { type: 'context', elements: [{ type: 'plain_text', text, emoji: false }] };
}

const actions = (elements: Button[]): KnownBlock[] => (elements.length > 0 ? [{ type: 'actions', elements }] : []);
