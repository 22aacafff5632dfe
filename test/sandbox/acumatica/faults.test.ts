import { expect } from 'chai';
import type { FaultInput } from '../../../sandbox/acumatica/index.ts';
import { type TestClient, TestSite } from './site.ts';

describe('sandbox acumatica: faults', () => {
  let test: TestSite;
  let client: TestClient;
  beforeEach(async () => {
    test = new TestSite();
    client = await test.client();
    test.site.addBill({ ref: '000871' });
  });
  afterEach(() => test.close());

  async function failure(promise: Promise<unknown>): Promise<boolean> {
    return promise.then(
      () => false,
      () => true,
    );
  }

  const answers: [FaultInput['kind'], number, RegExp, RegExp][] = [
    ['401', 401, /json/, /^\{"message":"You are not logged in."\}$/],
    ['403', 403, /json/, /insufficient rights/],
    ['404-version', 404, /json/, /No HTTP resource/],
    ['429-text', 429, /^text\/plain$/, /^The custom error module does not recognize this error\.$/],
    ['429-login-limit', 429, /json/, /API Login Limit/],
    ['500-html', 500, /html/, /Server Error/],
    ['500-json', 500, /json/, /"exceptionType"/],
    ['302-error-page', 302, /./, /./],
    ['redirect-elsewhere', 302, /./, /elsewhere\.example/],
    ['truncated-json', 200, /json/, /^\[\{"id"/],
  ];
  for (const [kind, status, type, text] of answers) {
    it(`answers ${kind}`, async () => {
      test.site.setFault({ kind });
      const answer = await client.get('Bill');
      expect(answer.status).to.equal(status);
      expect(answer.headers.get('content-type')).to.match(type);
      expect(answer.text).to.match(text);
      if (kind === 'truncated-json') expect(answer.json).to.throw();
    });
  }

  for (const [body, type, text] of [
    ['html', /html/, /<h2>/],
    ['empty', /text/, /^$/],
  ] as const)
    it(`words 401, 403 and 404 otherwise by setting (${body})`, async () => {
      test.site.changeSettings({ unauthorizedBody: body, forbiddenBody: body, notFoundBody: body });
      for (const [kind, status] of [
        ['401', 401],
        ['403', 403],
        ['404-version', 404],
      ] as const) {
        test.site.clearFaults();
        test.site.setFault({ kind });
        const answer = await client.get('Bill');
        expect(answer.status).to.equal(status);
        expect(answer.headers.get('content-type')).to.match(type);
        expect(answer.text).to.match(text);
        expect(answer.headers.has('www-authenticate')).to.equal(status === 401);
      }
    });

  it('limits come as a 500 in JSON and with Retry-After by setting', async () => {
    test.site.changeSettings({ limitBody: 'json', limitStatus: 500, retryAfterSeconds: 7, apiUsers: 1 });
    await client.get('Bill');
    const other = await test.client();
    const answer = await other.get('Bill');
    expect(answer.status).to.equal(500);
    expect(answer.text).to.contain('API Login Limit');
    expect(answer.headers.get('retry-after')).to.equal('7');
  });

  it('happens for requests that match, after some and so many times', async () => {
    test.site.setFault({ kind: '500-json', match: { method: 'GET', path: '/Bill' }, after: 1, times: 2 });
    const statuses: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      statuses.push((await client.get('Bill')).status);
      expect((await client.get('Vendor?$top=1')).status).to.equal(200);
    }
    expect(statuses).to.deep.equal([200, 500, 500, 200, 200]);
  });

  it('ends the connection before anything is done', async () => {
    test.site.setFault({ kind: 'drop-before', match: { method: 'POST' } });
    expect(await failure(client.act('Approve', '000871'))).to.equal(true);
    expect(test.site.bill('000871')?.status).to.equal('Pending Approval');
  });

  it('loses the answer to what it did', async () => {
    test.site.setFault({ kind: 'drop-after', match: { method: 'POST' } });
    expect(await failure(client.act('Approve', '000871'))).to.equal(true);
    expect(test.site.bill('000871')?.status).to.equal('Balanced');
  });

  it('cuts a body off', async () => {
    test.site.setFault({ kind: 'cut-body' });
    expect(await failure(client.get('Bill'))).to.equal(true);
  });

  it('says 204 and does nothing', async () => {
    test.site.setFault({ kind: 'nothing-done', match: { method: 'POST' } });
    expect((await client.act('Approve', '000871')).status).to.equal(204);
    expect(test.site.bill('000871')?.status).to.equal('Pending Approval');
  });

  for (const kind of ['hang', 'hang-after'] as const) {
    it(`never answers (${kind}), and stops all the same`, async () => {
      test.site.setFault({ kind, match: { method: 'POST' } });
      const pending = client.act('Approve', '000871', undefined, AbortSignal.timeout(150));
      expect(await failure(pending)).to.equal(true);
      expect(test.site.bill('000871')?.status).to.equal(kind === 'hang' ? 'Pending Approval' : 'Balanced');
    });
  }

  it('takes its time', async () => {
    test.site.setFault({ kind: 'slow', ms: 80 });
    const start = performance.now();
    expect((await client.get('Bill')).status).to.equal(200);
    expect(performance.now() - start).to.be.greaterThan(70);
  });

  it('sends a body that is too large', async () => {
    test.site.setFault({ kind: 'oversized', bytes: 3_000_000 });
    expect((await client.get('Bill')).text).to.have.length(3_000_000);
  });

  it('is set, listed and cleared over the admin address', async () => {
    const set = await test.admin('/faults', { kind: '403', times: 1 });
    expect(set.status).to.equal(201);
    expect((await test.admin('/faults')).json()).to.have.length(1);
    expect((await test.admin('/faults', { kind: 'nonsense' })).status).to.equal(400);
    await test.admin('/faults', undefined, 'DELETE');
    expect((await client.get('Bill')).status).to.equal(200);
  });
});
