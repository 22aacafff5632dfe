import { createHash, createHmac, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { intacct } from '../../connectors/intacct/index.ts';
import { startBooks } from '../accounts/books.ts';
import { home, openHome, press } from '../home/homes.ts';
import { openAdministration } from '../setup/forms.ts';
import { channels, type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

type Claims = Record<string, unknown>;
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const sha256 = (body: string) => createHash('sha256').update(body).digest('hex');
const nowS = () => Math.floor(Date.now() / 1_000);

/** A token as RFC 7515 makes it, with the claims that Sage documents; `hash` of the HMAC, '' for none. */
function token(
  body: string,
  secret: string,
  { header = { alg: 'HS256', typ: 'JWT' } as Claims, claims = {} as Claims, hash = 'sha256' } = {},
): string {
  const now = Date.now();
  const usual = { iat: now, exp: now + 3_600_000, iss: 'Sage Intacct', payload_signature: sha256(body) };
  const signed = `${encode(header)}.${encode({ ...usual, ...claims })}`;
  return `${signed}.${hash ? createHmac(hash, secret).update(signed).digest('base64url') : ''}`;
}

describe('Pushes that are signed', () => {
  let product: Product;
  const secret = 'the client secret of an app in the registry';
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

  const notice = (more: Claims = {}) => JSON.stringify({ key: '1', ...more });
  const context = (more: Claims = {}) =>
    Buffer.from(
      JSON.stringify({ COMPANY: '199056', OBJECTNAME: 'APBILL', EVENT: 'after_update', VID: '1', ...more }),
    ).toString('base64');
  function post(body: string, headers: Record<string, string> = {}, to = address) {
    return fetch(to, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', 'x-ia-sage-signature': token(body, secret) },
        ...{ 'x-clientcontext': context(), ...headers },
      },
      body,
    });
  }

  const saveSecret = (typedIn: string, user: string = people.admin) =>
    product.sandbox.slack.submitView(user, view()?.id ?? '', { 'push:secret': { push_secret: typedIn } });

  it('are set up in Home with what the trigger’s form asks for; the secret is Sage’s, typed in and never shown', async () => {
    await press(product, people.admin, 'home_push');
    await waitUntil(() => text().includes('Client secret'), { what: text });
    address = typed('URL');
    expect(typed('Object')).to.equal('AP bill (APBILL)');
    expect(typed('Trigger type')).to.contain('Use webhook delivery');
    expect(address).to.equal(`${product.appUrl}/erp/push/${product.connectionId}?kind=bill`);
    expect((await post(notice())).status).to.equal(401);
    await saveSecret(secret);
    await waitUntil(() => text().includes('No push has come yet'), { what: text });
    expect(text()).to.contain('One is stored').and.to.not.contain(secret);
    expect((await db()('push_endpoints').first('secret')).secret).to.match(/^v1:/);
    const events = JSON.stringify(await db()('audit_events').where('kind', 'like', 'connection.push%'));
    expect(events).to.contain('connection.push_added').and.to.not.contain(secret);
    expect((await post(notice())).status).to.equal(200);
  });

  it('bring what a trigger tells at once: added, changed and removed', async () => {
    site().setTrigger({ name: 'Countersign bills', address, secret, objects: ['APBILL'] });
    await rested();
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

  it('come as a token or in an envelope, under either name of the key, with either sort of stamps', async () => {
    for (const change of [
      { webhookSignature: 'envelope' as const },
      { webhookSignature: 'envelope' as const, webhookStamps: 'seconds' as const },
      { webhookKeyHeader: 'Idempotency-Key' as const, webhookStamps: 'seconds' as const },
    ]) {
      await rested();
      site().changeSettings({ webhookSignature: 'token', webhookStamps: 'milliseconds', ...change });
      await product.card(String(site().maker.bill({ state: 'S' }).RECORDID));
    }
    site().changeSettings({
      ...{ webhookSignature: 'token', webhookStamps: 'milliseconds', webhookKeyHeader: 'X-IdempotencyKey' },
    });
    const body = notice();
    const key = { 'idempotency-key': randomUUID() };
    const before = await notices();
    for (let tries = 0; tries < 2; tries += 1) expect((await post(body, key)).status).to.equal(200);
    expect(await notices()).to.equal(before + 1);
  });

  it('of a simulator that sends each twice and after an error again, come to one card', async () => {
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
    expect(rows[0]?.wait).to.be.within(40, 60);
  });

  describe('are refused, all alike, and change nothing,', () => {
    const signedWith = (claims: Claims) => (body: string) => ({
      'x-ia-sage-signature': token(body, secret, { claims }),
    });
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
      ['once expired', signedWith({ exp: Date.now() - 3_600_000 })],
      ['once expired, told in seconds', signedWith({ exp: nowS() - 3_600 })],
      ['without an end', signedWith({ exp: undefined })],
      ['of another issuer', signedWith({ iss: 'Somebody else' })],
      ['with another hash of the body', signedWith({ payload_signature_alg: 'MD5' })],
      [
        'in an envelope without a token',
        () => ({ 'x-ia-sage-signature': Buffer.from('{"jwtData":null}').toString('base64') }),
      ],
      [
        'before its time',
        (body) => ({ 'x-ia-sage-signature': token(body, secret, { claims: { nbf: nowS() + 3_600 } }) }),
      ],
      [
        'made in the future',
        (body) => ({ 'x-ia-sage-signature': token(body, secret, { claims: { iat: Date.now() + 3_600_000 } }) }),
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

  it('wake the reading whatever their template makes of the body, and whatever is told beside it', async () => {
    const contexts = ['', 'no base64!', Buffer.from('[]').toString('base64'), context({ OBJECTNAME: 7 })];
    for (const [index, body] of ['', '{', '[]', '<xml/>', 'Rechnung № 5'].entries()) {
      const headers = { 'x-clientcontext': contexts[index % contexts.length] ?? '', 'x-idempotencykey': randomUUID() };
      expect((await post(body, headers)).status, body).to.equal(200);
    }
    const kind = address.replace('kind=bill', 'kind=payslip');
    expect((await post(notice(), {}, kind)).status).to.equal(400);
  });

  it('take a clock that is some minutes off, and no secret into the log', async () => {
    const body = notice();
    const claims = { iat: Date.now() + 120_000, exp: nowS() - 60 };
    expect((await post(body, { 'x-ia-sage-signature': token(body, secret, { claims }) })).status).to.equal(200);
    expect(product.logLines.join('')).to.not.contain(secret);
  });

  it('are set up by administrators alone, with a secret that is one', async () => {
    const stored = (await db()('push_endpoints').first('secret')).secret;
    const short = await saveSecret('short');
    expect(Object.values(short.errors ?? {}).join()).to.contain('at least 8');
    const { id: installation_id } = await db()('installations').first('id');
    await db()('administrators').insert({ installation_id, person: people.director, named_by: people.admin });
    await openAdministration(product, people.director);
    await press(product, people.director, 'home_push');
    const formOf = () => product.sandbox.slack.openViews(people.director).at(-1);
    await waitUntil(() => JSON.stringify(formOf() ?? '').includes('push_secret'), { what: 'the form' });
    await db()('administrators').delete();
    const typedIn = { 'push:secret': { push_secret: 'a secret of somebody who may not' } };
    await product.sandbox.slack.submitView(people.director, formOf()?.id ?? '', typedIn);
    await waitUntil(() => JSON.stringify(formOf() ?? '').includes('Only administrators may do this'), {
      what: 'a refusal',
    });
    expect((await db()('push_endpoints').first('secret')).secret).to.equal(stored);
  });

  it('signed with the secret before are refused once another is typed in', async () => {
    await saveSecret('another client secret of the app');
    await waitUntil(async () => (await post(notice())).status === 401, { what: 'the old one being refused' });
    const body = notice();
    const signature = token(body, 'another client secret of the app');
    expect((await post(body, { 'x-ia-sage-signature': signature })).status).to.equal(200);
    await product.sandbox.slack.click({ user: people.admin, viewId: view()?.id, actionId: 'push_end' } as never);
    await waitUntil(() => text().includes('push_secret') && !text().includes('One is stored'), { what: text });
    expect((await post(body, { 'x-ia-sage-signature': signature })).status).to.equal(401);
  });

  it('wake whatever their object is part of, and say only of its own kind what is gone', () => {
    const { push } = intacct;
    const read = (kind: 'bill' | 'payment', more: Claims) =>
      push?.parse('{}', kind, { 'x-clientcontext': context(more) });
    expect(read('bill', { EVENT: 'after_delete', VID: 41 })).to.deep.include({ gone: ['41'], kinds: ['bill'] });
    expect(read('payment', { EVENT: 'after_delete' })).to.deep.include({ gone: [] });
    expect(read('payment', { OBJECTNAME: 'APPYMT' })?.kinds).to.include.members(['payment', 'exception']);
    expect(read('payment', { OBJECTNAME: 'GLBATCH' })?.kinds)
      .to.include('exception')
      .and.not.include('payment');
    expect(read('bill', { OBJECTNAME: 'UNHEARD_OF' })).to.deep.include({ kinds: [], gone: [] });
    expect(read('bill', { EVENT: 'after_delete', VID: '1 or 1=1' })).to.deep.include({ gone: [] });
  });
});
