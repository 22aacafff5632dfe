import { expect } from 'chai';
import type { Sandbox } from '../../../sandbox/start.ts';
import { AppDouble, approvals, director, type Json, send, startQuietSandbox, until } from './support.ts';

const content = Buffer.from('%PDF-1.7 a small invoice');

describe('files in the simulated Slack', () => {
  const app = new AppDouble();
  let sandbox: Sandbox;
  let file: Json;
  before(async () => {
    const requestUrl = await app.start();
    sandbox = await startQuietSandbox({
      requestUrl,
      botEvents: ['app_mention'],
      installedScopes: ['chat:write', 'app_mentions:read', 'files:read'],
    });
    const { botUserId } = sandbox.slack.state.installation;
    await send(sandbox, '/client/messages', {
      user: director,
      channel: approvals,
      text: `<@${botUserId}> here`,
      files: [{ name: 'inv 1.pdf', mimetype: 'application/pdf', content: content.toString('base64') }],
    });
    await until(() => app.received.length === 1);
    file = JSON.parse(app.received[0]?.body ?? '{}').event.files[0];
  });
  after(async () => {
    await sandbox.stop();
    await app.stop();
  });

  const get = (address: unknown, token?: string) =>
    fetch(String(address), { redirect: 'manual', ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}) });
  const bot = () => sandbox.slack.describe().botToken ?? '';

  it('travel with the mention, as an object with the address of what is in them', () => {
    expect(file).to.deep.include({
      name: 'inv 1.pdf',
      mimetype: 'application/pdf',
      size: content.length,
      mode: 'hosted',
    });
    expect(String(file.url_private)).to.match(/\/files-pri\/T0NORTHWND-F\w+\/inv%201\.pdf$/);
  });

  it('are handed out for the bot’s token, at both addresses', async () => {
    for (const address of [file.url_private, file.url_private_download]) {
      const answer = await get(address, bot());
      expect(answer.status).to.equal(200);
      expect(Buffer.from(await answer.arrayBuffer()).equals(content)).to.equal(true);
    }
  });

  it('send whoever has no token or no right to the sign-in page', async () => {
    const { botScopes } = sandbox.slack.state.installation;
    expect((await get(file.url_private)).status).to.equal(302);
    expect((await get(file.url_private, 'xoxb-wrong')).status).to.equal(302);
    botScopes.delete('files:read');
    const answer = await get(file.url_private, bot());
    expect(answer.status).to.equal(302);
    const page = await get(answer.headers.get('location'));
    expect(page.status).to.equal(200);
    expect(page.headers.get('content-type')).to.contain('text/html');
    botScopes.add('files:read');
  });

  it('are not there under another name of theirs', async () => {
    expect((await get(String(file.url_private).replace(String(file.id), 'F0NOTHING0'), bot())).status).to.equal(404);
  });
});
