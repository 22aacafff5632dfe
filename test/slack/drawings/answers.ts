import { actionNames } from '../../../app/domain/document.ts';
import { answer } from '../../../app/slack/messages/answer.ts';
import { auditLines } from '../../../app/slack/messages/audit.ts';
import { foundLines } from '../../../app/slack/messages/find.ts';
import { helpLines, unknownWordLines } from '../../../app/slack/messages/help.ts';
import { mineLines } from '../../../app/slack/messages/mine.ts';
import { replayDone, replayOffer } from '../../../app/slack/messages/replay.ts';
import { sampleBill } from '../../domain/sample-bill.ts';
import { at, type Drawing, event, found, locale, uuid } from './samples.ts';

export function answers(): Drawing[] {
  const erpTitle = () => 'Acumatica';
  const links = { erpTitle, cardLinks: new Map<string, string>(), manyConnections: true, locale };
  const waiting = {
    ...{
      documentId: '1',
      document: sampleBill(),
      actions: [...actionNames],
      substance: 'abc',
      customFields: [],
      cardKey: uuid(1),
    },
    ...{ channel: 'C0ONE', messageId: null, connectionId: uuid(2), connection: 'treasury', connector: 'acumatica' },
    ...{ paused: true, since: new Date(at) },
  };
  const replayed = {
    cards: 1,
    threadLines: 1,
    decisions: 1,
    notes: 1,
    redrawn: 1,
    channels: [{ channel: 'C0ONE', cards: 1 }],
  };
  const all = {
    help: helpLines('/erp'),
    'an unknown word': unknownWordLines('/erp', 'stats', 'status'),
    find: foundLines([found], 'Acme', 10, links),
    'find nothing': foundLines([], 'Acme', 10, links),
    mine: mineLines({
      ...{ command: '/erp', total: 11, page: 1, pages: 2, waiting: [waiting], decided: [], ...links },
    }),
    audit: auditLines(found, { total: 2, events: [event('card.posted'), event('new.kind')] }, 0, locale),
    'replay, offered': replayOffer('/erp', { cards: { dead: 1 }, decisions: {}, notes: {} }),
    'replay, done': replayDone(replayed, { none: 'Nothing.' }),
  };
  return Object.entries(all).map(([what, lines]) => ({ what: `the answer to ${what}`, ...answer(lines) }));
}
