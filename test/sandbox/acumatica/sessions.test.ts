import { request } from 'node:http';
import { expect } from 'chai';
import { exceptionOf, TestClient, TestSite } from './site.ts';

describe('sandbox acumatica: sessions and licence', () => {
  let test: TestSite;
  beforeEach(() => {
    test = new TestSite();
  });
  afterEach(() => test.close());

  const login = (fields: Record<string, string>) =>
    test.call('/AcumaticaERP/entity/auth/login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'countersign', password: 'sandbox-service', ...fields }),
    });
  const logout = (headers: Record<string, string>) =>
    test.call('/AcumaticaERP/entity/auth/logout', { method: 'POST', headers });

  async function cookieClient(): Promise<{ client: TestClient; Cookie: string }> {
    const lines = (await login({ tenant: 'TREASURY' })).headers.getSetCookie();
    const Cookie = [...new Set(lines)].map((line) => line.split(';')[0]).join('; ');
    return { client: new TestClient(test, { Cookie }), Cookie };
  }

  it('signs in by cookie and out again', async () => {
    const { client, Cookie } = await cookieClient();
    expect((await client.get('Bill')).status).to.equal(200);
    expect(test.site.counters.sessions.open).to.equal(1);
    expect((await logout({ Cookie })).status).to.equal(204);
    expect((await client.get('Bill')).status).to.equal(401);
    expect(test.site.counters.sessions.open).to.equal(0);
  });

  it('needs both cookies, and says most of them twice', async () => {
    const answer = await login({});
    const lines = answer.headers.getSetCookie();
    expect(lines.filter((line) => line.startsWith('.ASPXAUTH='))).to.have.length(2);
    const one = lines.find((line) => line.startsWith('ASP.NET_SessionId='))?.split(';')[0] ?? '';
    expect((await new TestClient(test, { Cookie: one }).get('Bill')).status).to.equal(401);
  });

  it('answers a wrong password and an unknown tenant with 500', async () => {
    const wrong = await login({ password: 'no' });
    expect([wrong.status, exceptionOf(wrong)]).to.deep.equal([500, 'Error: Invalid credentials. Please try again.']);
    const lost = await login({ tenant: 'NOWHERE' });
    expect(lost.json()).to.include({ exceptionType: 'PX.Data.PXUndefinedCompanyException' });
    test.site.changeSettings({ singleTenant: true });
    expect((await login({ company: 'NOWHERE' })).status).to.equal(204);
  });

  it('refuses a logout that does not tell its length', async () => {
    const status = await new Promise((resolve, reject) => {
      const path = '/AcumaticaERP/entity/auth/logout';
      const headers = { 'Transfer-Encoding': 'chunked' };
      const sent = request({ host: 'localhost', port: test.port, method: 'POST', path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.once('error', reject).end();
    });
    expect(status).to.equal(411);
  });

  it('keeps one seat for a grant over its refreshes, until its token ends', async () => {
    const tokens = (await test.passwordGrant()).json() as { access_token: string; refresh_token: string };
    const first = new TestClient(test, { Authorization: `Bearer ${tokens.access_token}` });
    await first.get('Bill');
    const fields = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    const next = (await test.token(fields)).json() as { access_token: string };
    await new TestClient(test, { Authorization: `Bearer ${next.access_token}` }).get('Bill');
    expect(test.site.counters.sessions).to.include({ open: 1, opened: 1 });
    test.pass(3_600_001);
    expect(test.site.counters.sessions).to.include({ open: 0, closed: 1 });
  });

  it('opens a seat per call for concurrent access without its cookie', async () => {
    const client = await test.client('countersign', 'api api:concurrent_access');
    const answer = await client.get('Bill');
    const Cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    await client.send('GET', 'Bill', undefined, { Cookie });
    expect(test.site.counters.sessions.open).to.equal(1);
    await client.get('Bill');
    expect(test.site.counters.sessions.open).to.equal(2);
  });

  it('declines sessions over the seats, in either form, until one is given back', async () => {
    test.site.changeSettings({ apiUsers: 1 });
    const { Cookie } = await cookieClient();
    const client = await test.client();
    const text = await client.get('Bill');
    expect([text.status, text.headers.get('content-type')]).to.deep.equal([429, 'text/plain']);
    expect(text.text).to.equal('The custom error module does not recognize this error.');
    test.site.changeSettings({ limitBody: 'json' });
    expect(exceptionOf(await login({}))).to.equal('API Login Limit');
    await logout({ Cookie });
    expect((await client.get('Bill')).status).to.equal(200);
  });

  it('closes the session of a token at logout, and opens another with the next call', async () => {
    const { access_token } = (await test.passwordGrant()).json() as { access_token: string };
    const headers = { Authorization: `Bearer ${access_token}` };
    await new TestClient(test, headers).get('Bill');
    await logout(headers);
    expect(test.site.counters.sessions.open).to.equal(0);
    expect((await new TestClient(test, headers).get('Bill')).status).to.equal(200);
  });

  it('slows down from half of the minute on: remaining time over remaining requests', async () => {
    test.site.changeSettings({ requestsPerMinute: 8, minuteMs: 600 });
    const client = await test.client();
    const times: number[] = [];
    for (let index = 0; index < 6; index += 1) {
      const start = performance.now();
      await client.get('Vendor?$top=1');
      times.push(performance.now() - start);
    }
    expect(test.site.counters.licence).to.include({ delayed: 2, declined: 0 });
    expect((times[4] ?? 0) + (times[5] ?? 0)).to.be.greaterThan(150);
  });

  it('queues requests over the concurrent ones and declines only a long queue', async () => {
    test.site.changeSettings({ concurrentRequests: 1, queueLength: 2, requestsPerMinute: 2, minuteMs: 300 });
    const client = await test.client();
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => client.get('Vendor?$top=1')));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).to.deep.equal([200, 200, 200, 429, 429]);
  });

  it('tells a user without rights to the screen so', async () => {
    const client = await test.client('warehouse');
    expect((await client.get('Bill')).status).to.equal(403);
  });
});
