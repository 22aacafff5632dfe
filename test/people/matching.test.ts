import { expect } from 'chai';
import { slackUserOf } from '../../app/people/find.ts';
import { wantMatching } from '../../app/people/run.ts';
import { home, openHome, press } from '../home/homes.ts';
import { onlyWhenAsked, ownLanesOnly } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

describe('matching the people of an ERP', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      people: true,
      credentials: { page_size: 5 },
      scenario: { slack: { limits: 'pace-only' } },
    });
    await matched();
  });
  after(() => product?.stop());

  const db = () => product.database.db;
  const staff = () => product.sandbox.acumatica.people;
  const roster = () => product.sandbox.slack.state.roster;
  const run = () => db()('people_runs').where({ connection_id: product.connectionId }).first();
  const person = (key: string) => db()('people').where({ connection_id: product.connectionId, key }).first();
  const matchedBy = async (key: string) => {
    const { slack_user, matched_by, unmatched } = await person(key);
    return [slack_user, matched_by, unmatched];
  };

  /** Until a matching that began after this moment is over. */
  async function matched(since = new Date(0)): Promise<void> {
    const done = async () => {
      const row = await run();
      return row?.matched_at > since && row.lease_owner === null;
    };
    await waitUntil(done, { what: () => `the matching; the log says:\n${product.logLines.slice(-20).join('')}` });
  }
  async function matchAgain(): Promise<void> {
    const { rows } = await db().raw('select clock_timestamp() as now');
    await wantMatching(db(), product.connectionId);
    await matched(rows[0].now);
  }

  it('happens by itself once a connection is there, and finds employees by e-mail whatever its letters', async () => {
    expect(await matchedBy('EP00000001')).to.deep.equal([people.director, 'email', null]);
    expect(await matchedBy('EP00000002')).to.deep.equal([people.controller, 'email', null]);
    expect(await matchedBy('EP00000005')).to.deep.equal([null, null, 'nobody']);
    expect(await matchedBy('EP00000007')).to.deep.equal([null, null, 'no_email']);
    expect(await db()('people').where({ sort: 'contact' })).to.have.length(12);
  });

  it('is said in Home for each connection, and recorded without an address', async () => {
    await openHome(product, people.admin, ({ text }) => text.includes('Administration'));
    await press(product, people.admin, 'home_administration');
    await home(product, people.admin, ({ text }) => text.includes('People: 4 matched, 3 not'));
    const [event] = await db()('audit_events').where({ kind: 'connection.people_matched' });
    expect(event.data).to.deep.equal({ byEmail: 4, byHand: 0, unmatched: 3, changed: 4 });
    expect(JSON.stringify(await db()('audit_events'))).to.not.contain('@');
    expect(product.logLines.join('')).to.not.contain('northwind.example');
  });

  it('asks Slack for the whole workspace once, not for each person', async () => {
    const counted = ['users.list', 'users.lookupByEmail'].map((method) =>
      product.sandbox.slack.setFault({ kind: 'slow', method, ms: 1 }),
    );
    await matchAgain();
    expect(counted.map(({ hits }) => hits)).to.deep.equal([1, 0]);
    product.sandbox.slack.clearFaults();
  });

  it('changes nothing when it is done again, and records nothing then', async () => {
    const before = await db()('people').orderBy('id').select('id', 'slack_user', 'version', 'unmatched');
    await matchAgain();
    expect(await db()('people').orderBy('id').select('id', 'slack_user', 'version', 'unmatched')).to.deep.equal(before);
    expect(await db()('audit_events').where({ kind: 'connection.people_matched' })).to.have.length(1);
  });

  it('never takes a guest, a bot, somebody who left or somebody of another company', async () => {
    const added = [
      { name: 'guest', guest: 'multi' as const },
      { name: 'robot', isBot: true },
      { name: 'left', deleted: true },
      { name: 'partner', externalTeam: 'T0PARTNER' },
    ].map((given) => roster().addUser(given));
    const codes = added.map(({ name, email }) => staff().addEmployee({ name, email }).code);
    await matchAgain();
    for (const code of codes) expect(await matchedBy(code)).to.deep.equal([null, null, 'nobody'], code);
    for (const { id } of added) roster().users.delete(id);
    for (const code of codes) staff().removeEmployee(code);
  });

  it('leaves alone what was set by hand, somebody as well as nobody', async () => {
    const hand = { matched_by: 'hand', set_by: people.admin, unmatched: null };
    await db()('people')
      .where({ key: 'EP00000001' })
      .update({ ...hand, slack_user: people.buyer });
    await db()('people')
      .where({ key: 'EP00000002' })
      .update({ ...hand, slack_user: null });
    await matchAgain();
    expect(await matchedBy('EP00000001')).to.deep.equal([people.buyer, 'hand', null]);
    expect(await matchedBy('EP00000002')).to.deep.equal([null, 'hand', null]);
    await db()('people').whereIn('key', ['EP00000001', 'EP00000002']).update({ matched_by: null, slack_user: null });
    await matchAgain();
    expect(await matchedBy('EP00000001')).to.deep.equal([people.director, 'email', null]);
  });

  it('matches nobody by an address that two employees or two accounts have, and says so', async () => {
    const { code } = staff().addEmployee({ name: 'Second Jonas', email: 'JONAS.LINDQVIST@northwind.example' });
    const twin = roster().addUser({ name: 'elena.twin', email: 'Elena.Duarte@northwind.example' });
    await matchAgain();
    expect(await matchedBy(code)).to.deep.equal([null, null, 'same_in_erp']);
    expect(await matchedBy('EP00000003')).to.deep.equal([null, null, 'same_in_erp']);
    expect(await matchedBy('EP00000004')).to.deep.equal([null, null, 'same_in_slack']);
    staff().removeEmployee(code);
    roster().users.delete(twin.id);
    await matchAgain();
    expect(await matchedBy('EP00000003')).to.deep.equal([people.clerk, 'email', null]);
  });

  it('keeps who left the ERP as inactive, and nobody is found by them any more', async () => {
    const { code } = staff().addEmployee({ name: 'Tom Becker', email: 'tom.becker@northwind.example' });
    await matchAgain();
    const by = (meant: Parameters<typeof slackUserOf>[2]) => slackUserOf(db(), product.connectionId, meant);
    expect(await by({ sort: 'employee', key: code })).to.equal(people.buyer);
    expect(await by({ name: 'tom becker' })).to.equal(people.buyer);
    expect(await by({ sort: 'contact', key: code })).to.equal(null);
    staff().removeEmployee(code);
    await matchAgain();
    expect(await person(code)).to.include({ active: false, slack_user: people.buyer });
    expect(await by({ sort: 'employee', key: code })).to.equal(null);
    expect(await by({ name: 'Tom Becker' })).to.equal(null);
  });

  it('finds nobody by a name that two people have', async () => {
    const { code } = staff().addEmployee({ name: 'Maya Okafor' });
    expect(await slackUserOf(db(), product.connectionId, { name: 'Maya Okafor' })).to.equal(people.director);
    await matchAgain();
    expect(await slackUserOf(db(), product.connectionId, { name: 'Maya Okafor' })).to.equal(null);
    staff().removeEmployee(code);
    await matchAgain();
  });

  it('goes on with the employees where the ERP does not give its contacts, and says so', async () => {
    product.sandbox.acumatica.setFault({ kind: '403', match: { path: '/Contact' } });
    const { code } = staff().addEmployee({ name: 'Sam Whitfield', email: 'sam.whitfield@northwind.example' });
    await matchAgain();
    expect(await matchedBy(code)).to.deep.equal([people.admin, 'email', null]);
    expect((await run()).last_error).to.contain('may not read contacts');
    expect(await db()('people').where({ sort: 'contact', active: true })).to.not.have.length(0);
    expect((await db()('connections').first('status')).status).to.equal('active');
    product.sandbox.acumatica.clearFaults();
    staff().removeEmployee(code);
    await matchAgain();
    expect((await run()).last_error).to.equal(null);
  });

  it('is tried again when the ERP or Slack gives no answer, and nobody counts as gone meanwhile', async () => {
    product.sandbox.acumatica.setFault({ kind: '500-html', match: { path: '/Employee' }, times: 1, after: 1 });
    product.sandbox.slack.setFault({ kind: 'http_500', method: 'users.list', times: 1 });
    const waiting = matchAgain();
    for (let failures = 0; failures < 2; failures += 1) {
      await waitUntil(async () => (await run()).attempts > 0, { what: 'the first try' });
      expect(await db()('people').where({ sort: 'employee', active: true })).to.have.length(7);
      await wantMatching(db(), product.connectionId);
    }
    await waiting;
    expect(await matchedBy('EP00000001')).to.deep.equal([people.director, 'email', null]);
  });

  it('goes on without addresses where the app may not see them, and matches once it may', async () => {
    await db()('people').where({ key: 'EP00000003' }).update({ matched_by: null, slack_user: null });
    const { scopes } = await db()('installations').first('scopes');
    await db()('installations').update({ scopes: scopes.filter((scope: string) => scope !== 'users:read.email') });
    const { code } = staff().addEmployee({ name: 'New Here' });
    await matchAgain();
    expect(await matchedBy('EP00000001')).to.deep.equal([people.director, 'email', null]);
    expect(await matchedBy('EP00000003')).to.deep.equal([null, null, null]);
    expect(await person(code)).to.include({ name: 'New Here', active: true });
    const { rows } = await db().raw('select clock_timestamp() as now');
    await db()('installations').update({ scopes, installed_at: db().raw('clock_timestamp()') });
    await matched(rows[0].now);
    expect(await matchedBy('EP00000003')).to.deep.equal([people.clerk, 'email', null]);
  });
});
