import { expect } from 'chai';
import type { FaultInput } from '../../../sandbox/intacct/index.ts';
import { all, only, request, results, TestGateway, type TestSession } from './gateway.ts';

const list = '<query><object>JOURNAL</object><select><field>SYMBOL</field></select></query>';

describe('sandbox intacct: faults', () => {
  let gateway: TestGateway;
  let session: TestSession;
  before(async () => {
    gateway = new TestGateway({}, 0);
    session = await gateway.session();
  });
  after(() => gateway.close());
  afterEach(() => gateway.site.clearFaults());

  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => false,
      () => true,
    );

  // kind -> status, content type, what the body says
  const answers: [FaultInput['kind'], number, RegExp, RegExp][] = [
    ['400', 400, /xml/, /<errorno>GW-0011</],
    ['401', 401, /xml/, /<errorno>XMLGW_JPP0002</],
    ['429', 429, /xml/, /<errorno>GW-0010</],
    ['500-xml', 500, /xml/, /<errorno>GW-0001</],
    ['503-xml', 503, /xml/, /<errorno>GW-0009</],
    ['503-html', 503, /html/, /<h1>Bad gateway/],
    ['524-html', 524, /html/, /A timeout occurred/],
    ['rate-limit-in-200', 200, /json/, /API rate limit exceeded/],
    ['offline-in-200', 200, /html/, /Temporarily Off-line/],
    ['truncated-xml', 200, /xml/, /^<\?xml (?![\s\S]*<\/response>)/],
    ['xml-bomb', 200, /xml/, /<!ENTITY lol9 "&lol8;/],
    ['external-entity', 200, /xml/, /SYSTEM "file:/],
    ['deep-nesting', 200, /xml/, /(<response>){1000}/],
  ];
  for (const [kind, status, type, text] of answers) {
    it(`answers ${kind}`, async () => {
      gateway.site.setFault({ kind });
      const answer = await session.send([list]);
      expect(answer.status).to.equal(status);
      expect(answer.type).to.match(type);
      expect(answer.text).to.match(text);
      if (/GW-|JPP/.test(answer.text)) expect(answer.text).not.to.match(/senderid|operation/);
    });
  }

  it('happens to requests that say something, after some and so many times', async () => {
    gateway.site.setFault({ kind: '503-xml', match: '<object>JOURNAL</object>', after: 1, times: 2 });
    const statuses: number[] = [];
    for (let time = 0; time < 4; time += 1) {
      statuses.push((await session.send([list])).status);
      expect((await session.send([list.replace('JOURNAL', 'VENDOR').replace('SYMBOL', 'NAME')])).status).to.equal(200);
    }
    expect(statuses).to.deep.equal([200, 503, 503, 200]);
  });

  it('puts any error at any of the three levels', async () => {
    const error = { kind: 'error', errorno: 'XX01', description2: 'Oh no', times: 1 } as const;
    gateway.site.setFault({ ...error, level: 'control' });
    const control = await session.call(list);
    expect([only(only(control, 'control'), 'status'), control.includes('<operation>')]).to.deep.equal([
      'failure',
      false,
    ]);
    gateway.site.setFault({ ...error, level: 'operation' });
    const operation = await session.call(list);
    expect([only(only(operation, 'authentication'), 'status'), operation.includes('<result>')]).to.deep.equal([
      'failure',
      false,
    ]);
    gateway.site.setFault({ ...error, level: 'result' });
    const { text } = await session.send([list, list]);
    expect(results(text)).to.deep.equal(['failure XX01', 'failure XX01']);
    for (const answer of [control, operation, text]) expect(all(answer, 'description2')[0]).to.match(/^Oh no/);
  });

  it('sends Latin-1 under a declaration of UTF-8', async () => {
    gateway.site.setFault({ kind: 'wrong-encoding' });
    const body = request(gateway.control(), `<sessionid>${session.id}</sessionid>`, [list]);
    const response = await fetch(session.endpoint, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/xml' },
    });
    const bytes = await response.arrayBuffer();
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).to.throw();
  });

  it('cuts bodies and connections', async () => {
    for (const kind of ['cut-body', 'drop-before', 'drop-after'] as const) {
      gateway.site.setFault({ kind, times: 1 });
      expect(await failure(session.send([list])), kind).to.equal(true);
    }
    expect((await session.send([list])).status).to.equal(200);
  });

  it('takes its time, or never answers, having done the work or not', async () => {
    gateway.site.setFault({ kind: 'slow', ms: 60, times: 1 });
    const start = performance.now();
    await session.send([list]);
    expect(performance.now() - start).to.be.greaterThan(50);
    const amara = await gateway.session('amara.okafor');
    for (const [kind, state] of [
      ['hang', 'S'],
      ['hang-after', 'C'],
    ] as const) {
      const bill = gateway.site.maker.bill({ state: 'A' });
      const { RECORDNO } = (await gateway.admin('/payments', { bill: bill.RECORDNO, method: 'EFT' })) as {
        RECORDNO: number;
      };
      gateway.site.setFault({ kind, match: 'approve_', times: 1 });
      const asked = `<approve_appaymentrequest><appaymentkeys><appaymentkey>${RECORDNO}</appaymentkey></appaymentkeys></approve_appaymentrequest>`;
      const body = request(gateway.control(), `<sessionid>${amara.id}</sessionid>`, [asked]);
      expect(await failure(gateway.post(body, amara.endpoint, AbortSignal.timeout(150))), kind).to.equal(true);
      expect(gateway.site.ledger.get('APPYMT', RECORDNO)?.STATE, kind).to.equal(state);
    }
  });

  it('sends a body of any size', async () => {
    gateway.site.setFault({ kind: 'oversized', bytes: 3_000_000 });
    const { text } = await session.send([list]);
    expect(text).to.have.length(3_000_000);
    expect(text).to.match(/^<\?xml .*\n<response> +<\/response>$/);
  });

  it('takes so many requests at once and no more', async () => {
    gateway.site.changeSettings({ concurrentRequests: 2 });
    gateway.site.setFault({ kind: 'slow', ms: 60 });
    const statuses = (await Promise.all(Array.from({ length: 4 }, () => session.send([list])))).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).to.deep.equal([200, 200, 429, 429]);
    gateway.site.clearFaults();
    expect((await session.send([list])).status).to.equal(200);
    gateway.site.changeSettings({ concurrentRequests: 6 });
  });

  it('is set, listed and cleared over the admin address', async () => {
    const fault = (await gateway.admin('/faults', { kind: '429', times: 1 })) as { id: string };
    expect(await gateway.admin('/faults')).to.have.length(1);
    expect(await gateway.admin('/faults', { kind: 'nonsense' })).to.have.property('error');
    expect(await gateway.admin(`/faults/${fault.id}`, undefined, 'DELETE')).to.equal(204);
    expect((await session.send([list])).status).to.equal(200);
  });
});
