import { readFile } from 'node:fs/promises';
import type { View } from '../../sandbox/slack/model.ts';
import { home, openHome, press } from '../home/homes.ts';
import { onlyWhenAsked, ownLanesOnly } from '../support/lanes.ts';
import { type Product, type ProductOptions, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

/** A product whose app hears of what its manifest subscribes to, and reads only when asked to. */
export async function startForRoutes(options: ProductOptions = {}): Promise<Product> {
  const { scenario, ...rest } = options;
  const product = await startProduct({
    cadence: onlyWhenAsked,
    routes: ownLanesOnly,
    ...rest,
    scenario: { ...scenario, slack: { limits: 'pace-only', ...scenario?.slack } },
    settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000', ...rest.settings },
  });
  const manifest = await readFile(new URL('../../manifest.json', import.meta.url), 'utf8');
  product.sandbox.slack.followManifest(JSON.parse(manifest));
  return product;
}

type Given = Record<string, unknown>;
export interface Submitted {
  acked: boolean;
  ms: number;
  errors?: Record<string, string>;
}

/** A person with the route form open in front of them. */
export class RouteHand {
  readonly product: Product;
  readonly user: string;
  constructor(product: Product, user: string = people.admin) {
    this.product = product;
    this.user = user;
  }

  async administration(): Promise<void> {
    await openHome(this.product, this.user, ({ text }) => text.includes('Administration'));
    await press(this.product, this.user, 'home_administration');
    await home(this.product, this.user, ({ text }) => text.includes('Recent audit'));
  }

  /** Presses "Add a route" in Home, or "Edit …" below the words given. */
  async open(below?: string): Promise<View> {
    const before = this.product.sandbox.slack.openViews(this.user).at(-1)?.id;
    await this.administration();
    await press(this.product, this.user, below ? 'home_edit_route' : 'home_add_route', below);
    return this.shows(({ id }) => id !== before);
  }

  get view(): View {
    const view = this.product.sandbox.slack.openViews(this.user).at(-1);
    if (!view) throw new Error(`${this.user} has no form open`);
    return view;
  }

  get text(): string {
    return textOf(this.view);
  }

  get submitLabel(): string | undefined {
    return (this.view.definition.submit as { text: string } | undefined)?.text;
  }

  /** The value that an input has now, by the id of its control. */
  value(actionId: string, blockId?: string): unknown {
    const block = blockId ?? this.blockOf(actionId);
    const { type: _, ...value } = this.view.values[block]?.[actionId] ?? {};
    const [inner] = Object.values(value);
    if (Array.isArray(inner)) return inner.map((each) => (typeof each === 'object' ? each.value : each));
    return typeof inner === 'object' && inner !== null && 'value' in inner ? inner.value : inner;
  }

  blockOf(actionId: string): string {
    const found = Object.entries(this.view.values).find(([, actions]) => actionId in actions);
    if (!found) throw new Error(`the form has no ${actionId}: ${Object.keys(this.view.values).join(', ')}`);
    return found[0];
  }

  /** Types into selects with suggestions; gives the values that the app offers. */
  async suggest(actionId: string, typed: string): Promise<string[]> {
    const { options } = await this.product.sandbox.slack.suggest({
      ...{ user: this.user, viewId: this.view.id, blockId: this.blockIdWith(actionId), actionId, value: typed },
    });
    return options.map(({ value }) => String(value));
  }

  /** Uses a control that changes the form at once, and waits until it has. */
  async change(actionId: string, value?: unknown): Promise<void> {
    const before = this.view.hash;
    await this.product.sandbox.slack.click({
      ...{ user: this.user, viewId: this.view.id, blockId: this.blockIdWith(actionId), actionId, value },
    });
    await this.shows(({ hash }) => hash !== before);
  }

  /** Fills in by the controls' ids (`id@block` where several have one) and sends the form. */
  async submit(given: Given = {}): Promise<Submitted> {
    const values: Record<string, Record<string, unknown>> = {};
    for (const [key, value] of Object.entries(given)) {
      const [actionId = '', block] = key.split('@');
      values[block ?? this.blockOf(actionId)] = { [actionId]: value };
    }
    const { acked, ms, errors, failure } = await this.product.sandbox.slack.submitView(this.user, this.view.id, values);
    if (failure && failure !== 'not_sent') {
      throw new Error(`Slack did not take the answer: ${failure}\n${this.product.logLines.slice(-10).join('')}`);
    }
    return { acked, ms, ...(errors ? { errors } : {}) };
  }

  /** Waits until the form on top is as `accept` wants it. */
  shows(accept: (view: View) => boolean, timeoutMs = 10_000): Promise<View> {
    const find = () => {
      const view = this.product.sandbox.slack.openViews(this.user).at(-1);
      return view && accept(view) ? view : undefined;
    };
    const what = () => {
      const view = this.product.sandbox.slack.openViews(this.user).at(-1);
      return `the form; it says: ${view && textOf(view)}\n${this.product.logLines.slice(-15).join('')}`;
    };
    return waitUntil(find, { what, timeoutMs });
  }

  says(words: string, timeoutMs?: number): Promise<View> {
    return this.shows((view) => textOf(view).includes(words), timeoutMs);
  }

  private blockIdWith(actionId: string): string {
    const blocks = this.view.definition.blocks as Array<Record<string, unknown> & { block_id: string }>;
    const found = blocks.find((block) => JSON.stringify(block).includes(`"action_id":"${actionId}"`));
    if (!found) throw new Error(`the form has no control ${actionId}`);
    return found.block_id;
  }
}

export function textOf(view: View): string {
  const parts = [(view.definition.title as { text: string }).text, ...texts(view.definition.blocks)];
  return parts
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/ ([.,])/g, '$1');
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner !== 'string') return texts(inner);
    return ['text', 'channel_id', 'user_id'].includes(key) ? [inner] : [];
  });
}
