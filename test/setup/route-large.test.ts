import { expect } from 'chai';
import { firstRead } from '../home/homes.ts';
import { channels, type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { RouteHand, startForRoutes } from './route-hand.ts';

const { director } = people;
const documents = 100_000;

/** Bills as the reading leaves them, spread over sixty days; every hundredth still waits. */
async function addDocuments(product: Product): Promise<void> {
  await product.database.db.raw(
    `insert into documents (connection_id, kind, key, reference, status, hash, substance, data, first_seen_at, modified_at)
     select ?, 'bill', 'Bill|' || n, lpad(n::text, 6, '0'), s.status, 'h' || n, 's' || n,
       jsonb_build_object('kind', 'bill', 'key', 'Bill|' || n, 'erpId', null, 'type', 'Bill', 'reference', lpad(n::text, 6, '0'),
         'status', s.status, 'phase', 'waiting', 'vendor', jsonb_build_object('code', 'V' || n % 5000, 'name', 'Vendor ' || n % 5000),
         'vendorReference', null, 'amount', jsonb_build_object('value', n || '.50', 'currency', 'GBP'), 'date', null, 'dueDate', null,
         'description', repeat('x', 200), 'terms', null, 'branch', 'B' || n % 3, 'lines', '[]'::jsonb, 'modifiedAt', null,
         'actions', case when n % 100 = 0 then '["approve", "reject"]'::jsonb else '[]'::jsonb end, 'link', 'https://erp.example.com/'),
       now() - n % 60 * interval '1 day', now() - n % 60 * interval '1 day'
     from generate_series(1, ${documents}) as n
     cross join lateral (select case when n % 100 = 0 then 'Pending Approval' else 'Open' end as status) s`,
    [product.connectionId],
  );
  await product.database.db.raw('analyze documents');
}

describe('the form for a route, with many documents', () => {
  let product: Product;
  let hand: RouteHand;
  before(async function () {
    this.timeout(60_000);
    product = await startForRoutes();
    await firstRead(product);
    await addDocuments(product);
    hand = new RouteHand(product);
  });
  after(() => product?.stop());
  const db = () => product.database.db;

  it('answers Slack in time, counts all of them, and says so when it has', async () => {
    await hand.open();
    const sent = await hand.submit({
      route_channel: channels.large,
      route_name: 'all',
      'route_people@route_people.0': [director],
    });
    expect(sent.acked).to.equal(true);
    expect(sent.ms).to.be.lessThan(3_000);
    await hand.says('Bills of the last 30 days that match: 5', 15_000);
    expect(hand.submitLabel).to.equal('Save');
    const [, matched] = /that match: (\d+)\./.exec(hand.text) ?? [];
    const { rows } = await db().raw(
      `select count(*)::int as count from documents where first_seen_at > now() - interval '30 days'`,
    );
    expect(Number(matched)).to.be.closeTo(rows[0].count, 5);
    expect(hand.text).to.contain(`Also post the ${documents / 100} that wait now`);
    expect(await hand.suggest('route_vendors', 'v4999')).to.deep.equal(['V4999', 'v4999']);
    expect(await hand.suggest('route_branches', '')).to.have.members(['B0', 'B1', 'B2']);
  });

  it('posts those that wait now as one digest, and nothing but them', async () => {
    await hand.submit({ route_catch_up: ['yes'] });
    await hand.says('What waits now comes, too.');
    const done = async () => (await db()('route_catch_ups').first()) === undefined;
    await waitUntil(done, { what: 'the catching up', timeoutMs: 15_000 });
    const cards = db()('cards').whereNotNull('document_id');
    expect(await cards).to.have.length(documents / 100);
    await waitUntil(
      () => product.sandbox.slack.messages(channels.large).find(({ text }) => text.includes('1000 bills')),
      { what: 'one digest of all' },
    );
    expect(product.sandbox.slack.messages(channels.large).length).to.be.lessThan(5);
    await hand.open();
    await hand.submit({ route_channel: channels.large, route_name: 'again', route_amount_at_least: '1' });
    await hand.says('are caught earlier by the route all', 30_000);
    expect(hand.text).to.not.contain('that wait now');
  });
});

describe('the form for a route while the database is slow', () => {
  let product: Product;
  let hand: RouteHand;
  before(async () => {
    product = await startForRoutes();
    await firstRead(product);
    hand = new RouteHand(product);
  });
  after(() => product?.stop());

  /** Holds a table, so that whoever reads it waits. */
  async function hold(table: string): Promise<() => Promise<void>> {
    const trx = await product.database.db.transaction();
    await trx.raw(`lock table ${table} in access exclusive mode`);
    return async () => void (await trx.rollback());
  }

  it('opens at once and fills in', async () => {
    await hand.administration();
    const release = await hold('routes');
    const found = product.sandbox.slack.home(hand.user);
    await product.sandbox.slack.click({ user: hand.user, viewId: found?.id, actionId: 'home_add_route' });
    await hand.says('The form is on its way', 3_000);
    await release();
    await hand.says('Which of them');
  });

  it('answers a submission in time, and says afterwards what is wrong or shows what would have matched', async () => {
    const release = await hold('documents');
    const sent = await hand.submit({ route_channel: channels.approvals, route_name: 'slow' });
    expect(sent).to.deep.include({ acked: true });
    expect(sent.ms).to.be.lessThan(3_000);
    expect(hand.text).to.contain('Counting what would have matched');
    expect(hand.value('route_name')).to.equal('slow');
    await release();
    await hand.says('What it would have meant');
    const again = await hold('connections');
    await hand.submit({ route_amount_at_least: 'a lot' });
    expect(hand.text).to.contain('Counting');
    await again();
    await hand.says('Nothing is saved yet. Write it like 25000');
    expect(hand.value('route_amount_at_least')).to.equal('a lot');
  });
});
