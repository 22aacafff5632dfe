import { WebClient } from '@slack/web-api';
import { expect } from 'chai';
import sinon from 'sinon';
import { install } from '../../demo/install.ts';
import { decisionsOn, onlyWhenAsked, ownLanesOnly, postBill } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { firstRead, home, homeNow, openHome, press } from './homes.ts';

describe('Publishing App Home', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      scenario: { slack: { limits: 'pace-only' } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
    await firstRead(product);
  });
  after(() => product?.stop());
  afterEach(() => {
    sinon.restore();
    product.sandbox.slack.clearFaults();
  });

  const { director, controller, clerk, buyer } = people;
  const row = (person: string) => product.database.db('home_views').where({ person }).first();
  const settled = (person: string) =>
    waitUntil(
      async () => {
        const found = await row(person);
        return found.wanted === found.published && found;
      },
      { what: `the Home of ${person} to be as wanted` },
    );
  const spyOnPublish = () => sinon.spy(product.sandbox.slack.state.views, 'publish');

  it('follows what changes elsewhere, many changes in one', async () => {
    await openHome(product, director);
    await settled(director);
    const publish = spyOnPublish();
    const began = Date.now();
    const posted = [];
    for (let count = 0; count < 4; count += 1)
      posted.push(await postBill(product, {}, { deciders: [{ user: director }] }));
    await home(product, director, ({ text }) => text.includes('Waiting for you: 4'));
    await settled(director);
    const most = 2 + Math.floor((Date.now() - began) / 1_000);
    expect(publish.callCount).to.be.at.least(1).and.at.most(Math.min(4, most));
    for (const { bill, card } of posted) {
      await product.click(card, 'decide_approve');
      await decisionsOn(product, bill);
    }
    await home(product, director, ({ text }) => text.includes('Nothing waits for you'));
  });

  it('is not done again where a change makes no difference to what a person sees', async () => {
    const deciders = [{ user: director }, { user: clerk, upTo: { value: '1', currency: 'GBP' } }];
    const first = await postBill(product, {}, { deciders });
    await openHome(product, director, ({ text }) => text.includes(first.bill.ref));
    expect((await openHome(product, clerk)).text).to.contain('Nothing waits for you');
    const { wanted } = await settled(clerk);
    const publish = spyOnPublish();
    await press(product, director, 'home_approve', first.bill.ref);
    await decisionsOn(product, first.bill);
    await home(product, director, ({ text }) => text.includes(`Approved: Bill ${first.bill.ref}`));
    await waitUntil(async () => Number((await row(clerk)).wanted) > Number(wanted), { what: 'news for the clerk' });
    await settled(clerk);
    expect(publish.getCalls().filter(({ args }) => args[0] === clerk)).to.have.length(0);
  });

  it('reads anew and publishes again when something else was published meanwhile', async () => {
    await openHome(product, director);
    const token = product.sandbox.slack.describe().botToken ?? '';
    const client = new WebClient(token, { slackApiUrl: `${product.sandbox.url}/api/` });
    const other = { type: 'home' as const, blocks: [{ type: 'divider' as const }] };
    await client.views.publish({ user_id: director, view: other });
    const before = product.sandbox.slack.counters.errorsByCode.hash_conflict ?? 0;
    const found = await openHome(product, director);
    expect(found.text).to.contain('Nothing waits for you');
    expect(product.sandbox.slack.counters.errorsByCode.hash_conflict).to.equal(before + 1);
    await settled(director);
    expect((await row(director)).view_hash).to.equal(homeNow(product, director)?.hash);
  });

  it('waits as long as Slack asks, and says so to no one', async () => {
    await openHome(product, controller);
    await settled(controller);
    product.sandbox.slack.setFault({ kind: 'rate_limited', method: 'views.publish', times: 1, retryAfter: 1 });
    const began = Date.now();
    await openHome(product, controller);
    expect(Date.now() - began).to.be.at.least(1_000);
    expect((await settled(controller)).last_error).to.equal(null);
  });

  it('ends well when Slack’s answer is lost after it was published', async () => {
    product.sandbox.slack.setFault({ kind: 'drop_after_done', method: 'views.publish', times: 1 });
    await openHome(product, controller);
    const found = await settled(controller);
    expect(found.view_hash).to.equal(homeNow(product, controller)?.hash);
  });

  it('puts a plain line there when Slack refuses the layout', async () => {
    product.sandbox.slack.setFault({ kind: 'error', method: 'views.publish', error: 'invalid_arguments', times: 1 });
    const found = await openHome(product, controller);
    expect(found.text).to.contain('Slack refused what should stand here');
    expect((await openHome(product, controller)).text).to.contain('Nothing waits for you');
  });

  it('is given up where the Home tab is switched off, until it is opened again', async () => {
    product.sandbox.slack.setFault({ kind: 'error', method: 'views.publish', error: 'not_enabled' });
    product.sandbox.slack.openHome(controller);
    const given = await waitUntil(
      async () => {
        const found = await row(controller);
        return found.last_error && found.wanted === found.published && found;
      },
      { what: 'a Home that is given up' },
    );
    expect(given.last_error).to.contain('Home tab is switched off').and.contain('Switch it on');
    product.sandbox.slack.clearFaults();
    await openHome(product, controller);
    expect((await settled(controller)).last_error).to.equal(null);
  });

  it('acknowledges clicks and openings without waiting for Slack', async () => {
    const { bill } = await postBill(product, {}, { deciders: [{ user: controller }] });
    await openHome(product, controller, ({ text }) => text.includes(bill.ref));
    product.sandbox.slack.setFault({ kind: 'slow', method: 'views.publish', ms: 4_000, times: 1 });
    const clicked = await press(product, controller, 'home_approve', bill.ref);
    expect(clicked).to.include({ acked: true });
    expect(clicked.ms).to.be.lessThan(3_000);
    await decisionsOn(product, bill);
    await home(product, controller, ({ text }) => text.includes(`Approved: Bill ${bill.ref}`));
  });

  it('starts afresh after the app was taken out and installed again', async () => {
    await openHome(product, buyer);
    await settled(buyer);
    product.sandbox.slack.uninstall();
    const { db } = product.database;
    const state = async () => (await db('installations').first('state')).state;
    await waitUntil(async () => (await state()) === 'uninstalled', { what: 'the end of the installation' });
    expect(homeNow(product, buyer)).to.equal(undefined);
    await install(product.appUrl);
    expect((await openHome(product, buyer)).text).to.contain('Nothing waits for you');
  });
});

