import type { BillView } from '../../sandbox/acumatica/index.ts';
import type { Message } from '../../sandbox/slack/model.ts';
import type { Posted } from '../support/lanes.ts';
import { type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

export const bot = 'U0CNTRBOT7';

export interface Reply {
  text: string;
  user?: string;
  files?: Array<{ name: string; mimetype: string; content: Buffer }>;
}

/** Replies in a card's thread. */
export function reply(
  product: Product,
  { lane, card }: Pick<Posted, 'lane' | 'card'>,
  { text, user, files }: Reply,
): Message {
  return product.sandbox.slack.post({
    user: user ?? people.director,
    channel: lane.channel,
    text,
    threadTs: card.ts,
    files,
  });
}

/** Uses “Record in the ERP” on a message. */
export function record(product: Product, { channel, ts }: Message, user: string = people.director) {
  return product.sandbox.slack.shortcut({ user, channel, messageTs: ts, callbackId: 'record_in_erp' });
}

/** The bill's note in the ERP, once `accept` likes it. */
export function noteOf(
  product: Product,
  bill: Pick<BillView, 'ref'>,
  accept: (note: string) => boolean = (note) => note !== '',
): Promise<string> {
  return waitUntil(
    () => {
      const note = product.sandbox.acumatica.bill(bill.ref)?.note ?? '';
      return accept(note) ? note : undefined;
    },
    { what: () => `the note of ${bill.ref}; the log says:\n${product.logLines.slice(-25).join('')}` },
  );
}

/** How the notes on a bill ended, once so many of them have. */
export function notesOn(product: Product, bill: Pick<BillView, 'ref'>, ended = 1) {
  return waitUntil(
    async () => {
      const rows = await product.database
        .db('notes as o')
        .join('documents as d', 'd.id', 'o.document_id')
        .where('d.reference', bill.ref)
        .orderBy('o.id')
        .select<Array<{ state: string; message: string | null; entry: string | null }>>(
          'o.state',
          'o.message',
          'o.entry',
        );
      return rows.filter(({ state }) => ['done', 'refused', 'dead'].includes(state)).length >= ended ? rows : undefined;
    },
    { what: () => `${ended} ended notes on ${bill.ref}; the log says:\n${product.logLines.slice(-25).join('')}` },
  );
}

/** When a message was written, as a note has it. */
export const minuteOf = ({ ts }: Pick<Message, 'ts'>) =>
  `${new Date(Number(ts) * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What the card's thread says by the app itself. */
export function saidByApp(product: Product, { lane, card }: Pick<Posted, 'lane' | 'card'>): string[] {
  return product.sandbox.slack
    .messages(lane.channel)
    .filter(({ threadTs, botId, ephemeralTo }) => threadTs === card.ts && botId !== undefined && !ephemeralTo)
    .map(({ text }) => text);
}
