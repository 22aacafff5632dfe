import { expect } from 'chai';
import { onlyWhenAsked, postBill } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { ask, readingIsDone } from './support.ts';

describe('the command status', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ cadence: onlyWhenAsked });
    await readingIsDone(product);
    await postBill(product);
  });
  after(() => product.stop());

  it('says at first glance that all is well', async () => {
    await waitUntil(async () => (await product.database.db('feeds').first('last_read_at')).last_read_at, {
      what: 'the feed is read',
    });
    const { text, ms } = await ask(product, 'status');
    expect(text).to.match(/^All is well\.\n✅ treasury \(Acumatica\): read \d+ s ago, next in /);
    expect(ms).to.be.lessThan(3_000);
  });

  it('of one connection says each feed’s cadence and times', async () => {
    const { text } = await ask(product, 'status Treasury');
    expect(text).to.match(
      /^✅ treasury \(Acumatica\): read .*\nBills: read \d+ s ago, next in .* \(cadence 0 0 1 1 \*\)(\n\d+ requests? in the last minute.*)?$/,
    );
  });

  it('of a connection that is not there says what to type, in one line', async () => {
    const { text } = await ask(product, 'status tresury');
    expect(text).to.equal('There is no connection “tresury”. Type /erp status treasury.');
    expect((await ask(product, 'status xyz')).text).to.equal(
      'There is no connection “xyz”. Type /erp status CONNECTION; there is: treasury.',
    );
  });

  it('tells administrators what is wrong and what to do, and others only that something is', async () => {
    const { db } = product.database;
    const { bill, lane } = await postBill(product);
    await db('connections').update({ status: 'broken', problem: 'Login <b> refused.', problem_since: db.fn.now() });
    await db('cards')
      .whereIn('document_id', db('documents').select('id').where({ reference: bill.ref }))
      .update({ state: 'dead', dead_reason: 'The channel is archived.' });
    const admin = await ask(product, 'status');
    expect(admin.text).to.match(
      /^2 things need a look\.\n⛔ treasury \(Acumatica\): stopped \d+ s ago: Login &lt;b&gt; refused/,
    );
    expect(admin.text).to.contain(`1 in <#${lane.channel}>: The channel is archived.`);
    expect(admin.text).to.contain('To try them again: /erp replay dead');
    const other = await ask(product, 'status', people.buyer);
    expect(other.text).to.contain('2 things need a look.').and.to.contain('2 cards could not be posted');
    expect(other.text).to.not.contain('refused').and.not.contain(lane.channel).and.not.contain('replay');
    await db('connections').update({ status: 'active', problem: null, problem_since: null });
    await db('cards').where({ state: 'dead' }).update({ state: 'posted', dead_reason: null });
  });

  it('says nothing of other installations', async () => {
    const { db } = product.database;
    const row = await db('installations').first();
    const other = { ...row, id: '00000000-0000-4000-8000-000000000001', slack_key: 'T0OTHER', name: 'Other' };
    await db('installations').insert(other);
    const { id, ...connection } = await db('connections').first();
    await db('connections').insert({
      ...connection,
      id: other.id,
      installation_id: other.id,
      name: 'foreign',
      status: 'broken',
    });
    const { text } = await ask(product, 'status');
    expect(text).to.contain('treasury').and.not.contain('foreign');
    expect(text).to.match(/^All is well/);
    expect((await ask(product, 'status foreign')).text).to.contain('There is no connection “foreign”');
    await db('connections').where({ id: other.id }).delete();
  });

  it('is acknowledged within three seconds while PostgreSQL is slow, and answered when it is ready', async () => {
    const { db } = product.database;
    await ask(product, 'help');
    const lock = await db.transaction();
    await lock.raw('lock table feeds in access exclusive mode');
    const asked = ask(product, 'status');
    await waitUntil(
      () => product.sandbox.slack.messages('C0APAPPROV').some((message) => message.text === 'Looking …'),
      { what: 'the acknowledgement' },
    );
    await lock.rollback();
    const { text, first, ms } = await asked;
    expect(first).to.equal('Looking …');
    expect(ms).to.be.lessThan(3_000);
    expect(text).to.match(/^All is well/);
  });

  it('is acknowledged within three seconds while Slack is slow to say who is an admin', async () => {
    product.sandbox.slack.setFault({ kind: 'slow', method: 'users.info', ms: 2_500, times: 1 });
    const { first, ms, text } = await ask(product, 'status', people.controller);
    expect(first).to.equal('Looking …');
    expect(ms).to.be.lessThan(3_000);
    expect(text).to.match(/^All is well/);
  });

  it('whose answer Slack did not take is sent once more', async () => {
    const { slack } = product.sandbox;
    slack.setFault({ kind: 'slow', method: 'users.info', ms: 2_000, times: 1 });
    slack.setFault({ kind: 'http_500', method: 'response_url', times: 1 });
    const { text } = await ask(product, 'status', people.clerk);
    expect(text).to.match(/^All is well/);
  });

  it('says that it did not work where the database fails', async () => {
    const { db } = product.database;
    await db.raw('alter table feeds rename to feeds_away');
    const { text } = await ask(product, 'status');
    await db.raw('alter table feeds_away rename to feeds');
    expect(text).to.equal('That did not work just now. Try again in a minute; asking twice does no harm.');
  });
});
