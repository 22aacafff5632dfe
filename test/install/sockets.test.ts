import { expect } from 'chai';
import { createLog } from '../../app/log.ts';
import { startWeb } from '../../app/web/server.ts';
import { type Product, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { open } from './browser-steps.ts';
import { socketMode } from './socket-mode.ts';

describe('Socket Mode', () => {
  let product: Product;
  before(async () => {
    product = await startProduct(socketMode);
  });
  after(() => product?.stop());

  const sockets = () => product.sandbox.slack.state.sockets;
  const bothOpen = () => waitUntil(() => sockets().connections === 2, { what: 'both sockets are open' });
  const newCard = async () => {
    const { ref } = product.sandbox.acumatica.addBill({ amount: '10.00', status: 'Pending Approval' });
    return { ref, card: await product.card(ref) };
  };
  const decisions = async () => Number((await product.database.db('decisions').count('* as n'))[0]?.n);

  it('keeps two sockets open and serves health and the installation over HTTP, but no events', async () => {
    await bothOpen();
    expect((await open(`${product.appUrl}/readyz`)).status).to.equal(200);
    expect((await open(`${product.appUrl}/slack/install`)).status).to.equal(200);
    const event = await fetch(`${product.appUrl}/slack/events`, { method: 'POST', body: '{}' });
    expect(event.status).to.equal(404);
  });

  for (const trouble of ['refresh', 'drop', 'freeze'] as const) {
    it(`opens new sockets after a ${trouble}, and goes on`, async () => {
      await bothOpen();
      const { card, ref } = await newCard();
      const { opened } = sockets();
      expect(sockets().trouble(trouble)).to.equal(2);
      await waitUntil(() => sockets().opened >= opened + 2, { what: 'two new sockets', timeoutMs: 18_000 });
      await bothOpen();
      expect(await product.click(card, 'decide_approve')).to.include({ acked: true });
      await waitUntil(() => product.sandbox.acumatica.bill(ref)?.status === 'Balanced', {
        what: 'the decision is done',
      });
    });
  }

  it('acknowledges no click that could not be stored', async () => {
    await bothOpen();
    const { card } = await newCard();
    const before = await decisions();
    await product.database.db.raw('alter table decisions rename to decisions_away');
    const clicked = await product.click(card, 'decide_approve');
    await product.database.db.raw('alter table decisions_away rename to decisions');
    expect(clicked).to.include({ acked: false, status: null });
    expect(await product.sandbox.slack.redeliver('block_actions')).to.have.nested.property('[0].acked', true);
    await product.sandbox.slack.redeliver('block_actions', 2);
    expect(await decisions()).to.equal(before + 1);
  });

  it('counts a click once that was stored when its socket broke before the answer', async () => {
    await bothOpen();
    const { card, ref } = await newCard();
    const before = await decisions();
    const lock = await product.database.db.transaction();
    await lock.raw('lock table decisions in exclusive mode');
    const clicked = product.click(card, 'decide_approve');
    await waitUntil(async () => (await lock.raw(`select 1 from pg_locks where not granted`)).rows.length > 0, {
      what: 'the listener waits for the database',
    });
    sockets().trouble('drop');
    expect(await clicked).to.include({ acked: false, failure: 'connection_failed' });
    await lock.commit();
    await waitUntil(async () => (await decisions()) === before + 1, { what: 'the click is stored' });
    await bothOpen();
    await product.sandbox.slack.redeliver('block_actions', 2);
    await waitUntil(() => product.sandbox.acumatica.bill(ref)?.status === 'Balanced', { what: 'the decision is done' });
    expect(await decisions()).to.equal(before + 1);
  });

  it('goes on after something that it cannot read', async () => {
    await bothOpen();
    const body = JSON.stringify({ type: 'app_rate_limited', team_id: 'T0NORTHWND', minute_rate_limited: 1 });
    const odd = [1, 2].map(() => sockets().send({ body, contentType: 'application/json' }));
    const { card } = await newCard();
    expect(await product.click(card, 'decide_approve')).to.include({ acked: true });
    expect(await Promise.all(odd)).to.have.nested.property('[0].acked', false);
    expect(sockets().connections).to.equal(2);
    expect(product.logLines.join('')).to.contain('a frame from Slack was not understood');
  });

  it('lets a second process hold sockets too, and closes them when it stops', async () => {
    await bothOpen();
    const quiet = createLog({ level: 'error', format: 'text', stream: process.stderr });
    const settings = { ...product.settings, publicUrl: undefined, port: 0 };
    const web = await startWeb(settings, product.database.url, quiet, { jobsRunning: () => true });
    try {
      await waitUntil(() => sockets().connections === 4, { what: 'four sockets' });
      const page = await open(`http://127.0.0.1:${web.port}/slack/install`);
      expect(page.status).to.equal(503);
      expect(page.html).to.contain('<code>PUBLIC_URL</code>');
    } finally {
      await web.stop();
    }
    await waitUntil(() => sockets().connections === 2, { what: 'its sockets are closed' });
  });

  it('says plainly that the token is wrong', async () => {
    const quiet = createLog({ level: 'error', format: 'text', stream: process.stderr });
    const settings = { ...product.settings, slackAppToken: 'xapp-1-wrong', port: 0 };
    const refusal = await startWeb(settings, product.database.url, quiet, { jobsRunning: () => true }).catch(
      (error) => error,
    );
    expect(refusal)
      .to.be.instanceOf(Error)
      .with.property('message')
      .that.matches(/^Slack does not accept SLACK_APP_TOKEN \(invalid_auth\)/);
  });
});
