import type { View } from '../../sandbox/slack/model.ts';
import { home, openHome, press } from '../home/homes.ts';
import type { Product } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

type Block = Record<string, unknown> & { type: string; block_id: string };

/** A form as somebody has it open. */
export interface Form {
  id: string;
  /** All that it says, in one string. */
  text: string;
  blocks: Block[];
  /** Who each person is drawn as, by the label of their input. */
  chosen: Record<string, string[]>;
}

export function formNow(product: Product, user: string): Form | undefined {
  const view = product.sandbox.slack.openViews(user).at(-1);
  return view && read(view);
}

function read({ id, definition, values }: View): Form {
  const blocks = definition.blocks as Block[];
  const inputs = blocks.filter((block) => /^(person_|administrators_)/.test(block.block_id));
  const chosen = inputs.map(({ block_id, label }) => {
    const [state] = Object.values(values[block_id] ?? {});
    return [(label as { text: string }).text, (state?.selected_users ?? []) as string[]];
  });
  return { id, blocks, text: textsOf(blocks).join(' '), chosen: Object.fromEntries(chosen) };
}

/** A person's form once it is there and `accept` likes it. */
export function form(product: Product, user: string, accept: (form: Form) => boolean = () => true): Promise<Form> {
  return waitUntil(
    () => {
      const found = formNow(product, user);
      return found && accept(found) ? found : undefined;
    },
    {
      what: () =>
        `the form of ${user}; it says: ${formNow(product, user)?.text}\n${product.logLines.slice(-15).join('')}`,
    },
  );
}

export const isFilledIn = ({ text }: Form) => !text.startsWith('One moment');

/** Opens the administration page of Home, and from there a form. */
export async function openForm(product: Product, user: string, actionId: string): Promise<Form> {
  const open = formNow(product, user);
  if (open) await product.sandbox.slack.closeView(user, open.id, true);
  await openHome(product, user, ({ text }) => text.includes('Administration'));
  await press(product, user, 'home_administration');
  await home(product, user, ({ blocks }) => JSON.stringify(blocks).includes(actionId));
  await press(product, user, actionId);
  return form(product, user, isFilledIn);
}

/** Uses a control of a form other than Save. */
export async function step(product: Product, user: string, actionId: string, value?: unknown): Promise<void> {
  const found = formNow(product, user);
  const more = value === undefined ? {} : { value };
  await product.sandbox.slack.click({ user, viewId: found?.id ?? '', actionId, ...more });
}

/** Chooses accounts for people, by what stands in their labels, and presses Save. */
export function save(product: Product, user: string, choices: Record<string, string[]>) {
  const found = formNow(product, user);
  const values = Object.entries(choices).map(([label, accounts]) => {
    const block = found?.blocks.find((each) => (each.label as { text?: string })?.text?.includes(label));
    if (!block) throw new Error(`The form of ${user} has no ${label}: ${found?.text}`);
    return [block.block_id, { [String((block.element as { action_id: string }).action_id)]: accounts }];
  });
  return product.sandbox.slack.submitView(user, found?.id ?? '', Object.fromEntries(values));
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner !== 'string') return textsOf(inner);
    return ['text', 'user_id'].includes(key) ? [inner] : [];
  });
}
