import type { SubmitResult } from '../../sandbox/slack/interactions/views.ts';
import type { Json } from '../../sandbox/slack/model.ts';
import { home, homeNow, openHome, press } from '../home/homes.ts';
import { type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

export interface Modal {
  id: string;
  title: string;
  /** All that it says, in one string. */
  text: string;
  blocks: Json[];
  metadata: Record<string, unknown>;
  raw: string;
}

/** The topmost modal of a person, as Slack has it. */
export function modalNow(product: Product, user: string): Modal | undefined {
  const view = product.sandbox.slack.openViews(user).at(-1);
  if (!view) return undefined;
  const blocks = view.definition.blocks as Json[];
  const { title, private_metadata: metadata } = view.definition as {
    title: { text: string };
    private_metadata?: string;
  };
  return {
    ...{ id: view.id, title: title.text, blocks, text: textsOf(blocks).join(' ') },
    metadata: metadata ? JSON.parse(metadata) : {},
    raw: JSON.stringify(view),
  };
}

export function modal(
  product: Product,
  user: string,
  accept: (found: Modal) => boolean = () => true,
  timeoutMs = 10_000,
): Promise<Modal> {
  return waitUntil(
    () => {
      const found = modalNow(product, user);
      return found && accept(found) ? found : undefined;
    },
    {
      what: () =>
        `the modal of ${user}; it says: ${modalNow(product, user)?.text}\n${product.logLines.slice(-15).join('')}`,
      timeoutMs,
    },
  );
}

/** The block id and action id of a field, e.g. `credentials.password`. */
export function placeOf(found: Modal, field: string): [blockId: string, actionId: string] {
  const block = found.blocks.find(({ block_id: id }) => String(id).endsWith(`:${field}`));
  if (!block) throw new Error(`The form has no ${field}: ${found.text}`);
  return [String(block.block_id), String((block.element as Json).action_id)];
}

export function elementOf(found: Modal, field: string): Json {
  const [blockId] = placeOf(found, field);
  return found.blocks.find(({ block_id: id }) => id === blockId)?.element as Json;
}

/** What stands right below a field, where something is wrong with it. */
export function saidBelow(found: Modal, field: string): string {
  const [blockId] = placeOf(found, field);
  const next = found.blocks[found.blocks.findIndex(({ block_id: id }) => id === blockId) + 1];
  return next?.type === 'rich_text' ? textsOf(next).join(' ') : '';
}

export interface Submitted extends SubmitResult {
  /** By field. */
  said: Record<string, string>;
}

/** Types into the fields and sends the form off. */
export async function submit(product: Product, user: string, typed: Record<string, unknown> = {}): Promise<Submitted> {
  const found = modalNow(product, user);
  if (!found) throw new Error(`${user} has no modal`);
  const values = Object.fromEntries(
    Object.entries(typed).map(([field, value]) => {
      const [blockId, actionId] = placeOf(found, field);
      return [blockId, { [actionId]: value }];
    }),
  );
  const result = await product.sandbox.slack.submitView(user, found.id, values);
  const said = Object.entries(result.errors ?? {}).map(([block, text]) => [block.replace(/^[0-9a-f]{8}:/, ''), text]);
  return { ...result, said: Object.fromEntries(said) };
}

/** What a person enters to connect the sandbox's ERP. */
export function credentialsOf({ sandbox }: Product): Record<string, string> {
  const site = sandbox.acumatica.describe();
  const service = site.users.find(({ role }) => role === 'service');
  return {
    'credentials.site': site.url,
    'credentials.tenant': site.tenant,
    'credentials.client_id': site.clientId,
    'credentials.client_secret': site.clientSecret,
    'credentials.username': service?.username ?? '',
    'credentials.password': service?.password ?? '',
  };
}

export async function openAdministration(product: Product, user: string = people.admin): Promise<void> {
  const isAdministrator = ({ text }: { text: string }) => text.includes('Administration');
  const before = homeNow(product, user);
  if (!before || !isAdministrator(before)) await openHome(product, user, isAdministrator);
  const { hash } = homeNow(product, user) ?? {};
  await press(product, user, 'home_administration');
  await home(product, user, (found) => found.hash !== hash && found.text.includes('Recent audit'));
}

/** Opens the form from Home, for a new connection or for the one that is named. */
export async function openForm(product: Product, user: string = people.admin, connection?: string): Promise<Modal> {
  await openAdministration(product, user);
  const before = modalNow(product, user)?.id;
  await press(product, user, connection ? 'home_edit_connection' : 'home_add_connection', connection);
  return modal(product, user, ({ id, blocks }) => id !== before && blocks.length > 5);
}

/** Adds a connection by the form, as the stories that are about something else begin. */
export async function addConnection(product: Product, name = 'treasury', user: string = people.admin): Promise<string> {
  await openForm(product, user);
  await submit(product, user, { name, ...credentialsOf(product) });
  const saved = await modal(product, user, ({ title }) => title === 'Connection saved');
  await product.sandbox.slack.closeView(user, saved.id);
  return (await product.database.db('connections').where({ name }).first('id')).id;
}

/** Every view that the app gives Slack from now on, as JSON. */
export function watchViews({ sandbox }: Product): string[] {
  const { views } = sandbox.slack.state;
  const given: string[] = [];
  for (const name of ['open', 'push', 'update', 'publish'] as const) {
    const real = views[name].bind(views) as (...args: unknown[]) => unknown;
    Object.assign(views, {
      [name]: (...args: unknown[]) => {
        given.push(JSON.stringify(args[1]));
        return real(...args);
      },
    });
  }
  return given;
}

export function click(product: Product, user: string, actionId: string) {
  const found = modalNow(product, user);
  return product.sandbox.slack.click({ user, viewId: found?.id ?? '', actionId });
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner !== 'string') return textsOf(inner);
    return ['text', 'user_id'].includes(key) ? [inner] : [];
  });
}
