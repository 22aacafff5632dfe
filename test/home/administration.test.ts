import { expect } from 'chai';
import { addBill, decisionsOn, onlyWhenAsked, ownLane, ownLanesOnly, postBill } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { buttonsIn, firstRead, forge, home, homeNow, openHome, press } from './homes.ts';

describe('App Home, for administrators', () => {
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

  const db = () => product.database.db;
  const { admin, buyer, controller, director } = people;
  const installation = async () => (await db()('installations').first('id')).id as string;
  const connectionStatus = async () => (await db()('connections').where({ id: product.connectionId }).first()).status;

  async function openAdministration(user = admin) {
    await openHome(product, user, ({ text }) => text.includes('Administration'));
    await press(product, user, 'home_administration');
    return home(product, user, ({ text }) => text.includes('Recent audit'));
  }

  it('says at a glance that all is well, and shows connections, routes and the recent audit', async () => {
    await ownLane(product, { conditions: { amountAtLeast: '25000', currency: 'GBP', statuses: ['Pending Approval'] } });
    const first = await openHome(product, admin, ({ text }) => text.includes('Administration'));
    expect(first.text).to.contain('All is well: 1 connection').and.contain('Nothing waits for you');
    const found = await openAdministration();
    expect(found.text).to.contain('treasury').and.contain('Acumatica').and.contain('next ');
    expect(found.text).to.contain('Bills of £25,000.00 or more').and.contain('that are Pending Approval');
    expect(found.text).to.contain('decided by').and.contain(director).and.contain('The app was installed');
  });

  it('shows nothing of it to others, and does nothing when they forge a click', async () => {
    const found = await openHome(product, buyer);
    expect(found.text).to.not.contain('Administration').and.not.contain('All is well');
    expect(buttonsIn(found)).to.deep.equal([]);
    await forge(product, buyer, 'home_administration', 'administration');
    await home(product, buyer, ({ hash }) => hash !== found.hash);
    for (const [action, value] of [
      ['home_pause', product.connectionId],
      ['home_replay_all', 'all'],
    ] as const) {
      const before = homeNow(product, buyer)?.hash;
      expect(await forge(product, buyer, action, value)).to.include({ acked: true, status: 200 });
      const told = await home(
        product,
        buyer,
        ({ hash, text }) => hash !== before && text.includes('Only administrators may do this'),
      );
      expect(told.text).to.not.contain('Recent audit');
      expect(await connectionStatus()).to.equal('active');
    }
    const refused = await db()('audit_events').where({ kind: 'administration.refused', actor: buyer });
    expect(refused).to.have.length(2);
  });

  it('is taken away as soon as somebody is no administrator any more', async () => {
    const row = { installation_id: await installation(), person: controller, named_by: admin };
    await db()('administrators').insert(row);
    await openAdministration(controller);
    await db()('administrators').where({ person: controller }).delete();
    await press(product, controller, 'home_pause');
    const found = await home(product, controller, ({ text }) => text.includes('Only administrators may do this'));
    expect(found.text).to.not.contain('Recent audit').and.not.contain('Administration');
    expect(await connectionStatus()).to.equal('active');
  });

  it('pauses and resumes a connection, and tells those whose decisions wait there', async () => {
    const { bill } = await postBill(product, {}, { deciders: [{ user: director }] });
    await openHome(product, director, ({ text }) => text.includes(bill.ref));
    await openAdministration();
    await press(product, admin, 'home_pause');
    const paused = await home(product, admin, ({ text }) => text.includes('“treasury” is paused'));
    expect(buttonsIn(paused)).to.include('home_resume').and.not.include('home_pause');
    expect(paused.text).to.contain('1 connection is paused');
    await home(product, director, ({ text }) => text.includes('The connection “treasury” is paused'));
    await press(product, admin, 'home_resume');
    await home(product, admin, ({ text }) => text.includes('goes on from where it was'));
    expect(await connectionStatus()).to.equal('active');
    await home(product, director, ({ text }) => !text.includes('is paused'));
    const kinds = await db()('audit_events').whereLike('kind', 'connection.%').where({ actor: admin }).pluck('kind');
    expect(kinds).to.deep.equal(['connection.paused', 'connection.resumed']);
    await press(product, director, 'home_approve', bill.ref);
    await decisionsOn(product, bill);
  });

  it('says of a connection that stopped what is wrong and what to do', async () => {
    await db()('connections').where({ id: product.connectionId }).update({
      status: 'broken',
      problem: 'Acumatica refuses the user’s name or password.',
      problem_field: 'login',
      problem_since: new Date(),
    });
    const found = await openAdministration();
    expect(found.text).to.contain('1 connection has stopped').and.contain('refuses the user’s name or password');
    expect(found.text).to.contain('Check user name, password').and.contain('nothing is lost meanwhile');
    await db()('connections').where({ id: product.connectionId }).update({ status: 'active', problem: null });
  });

  it('brings a dead card back once its cause is mended', async () => {
    const lane = await ownLane(product);
    product.sandbox.slack.setArchived(lane.channel, true);
    const bill = addBill(product, lane);
    await openAdministration();
    await product.readNow();
    const stuck = await home(product, admin, ({ text }) => text.includes('Stuck: 1 card'));
    expect(stuck.text).to.contain('1 card could not be delivered').and.contain('The channel is archived');
    product.sandbox.slack.setArchived(lane.channel, false);
    await press(product, admin, 'home_replay', 'Stuck');
    await home(product, admin, ({ text }) => text.includes('1 card is being tried again') && !text.includes('Stuck'));
    await product.card(bill.ref, () => true, { channel: lane.channel });
    await openHome(product, admin, ({ text }) => text.includes('All is well'));
  });

  it('opens a dead decision again, and it is carried out once', async () => {
    const { bill, card } = await postBill(product);
    const { db: table } = product.database;
    await table('connections').where({ id: product.connectionId }).update({ status: 'paused' });
    await product.click(card, 'decide_approve');
    await decisionsOn(product, bill);
    await table('connections').where({ id: product.connectionId }).update({ status: 'active' });
    await table('decisions as x')
      .whereIn('document_id', table('documents').where({ reference: bill.ref }).select('id'))
      .update({ state: 'dead', outcome: 'gave_up', message: 'Given up after many tries.' });
    const stuck = await openAdministration();
    expect(stuck.text).to.contain('Stuck: 1 decision').and.contain(`To approve Bill ${bill.ref}`);
    const clicked = await press(product, admin, 'home_replay', bill.ref);
    expect(clicked.acked).to.equal(true);
    await product.sandbox.slack.redeliver('block_actions', 2);
    await waitUntil(() => product.sandbox.acumatica.bill(bill.ref)?.status === 'Balanced', { what: 'Balanced' });
    expect(await decisionsOn(product, bill)).to.have.length(1);
    await openHome(product, admin, ({ text }) => text.includes('All is well'));
  });

  it('does nothing for a connection or a channel of another workspace', async () => {
    const other = '7d444840-9dc0-11d1-b245-5ffdce74fad2';
    await db()('installations').insert({ id: other, slack_key: 'T0OTHER', name: 'Other', secret: 'none' });
    const [lane] = await db()('lanes').insert({ installation_id: other, channel: 'C0OTHER' }).returning('id');
    const values = { ...{ name: 'elsewhere', connector: 'acumatica' }, settings: '{}', secret: 'none' };
    await db()('connections').insert({ id: other, installation_id: other, ...values });
    await openAdministration();
    for (const [action, value] of [
      ['home_pause', other],
      ['home_replay', `lane.${lane.id}`],
      ['home_replay', `lane.1; drop table lanes`],
    ] as const) {
      const before = homeNow(product, admin)?.hash;
      await forge(product, admin, action, value);
      await home(product, admin, ({ hash, text }) => hash !== before && text.includes('That is not there any more'));
    }
    expect((await db()('connections').where({ id: other }).first()).status).to.equal('active');
    expect(homeNow(product, admin)?.text).to.not.contain('elsewhere');
  });
});
