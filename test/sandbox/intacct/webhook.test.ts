import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { waitUntil } from '../../support/wait.ts';
import { TestGateway } from './gateway.ts';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

const secret = 'client-secret';
const contextOf = (headers: IncomingHttpHeaders) =>
  JSON.parse(Buffer.from(String(headers['x-clientcontext']), 'base64').toString()) as Record<string, string>;

describe('sandbox intacct: webhooks', () => {
  let gateway: TestGateway;
  const received: Received[] = [];
  let statuses: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  before(() => {
    server.listen(0);
  });
  after(() => server.close());
  beforeEach(() => {
    received.length = 0;
    statuses = [];
    gateway = new TestGateway({ webhookRetryMs: [5, 10, 15] }, 0);
    const address = `http://localhost:${(server.address() as AddressInfo).port}/hook`;
    gateway.site.setTrigger({ name: 'payments', address, secret, objects: ['APBILL'] });
  });
  afterEach(() => gateway.close());

  const arrived = (count: number) => waitUntil(() => received.length >= count, { what: `${count} deliveries` });

  it('are signed with a JWT that vouches for the body', async () => {
    const bill = gateway.site.hand.add('APBILL', { RECORDID: 'B', STATE: 'Submitted' });
    await arrived(1);
    const [{ headers, body }] = received as [Received];
    expect(JSON.parse(body)).to.deep.equal({ key: String(bill.RECORDNO) });
    expect(contextOf(headers)).to.deep.include({
      COMPANY: '199056',
      OBJECTNAME: 'APBILL',
      RESTOBJECTNAME: 'accounts-payable/bill',
      EVENT: 'after_create',
      VID: String(bill.RECORDNO),
    });
    const [head = '', claims = '', signed = ''] = String(headers['x-ia-sage-signature']).split('.');
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).to.include({ alg: 'HS256' });
    expect(createHmac('sha256', secret).update(`${head}.${claims}`).digest('base64url')).to.equal(signed);
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).to.include({
      ...{ iss: 'Sage Intacct', payload_signature_alg: 'SHA-256' },
      payload_signature: createHash('sha256').update(body).digest('hex'),
    });
    expect(headers['x-idempotencykey']).to.match(/^[0-9a-f-]{36}$/);
  });

  it('come for changes and removals, and only for the objects of the trigger', async () => {
    const { RECORDNO } = gateway.site.hand.add('APBILL', { RECORDID: 'B', STATE: 'Submitted' });
    gateway.site.hand.add('VENDOR', { VENDORID: 'V', NAME: 'V' });
    gateway.site.hand.change('APBILL', RECORDNO, { STATE: 'Posted' });
    gateway.site.hand.remove('APBILL', RECORDNO);
    await arrived(3);
    const events = received.map(({ headers }) => contextOf(headers).EVENT);
    expect(events.sort()).to.deep.equal(['after_create', 'after_delete', 'after_update']);
  });

  const givenUp = () =>
    waitUntil(async () => ((await gateway.admin('/webhooks')) as { failed: unknown[] }).failed.length === 1, {
      what: 'a delivery that is given up',
    });

  it('are tried four times on 408, 429 and 5xx, with one idempotency key', async () => {
    statuses = [408, 429, 503, 500, 200];
    gateway.site.hand.add('APBILL', { RECORDID: 'B', STATE: 'Submitted' });
    await givenUp();
    expect(received).to.have.length(4);
    expect(new Set(received.map(({ headers }) => headers['x-idempotencykey'])).size).to.equal(1);
  });

  it('are given up at once on any other refusal', async () => {
    statuses = [400];
    gateway.site.hand.add('APBILL', { RECORDID: 'B', STATE: 'Submitted' });
    await givenUp();
    expect(received).to.have.length(1);
  });

  it('may come twice', async () => {
    gateway.site.changeSettings({ webhookTwice: true });
    gateway.site.hand.add('APBILL', { RECORDID: 'B', STATE: 'Submitted' });
    await arrived(2);
    expect(new Set(received.map(({ headers }) => headers['x-idempotencykey'])).size).to.equal(1);
  });

  it('tell nothing of what a transaction took back', async () => {
    const { ledger } = gateway.site;
    ledger.begin();
    ledger.add('APBILL', { RECORDID: 'B', STATE: 'S' }, { userId: 'x', source: 'api' });
    ledger.rollBack();
    const { RECORDNO } = gateway.site.hand.add('APBILL', { RECORDID: 'C', STATE: 'Submitted' });
    await arrived(1);
    expect(received.map(({ headers }) => contextOf(headers).VID)).to.deep.equal([String(RECORDNO)]);
  });
});
