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
  send,
  startQuietSandbox,
  treasury,
} from './support.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const option = (value: string) => ({ text: plain(value.toUpperCase()), value });
const input = (element: Json, more: Json = {}): Json => ({
  type: 'input',
  block_id: 'b',
  label: plain('Field'),
  optional: true,
  element: { action_id: 'a', ...element },
  ...more,
});
const form = (...blocks: Json[]) => modal({ submit: plain('Save'), blocks });
const [x, y, z] = [option('x'), option('y'), option('z')];
const options = [x, y, z];
const groups = [
  { label: plain('First'), options: [x] },
  { label: plain('Second'), options: [y, z] },
];

/** What Slack sends for each element: untouched, and after this was chosen. */
const elements: Array<{ element: Json; untouched: Json; given: unknown; filled: Json }> = [
  { element: { type: 'plain_text_input' }, untouched: { value: null }, given: 'Hello', filled: { value: 'Hello' } },
  {
    element: { type: 'plain_text_input', initial_value: 'Acme' },
    untouched: { value: 'Acme' },
    given: '',
    filled: { value: null },
  },
  {
    element: { type: 'number_input', is_decimal_allowed: true, min_value: '0', max_value: '99' },
    untouched: { value: null },
    given: '12.50',
    filled: { value: '12.50' },
  },
  {
    element: { type: 'email_text_input' },
    untouched: { value: null },
    given: 'a@b.example',
    filled: { value: 'a@b.example' },
  },
  {
    element: { type: 'url_text_input', initial_value: 'https://erp.example' },
    untouched: { value: 'https://erp.example' },
    given: 'https://x.example/y',
    filled: { value: 'https://x.example/y' },
  },
  {
    element: { type: 'checkboxes', options, initial_options: [y] },
    untouched: { selected_options: [y] },
    given: ['x', 'z'],
    filled: { selected_options: [x, z] },
  },
  {
    element: { type: 'checkboxes', options },
    untouched: { selected_options: [] },
    given: [],
    filled: { selected_options: [] },
  },
  {
    element: { type: 'radio_buttons', options },
    untouched: { selected_option: null },
    given: 'y',
    filled: { selected_option: y },
  },
  {
    element: { type: 'static_select', option_groups: groups, initial_option: z },
    untouched: { selected_option: z },
    given: 'x',
    filled: { selected_option: x },
  },
  {
    element: { type: 'multi_static_select', options },
    untouched: { selected_options: [] },
    given: ['y', 'x'],
    filled: { selected_options: [y, x] },
  },
  {
    element: { type: 'users_select' },
    untouched: { selected_user: null },
    given: director,
    filled: { selected_user: director },
  },
  {
    element: { type: 'multi_users_select', initial_users: [clerk] },
    untouched: { selected_users: [clerk] },
    given: [director, clerk],
    filled: { selected_users: [director, clerk] },
  },
  {
    element: { type: 'conversations_select', default_to_current_conversation: true },
    untouched: { selected_conversation: approvals },
    given: 'C0GENERAL0',
    filled: { selected_conversation: 'C0GENERAL0' },
  },
  {
    element: {
      type: 'conversations_select',
      default_to_current_conversation: true,
      filter: { include: ['private'] },
    },
    untouched: { selected_conversation: null },
    given: null,
    filled: { selected_conversation: null },
  },
  {
    element: { type: 'multi_conversations_select', default_to_current_conversation: true },
    untouched: { selected_conversations: [approvals] },
    given: [],
    filled: { selected_conversations: [] },
  },
  {
    element: { type: 'channels_select', initial_channel: 'C0GENERAL0' },
    untouched: { selected_channel: 'C0GENERAL0' },
    given: 'C0LARGEPAY',
    filled: { selected_channel: 'C0LARGEPAY' },
  },
  {
    element: { type: 'datepicker', initial_date: '2026-01-31' },
    untouched: { selected_date: '2026-01-31' },
    given: '2026-02-28',
    filled: { selected_date: '2026-02-28' },
  },
  {
    element: { type: 'timepicker' },
    untouched: { selected_time: null },
    given: '09:30',
    filled: { selected_time: '09:30' },
  },
  {
    element: { type: 'external_select', initial_option: x },
    untouched: { selected_option: x },
    given: 'x',
    filled: { selected_option: x },
  },
  {
    element: { type: 'multi_external_select' },
    untouched: { selected_options: [] },
    given: [],
    filled: { selected_options: [] },
  },
];

