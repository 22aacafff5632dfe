import { addBill, cardNow, onlyWhenAsked, ownLanesOnly, type Posted } from '../support/lanes.ts';
import type { CardMessage, Product, ProductOptions } from '../support/product.ts';
import { startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

/** A product whose feed reads when a case asks for it, with lanes as fast as they may be. */
export const startGuarded = (options: ProductOptions = {}): Promise<Product> =>
  startProduct({
    cadence: onlyWhenAsked,
    routes: ownLanesOnly,
    scenario: { slack: { limits: 'pace-only' } },
    settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    ...options,
  });

/** What the card says people should be careful about. */
export const warningsOf = (card: CardMessage): string[] =>
  [...JSON.stringify(card.blocks).matchAll(/"text":"⚠️ ((?:[^"\\]|\\.)*)"/g)].map((match) =>
    String(JSON.parse(`"${match[1]}"`)),
  );

const longMs = 15_000;

/** The card once it warns of that. */
export function warned(product: Product, posted: Posted, words: string): Promise<CardMessage> {
  const { bill, lane } = posted;
  const accept = (card: CardMessage) => warningsOf(card).some((warning) => warning.includes(words));
  return product.card(bill.ref, accept, { channel: lane.channel, timeoutMs: longMs });
}

/** The card once it warns of nothing and is in that state. */
export function calm(product: Product, { bill, lane }: Posted, status = ''): Promise<CardMessage> {
  const accept = (card: CardMessage) => warningsOf(card).length === 0 && card.text.includes(status);
  return product.card(bill.ref, accept, { channel: lane.channel, timeoutMs: longMs });
}

/** Another bill in the same lane, with its card. */
export async function another(
  product: Product,
  { lane }: Posted,
  fields: Parameters<typeof addBill>[2],
): Promise<Posted> {
  const bill = addBill(product, lane, fields);
  await product.readNow();
  const posted = { bill, lane, card: null as unknown as CardMessage };
  return { ...posted, card: await cardNow(product, posted) };
}

/** Reads the feed and waits until a document is known in that state. */
export async function readUntil(product: Product, ref: string, status: string): Promise<void> {
  await product.readNow();
  await waitUntil(
    async () => (await product.database.db('documents').where({ reference: ref }).first('status'))?.status === status,
    { what: `${ref} is known as ${status}`, timeoutMs: longMs },
  );
}
