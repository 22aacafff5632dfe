import { createHash, createHmac, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { intacct } from '../../connectors/intacct/index.ts';
import { startBooks } from '../accounts/books.ts';
import { home, openHome, press } from '../home/homes.ts';
import { channels, type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

type Claims = Record<string, unknown>;
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const sha256 = (body: string) => createHash('sha256').update(body).digest('hex');
const nowS = () => Math.floor(Date.now() / 1_000);

/** A token as RFC 7515 makes it; `hash` of the HMAC, '' for none. */
function token(
  body: string,
  secret: string,
  { header = { alg: 'HS256', typ: 'JWT' } as Claims, claims = {} as Claims, hash = 'sha256' } = {},
): string {
  const signed = `${encode(header)}.${encode({ iat: nowS(), payload_signature: sha256(body), ...claims })}`;
  return `${signed}.${hash ? createHmac(hash, secret).update(signed).digest('base64url') : ''}`;
}

describe('Pushes that are signed', () => {
  let product: Product;
  let secret = '';
  let address = '';

  before(async () => {
    product = await startBooks();
    await db()('routes').insert({
      ...{ connection_id: product.connectionId, name: 'bills', position: 0, kind: 'bill', channel: channels.approvals },
      ...{ conditions: '{}', deciders: '[]', actions: [], burst: 20 },
    });
    await waitUntil(async () => (await feed()).last_read_at, { what: 'the first reading' });
    await openHome(product, people.admin, ({ text }) => text.includes('Administration'));
    await press(product, people.admin, 'home_administration');
    await home(product, people.admin, ({ text }) => text.includes('Recent audit'));
  });
  after(() => product?.stop());
  beforeEach(() => rested());

  const db = () => product.database.db;
  const site = () => product.sandbox.intacct;
  const feed = () => db()('feeds').where({ connection_id: product.connectionId }).first();
  const notices = async () => Number((await db()('pushes').count('* as n').first())?.n);
  /** As if nothing had been read of late: what is pushed then is read at once. */
  const rested = async () => {
    await waitUntil(async () => (await feed()).lease_owner === null, { what: 'quiet' });
    await db()('feeds').update({ last_started_at: null, asked_at: null, next_attempt_at: null });
  };
  const view = () => product.sandbox.slack.openViews(people.admin).at(-1);
  const text = () => JSON.stringify(view()?.definition.blocks ?? []);
  const typed = (label: string) =>
    new RegExp(`"${label}: "[^}]*}},\\{"type":"text","text":"([^"]+)"`).exec(text())?.[1] ?? '';

  const notice = (more: Claims = {}) =>
    JSON.stringify({ COMPANY: 'Treasury-sandbox', OBJECTNAME: 'APBILL', EVENT: 'after_update', VID: '1', ...more });
  function post(body: string, headers: Record<string, string> = {}, to = address) {
    return fetch(to, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-ia-sage-signature': token(body, secret), ...headers },
      body,
    });
  }

  it('are set up in Home with what the trigger’s form asks for; the secret is shown once', async () => {
    await press(product, people.admin, 'home_push');
    await waitUntil(() => text().includes('Take pushes'), { what: text });
    await product.sandbox.slack.click({ user: people.admin, viewId: view()?.id, actionId: 'push_renew' } as never);
    await waitUntil(() => text().includes('client secret below is shown this once'), { what: text });
    secret = typed('Client secret');
    address = typed('Target URL');
    expect(typed('Object')).to.equal('AP bill (APBILL)');
    expect(secret).to.match(/^[\w-]{43}$/);
    expect(address).to.equal(`${product.appUrl}/erp/push/${product.connectionId}?kind=bill`);
    expect((await db()('push_endpoints').first('secret')).secret).to.match(/^v1:/);
  });

  it('bring what a trigger tells at once: added, changed and removed', async () => {
    site().setTrigger({ name: 'Countersign bills', address, secret, objects: ['APBILL'] });
    const row = site().maker.bill({ state: 'S' });
    const reference = String(row.RECORDID);
    const card = await product.card(reference);
    await rested();
    site().hand.change('APBILL', Number(row.RECORDNO), { STATE: 'Declined' });
    expect((await product.card(reference, ({ text: said }) => said.includes('Declined'))).ts).to.equal(card.ts);
    site().hand.remove('APBILL', Number(row.RECORDNO));
    await waitUntil(async () => (await db()('documents').where({ reference }).first('gone_at')).gone_at, {
      what: 'the removal being seen',
    });
  });

  it('are stored before they are answered, and one delivery counts once, however often it comes', async () => {
    const body = notice();
    const headers = { 'x-idempotencykey': randomUUID() };
    const before = await notices();
    for (let tries = 0; tries < 3; tries += 1) expect((await post(body, headers)).status).to.equal(200);
    expect(await notices()).to.equal(before + 1);
    // The same change again is another delivery, whose text is the same.
    expect((await post(body, { 'x-idempotencykey': randomUUID() })).status).to.equal(200);
    expect(await notices()).to.equal(before + 2);
    await db().raw('alter table pushes rename to pushes_away');
    const lost = await post(body, { 'x-idempotencykey': randomUUID() });
    await db().raw('alter table pushes_away rename to pushes');
    expect(lost.status).to.equal(503);
  });

  it('of a simulator that sends each twice and after an error again, come to one reading', async () => {
    site().changeSettings({ webhookTwice: true, webhookRetryMs: [20, 20, 20] });
    await db().raw('alter table pushes rename to pushes_away');
    const row = site().maker.bill({ state: 'S' });
    await waitUntil(() => product.logLines.some((line) => line.includes('a push was not taken')), {
      what: 'a refusal',
    });
    await db().raw('alter table pushes_away rename to pushes');
    await product.card(String(row.RECORDID));
    site().changeSettings({ webhookTwice: false });
  });

  it('that come in a burst are read together: each reading is billed', async () => {
    await db()('feeds').update({ last_started_at: db().raw('clock_timestamp()') });
    for (let sent = 0; sent < 5; sent += 1)
      expect((await post(notice(), { 'x-idempotencykey': randomUUID() })).status).to.equal(200);
    const { rows } = await db().raw<{ rows: Array<{ wait: number }> }>(
      `select extract(epoch from run_at - clock_timestamp())::float as wait from graphile_worker.jobs where key like 'read-feed:%'`,
    );
    expect(rows).to.have.length(1);
    expect(rows[0]?.wait).to.be.within(5, 15);
  });

  describe('are refused, all alike, and change nothing,', () => {
    const refusals: Array<[why: string, headers: (body: string) => Record<string, string>]> = [
      ['without a signature', () => ({ 'x-ia-sage-signature': '' })],
      ['with what is no token', () => ({ 'x-ia-sage-signature': 'a.b' })],
      ['with a fourth part', (body) => ({ 'x-ia-sage-signature': `${token(body, secret)}.e30` })],
      ['signed with another secret', (body) => ({ 'x-ia-sage-signature': token(body, 'another') })],
      ['signed with no secret', (body) => ({ 'x-ia-sage-signature': token(body, '') })],
      [
        'with the algorithm none',
        (body) => ({ 'x-ia-sage-signature': token(body, secret, { header: { alg: 'none' }, hash: '' }) }),
      ],
      [
        'with none named, though signed',
        (body) => ({ 'x-ia-sage-signature': token(body, secret, { header: { alg: 'none' } }) }),
      ],
      [
        'with another HMAC',
        (body) => ({ 'x-ia-sage-signature': token(body, secret, { header: { alg: 'HS512' }, hash: 'sha512' }) }),
      ],
      [
        'with an algorithm that takes the secret for a public key',
        (body) => ({ 'x-ia-sage-signature': token(body, secret, { header: { alg: 'RS256' } }) }),
      ],
      [
        'with an extension that it calls critical',
        (body) => ({ 'x-ia-sage-signature': token(body, secret, { header: { alg: 'HS256', crit: ['b64'] } }) }),
      ],
      ['for another body', () => ({ 'x-ia-sage-signature': token(notice({ VID: '2' }), secret) })],
      [
        'for no body',
        (body) => ({ 'x-ia-sage-signature': token(body, secret, { claims: { payload_signature: undefined } }) }),
      ],
      ['once expired', (body) => ({ 'x-ia-sage-signature': token(body, secret, { claims: { exp: nowS() - 3_600 } }) })],
      [
        'before its time',
        (body) => ({ 'x-ia-sage-signature': token(body, secret, { claims: { nbf: nowS() + 3_600 } }) }),
      ],
      [
        'made two days ago',
        (body) => ({ 'x-ia-sage-signature': token(body, secret, { claims: { iat: nowS() - 172_800 } }) }),
      ],
      [
        'with its secret in the header that another ERP uses',
        () => ({ 'x-ia-sage-signature': '', 'x-countersign-push': secret }),
      ],
    ];
    for (const [why, headers] of refusals) {
      it(why, async () => {
        const before = await notices();
        const body = notice();
        const answer = await post(body, headers(body));
        expect([answer.status, await answer.text()]).to.deep.equal([
          401,
          'This address and its secret or signature do not belong together.',
        ]);
        expect(await notices()).to.equal(before);
      });
    }

    it('at the address of a connection that is none, in the same words', async () => {
      const elsewhere = address.replace(product.connectionId, randomUUID());
      const answer = await post(notice(), {}, elsewhere);
      expect([answer.status, await answer.text()]).to.deep.equal([
        401,
        'This address and its secret or signature do not belong together.',
      ]);
    });

    it('with a body beyond what is read, though it is signed', async () => {
      const before = await notices();
      const body = notice({ PADDING: 'x'.repeat(2_100_000) });
      const answer = await post(body).catch((error: Error) => error);
      // The answer may find the sender still writing.
      if (answer instanceof Response) expect(answer.status).to.equal(401);
      expect(await notices()).to.equal(before);
    });

    it('with a signature over bytes that are no text: the bytes count', async () => {
      const bytes = Buffer.concat([
        Buffer.from(notice().slice(0, -1)),
        Buffer.from([0x2c, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      ]);
      const answer = await fetch(address, {
        method: 'POST',
        headers: { 'x-ia-sage-signature': token(bytes.toString('utf8'), secret) },
        body: bytes,
      });
      expect(answer.status).to.equal(401);
    });
  });

  it('that are no notices are answered so, and one of another company is said in Home', async () => {
    for (const body of ['', '{', '[]', '{"hello":"you"}', '{"OBJECTNAME":""}'])
      expect((await post(body)).status, body).to.equal(400);
    expect((await post(notice({ COMPANY: 'Elsewhere' }))).status).to.equal(200);
    expect((await db()('push_endpoints').first('problem')).problem).to.contain('Elsewhere');
    expect((await post(notice({ COMPANY: 'TREASURY-SANDBOX' }))).status).to.equal(200);
    expect((await db()('push_endpoints').first('problem')).problem).to.equal(null);
  });

  it('take a clock that is some minutes off, and no secret into the log', async () => {
    const body = notice();
    const claims = { iat: nowS() + 120, exp: nowS() - 60 };
    expect((await post(body, { 'x-ia-sage-signature': token(body, secret, { claims }) })).status).to.equal(200);
    expect(product.logLines.join('')).to.not.contain(secret);
  });

  it('wake whatever their object is part of, and say only of its own kind what is gone', () => {
    const { push } = intacct;
    const read = (kind: 'bill' | 'payment', more: Claims) => push?.parse(notice(more), kind, {});
    expect(read('bill', { EVENT: 'after_delete', VID: 41 })).to.deep.include({ gone: ['41'], kinds: ['bill'] });
    expect(read('payment', { EVENT: 'after_delete' })).to.deep.include({ gone: [] });
    expect(read('payment', { OBJECTNAME: 'APPYMT' })?.kinds).to.include.members(['payment', 'exception']);
    expect(read('payment', { OBJECTNAME: 'GLBATCH' })?.kinds)
      .to.include('exception')
      .and.not.include('payment');
    expect(read('bill', { OBJECTNAME: 'UNHEARD_OF' })).to.deep.include({ kinds: [], gone: [] });
  });
});
