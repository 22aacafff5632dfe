import { expect } from 'chai';
import { findBlockErrors } from '../../../sandbox/slack/blocks/check.ts';
import type { Sandbox } from '../../../sandbox/start.ts';
import { approvals, button, callApi, type Json, section, startQuietSandbox } from './support.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const raw = (text: string) => ({ type: 'raw_text', text });
const table = (rows: unknown[][]) => ({ type: 'table', rows });
const rowsOf = (count: number, cells: number, text = 'x') =>
  Array.from({ length: count }, () => Array.from({ length: cells }, () => raw(text)));

const taken: [string, Json][] = [
  ['a section of 3,000 characters', section('x'.repeat(3000))],
  ['ten fields of 2,000', { type: 'section', fields: Array(10).fill({ type: 'mrkdwn', text: 'x'.repeat(2000) }) }],
  ['a header of 150', { type: 'header', text: plain('x'.repeat(150)) }],
  ['25 buttons', { type: 'actions', elements: Array.from({ length: 25 }, (_, i) => button(`a${i}`, 'v')) }],
  ['a table of 100 rows of 20 cells', table(rowsOf(100, 20))],
  ['numbers in a table', table([[{ type: 'raw_number', value: 12.5, text: '12.50 EUR' }]])],
];

const refused: [string, Json, string][] = [
  ['an empty text', section(''), 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  [
    'a text over 3,000',
    section('x'.repeat(3001)),
    'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ],
  ['a section of nothing', { type: 'section' }, 'missing required field: text [json-pointer:/blocks/0]'],
  ['eleven fields', { type: 'section', fields: Array(11).fill(plain('x')) }, 'no more than 10 items allowed'],
  ['a header over 150', { type: 'header', text: plain('x'.repeat(151)) }, 'must be less than 151 characters'],
  [
    'a header in mrkdwn',
    { type: 'header', text: { type: 'mrkdwn', text: 'x' } },
    'must be one of the following: plain_text',
  ],
  [
    'a button value over 2,000',
    { type: 'actions', elements: [button('a', 'x'.repeat(2001))] },
    'must be less than 2001',
  ],
  [
    '26 elements',
    { type: 'actions', elements: Array.from({ length: 26 }, (_, i) => button(`a${i}`, 'v')) },
    'no more than 25',
  ],
  [
    'one action_id twice',
    { type: 'actions', elements: [button('a', '1'), button('a', '2')] },
    'already exists for the block',
  ],
  ['an unknown block', { type: 'banner' }, 'unsupported type: banner [json-pointer:/blocks/0]'],
  ['an unknown property', { type: 'divider', color: 'red' }, 'invalid additional property: color'],
  [
    'an unknown property of a button',
    { type: 'actions', elements: [{ ...button('a', 'v'), size: 'big' }] },
    'invalid additional property: size',
  ],
  [
    'a style of its own',
    { type: 'actions', elements: [{ ...button('a', 'v'), style: 'warning' }] },
    'must be one of the following: primary, danger',
  ],
  ['an empty cell', table([[raw('')]]), 'must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]'],
  ['a table of 101 rows', table(rowsOf(101, 1)), 'no more than 100 items allowed'],
  ['a row of 21 cells', table(rowsOf(1, 21)), 'no more than 20 items allowed'],
  ['a table over 10,000 characters', table(rowsOf(100, 20, 'xxxxxx')), 'maximum of 10000 characters'],
  ['a modal only block', { type: 'alert', text: plain('x') }, 'unsupported type: alert'],
];

describe('Block Kit rules of the simulated Slack', () => {
  for (const [what, block] of taken) {
    it(`takes ${what}`, () => expect(findBlockErrors([block], 'message')).to.deep.equal([]));
  }
  for (const [what, block, reason] of refused) {
    it(`refuses ${what}`, () => expect(findBlockErrors([block], 'message').join('\n')).to.include(reason));
  }
  it('refuses more than 50 blocks, and one block_id twice', () => {
    expect(findBlockErrors(Array(51).fill({ type: 'divider' }), 'message')[0]).to.include('no more than 50 items');
    const twins = Array(2).fill({ type: 'divider', block_id: 'same' });
    expect(findBlockErrors(twins, 'message')[0]).to.include('`same` already exists');
  });
  it('takes no table in a modal, but one on the Home tab', () => {
    const blocks = [table([[raw('x')]])];
    expect(findBlockErrors(blocks, 'modal')).to.deep.equal(['unsupported type: table [json-pointer:/blocks/0]']);
    expect(findBlockErrors(blocks, 'home')).to.deep.equal([]);
  });
});

describe('refusals of content over the wire', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startQuietSandbox();
  });
  after(() => sandbox.stop());
  const post = async (fields: Json) =>
    (await callApi(sandbox, 'chat.postMessage', { channel: approvals, ...fields })).body;

  it('says where blocks are wrong', async () => {
    const reason = 'unsupported type: banner [json-pointer:/blocks/0]';
    expect(await post({ text: 'x', blocks: [{ type: 'banner' }] })).to.deep.equal({
      ok: false,
      error: 'invalid_blocks',
      errors: [reason],
      response_metadata: { messages: [`[ERROR] ${reason}`] },
    });
    expect((await post({ text: 'x', blocks: '[{' })).error).to.equal('invalid_blocks_format');
    expect((await post({ text: 'x', blocks: { type: 'divider' } })).error).to.equal('invalid_blocks_format');
  });

  it('takes one table in a message', async () => {
    const blocks = [table([[raw('x')]]), table([[raw('y')]])];
    expect((await post({ text: 'x', blocks })).error).to.equal('invalid_attachments');
  });

  it('wants something to show, and metadata of the right shape', async () => {
    expect((await post({})).error).to.equal('no_text');
    expect((await post({ blocks: [section('x')] })).ok).to.equal(true);
    expect((await post({ text: 'x', metadata: 'card' })).error).to.equal('invalid_metadata_format');
    expect((await post({ text: 'x', metadata: { event_type: 'card' } })).error).to.equal('invalid_metadata_schema');
    const event_payload = { id: 'x'.repeat(20_000) };
    expect((await post({ text: 'x', metadata: { event_type: 'card', event_payload } })).error).to.equal(
      'metadata_too_large',
    );
  });
});