describe('App Home with 50 connections, 200 routes and 500 documents', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      scenario: { slack: { limits: 'pace-only' } },
    });
    await fill(product);
  });
  after(() => product?.stop());
  const { admin } = people;

  it('is published whatever there is', async () => {
    const found = await openHome(product, admin, ({ text }) => text.includes('Waiting for you: 500'));
    expect(found.text).to.contain('1–8 of 500').and.contain('B-0000').and.not.contain('B-0008');
    expect(found.text).to.contain('Decisions (500)');
  });

  it('leads through all of what waits, page by page, and back', async () => {
    await openHome(product, admin);
    await press(product, admin, 'home_next');
    const second = await home(product, admin, ({ text }) => text.includes('9–16 of 500'));
    expect(second.text).to.contain('B-0008').and.not.contain('B-0000');
    await press(product, admin, 'home_previous');
    await home(product, admin, ({ text }) => text.includes('1–8 of 500'));
    const { db } = product.database;
    await db('home_views')
      .where({ person: admin })
      .update({ pages: JSON.stringify({ waiting: 62 }) });
    const last = await openHome(product, admin, ({ text }) => text.includes('497–500 of 500'));
    expect(last.text).to.contain('B-0499');
    await db('documents').where('reference', '>=', 'B-0490').update({ gone_at: new Date() });
    const shorter = await openHome(product, admin, ({ text }) => text.includes('489–490 of 490'));
    expect(shorter.text).to.contain('B-0489');
  });

  it('leads through connections and routes, those in trouble first', async () => {
    await openHome(product, admin);
    await press(product, admin, 'home_administration');
    const found = await home(product, admin, ({ text }) => text.includes('Connections: 50'));
    expect(found.text).to.contain('Routes: 200').and.contain('1–6 of 50').and.contain('1–8 of 200');
    expect(found.text.indexOf('company 37')).to.be.lessThan(found.text.indexOf('company 01'));
    expect(found.text).to.contain('1 connection has stopped');
    await press(product, admin, 'home_next', 'Routes');
    await home(product, admin, ({ text }) => text.includes('9–16 of 200') && text.includes('1–6 of 50'));
    await press(product, admin, 'home_next', 'Connections');
    await home(product, admin, ({ text }) => text.includes('9–16 of 200') && text.includes('7–12 of 50'));
    expect(homeNow(product, admin)?.blocks.length).to.be.at.most(100);
  });
});

