import { expect } from 'chai';
import type { Sandbox } from '../../../sandbox/start.ts';
import {
  AppDouble,
  approvals,
  button,
  callApi,
  clerk,
  director,
  type Json,
  modal,
  payloadOf,
  section,
  send,
  startQuietSandbox,
  until,
} from './support.ts';

const reason = {
  type: 'input',
  block_id: 'reason',
  label: { type: 'plain_text', text: 'Reason' },
  element: { type: 'plain_text_input', action_id: 'text', max_length: 20 },
};
const form = (more: Json = {}) => modal({ blocks: [reason], submit: { type: 'plain_text', text: 'Reject' }, ...more });

describe('modals and the Home tab of the simulated Slack', () => {
  let sandbox: Sandbox;
  let app: AppDouble;
  beforeEach(async () => {
    app = new AppDouble();
    const requestUrl = await app.start();
    sandbox = await startQuietSandbox({ requestUrl, ackTimeoutMs: 150, triggerLifeMs: 80 });
  });
  afterEach(async () => {
    await sandbox.stop();
    await app.stop();
  });
  const call = async (method: string, fields: Json) => (await callApi(sandbox, method, fields)).body;

  async function takeTrigger(): Promise<string> {
    const blocks = [{ type: 'actions', elements: [button('reject', '1')] }];
    const { ts } = await call('chat.postMessage', { channel: approvals, text: 'x', blocks });
    await sandbox.slack.click({ user: clerk, channel: approvals, messageTs: String(ts), actionId: 'reject' });
    return String(payloadOf(app.received.at(-1)).trigger_id);
  }
  async function open(view: Json): Promise<Json> {
    const answer = await call('views.open', { trigger_id: await takeTrigger(), view });
    expect(answer.error).to.equal(undefined);
    return answer.view as Json;
  }
  const submit = (view: Json, values: Json) =>
    send(sandbox, `/client/views/${view.id}/submit`, { user: clerk, values }).then(({ body }) => body);

  it('opens a modal for a fresh trigger, once', async () => {
    const trigger_id = await takeTrigger();
    expect(await call('views.open', { trigger_id, view: modal() })).to.include({ ok: true });
    expect((await call('views.open', { trigger_id, view: modal() })).error).to.equal('exchanged_trigger_id');
    expect((await call('views.open', { trigger_id: '1.2.3', view: modal() })).error).to.equal('invalid_trigger_id');
    const late = await takeTrigger();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await call('views.open', { trigger_id: late, view: modal() })).error).to.equal('expired_trigger_id');
  });

  it('says what is wrong with a view as invalid_arguments', async () => {
    const refuse = async (view: Json) => {
      const { error, response_metadata } = await call('views.open', { trigger_id: await takeTrigger(), view });
      expect(error).to.equal('invalid_arguments');
      return (response_metadata as { messages: string[] }).messages.join('\n');
    };
    expect(await refuse(modal({ blocks: [reason] }))).to.equal(
      '[ERROR] missing required field: submit [json-pointer:/view]',
    );
    expect(await refuse(modal({ title: { type: 'plain_text', text: 'x'.repeat(25) } }))).to.include(
      'must be less than 25 characters [json-pointer:/view/title/text]',
    );
    expect(await refuse(modal({ private_metadata: 'x'.repeat(3001) }))).to.include('/view/private_metadata');
    expect(await refuse(modal({ colour: 'red' }))).to.include('invalid additional property: colour');
    expect(await refuse(modal({ blocks: [section('')] }))).to.include('[json-pointer:/view/blocks/0/text/text]');
  });

  it('refuses a stale hash, and keeps what was typed over an update', async () => {
    const view = await open(form());
    await submit(view, { reason: { text: 'x'.repeat(21) } });
    const update = (hash: unknown) => call('views.update', { view_id: view.id, hash, view: form() });
    const updated = (await update(view.hash)).view as { hash: string; state: Json };
    expect(updated.hash).to.not.equal(view.hash);
    expect(updated.state).to.deep.equal({
      values: { reason: { text: { type: 'plain_text_input', value: 'x'.repeat(21) } } },
    });
    expect((await update(view.hash)).error).to.equal('hash_conflict');
    expect((await call('views.update', { view_id: 'V0NONE', view: form() })).error).to.equal('not_found');
  });

  it('stacks three modals and no more', async () => {
    const step = () => modal({ blocks: [{ type: 'actions', elements: [button('next', '1')] }] });
    let view = await open(step());
    const push = async () => {
      await sandbox.slack.click({ user: clerk, viewId: String(view.id), actionId: 'next' });
      const { trigger_id } = payloadOf(app.received.at(-1));
      return call('views.push', { trigger_id, view: step() });
    };
    const root = view.id;
    view = (await push()).view as Json;
    expect(view).to.include({ previous_view_id: root, root_view_id: root });
    view = (await push()).view as Json;
    expect((await push()).error).to.equal('push_limit_reached');
    expect((await call('views.push', { trigger_id: await takeTrigger(), view: step() })).error).to.equal(
      'invalid_trigger_id',
    );
  });

  it('submits with state.values and closes on an empty answer', async () => {
    const view = await open(form({ callback_id: 'reject', private_metadata: '7' }));
    expect((await submit(view, {})).errors).to.deep.equal({ reason: 'Please complete this required field.' });
    const result = await submit(view, { reason: { text: 'too much' } });
    expect(result).to.include({ acked: true, closed: true });
    const payload = payloadOf(app.received.at(-1)) as { type: string; view: Json };
    expect(payload.type).to.equal('view_submission');
    expect(payload.view).to.deep.include({
      callback_id: 'reject',
      private_metadata: '7',
      state: { values: { reason: { text: { type: 'plain_text_input', value: 'too much' } } } },
    });
    expect(sandbox.slack.openViews(clerk)).to.have.length(0);
  });

  it('follows errors, update, push and clear', async () => {
    const view = await open(form());
    const answerWith = async (answer: Json) => {
      app.answer = () => ({ body: JSON.stringify(answer) });
      return submit(view, { reason: { text: 'x' } });
    };
    const errors = { reason: 'say more' };
    expect(await answerWith({ response_action: 'errors', errors })).to.deep.include({ closed: false, errors });
    const wrong = await answerWith({ response_action: 'errors', errors: { text: 'the key is an action id' } });
    expect(wrong.failure).to.equal('invalid_errors: text');
    const renamed = form({ title: { type: 'plain_text', text: 'Sure?' } });
    await answerWith({ response_action: 'update', view: renamed });
    expect(sandbox.slack.openViews(clerk)[0]?.definition.title).to.include({ text: 'Sure?' });
    await answerWith({ response_action: 'push', view: modal() });
    expect(sandbox.slack.openViews(clerk)).to.have.length(2);
    await answerWith({ response_action: 'clear' });
    expect(sandbox.slack.openViews(clerk)).to.have.length(0);
  });

  it('tells of a closed modal only where asked', async () => {
    const close = async (view: Json) => (await send(sandbox, `/client/views/${view.id}/close`, { user: clerk })).body;
    expect(await close(await open(modal()))).to.deep.equal({ closed: true, ack: null });
    expect((await close(await open(modal({ notify_on_close: true })))).ack).to.include({ acked: true });
    expect(payloadOf(app.received.at(-1))).to.include({ type: 'view_closed', is_cleared: false });
    expect(payloadOf(app.received.at(-1))).to.not.have.property('trigger_id');
  });

  it('closes the whole stack with the x, or where the modal says so, and tells of its root', async () => {
    const step = (more: Json) => modal({ blocks: [{ type: 'actions', elements: [button('next', '1')] }], ...more });
    const stack = async (upper: Json) => {
      const root = await open(step({ notify_on_close: true }));
      await sandbox.slack.click({ user: clerk, viewId: String(root.id), actionId: 'next' });
      const { trigger_id } = payloadOf(app.received.at(-1));
      const { view } = await call('views.push', { trigger_id, view: step(upper) });
      return { root, top: view as Json };
    };
    for (const [upper, all] of [
      [{}, true],
      [{ clear_on_close: true }, false],
    ] as const) {
      const { root, top } = await stack(upper);
      await send(sandbox, `/client/views/${top.id}/close`, { user: clerk, all });
      const payload = payloadOf(app.received.at(-1));
      expect(payload).to.include({ type: 'view_closed', is_cleared: true });
      expect(payload.view).to.include({ id: root.id });
      expect(sandbox.slack.openViews(clerk)).to.have.length(0);
    }
  });

  it('says that it could not follow an answer that makes no sense, and keeps the modal', async () => {
    const view = await open(form());
    for (const [answer, failure] of [
      ['OK', 'invalid_response'],
      [JSON.stringify({ ok: true }), 'invalid_response'],
      [JSON.stringify({ response_action: 'close' }), 'invalid_response_action'],
      [JSON.stringify({ response_action: 'errors', errors: {} }), 'invalid_errors'],
      [JSON.stringify({ response_action: 'update', view: { type: 'home', blocks: [] } }), 'invalid_arguments'],
    ]) {
      app.answer = () => ({ body: String(answer) });
      expect(await submit(view, { reason: { text: 'x' } })).to.include({ failure, closed: false });
    }
  });

  it('lets only suggested options be chosen in an external select', async () => {
    const element = { type: 'external_select', action_id: 'vendor', min_query_length: 0 };
    const view = await open(form({ blocks: [{ ...reason, block_id: 'vendor', element }] }));
    const vendor = { text: { type: 'plain_text', text: 'Acme' }, value: 'V1' };
    app.answer = ({ body }) =>
      body.includes('block_suggestion') ? { body: JSON.stringify({ options: [vendor] }) } : {};
    const typed = { user: clerk, view_id: view.id, block_id: 'vendor', action_id: 'vendor', value: 'ac' };
    expect((await send(sandbox, '/client/suggestions', typed)).body.options).to.deep.equal([vendor]);
    expect(payloadOf(app.received.at(-1))).to.include({ type: 'block_suggestion', value: 'ac' });
    const unknown = { user: clerk, values: { vendor: { vendor: 'V2' } } };
    expect((await send(sandbox, `/client/views/${view.id}/submit`, unknown)).status).to.equal(400);
    expect(await submit(view, { vendor: { vendor: 'V1' } })).to.include({ closed: true });
  });

  it('publishes a Home tab for one person and passes it on when it is opened', async () => {
    const home = { type: 'home', blocks: [{ type: 'actions', elements: [button('settings', '1')] }] };
    const first = (await call('views.publish', { user_id: director, view: home })).view as Json;
    expect((await call('views.publish', { user_id: director, view: home, hash: 'old' })).error).to.equal(
      'hash_conflict',
    );
    expect((await call('views.publish', { user_id: director, view: home, hash: first.hash })).ok).to.equal(true);
    const path = '/client/home?user=';
    expect((await send(sandbox, path + director, {}, 'GET')).body.view).to.include({ id: first.id, type: 'home' });
    expect((await send(sandbox, path + clerk, {}, 'GET')).body.view).to.equal(null);
    expect(app.received).to.have.length(0);
    await send(sandbox, `${path}${director}&open=true`, {}, 'GET');
    await until(() => app.received.length === 1);
    const { event } = JSON.parse(app.received[0]?.body ?? '');
    expect(event).to.deep.include({ type: 'app_home_opened', tab: 'home' });
    expect(event.view).to.include({ id: first.id });
    await sandbox.slack.click({ user: director, viewId: String(first.id), actionId: 'settings' });
    const payload = payloadOf(app.received.at(-1));
    expect(payload).to.not.have.any.keys('channel', 'message', 'response_url');
    expect(payload.container).to.deep.equal({ type: 'view', view_id: first.id });
  });
});
