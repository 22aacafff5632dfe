import { expect } from 'chai';
import type { Sandbox } from '../../../sandbox/start.ts';
import { AppDouble, callApi, type Json, startQuietSandbox, until } from './support.ts';

const redirectUri = 'http://localhost:3999/slack/oauth_redirect';

describe('installing the app into the simulated Slack', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startQuietSandbox({ installedScopes: undefined });
  });
  afterEach(() => sandbox.stop());

  const client = () => {
    const { clientId, clientSecret } = sandbox.slack.describe();
    return { client_id: clientId, client_secret: clientSecret };
  };
  const ask = (more: Json = {}) =>
    new URLSearchParams({
      client_id: client().client_id,
      scope: 'chat:write,commands',
      redirect_uri: redirectUri,
      state: 's/1',
      ...more,
    });
  const decide = async (decision: string, more: Json = {}) => {
    const body = ask(more);
    body.set('decision', decision);
    const response = await fetch(`${sandbox.url}/oauth/v2/authorize`, { method: 'POST', body, redirect: 'manual' });
    return new URL(response.headers.get('location') ?? 'http://none');
  };
  const exchange = async (more: Json) =>
    (await callApi(sandbox, 'oauth.v2.access', { ...client(), redirect_uri: redirectUri, ...more }, '')).body;

  it('shows a page that says what is asked, with buttons to allow and cancel', async () => {
    const response = await fetch(`${sandbox.url}/oauth/v2/authorize?${ask({ state: '"><script>' })}`);
    const html = await response.text();
    expect(html).to.include('Send messages as the app').and.include('slash commands');
    expect(html)
      .to.match(/name="decision" value="allow"/)
      .and.match(/name="decision" value="cancel"/);
    expect(html).to.not.include('<script>');
  });

  it('gives a token for the code, which then works', async () => {
    const target = await decide('allow');
    expect(target.href).to.match(/^http:\/\/localhost:3999\/slack\/oauth_redirect\?code=/);
    expect(target.searchParams.get('state')).to.equal('s/1');
    const answer = await exchange({ code: target.searchParams.get('code') });
    expect(answer).to.deep.include({
      ok: true,
      token_type: 'bot',
      scope: 'chat:write,commands',
      bot_user_id: 'U0CNTRBOT7',
      team: { id: 'T0NORTHWND', name: 'Northwind Finance' },
      enterprise: null,
      is_enterprise_install: false,
      authed_user: { id: 'U0ADMIN006' },
    });
    const test = await callApi(sandbox, 'auth.test', {}, String(answer.access_token));
    expect(test.body).to.include({ ok: true, bot_id: 'B0CNTRSIGN' });
  });

  it('says so when the person cancels', async () => {
    const target = await decide('cancel');
    expect([...target.searchParams]).to.deep.equal([
      ['error', 'access_denied'],
      ['state', 's/1'],
    ]);
  });

  it('refuses what does not fit', async () => {
    const code = (await decide('allow')).searchParams.get('code');
    expect(await exchange({ code, client_id: 'x' })).to.deep.equal({ ok: false, error: 'invalid_client_id' });
    expect((await exchange({ code, client_secret: 'x' })).error).to.equal('bad_client_secret');
    expect((await exchange({ code: 'x' })).error).to.equal('invalid_code');
    expect((await exchange({ code, redirect_uri: 'http://localhost:3999/' })).error).to.equal('bad_redirect_uri');
    expect((await exchange({ code })).ok).to.equal(true);
    expect((await exchange({ code })).error).to.equal('code_already_used');
    const page = async (more: Json) => (await fetch(`${sandbox.url}/oauth/v2/authorize?${ask(more)}`)).status;
    expect(await page({ client_id: 'x' })).to.equal(400);
    expect(await page({ scope: 'chat:read' })).to.equal(400);
    expect(await page({ redirect_uri: 'http://elsewhere.example/' })).to.equal(400);
  });

  it('takes the client by HTTP Basic as well', async () => {
    const code = (await decide('allow')).searchParams.get('code') ?? '';
    const { client_id, client_secret } = client();
    const response = await fetch(`${sandbox.url}/api/oauth.v2.access`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}` },
      body: new URLSearchParams({ code, redirect_uri: redirectUri }),
    });
    expect(await response.json()).to.include({ ok: true });
  });

  it('adds scopes at a second installation and keeps the token', async () => {
    const install = async (scope: string) =>
      exchange({ code: (await decide('allow', { scope })).searchParams.get('code') });
    const first = await install('chat:write');
    const second = await install('users:read');
    expect(second).to.include({ access_token: first.access_token, scope: 'chat:write,users:read' });
  });

  it('ends everything at an uninstallation and tells the app, in the order asked for', async () => {
    const app = new AppDouble();
    await sandbox.slack.setRequestUrl(await app.start(), { verify: false });
    const types = () => app.received.map(({ body }) => JSON.parse(body).event.type);
    const token = sandbox.slack.install(['chat:write']);
    const { body } = await callApi(sandbox, 'apps.uninstall', client(), token);
    expect(body).to.deep.equal({ ok: true });
    await until(() => types().length === 2);
    expect(types()).to.deep.equal(['tokens_revoked', 'app_uninstalled']);
    expect((await callApi(sandbox, 'auth.test', {}, token)).body.error).to.equal('account_inactive');

    app.received.length = 0;
    sandbox.slack.install(['chat:write']);
    sandbox.slack.uninstall({ events: 'held' });
    sandbox.slack.install(['chat:write']);
    await sandbox.slack.state.events.release(['app_uninstalled', 'tokens_revoked']);
    expect(types()).to.deep.equal(['app_uninstalled', 'tokens_revoked']);
    sandbox.slack.uninstall({ first: 'app_uninstalled' });
    await until(() => types().length === 4);
    expect(types().slice(2)).to.deep.equal(['app_uninstalled', 'tokens_revoked']);
    await app.stop();
  });

  it('rotates tokens where that is switched on', async () => {
    await sandbox.stop();
    sandbox = await startQuietSandbox({ installedScopes: undefined, tokenRotation: true });
    const first = await exchange({ code: (await decide('allow')).searchParams.get('code') });
    expect(first).to.include({ expires_in: 43_200 });
    expect(first.access_token).to.match(/^xoxe\.xoxb-1-/);
    sandbox.slack.state.installation.expireTokens();
    const dead = await callApi(sandbox, 'auth.test', {}, String(first.access_token));
    expect(dead.body.error).to.equal('token_expired');
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const second = await exchange(refresh);
    expect((await callApi(sandbox, 'auth.test', {}, String(second.access_token))).body.ok).to.equal(true);
    expect((await exchange({ ...refresh, refresh_token: 'x' })).error).to.equal('invalid_refresh_token');
  });
});
