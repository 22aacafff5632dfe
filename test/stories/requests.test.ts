import { createHmac, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { expect } from 'chai';
import { onlyWhenAsked, ownLanesOnly, type Posted, postBill, timesAsked, toldTo } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { testServer } from '../support/server.ts';
import { waitUntil } from '../support/wait.ts';

const notOurs = 'does not belong to a card that this app knows';
const form = 'application/x-www-form-urlencoded';

describe('What reaches the app from outside', () => {
  let product: Product;
  let posted: Posted;
  /** A real click's payload, on a link, which does nothing. */
  let payload: Record<string, unknown> & { actions: Array<Record<string, unknown>>; team: { id: string } };
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      scenario: { slack: { limits: 'off' } },
    });
    posted = await postBill(product);
    await product.click(posted.card, 'open_in_erp', people.controller);
    const sent = new URLSearchParams(product.sandbox.slack.state.sentForms.last('block_actions')?.body);
    payload = JSON.parse(sent.get('payload') ?? '');
  });
  after(() => product?.stop());

  interface Sent {
    contentType?: string;
    ageSeconds?: number;
    secret?: string;
    headers?: Record<string, string>;
  }

  const headersFor = (
    body: string,
    { contentType = 'application/json', ageSeconds = 0, secret, headers }: Sent = {},
  ) => {
    const timestamp = String(Math.floor(Date.now() / 1_000) - ageSeconds);
    const key = secret ?? product.settings.slackSigningSecret;
    const signature = createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex');
    return {
      'content-type': contentType,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
      ...headers,
    };
  };
  /** On a connection of its own, since the app cuts one whose body it refuses to read. */
  const post = (body: string, headers: Record<string, string>) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const options = { method: 'POST', agent: false, headers };
      const outgoing = httpRequest(`${product.appUrl}/slack/events`, options, async (incoming) => {
        let text = '';
        for await (const chunk of incoming) text += chunk;
        resolve({ status: incoming.statusCode ?? 0, text });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  const send = (body: string, sent: Sent = {}) => post(body, headersFor(body, sent));
  const decisions = async () => Number((await product.database.db('decisions').count('* as n').first())?.n);

  /** The click with another action or ticket, signed as Slack would. */
  function sendClick(action: Record<string, unknown>, rest: Record<string, unknown> = {}) {
    const actions = [{ ...payload.actions[0], action_ts: `${Date.now()}.${Math.random()}`, ...action }];
    const body = new URLSearchParams({ payload: JSON.stringify({ ...payload, ...rest, actions }) }).toString();
    return send(body, { contentType: form });
  }

  const approval = () =>
    new URLSearchParams({
      payload: JSON.stringify({
        ...payload,
        actions: [{ ...payload.actions[0], action_id: 'decide_approve', value: ticketOf(posted) }],
      }),
    }).toString();
  const ticketOf = ({ card }: Posted) => /"value":"([^"]+)"/.exec(JSON.stringify(card.blocks))?.[1] ?? '';

  describe('is refused and does nothing', () => {
    const cases: Array<[string, () => Promise<{ status: number }>, number[]]> = [
      ['unsigned', () => send(approval(), { contentType: form, headers: { 'x-slack-signature': '' } }), [401]],
      [
        'without a time stamp',
        () => send(approval(), { contentType: form, headers: { 'x-slack-request-timestamp': '' } }),
        [401],
      ],
      ['signed with another secret', () => send(approval(), { contentType: form, secret: 'x'.repeat(32) }), [401]],
      ['six minutes old', () => send(approval(), { contentType: form, ageSeconds: 360 }), [401]],
      ['six minutes ahead', () => send(approval(), { contentType: form, ageSeconds: -360 }), [401]],
      [
        'with a time stamp that is none',
        () => send(approval(), { contentType: form, headers: { 'x-slack-request-timestamp': 'soon' } }),
        [401],
      ],
      [
        'with another body than was signed',
        () => {
          const body = approval();
          const headers = headersFor(body, { contentType: form });
          return post(`${body}&more=1`, headers);
        },
        [401],
      ],
      ['of a wrong content type', () => send(approval(), { contentType: 'text/plain' }), [400, 401, 415]],
      ['garbled JSON with a good signature', () => send('{"type":"event_callback",', {}), [400]],
      [
        'larger than a megabyte',
        () => send(`${approval()}&pad=${'x'.repeat(1_100_000)}`, { contentType: form }),
        [413],
      ],
    ];
    for (const [what, sending, statuses] of cases) {
      it(`when it is ${what}`, async () => {
        const before = await decisions();
        const response = await sending();
        expect(statuses).to.include(response.status);
        expect(await decisions()).to.equal(before);
      });
    }

    it('and a body that never ends is not read to its end', async () => {
      const headers = { ...headersFor('', { contentType: form }), 'transfer-encoding': 'chunked' };
      let sent = 0;
      const status = await new Promise<number>((resolve, reject) => {
        const outgoing = httpRequest(`${product.appUrl}/slack/events`, { method: 'POST', headers }, (incoming) => {
          incoming.resume();
          resolve(incoming.statusCode ?? 0);
          outgoing.destroy();
        });
        outgoing.on('error', (error: NodeJS.ErrnoException) =>
          ['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? resolve(413) : reject(error),
        );
        const chunk = 'x'.repeat(64 * 1024);
        const more = () => {
          if (outgoing.destroyed || sent > 200 * 1024 * 1024) return;
          sent += chunk.length;
          if (outgoing.write(chunk)) setImmediate(more);
          else outgoing.once('drain', more);
        };
        more();
      });
      expect(status).to.equal(413);
      expect(sent).to.be.lessThan(20 * 1024 * 1024);
    });
  });

  describe('is answered', () => {
    it('to Slack’s check of the certificate', async () => {
      expect((await post('ssl_check=1&token=t', { 'content-type': form })).status).to.equal(200);
    });

    it('to Slack’s challenge, when it is signed', async () => {
      const body = JSON.stringify({ type: 'url_verification', challenge: 'abc', token: 't' });
      const response = await send(body);
      expect(response.status).to.equal(200);
      expect(response.text).to.contain('abc');
      expect((await send(body, { secret: 'y'.repeat(32) })).status).to.equal(401);
    });

    it('to the news that events are held back', async () => {
      const team = payload.team.id;
      const news = { token: 't', type: 'app_rate_limited', team_id: team, minute_rate_limited: 1, api_app_id: 'A1' };
      expect((await send(JSON.stringify(news))).status).to.equal(200);
    });

    it('by its health, and by a plain line anywhere else', async () => {
      expect(await (await fetch(`${product.appUrl}/healthz`)).json()).to.deep.equal({ status: 'ok' });
      const ready = await fetch(`${product.appUrl}/readyz`);
      expect(ready.status).to.equal(200);
      expect(await ready.json()).to.deep.equal({ status: 'ready', missing: [] });
      for (const path of ['/nothing', '/slack/events', '/slack/oauth_redirect/more', '/%2e%2e/etc/passwd']) {
        expect((await fetch(`${product.appUrl}${path}`)).status).to.equal(404);
      }
      expect((await fetch(`${product.appUrl}/nothing`, { method: 'POST', body: 'x' })).status).to.equal(404);
    });
  });

  describe('is acknowledged, does nothing and is explained in private', () => {
    const other = randomUUID();
    const digest = randomUUID();
    const strangers = randomUUID();
    before(async () => {
      const { db } = product.database;
      const [here] = await db('installations').select('*');
      await db('installations').insert({ ...here, id: other, slack_key: 'T0OTHERWSP', team_id: 'T0OTHERWSP' });
      const { lane_id, route_id } = await db('cards').first('lane_id', 'route_id');
      const [lane] = await db('lanes').insert({ installation_id: other, channel: 'C0OTHER' }).returning('id');
      const document = await db('documents').first('id');
      await db('cards').insert([
        { key: strangers, lane_id: lane.id, route_id, document_id: document.id, state: 'posted', posted_version: 1 },
        { key: digest, lane_id, route_id, document_id: null, state: 'posted', posted_version: 1, message_id: '1.2' },
      ]);
    });

    const substance = () => ticketOf(posted).split('.')[1] ?? '';
    const cases: Array<[string, () => Record<string, unknown>]> = [
      ['a button of another version', () => ({ action_id: 'decide_everything', value: ticketOf(posted) })],
      ['an approval without a ticket', () => ({ action_id: 'decide_approve', value: undefined })],
      [
        'an approval with a ticket that is none',
        () => ({ action_id: 'decide_approve', value: `'; drop table cards; --` }),
      ],
      [
        'an approval of a card that never was',
        () => ({ action_id: 'decide_approve', value: `${randomUUID()}.${substance()}` }),
      ],
      [
        'an approval of another workspace’s card',
        () => ({ action_id: 'decide_approve', value: `${strangers}.${substance()}` }),
      ],
      ['an approval of a digest', () => ({ action_id: 'decide_approve', value: `${digest}.digest` })],
      ['an expansion of a single card', () => ({ action_id: 'digest_expand', value: ticketOf(posted) })],
      [
        'an expansion of another workspace’s card',
        () => ({ action_id: 'digest_expand', value: `${strangers}.digest` }),
      ],
    ];
    for (const [what, action] of cases) {
      it(`when it is ${what}`, async () => {
        const told = toldTo(product, people.controller).length;
        const stored = await decisions();
        const { response_url } = freshResponseUrl();
        const response = await sendClick({ type: 'button', ...action() }, { response_url });
        expect(response.status).to.equal(200);
        await waitUntil(() => toldTo(product, people.controller).length > told, { what: 'an explanation' });
        expect(toldTo(product, people.controller).at(-1)).to.contain(notOurs);
        expect(await decisions()).to.equal(stored);
        expect(timesAsked(product)).to.equal(0);
      });
    }

    /** Slack gives each click an address of its own to answer to. */
    function freshResponseUrl() {
      const key = product.sandbox.slack.state.tickets.issueResponse({
        user: people.controller,
        channel: posted.lane.channel,
        threadTs: null,
        messageTs: posted.card.ts,
        ephemeral: false,
      });
      return { response_url: `${product.sandbox.url}/actions/${payload.team.id}/${key}` };
    }

    it('or, from a workspace that has not installed the app, is not taken', async () => {
      const stored = await decisions();
      const team = { ...payload.team, id: 'T0STRANGER' };
      const response = await sendClick({ action_id: 'decide_approve', value: ticketOf(posted) }, { team });
      expect(response.status).to.be.within(400, 599);
      expect(await decisions()).to.equal(stored);
    });
  });

  describe('while the database is away', () => {
    it('is not acknowledged, and readiness says so; both come back by themselves', async () => {
      const server = await testServer();
      const name = new URL(product.database.url).pathname.slice(1);
      const readiness = () => fetch(`${product.appUrl}/readyz`);
      await server.admin(`alter database ${name} allow_connections false`);
      await server.admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
      try {
        const away = await waitUntil(
          async () => {
            const response = await readiness();
            return response.status === 503 ? response.json() : undefined;
          },
          { what: 'not ready' },
        );
        expect(away).to.deep.equal({ status: 'not ready', missing: ['The database does not answer.'] });
        expect((await fetch(`${product.appUrl}/healthz`)).status).to.equal(200);
        const clicked = await product.click(posted.card, 'decide_approve');
        expect(clicked.acked).to.equal(false);
      } finally {
        await server.admin(`alter database ${name} allow_connections true`);
      }
      await waitUntil(async () => (await readiness()).status === 200, { what: 'ready again' });
      const clicked = await waitUntil(
        async () => {
          const result = await product.click(posted.card, 'decide_approve');
          return result.acked ? result : undefined;
        },
        { what: 'a click that is acknowledged' },
      );
      expect(clicked.status).to.equal(200);
      await waitUntil(() => product.sandbox.acumatica.bill(posted.bill.ref)?.status === 'Balanced', {
        what: () => `the approval, once; the log says:\n${product.logLines.slice(-20).join('')}`,
        timeoutMs: 15_000,
      });
      expect(toldTo(product, people.director)).to.deep.equal([]);
    });
  });
});
