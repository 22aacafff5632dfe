import type { ClickResult } from '../../sandbox/slack/interactions/click.ts';
import { commonPayload, payloadForm, sendForm } from '../../sandbox/slack/interactions/interaction.ts';
import { type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

type Block = Record<string, unknown> & { type: string; block_id: string; elements?: Element[] };
interface Element {
  action_id?: string;
  value?: string;
  text?: { text: string } | string;
}

/** A person's Home as Slack has it. */
export interface Home {
  id: string;
  hash: string;
  blocks: Block[];
  /** All that it says, in one string. */
  text: string;
}

export function homeNow(product: Product, user: string): Home | undefined {
  const view = product.sandbox.slack.home(user);
  if (!view) return undefined;
  const blocks = view.definition.blocks as Block[];
  return { id: view.id, hash: view.hash, blocks, text: textsOf(blocks).join(' ') };
}

/** A person's Home once it is there and `accept` likes it. */
export function home(
  product: Product,
  user: string,
  accept: (home: Home) => boolean = () => true,
  timeoutMs = 10_000,
): Promise<Home> {
  return waitUntil(
    () => {
      const found = homeNow(product, user);
      return found && accept(found) ? found : undefined;
    },
    {
      what: () =>
        `the Home of ${user}; it says: ${homeNow(product, user)?.text}\n${product.logLines.slice(-15).join('')}`,
      timeoutMs,
    },
  );
}

/** Until the first reading is over, what is added may be read without the routes that are added with it. */
export async function firstRead({ database }: Product): Promise<void> {
  const read = async () => (await database.db('feeds').first('last_read_at')).last_read_at;
  await waitUntil(read, { what: 'the first reading' });
}

/** Opens Home as a person does, and waits until it was published for that. */
export async function openHome(
  product: Product,
  user: string = people.director,
  accept: (home: Home) => boolean = () => true,
): Promise<Home> {
  const before = homeNow(product, user)?.hash;
  product.sandbox.slack.openHome(user);
  return home(product, user, (found) => found.hash !== before && accept(found));
}

/** Presses a button of a Home; `of` finds the one among several that stands below these words. */
export function press(product: Product, user: string, actionId: string, below?: string): Promise<ClickResult> {
  const found = homeNow(product, user);
  if (!found) throw new Error(`${user} has no Home`);
  const from = below === undefined ? 0 : found.blocks.findIndex((block) => textsOf(block).join(' ').includes(below));
  const block = found.blocks
    .slice(Math.max(0, from))
    .find((each) => each.elements?.some((element) => element.action_id === actionId));
  if (from < 0 || !block) throw new Error(`${user} has no button ${actionId} below ${below}: ${found.text}`);
  return product.sandbox.slack.click({ user, viewId: found.id, blockId: block.block_id, actionId });
}

/** A click that Slack signed, on a button that the person's Home does not have. */
export async function forge(product: Product, user: string, actionId: string, value: string) {
  const { state } = product.sandbox.slack;
  const person = state.roster.users.get(user);
  const view = homeNow(product, user);
  if (!person || !view) throw new Error(`${user} has no Home`);
  const payload = {
    type: 'block_actions',
    ...commonPayload(state, person),
    trigger_id: state.tickets.issueTrigger(user, null, null).id,
    container: { type: 'view', view_id: view.id },
    view: { id: view.id, type: 'home' },
    actions: [
      { action_id: actionId, block_id: 'forged', type: 'button', value, action_ts: String(Date.now() / 1_000) },
    ],
  };
  return sendForm(state, payloadForm('block_actions', payload));
}

export function buttonsIn(found: Home): string[] {
  return found.blocks.flatMap((block) => block.elements?.flatMap((element) => element.action_id ?? []) ?? []);
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner !== 'string') return textsOf(inner);
    return ['text', 'channel_id', 'user_id'].includes(key) ? [inner] : [];
  });
}