/** 49 more connections, 199 more routes, 500 documents that wait for the administrator. */
async function fill({ database, connectionId }: Product): Promise<void> {
  const { db } = database;
  await db.raw(
    `insert into connections (id, installation_id, name, connector, settings, secret, status, problem)
     select gen_random_uuid(), installation_id, 'company ' || lpad(n::text, 2, '0'), connector, settings, secret,
       case when n = 37 then 'broken' else 'active' end, case when n = 37 then 'Not reached.' end
     from connections, generate_series(1, 49) n where id = :connectionId`,
    { connectionId },
  );
  await db.raw(
    `insert into routes (connection_id, name, position, kind, channel, deciders, conditions)
     select c.id, 'route ' || n, n, 'bill', 'C0APAPPROV', :deciders, '{"vendors": ["NOBODY"]}'
     from (select id, row_number() over (order by name) as number from connections) c, generate_series(1, 4) n
     where (c.number, n) <> (1, 1)`,
    { deciders: JSON.stringify([{ user: people.admin }]) },
  );
  const document = {
    ...{ kind: 'bill', erpId: null, type: 'Bill', status: 'Pending Approval', phase: 'waiting', vendorReference: null },
    ...{ vendor: { code: 'V1', name: 'Ashworth & Sons' }, amount: { value: '1000.00', currency: 'GBP' }, lines: [] },
    ...{
      date: '2026-11-01',
      description: 'Paper',
      terms: null,
      branch: null,
      modifiedAt: null,
      actions: ['approve', 'reject'],
    },
    ...{ dueDate: '2027-01-01', link: 'https://erp.example/bill' },
  };
  await db.raw(
    `with lane as (
       insert into lanes (installation_id, channel, next_attempt_at) select installation_id, 'C0LATER', 'infinity' from connections
       where id = :connectionId returning id
     ), filled as (
       insert into documents (connection_id, kind, key, reference, status, hash, substance, data)
       select (select id from connections order by name limit 1 offset n % 50), 'bill', 'k' || n, 'B-' || lpad(n::text, 4, '0'),
         'Pending Approval', 'h', 's', :document::jsonb || jsonb_build_object('key', 'k' || n, 'reference', 'B-' || lpad(n::text, 4, '0'),
         'dueDate', (date '2027-01-01' + n)::text)
       from generate_series(0, 499) n returning id, connection_id
     )
     insert into cards (lane_id, route_id, document_id)
     select lane.id, (select r.id from routes r where r.connection_id = f.connection_id and r.deciders @> :me::jsonb order by r.id limit 1), f.id
     from filled f, lane`,
    { connectionId, document: JSON.stringify(document), me: JSON.stringify([{ user: people.admin }]) },
  );
}