/** What Slack's client lets nobody choose, or refuses to submit. */
const refusedChoices: Array<[string, Json, unknown]> = [
  ['an option that is not there', { type: 'static_select', options }, 'w'],
  ['more than max_selected_items', { type: 'multi_static_select', options, max_selected_items: 1 }, ['x', 'y']],
  ['somebody who does not exist', { type: 'users_select' }, 'U0NOBODY'],
  ['a private channel of others', { type: 'conversations_select' }, treasury],
  ['a channel that the filter leaves out', { type: 'conversations_select', filter: { include: ['im'] } }, approvals],
  ['a private channel among channels', { type: 'channels_select' }, treasury],
  ['a day that is not in the calendar', { type: 'datepicker' }, '2026-02-30'],
  ['an hour that no clock shows', { type: 'timepicker' }, '24:00'],
  ['an option that was never offered', { type: 'external_select' }, 'x'],
];

const refusedText: Array<[string, Json, string, string]> = [
  ['too short', { type: 'plain_text_input', min_length: 3 }, 'ab', 'Must be at least 3 characters.'],
  ['too long', { type: 'plain_text_input', max_length: 3 }, 'abcd', 'Must be at most 3 characters.'],
  ['no address', { type: 'email_text_input' }, 'abc', 'Enter a valid email address.'],
  ['no URL', { type: 'url_text_input' }, 'erp', 'Enter a valid URL.'],
  ['no number', { type: 'number_input', is_decimal_allowed: true }, '1,5', 'Enter a valid number.'],
  ['no whole number', { type: 'number_input', is_decimal_allowed: false }, '1.5', 'Enter a valid number.'],
  ['too small', { type: 'number_input', is_decimal_allowed: true, min_value: '2' }, '1.99', 'Must be at least 2.'],
  ['too great', { type: 'number_input', is_decimal_allowed: true, max_value: '2' }, '2.01', 'Must be at most 2.'],
];

/** What views.open refuses. */
const refusedElements: Array<[string, Json, string]> = [
  [
    'an initial option in other words',
    { type: 'static_select', options, initial_option: { ...x, text: plain('x') } },
    'initial_option',
  ],
  [
    'an initial option that is not offered',
    { type: 'checkboxes', options: [x], initial_options: [y] },
    'initial_options',
  ],
  ['lengths that exclude each other', { type: 'plain_text_input', min_length: 5, max_length: 4 }, 'min_length'],
  [
    'an initial number out of bounds',
    { type: 'number_input', is_decimal_allowed: false, initial_value: '7', max_value: '5' },
    'initial_value',
  ],
  [
    'bounds that are no numbers',
    { type: 'number_input', is_decimal_allowed: false, min_value: 'low' },
    'must be a number',
  ],
  [
    'more at first than may be chosen',
    { type: 'multi_users_select', initial_users: [clerk, director], max_selected_items: 1 },
    'max_selected_items',
  ],
  [
    'options and groups at once',
    { type: 'static_select', options, option_groups: groups },
    'either options or option_groups',
  ],
  [
    'eleven radio buttons',
    { type: 'radio_buttons', options: Array.from({ length: 11 }, (_, n) => option(`o${n}`)) },
    'no more than 10',
  ],
];

