import { readFile } from 'node:fs/promises';
import type { App } from '@slack/bolt';
import { expect } from 'chai';
import type { ListenerDeps } from '../../listeners/deps.ts';
import { registerListeners } from '../../listeners/index.ts';
import { commonPayload, payloadForm, sendForm } from '../../sandbox/slack/interactions/interaction.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { type SlowPostgres, slowPostgres } from '../support/slow-postgres.ts';
import { waitUntil } from '../support/wait.ts';

/** Slack's limit for an answer, as every reference page of interactions and events has it. */
const slackWaitsMs = 3_000;
const roundTripMs = 250;

/** What the listeners answer to, by the method of Bolt that registers it; a pattern stands for what it catches. */
function listenedTo(method: string): string[] {
  const found: string[] = [];
  const recorder = new Proxy(
    {},
    {
      get: (_target, name: string) => (what: unknown) => {
        const { callback_id, action_id } = Object(what);
        const id = callback_id ?? action_id ?? what;
        if (name === method) found.push(typeof id === 'string' ? id : 'an_id_of_another_version');
      },
    },
  );
  registerListeners(recorder as App, { slashCommand: '/erp' } as ListenerDeps);
  return [...new Set(found)];
}

describe('Every listener, while PostgreSQL and the ERP are slow,', function () {
  this.timeout(60_000);
  let product: Product;
  let line: SlowPostgres;
  let messageTs = '';
  const channel = 'C0APAPPROV';

  before(async () => {
    product = await startProduct({
      databaseUrl: async (url) => {
        line = await slowPostgres(url);
        return line.url;
      },
    });
    const bill = product.sandbox.acumatica.addBill({ amount: '10.00', status: 'Pending Approval' });
    messageTs = (await product.card(bill.ref)).ts;
    product.sandbox.acumatica.setFault({ kind: 'slow', ms: 5_000 });
    line.delayMs = roundTripMs;
  });
  after(async () => {
    if (line) line.delayMs = 0;
    product?.sandbox.acumatica.clearFaults();
    await product?.stop();
    await line?.stop();
  });

  const state = () => product.sandbox.slack.state;
  const common = (user = people.admin) => {
    const person = state().roster.users.get(user);
    if (!person) throw new Error(`there is no ${user}`);
    return {
      ...commonPayload(state(), person),
      trigger_id: state().tickets.issueTrigger(user, null, null).id,
      response_url: `${product.sandbox.url}/response/none`,
    };
  };

  async function answers(what: string, payload: Record<string, unknown>): Promise<void> {
    const began = performance.now();
    const delivery = await sendForm(state(), payloadForm(what, payload));
    const ms = performance.now() - began;
    expect({ what, acked: delivery.acked, status: delivery.status }).to.deep.equal({ what, acked: true, status: 200 });
    expect(ms, what).to.be.lessThan(slackWaitsMs);
  }

  const ticket = `${crypto.randomUUID()}.${'x'.repeat(22)}`;
  const onCards = {
    container: { type: 'message', message_ts: '1700000000.000100', channel_id: channel },
    channel: { id: channel, name: 'a' },
  };
  const inHome = {
    container: { type: 'view', view_id: 'V1' },
    view: { id: 'V1', type: 'home', state: { values: {} } },
  };
  const inForm = {
    container: { type: 'view', view_id: 'V2' },
    view: { id: 'V2', type: 'modal', state: { values: {} } },
  };

  /** What goes on after the answers is over; a queue of clicks would measure itself. */
  afterEach(async () => {
    await waitUntil(
      async () => {
        const { rows } = await product.database.db.raw(
          `select count(*)::int as busy from pg_stat_activity
           where datname = current_database() and application_name = 'countersign web' and state <> 'idle'`,
        );
        return rows[0].busy === 0;
      },
      { what: 'the web process being idle', timeoutMs: 40_000 },
    );
  });

  it('answers a button of a card, of Home and of a form in time', async () => {
    for (const actionId of listenedTo('action')) {
      const isHome = actionId.startsWith('home_');
      const place = isHome ? inHome : /^(decide|digest|open)_/.test(actionId) ? onCards : inForm;
      const value = /^(decide|digest|home_(approve|reject|release|hold|unhold))/.test(actionId)
        ? ticket
        : product.connectionId;
      const action = {
        action_id: actionId,
        block_id: 'b',
        type: 'button',
        value,
        action_ts: String(Date.now() / 1_000),
      };
      await answers(actionId, { type: 'block_actions', ...common(), ...place, actions: [action] });
    }
  });

  it('answers a submitted and a closed form in time', async () => {
    for (const callbackId of listenedTo('view')) {
      for (const metadata of ['', JSON.stringify({ connection: product.connectionId })]) {
        const view = {
          ...{ id: `V${callbackId}`, type: 'modal', callback_id: callbackId, private_metadata: metadata, hash: 'h' },
          ...{ blocks: [], state: { values: {} }, title: { type: 'plain_text', text: 't' } },
        };
        await answers(callbackId, { type: 'view_submission', ...common(), view, response_urls: [] });
      }
    }
  });

  it('answers a shortcut and a list that asks for suggestions in time', async () => {
    for (const callbackId of listenedTo('shortcut')) {
      const message = { type: 'message', ts: messageTs, text: 'a card' };
      const more = { callback_id: callbackId, action_ts: '1.0', message_ts: messageTs, message };
      await answers(callbackId, { type: 'message_action', ...common(), ...more, channel: { id: channel, name: 'a' } });
    }
    for (const actionId of listenedTo('options')) {
      const more = { action_id: actionId, block_id: actionId, value: 'a', view: { id: 'V1', private_metadata: '' } };
      await answers(actionId, { type: 'block_suggestion', ...common(), ...more });
    }
  });

  it('answers every word of the command in time', async () => {
    const manifest = JSON.parse(await readFile('manifest.json', 'utf8'));
    const words = String(manifest.features.slash_commands[0].usage_hint).split('|');
    for (const word of words.map((each) => each.trim().toLowerCase())) {
      const began = performance.now();
      const answer = await product.sandbox.slack.command({
        user: people.admin,
        channel,
        command: '/erp',
        text: word,
      } as never);
      expect(answer, word).to.include({ acked: true, status: 200 });
      expect(performance.now() - began, word).to.be.lessThan(slackWaitsMs);
    }
  });

  it('answers every event in time', async () => {
    const before = state().events.records().length;
    const events = listenedTo('event').filter((type) => !['app_uninstalled', 'tokens_revoked'].includes(type));
    for (const type of events) {
      state().events.emit({
        ...{ type, user: people.admin, channel, tab: 'home', text: 'hello', ts: messageTs, message_ts: messageTs },
        ...{ thread_ts: messageTs, links: [], channel_type: 'C', unfurl_id: 'U1', source: 'conversations_history' },
      });
    }
    const records = await waitUntil(
      () => {
        const since = state().events.records().slice(before);
        return since.length >= events.length ? since : undefined;
      },
      { what: 'every event having been brought', timeoutMs: 20_000 },
    );
    for (const { what, acked, ms } of records) {
      expect({ what, acked }).to.deep.equal({ what, acked: true });
      expect(ms, what).to.be.lessThan(slackWaitsMs);
    }
  });
});
