import { decidedBy, waitingFor } from '../../app/decisions/waiting.ts';
import type { Line } from '../../app/slack/messages/answer.ts';
import { mineLines } from '../../app/slack/messages/mine.ts';
import { type Call, erpTitle, localeOf } from './call.ts';
import { cardLinks } from './card-links.ts';

const perPage = 10;
const decidedShown = 3;

/** `mine [PAGE]`: what waits for the person who asks. */
export async function mine(call: Call): Promise<Line[]> {
  const { deps, installationId, person, command, argument, client } = call;
  if (!/^([1-9]\d{0,4})?$/.test(argument)) {
    return [
      [
        'Type ',
        { code: `${command} mine` },
        ', or with the number of a page, like ',
        { code: `${command} mine 2` },
        '.',
      ],
    ];
  }
  const page = Number(argument || 1);
  const range = { limit: perPage, offset: (page - 1) * perPage };
  const [{ total, documents }, decided, locale] = await Promise.all([
    waitingFor(deps.db, installationId, person, range),
    page === 1 ? decidedBy(deps.db, installationId, person, decidedShown) : [],
    localeOf(call),
  ]);
  const pages = Math.ceil(total / perPage);
  if (page > 1 && page > pages) return [[`There are only ${pages} pages.`]];
  const links = await cardLinks(
    client,
    documents.map(({ cardKey, channel, messageId }) => ({ key: cardKey, channel, messageId })),
  );
  return mineLines({ command, total, page, pages, waiting: documents, decided, erpTitle, cardLinks: links, locale });
}
