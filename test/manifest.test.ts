import { readFile } from 'node:fs/promises';
import type { App } from '@slack/bolt';
import { expect } from 'chai';
import { z } from 'zod';
import { scopes } from '../app/slack/scopes.ts';
import type { ListenerDeps } from '../listeners/deps.ts';
import { registerListeners } from '../listeners/index.ts';

const text = (longest: number, shortest = 1) => z.string().min(shortest).max(longest);
const requestUrl = z.url({ protocol: /^https$/ }).max(3_500);
const flag = z.boolean();

/** Slack's rules for a manifest, for the parts that an app like this one may use. Slack refuses keys that it does not know. */
const manifestSchema = z.strictObject({
  display_information: z.strictObject({
    name: text(35),
    description: text(140).optional(),
    long_description: text(4_000, 175).optional(),
    background_color: z
      .string()
      .regex(/^#([0-9a-f]{3}){1,2}$/i)
      .optional(),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: flag,
      messages_tab_enabled: flag,
      messages_tab_read_only_enabled: flag,
    }),
    bot_user: z.strictObject({ display_name: text(80), always_online: flag.optional() }),
    slash_commands: z
      .array(
        z.strictObject({
          command: text(32, 2).regex(/^\//),
          url: requestUrl,
          description: text(2_000),
          usage_hint: text(1_000).optional(),
          should_escape: flag.optional(),
        }),
      )
      .min(1)
      .max(50)
      .optional(),
    shortcuts: z
      .array(
        z.strictObject({
          name: text(24),
          type: z.enum(['message', 'global']),
          callback_id: text(255),
          description: text(150).optional(),
        }),
      )
      .max(10)
      .optional(),
    unfurl_domains: z.array(text(255)).max(5).optional(),
  }),
  oauth_config: z.strictObject({
    redirect_urls: z.array(requestUrl).min(1),
    scopes: z.strictObject({ bot: z.array(text(50)).min(1).max(255) }),
  }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ request_url: requestUrl, bot_events: z.array(text(50)).min(1).max(100) }),
    interactivity: z.strictObject({
      is_enabled: flag,
      request_url: requestUrl,
      message_menu_options_url: requestUrl.optional(),
    }),
    org_deploy_enabled: flag,
    socket_mode_enabled: flag,
    token_rotation_enabled: flag,
  }),
});

/** What the listeners answer to, by the method of Bolt that registers it. */
function listenedTo(): Map<string, unknown[]> {
  const registered = new Map<string, unknown[]>();
  const recorder = new Proxy(
    {},
    {
      get: (_target, method: string) => (what: unknown) =>
        registered.set(method, [...(registered.get(method) ?? []), what]),
    },
  );
  registerListeners(recorder as App, { slashCommand: '/erp' } as ListenerDeps);
  return registered;
}

async function read(name: string): Promise<string> {
  return readFile(new URL(`../${name}`, import.meta.url), 'utf8');
}

describe('manifest.json', () => {
  let manifest: z.output<typeof manifestSchema>;
  before(async () => {
    manifest = manifestSchema.parse(JSON.parse(await read('manifest.json')));
  });

  it('keeps the rules of Slack and uses one host throughout', () => {
    const { event_subscriptions: events, interactivity } = manifest.settings;
    const commands = (manifest.features.slash_commands ?? []).map(({ url }) => url);
    const addresses = [
      ...manifest.oauth_config.redirect_urls,
      ...commands,
      events.request_url,
      interactivity.request_url,
      interactivity.message_menu_options_url,
    ];
    expect(new Set(addresses.map((address) => new URL(address ?? '').host))).to.have.keys(['countersign.example.com']);
  });

  it('sends everything to the addresses that the app serves', () => {
    const { event_subscriptions: events, interactivity } = manifest.settings;
    expect(new URL(events.request_url).pathname).to.equal('/slack/events');
    expect(interactivity.request_url).to.equal(events.request_url);
    expect(interactivity.message_menu_options_url, 'where selects with suggestions ask').to.equal(events.request_url);
    expect(manifest.oauth_config.redirect_urls.map((address) => new URL(address).pathname)).to.deep.equal([
      '/slack/oauth_redirect',
    ]);
  });

  it('asks for the scopes that the app asks for', () => {
    expect(manifest.oauth_config.scopes.bot).to.deep.equal(Object.keys(scopes));
  });

  it('subscribes to the events that have a listener, and offers no command or shortcut that has none', () => {
    const registered = listenedTo();
    expect([...manifest.settings.event_subscriptions.bot_events].sort()).to.deep.equal(
      [...(registered.get('event') ?? [])].sort(),
    );
    const commands = (manifest.features.slash_commands ?? []).map(({ command }) => command);
    expect(commands).to.deep.equal(registered.get('command') ?? []);
    const shortcuts = (manifest.features.shortcuts ?? []).map(({ callback_id }) => callback_id);
    expect(shortcuts).to.deep.equal(registered.get('shortcut') ?? []);
    expect(registered.get('action')).to.not.equal(undefined);
    const { interactivity, event_subscriptions: events } = manifest.settings;
    expect(interactivity.is_enabled).to.equal(true);
    expect(registered.get('options')).to.not.equal(undefined);
    expect(interactivity.message_menu_options_url).to.equal(events.request_url);
  });

  it('opens the Home tab only where the app fills it', () => {
    const fills = (listenedTo().get('event') ?? []).includes('app_home_opened');
    expect(manifest.features.app_home.home_tab_enabled).to.equal(fills);
  });

  it('keeps the Messages tab open, for what the app tells one person', () => {
    expect(manifest.features.app_home.messages_tab_enabled).to.equal(true);
  });
});

describe('the table of scopes in the README', () => {
  it('says what the app asks for, and why, in the words of the app', async () => {
    const rows = (await read('README.md')).matchAll(/^\| `([a-z_]+(?::[a-z.]+)?)` \| (.+?) \|$/gm);
    expect(Object.fromEntries([...rows].map(([, scope, why]) => [scope, why]))).to.deep.equal(scopes);
  });
});
