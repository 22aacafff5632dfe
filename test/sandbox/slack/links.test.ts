import { expect } from 'chai';
import type { Sandbox } from '../../../sandbox/start.ts';
import {
  AppDouble,
  approvals,
  callApi,
  clerk,
  director,
  type Json,
  section,
  send,
  startQuietSandbox,
  treasury,
  until,
} from './support.ts';

const link = 'https://erp.example/Main?ScreenId=AP301000&RefNbr=1';

describe('shared links in the simulated Slack', () => {
  const app = new AppDouble();
  let sandbox: Sandbox;
  before(async () => {
    const requestUrl = await app.start();
    sandbox = await startQuietSandbox({
      requestUrl,
      botEvents: ['link_shared'],
      unfurlDomains: ['erp.example'],
      installedScopes: ['chat:write', 'links:read', 'links:write'],
    });
  });
  after(async () => {
    await sandbox.stop();
    await app.stop();
  });
  beforeEach(() => {
    app.received.length = 0;
  });

  const events = () => app.received.map(({ body }) => JSON.parse(body).event as Json);
  const unfurl = (fields: Json) => callApi(sandbox, 'chat.unfurl', fields).then(({ body }) => body);
  const preview = { blocks: [section('a bill')] };

  it('are told of in every conversation, member or not, with those of the app’s domains alone', async () => {
    sandbox.slack.post({
      user: director,
      channel: approvals,
      text: `see <${link}|this>, ${link} and https://other.example/x`,
    });
    sandbox.slack.post({ user: director, channel: treasury, text: 'https://eu.erp.example/y' });
    sandbox.slack.post({ user: director, channel: approvals, text: 'https://noterp.example/z' });
    await until(() => app.received.length === 2);
    const [first, second] = events();
    expect(first).to.deep.include({
      type: 'link_shared',
      channel: approvals,
      user: director,
      is_bot_user_member: true,
    });
    expect(first?.source).to.equal('conversations_history');
    expect(first?.links).to.deep.equal([{ url: link, domain: 'erp.example' }]);
    expect(second).to.deep.include({ channel: treasury, is_bot_user_member: false });
  });

  it('get a preview under the message, a second one in place of the first', async () => {
    const message = sandbox.slack.post({ user: clerk, channel: approvals, text: link });
    const place = { channel: approvals, ts: message.ts };
    expect(await unfurl({ ...place, unfurls: { [link]: preview } })).to.deep.equal({ ok: true });
    expect(await unfurl({ ...place, unfurls: { [link]: { blocks: [section('changed')] } } })).to.deep.equal({
      ok: true,
    });
    const shown = sandbox.slack.state.messages.get(approvals, message.ts)?.attachments;
    expect(shown).to.have.length(1);
    expect(shown?.[0]).to.deep.include({ from_url: link, is_app_unfurl: true, id: 1 });
    expect(JSON.stringify(shown)).to.contain('changed');
  });

  it('are told of while they are typed, without a channel, and take their preview by id', async () => {
    const { body } = await send(sandbox, '/client/compose', { user: clerk, text: `about ${link}` });
    await until(() => app.received.length === 1);
    expect(events()[0]).to.deep.include({ channel: 'COMPOSER', source: 'composer', unfurl_id: body.unfurl_ids[0] });
    const given = { unfurl_id: body.unfurl_ids[0], source: 'composer', unfurls: { [link]: preview } };
    expect(await unfurl(given)).to.deep.equal({ ok: true });
    expect(sandbox.slack.state.composing.find(body.unfurl_ids[0])?.unfurls).to.have.keys(link);
  });

  const message = () => sandbox.slack.post({ user: clerk, channel: approvals, text: link }).ts;
  const refusals: Array<[error: string, fields: () => Json]> = [
    ['missing_channel', () => ({ ts: '1.0', unfurls: {} })],
    ['missing_ts', () => ({ channel: approvals, unfurls: {} })],
    ['missing_unfurls', () => ({ channel: approvals, ts: message() })],
    ['invalid_unfurls_format', () => ({ channel: approvals, ts: message(), unfurls: '{' })],
    ['invalid_unfurls_format', () => ({ channel: approvals, ts: message(), unfurls: { [link]: 'text' } })],
    ['cannot_find_channel', () => ({ channel: 'C0NOWHERE0', ts: '1.0', unfurls: { [link]: preview } })],
    ['cannot_find_message', () => ({ channel: approvals, ts: '1.000001', unfurls: { [link]: preview } })],
    ['cannot_unfurl_message', () => ({ channel: approvals, ts: message(), unfurls: { [`${link}1`]: preview } })],
    ['cannot_unfurl_url', () => ({ channel: approvals, ts: message(), unfurls: { 'https://x.example/': preview } })],
    ['missing_source', () => ({ unfurl_id: 'U1', unfurls: { [link]: preview } })],
    ['invalid_unfurl_id', () => ({ unfurl_id: 'U1', source: 'composer', unfurls: { [link]: preview } })],
    ['invalid_blocks', () => ({ channel: approvals, ts: message(), unfurls: { [link]: { blocks: [{ type: 'x' }] } } })],
  ];
  for (const [error, fields] of refusals) {
    it(`refuses a preview with ${error}`, async () => {
      expect((await unfurl(fields())).error).to.equal(error);
    });
  }

  it('are told of and previewed only with the rights for it', async () => {
    const { botScopes } = sandbox.slack.state.installation;
    const ts = message();
    await until(() => app.received.length === 1);
    botScopes.delete('links:write');
    expect(await unfurl({ channel: approvals, ts, unfurls: { [link]: preview } })).to.deep.include({
      error: 'missing_scope',
      needed: 'links:write',
    });
    botScopes.delete('links:read');
    message();
    expect(sandbox.slack.compose(clerk, link)).to.deep.equal([]);
    expect(app.received).to.have.length(1);
  });
});
