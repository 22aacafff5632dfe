import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { TestClient, TestSite } from './site.ts';

interface Tokens {
  access_token: string;
  refresh_token?: string;
  expires_in: number;
  scope: string;
}

describe('sandbox acumatica: OAuth', () => {
  let test: TestSite;
  beforeEach(() => {
    test = new TestSite();
  });
  afterEach(() => test.close());

  const refresh = (token: string | undefined) =>
    test.token({ grant_type: 'refresh_token', refresh_token: token ?? '' });

  it('tells its endpoints below its own path', async () => {
    const answer = await test.call('/AcumaticaERP/identity/.well-known/openid-configuration');
    expect(answer.json()).to.include({ token_endpoint: `${test.root}/AcumaticaERP/identity/connect/token` });
  });

  it('grants by password, with a refresh token only for offline_access', async () => {
    const withOffline = (await test.passwordGrant()).json() as Tokens;
    const without = (await test.passwordGrant('countersign', 'api')).json() as Tokens;
    expect(withOffline).to.include({ expires_in: 3600, token_type: 'Bearer', scope: 'api offline_access' });
    expect(withOffline.refresh_token).to.be.a('string');
    expect(without).not.to.have.property('refresh_token');
  });

  it('refuses a wrong password, client, scope and grant type', async () => {
    const wrong = await test.token({ grant_type: 'password', username: 'countersign', password: 'no', scope: 'api' });
    expect([wrong.status, wrong.json()]).to.deep.include(400);
    expect(wrong.json()).to.include({ error: 'invalid_grant' });
    const client = await test.token({ grant_type: 'password', client_secret: 'no' });
    expect(client.json()).to.include({ error: 'invalid_client' });
    expect((await test.passwordGrant('countersign', 'everything')).json()).to.include({ error: 'invalid_scope' });
    const machine = await test.token({ grant_type: 'client_credentials', scope: 'api' });
    expect(machine.json()).to.include({ error: 'unsupported_grant_type' });
  });

  it('rotates refresh tokens, and one used twice kills the family', async () => {
    const first = (await test.passwordGrant()).json() as Tokens;
    const second = (await refresh(first.refresh_token)).json() as Tokens;
    expect(second.refresh_token).not.to.equal(first.refresh_token);
    expect((await refresh(first.refresh_token)).status).to.equal(400);
    expect((await refresh(second.refresh_token)).status).to.equal(400);
    const client = new TestClient(test, { Authorization: `Bearer ${second.access_token}` });
    expect((await client.get('Bill')).status).to.equal(401);
    expect(test.site.counters.tokens).to.deep.equal({ issued: 2, refreshed: 1, killedFamilies: 1 });
  });

  it('answers a dead refresh token in words that are no OAuth error, if told to', async () => {
    test.site.changeSettings({ deadRefreshBody: 'text' });
    const answer = await refresh('unknown');
    expect([answer.status, answer.text]).to.deep.equal([400, 'Bad Request']);
  });

  it('gives refresh tokens an end, and none where the application may have none', async () => {
    const tokens = (await test.passwordGrant()).json() as Tokens;
    test.pass(31 * 86_400_000);
    expect((await refresh(tokens.refresh_token)).status).to.equal(400);
    test.site.changeSettings({ refreshTokens: 'none' });
    expect((await test.passwordGrant()).json()).to.include({ error: 'invalid_scope' });
  });

  it('lets an access token end after its hour', async () => {
    const client = await test.client();
    expect((await client.get('Bill')).status).to.equal(200);
    test.pass(3_600_001);
    const answer = await client.get('Bill');
    expect([answer.status, answer.json()]).to.deep.equal([401, { message: 'You are not logged in.' }]);
  });

  describe('authorization code', () => {
    const verifier = 'a-verifier-of-some-forty-three-characters-here';
    const redirect_uri = 'http://localhost:9/callback';

    function authorize(changes: Record<string, string> = {}): URLSearchParams {
      return new URLSearchParams({
        response_type: 'code',
        client_id: test.site.describe().clientId,
        redirect_uri,
        scope: 'api offline_access openid',
        state: 'st&te',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...changes,
      });
    }
    const authorizePath = '/AcumaticaERP/identity/connect/authorize';
    const consent = (changes: Record<string, string>) =>
      test.call(authorizePath, { method: 'POST', body: authorize(changes) });

    async function code(): Promise<string> {
      const answer = await consent({ username: 'amara.okafor', password: 'sandbox-amara', decision: 'allow' });
      const back = new URL(answer.headers.get('location') ?? '');
      expect(back.searchParams.get('state')).to.equal('st&te');
      return back.searchParams.get('code') ?? '';
    }

    it('asks for consent on a page that cannot be written into', async () => {
      const answer = await test.call(`${authorizePath}?${authorize({ state: '"><script>alert(1)</script>' })}`);
      expect(answer.status).to.equal(200);
      expect(answer.text).to.include('Sign in and allow').and.not.include('<script>');
    });

    it('trades a code with its verifier once', async () => {
      const fields = { grant_type: 'authorization_code', code: await code(), redirect_uri, code_verifier: verifier };
      const answer = (await test.token(fields)).json() as Tokens;
      expect(answer).to.include.keys('access_token', 'refresh_token', 'id_token');
      const who = await test.call('/AcumaticaERP/identity/connect/userinfo', {
        headers: { Authorization: `Bearer ${answer.access_token}` },
      });
      expect(who.json()).to.include({ preferred_username: 'amara.okafor' });
      expect((await test.token(fields)).json()).to.include({ error: 'invalid_grant' });
    });

    it('refuses a wrong verifier, another redirect address and a foreign one', async () => {
      const fields = { grant_type: 'authorization_code', redirect_uri, code_verifier: 'wrong' };
      expect((await test.token({ ...fields, code: await code() })).json()).to.include({ error: 'invalid_grant' });
      const moved = { ...fields, code: await code(), code_verifier: verifier, redirect_uri: `${redirect_uri}/` };
      expect((await test.token(moved)).json()).to.include({ error: 'invalid_grant' });
      const foreign = await test.call(`${authorizePath}?${authorize({ redirect_uri: 'https://elsewhere.example/' })}`);
      expect(foreign.status).to.equal(400);
    });

    it('signs in any of its users by a button of their own', async () => {
      const asked = await test.call(`${authorizePath}?${authorize()}`);
      for (const { username } of test.site.describe().users)
        expect(asked.text).to.include(`name="as" value="${username}"`);
      const answer = await consent({ as: 'jonas.weber' });
      const granted = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
      const fields = { grant_type: 'authorization_code', code: granted, redirect_uri, code_verifier: verifier };
      const { access_token } = (await test.token(fields)).json() as Tokens;
      const headers = { Authorization: `Bearer ${access_token}` };
      expect((await test.call('/AcumaticaERP/identity/connect/userinfo', { headers })).json()).to.include({
        sub: 'jonas.weber',
      });
      expect((await consent({ as: 'nobody' })).text).to.include('Invalid credentials');
    });

    it('takes only the redirect addresses that are registered, to the letter', async () => {
      test.site.changeSettings({ redirectUris: [redirect_uri] });
      const status = async (changes: Record<string, string>) =>
        (await test.call(`${authorizePath}?${authorize(changes)}`)).status;
      expect(await status({})).to.equal(200);
      for (const other of [`${redirect_uri}/`, `${redirect_uri}?x=1`, redirect_uri.toUpperCase()])
        expect(await status({ redirect_uri: other })).to.equal(400);
    });

    it('tells the application on the way back what it may not ask for', async () => {
      const errorAfter = async (changes: Record<string, string>) => {
        const answer = await test.call(`${authorizePath}?${authorize(changes)}`);
        return new URL(answer.headers.get('location') ?? '').searchParams.get('error');
      };
      expect(await errorAfter({ scope: 'api everything' })).to.equal('invalid_scope');
      expect(await errorAfter({ response_type: 'token' })).to.equal('unsupported_response_type');
      expect(await errorAfter({ code_challenge_method: 'S512' })).to.equal('invalid_request');
      test.site.changeSettings({ refreshTokens: 'none' });
      expect(await errorAfter({})).to.equal('invalid_scope');
      test.site.changeSettings({ flows: ['password'] });
      expect(await errorAfter({ scope: 'api' })).to.equal('unauthorized_client');
    });

    it('has one flow for an application where the site is set so', async () => {
      test.site.changeSettings({ flows: ['code'] });
      expect((await test.passwordGrant()).json()).to.include({ error: 'unauthorized_client' });
    });

    it('says so when the person denies, and asks again after a wrong password', async () => {
      const denied = await consent({ decision: 'deny' });
      expect(denied.headers.get('location')).to.include('error=access_denied');
      const again = await consent({ username: 'amara.okafor', password: 'no', decision: 'allow' });
      expect([again.status, again.text.includes('Invalid credentials')]).to.deep.equal([200, true]);
    });
  });
});