describe('the inputs of modals in the simulated Slack', () => {
  let sandbox: Sandbox;
  let app: AppDouble;
  before(async () => {
    app = new AppDouble();
    sandbox = await startQuietSandbox({ requestUrl: await app.start(), ackTimeoutMs: 500 });
  });
  afterEach(() => {
    app.answer = () => ({});
  });
  after(async () => {
    await sandbox.stop();
    await app.stop();
  });
  const call = async (method: string, fields: Json) => (await callApi(sandbox, method, fields)).body;

  async function tryToOpen(view: Json): Promise<Json> {
    const blocks = [{ type: 'actions', elements: [button('ask', '1')] }];
    const { ts } = await call('chat.postMessage', { channel: approvals, text: 'x', blocks });
    await sandbox.slack.click({ user: clerk, channel: approvals, messageTs: String(ts), actionId: 'ask' });
    return call('views.open', { trigger_id: payloadOf(app.received.at(-1)).trigger_id, view });
  }
  async function open(view: Json): Promise<string> {
    const answer = await tryToOpen(view);
    expect(answer.ok, JSON.stringify(answer)).to.equal(true);
    return String((answer.view as Json).id);
  }
  const submit = (id: string, values: Json) => send(sandbox, `/client/views/${id}/submit`, { user: clerk, values });
  const use = (id: string, more: Json) =>
    send(sandbox, '/client/actions', { user: clerk, view_id: id, block_id: 'b', action_id: 'a', ...more });
  const stateIn = (payload: Json) => ((payload.view as Json).state as Json).values as Record<string, Json>;
  const submitted = () => stateIn(payloadOf(app.received.at(-1))).b?.a;

  for (const { element, untouched, given, filled } of elements) {
    it(`sends ${JSON.stringify(untouched)}, then ${JSON.stringify(filled)} for ${element.type}`, async () => {
      const type = element.type;
      await submit(await open(form(input(element))), {});
      expect(submitted()).to.deep.equal({ type, ...untouched });
      await submit(await open(form(input(element))), { b: { a: given } });
      expect(submitted()).to.deep.equal({ type, ...filled });
    });
  }

  for (const [what, element, given] of refusedChoices) {
    it(`lets nobody choose ${what}`, async () => {
      expect((await submit(await open(form(input(element))), { b: { a: given } })).status).to.equal(400);
    });
  }

  for (const [what, element, given, error] of refusedText) {
    it(`does not submit what is ${what}`, async () => {
      const { body } = await submit(await open(form(input(element))), { b: { a: given } });
      expect(body).to.deep.include({ failure: 'not_sent', errors: { b: error } });
    });
  }

  for (const [what, element, reason] of refusedElements) {
    it(`opens no modal with ${what}`, async () => {
      const answer = await tryToOpen(form(input(element)));
      expect(answer.error).to.equal('invalid_arguments');
      expect(JSON.stringify(answer.response_metadata)).to.include(reason).and.include('/view/blocks/0');
    });
  }

  it('takes one focus in a view', async () => {
    const focused = { type: 'plain_text_input', focus_on_load: true };
    await open(form(input(focused)));
    const answer = await tryToOpen(form(input(focused), input(focused, { block_id: 'c' })));
    expect(JSON.stringify(answer)).to.include('only one element can have focus_on_load');
  });

  it('sends the state of the whole view with an action, what was typed and not yet sent included', async () => {
    const amount = input({ type: 'number_input', is_decimal_allowed: true }, { block_id: 'amount' });
    const kind = input({ type: 'static_select', options, initial_option: x }, { dispatch_action: true });
    const id = await open(form(amount, kind));
    await use(id, { value: 'y', values: { amount: { a: '12.50' } } });
    const payload = payloadOf(app.received.at(-1));
    expect(payload).to.include({ type: 'block_actions' }).and.have.property('trigger_id');
    expect(payload.container).to.deep.equal({ type: 'view', view_id: id });
    expect((payload.actions as Json[])[0]).to.deep.include({
      type: 'static_select',
      action_id: 'a',
      selected_option: y,
    });
    expect(stateIn(payload)).to.deep.equal({
      amount: { a: { type: 'number_input', value: '12.50' } },
      b: { a: { type: 'static_select', selected_option: y } },
    });
    await call('views.update', {
      view_id: id,
      view: form(amount, kind, input({ type: 'checkboxes', options }, { block_id: 'c' })),
    });
    await submit(id, {});
    expect(stateIn(payloadOf(app.received.at(-1)))).to.deep.equal({
      amount: { a: { type: 'number_input', value: '12.50' } },
      b: { a: { type: 'static_select', selected_option: y } },
      c: { a: { type: 'checkboxes', selected_options: [] } },
    });
  });

  it('forgets what was typed where the block or the action has another id', async () => {
    const text = input({ type: 'plain_text_input', initial_value: 'first' }, { dispatch_action: true });
    const id = await open(form(text));
    await use(id, { value: 'typed' });
    const update = async (block: Json) => {
      const { view } = await call('views.update', { view_id: id, view: form(block) });
      return Object.values(stateIn({ view }))[0] as Json;
    };
    expect((await update(text)).a).to.include({ value: 'typed' });
    expect((await update({ ...text, block_id: 'other' })).a).to.include({ value: 'first' });
  });

  it('sends an action of an input only where it dispatches, and a text only when its field says', async () => {
    const count = () => app.received.length;
    const quiet = await open(form(input({ type: 'static_select', options })));
    const before = count();
    expect((await use(quiet, { value: 'x' })).status).to.equal(400);
    const text = { type: 'plain_text_input' };
    const onEnter = await open(form(input(text, { dispatch_action: true })));
    expect((await use(onEnter, { value: 'ab', typing: 'on_character_entered' })).status).to.equal(400);
    expect((await use(onEnter, { value: 'ab', typing: 'on_enter_pressed' })).status).to.equal(200);
    const config = { dispatch_action_config: { trigger_actions_on: ['on_character_entered'] } };
    const onCharacter = await open(form(input({ ...text, ...config }, { dispatch_action: true })));
    expect((await use(onCharacter, { value: 'ab', typing: 'on_character_entered' })).status).to.equal(200);
    expect((await use(onCharacter, { value: 'ab', typing: 'on_enter_pressed' })).status).to.equal(400);
    expect(count()).to.equal(before + 4);
  });

  it('asks the app for options from min_query_length on, in groups or not, and takes nothing else', async () => {
    const id = await open(form(input({ type: 'multi_external_select', min_query_length: 2, max_selected_items: 2 })));
    const ask = (value: string) =>
      send(sandbox, '/client/suggestions', { user: clerk, view_id: id, block_id: 'b', action_id: 'a', value });
    const answer = (body: unknown) => {
      app.answer = ({ body: asked }) => (asked.includes('block_suggestion') ? { body: JSON.stringify(body) } : {});
    };
    expect((await ask('a')).status).to.equal(400);
    answer({ option_groups: groups });
    expect((await ask('ab')).body.option_groups).to.deep.equal(groups);
    answer({ options: [z], option_groups: groups });
    expect((await ask('ab')).body).to.deep.include({ failure: 'invalid_options', options: [] });
    answer({ options: Array.from({ length: 101 }, (_, n) => option(`o${n}`)) });
    expect((await ask('ab')).body.failure).to.equal('invalid_options');
    answer({ options: [] });
    expect((await ask('ab')).body).to.deep.include({ failure: null, options: [] });
  });

  it('keeps chosen suggestions while others are looked for', async () => {
    const id = await open(
      form(input({ type: 'multi_external_select', min_query_length: 0 }, { dispatch_action: true })),
    );
    const offer = async (found: Json[]) => {
      app.answer = ({ body }) =>
        body.includes('block_suggestion') ? { body: JSON.stringify({ options: found }) } : {};
      await send(sandbox, '/client/suggestions', {
        user: clerk,
        view_id: id,
        block_id: 'b',
        action_id: 'a',
        value: '',
      });
    };
    await offer([x, y]);
    expect((await use(id, { value: ['x'] })).status).to.equal(200);
    await offer([z]);
    expect((await use(id, { value: ['x', 'z'] })).status).to.equal(200);
    expect((payloadOf(app.received.at(-1)).actions as Json[])[0]).to.deep.include({ selected_options: [x, z] });
    expect((await use(id, { value: ['y'] })).status).to.equal(400);
  });

  it('lists what pickers offer: people, and conversations by their filter', async () => {
    const list = async (element: Json, value = '', user = clerk) => {
      const id = await open(form(input(element)));
      const asked = { user, view_id: id, block_id: 'b', action_id: 'a', value };
      const { body } = await send(sandbox, '/client/choices', asked);
      return (body.choices as Array<{ label: string; kind: string }>).map(({ label, kind }) => `${kind} ${label}`);
    };
    expect(await list({ type: 'users_select' }, '@maya')).to.deep.equal(['person Maya Okafor (Finance Director)']);
    expect(await list({ type: 'channels_select' }, '#treasury')).to.deep.equal([]);
    expect(await list({ type: 'channels_select' }, '#ap-')).to.deep.equal(['public ap-approvals']);
    const all = { type: 'conversations_select' };
    expect(await list(all)).to.deep.equal([
      'public ap-approvals',
      'im Countersign',
      'public general',
      'public large-payments',
    ]);
    const noBots = { ...all, filter: { include: ['im', 'private'], exclude_bot_users: true } };
    expect(await list(noBots)).to.deep.equal([]);
    await sandbox.slack.invite(director, 'treasury', clerk);
    expect(await list(noBots)).to.deep.equal(['private treasury']);
  });
});
