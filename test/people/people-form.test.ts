import { expect } from 'chai';
import { wantMatching } from '../../app/people/run.ts';
import { commonPayload, payloadForm, sendForm } from '../../sandbox/slack/interactions/interaction.ts';
import { home, homeNow, openHome } from '../home/homes.ts';
import { onlyWhenAsked, ownLanesOnly } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { form, formNow, openForm, save, step } from './forms.ts';

describe('the People form', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      people: true,
      scenario: { slack: { limits: 'pace-only' }, acumatica: { settings: { contacts: 40 } } },
    });
    await waitUntil(async () => (await db()('people_runs').first())?.matched_at, { what: 'the first matching' });
  });
  after(() => product?.stop());

  const { admin, buyer, clerk, controller, director } = people;
  const installer = people.admin;
  const db = () => product.database.db;
  const open = (user = admin) => openForm(product, user, 'home_people');
  const person = (key: string) => db()('people').where({ connection_id: product.connectionId, key }).first();
  const events = () => db()('audit_events').where({ kind: 'person.matched' }).orderBy('id');
  const clean = async () => {
    await db()('people')
      .where({ matched_by: 'hand' })
      .update({ matched_by: null, slack_user: null, unmatched: 'nobody' });
    await wantMatching(db(), product.connectionId);
    await waitUntil(async () => (await person('EP00000001')).slack_user === director, { what: 'matched anew' });
  };

  /** A click or a form that Slack signed, on a view that this person does not have. */
  async function forge(type: 'block_actions' | 'view_submission', user: string, more: Record<string, unknown>) {
    const { state } = product.sandbox.slack;
    const who = state.roster.users.get(user);
    if (!who) throw new Error(`there is no ${user}`);
    return sendForm(state, payloadForm(type, { type, ...commonPayload(state, who), trigger_id: 'forged', ...more }));
  }

  it('counts who is matched and lists the employees who are not, each with the reason', async () => {
    const { text, chosen } = await open();
    expect(text).to.contain('4 matched by e-mail, 0 set by hand, 3 employees not matched');
    expect(Object.keys(chosen)).to.deep.equal([
      'Amara Okafor · EP00000005',
      'Jonas Weber · EP00000006',
      'Warehouse Clerk · EP00000007',
    ]);
    expect(text).to.contain('No member of this workspace has their e-mail (amara.okafor@treasury.example)');
    expect(text).to.contain('No e-mail in Acumatica').and.not.contain('Helen Marsh');
  });

  it('sets a person by hand, says so, is recorded without an address, and Home counts them', async () => {
    await open();
    const saved = await save(product, admin, { 'Amara Okafor': [clerk] });
    expect(saved).to.include({ acked: true, closed: false });
    const { text, chosen } = await form(product, admin, (found) => found.text.includes('1 person is saved'));
    expect(text).to.contain('1 set by hand, 2 employees not matched');
    expect(Object.keys(chosen)).to.not.include('Amara Okafor · EP00000005');
    expect(await person('EP00000005')).to.include({ slack_user: clerk, matched_by: 'hand', set_by: admin });
    const [event] = await events();
    expect(event).to.include({ actor: admin, connection_id: product.connectionId });
    expect(event.data).to.deep.equal({ sort: 'employee', key: 'EP00000005', from: null, to: clerk, by: 'hand' });
    await home(product, admin, (found) => found.text.includes('People: 5 matched, 2 not'));
    expect(homeNow(product, admin)?.text).to.contain('employee EP00000005 set by hand to');
  });

  it('shows everybody in pages, finds by name, and stays within what Slack takes', async () => {
    await open();
    await step(product, admin, 'people_show');
    const first = await form(product, admin, ({ text }) => text.includes('1–15 of'));
    expect(first.chosen['Maya Okafor · EP00000001']).to.deep.equal([director]);
    expect(first.text).to.contain('Matched by e-mail (maya.okafor@northwind.example)');
    expect(first.blocks.length).to.be.at.most(100);
    await step(product, admin, 'people_next');
    await form(product, admin, ({ text }) => text.includes('16–30 of 45'));
    await step(product, admin, 'people_search', 'okaf');
    const found = await form(product, admin, ({ text }) => text.includes('“okaf”'));
    expect(Object.keys(found.chosen)).to.deep.equal(['Amara Okafor · EP00000005', 'Maya Okafor · EP00000001']);
    await step(product, admin, 'people_search', '%');
    expect((await form(product, admin, ({ text }) => text.includes('“%”'))).chosen).to.deep.equal({});
  });

  it('corrects a match, takes one away, and gives it back to the e-mail when asked', async () => {
    await clean();
    await open();
    await step(product, admin, 'people_search', 'a o');
    await form(product, admin, ({ text }) => text.includes('Maya Okafor'));
    await save(product, admin, { 'Maya Okafor': [] });
    await form(product, admin, ({ text }) => text.includes('Set by hand: nobody in Slack'));
    await wantMatching(db(), product.connectionId);
    await waitUntil(
      async () => (await db()('people_runs').first()).wanted_at < (await db()('people_runs').first()).matched_at,
      {
        what: 'matched anew',
      },
    );
    expect(await person('EP00000001')).to.include({ slack_user: null, matched_by: 'hand' });
    await step(product, admin, 'people_by_email');
    await form(product, admin, ({ text }) => text.includes('the e-mail says again who this is'));
    await waitUntil(async () => (await person('EP00000001')).slack_user === director, { what: 'matched by e-mail' });
    expect((await events()).at(-1).data).to.include({ key: 'EP00000001', to: null, by: 'email' });
  });

  it('refuses a guest, an app and somebody of another company at their fields, saves nothing, keeps what was chosen', async () => {
    await clean();
    const { roster } = product.sandbox.slack.state;
    const guest = roster.addUser({ name: 'gus', guest: 'single' });
    const partner = roster.addUser({ name: 'pat', externalTeam: 'T0PARTNER' });
    await open();
    const before = (await events()).length;
    const { errors, closed } = await save(product, admin, {
      'Amara Okafor': [guest.id],
      'Jonas Weber': [partner.id],
      'Warehouse Clerk': [buyer],
    });
    expect(closed).to.equal(false);
    expect(Object.values(errors ?? {})).to.deep.equal([
      'gus is a guest here. Choose a member of the workspace.',
      'pat belongs to another company. Choose a member of this workspace.',
    ]);
    expect(formNow(product, admin)?.chosen['Warehouse Clerk · EP00000007']).to.deep.equal([buyer]);
    expect((await events()).length).to.equal(before);
    const bot = product.sandbox.slack.state.installation.botUserId;
    const second = await save(product, admin, { 'Amara Okafor': [bot], 'Jonas Weber': [], 'Warehouse Clerk': [] });
    expect(Object.values(second.errors ?? {})).to.have.length(1);
    roster.users.delete(guest.id);
    roster.users.delete(partner.id);
  });

  it('does not overwrite what another administrator set meanwhile, and says who did', async () => {
    await clean();
    await db()('administrators').insert({
      installation_id: (await db()('installations').first('id')).id,
      person: controller,
      named_by: installer,
      told_at: new Date(),
    });
    await open(admin);
    await open(controller);
    await save(product, controller, { 'Amara Okafor': [clerk] });
    await save(product, admin, { 'Amara Okafor': [buyer], 'Jonas Weber': [buyer] });
    const { text, chosen } = await form(product, admin, (found) => found.text.includes('Nothing was saved'));
    expect(text).to.contain(`${controller}  set  Amara Okafor  to  ${clerk}`);
    expect(chosen).to.not.have.property('Amara Okafor · EP00000005');
    expect(chosen['Jonas Weber · EP00000006']).to.deep.equal([buyer]);
    expect(await person('EP00000005')).to.include({ slack_user: clerk });
    expect(await person('EP00000006')).to.include({ slack_user: null });
    await save(product, admin, {});
    await form(product, admin, (found) => found.text.includes('1 person is saved'));
    expect(await person('EP00000006')).to.include({ slack_user: buyer, set_by: admin });
  });

  it('does not turn the page while something chosen is not saved', async () => {
    await clean();
    await open();
    const view = product.sandbox.slack.openViews(admin).at(-1);
    const block =
      formNow(product, admin)?.blocks.find(({ block_id }) => block_id.startsWith('person_'))?.block_id ?? '';
    const values = view?.values[block];
    if (values) values.person_account = { type: 'multi_users_select', selected_users: [clerk] };
    await step(product, admin, 'people_show');
    const { text } = await form(product, admin, (found) => found.text.includes('Save what you chose here first'));
    expect(text).to.contain('3 not matched').and.not.contain('Maya Okafor');
    expect(Object.values(formNow(product, admin)?.chosen ?? {})).to.deep.include([clerk]);
  });

  it('matches again when asked, and shows who was found', async () => {
    await clean();
    const { code } = product.sandbox.acumatica.people.addEmployee({
      name: 'Tom Becker',
      email: 'tom.becker@northwind.example',
    });
    await open();
    await step(product, admin, 'people_again');
    await waitUntil(async () => (await person(code))?.slack_user === buyer, { what: 'the new employee' });
    await waitUntil(async () => (await db()('people_runs').first()).lease_owner === null, { what: 'the end' });
    await step(product, admin, 'people_again');
    await form(product, admin, ({ text }) => text.includes('5 matched by e-mail'));
    product.sandbox.acumatica.people.removeEmployee(code);
  });

  it('is for administrators only, when it is opened and at every step and submission', async () => {
    await clean();
    await openHome(product, buyer);
    const homeView = { id: homeNow(product, buyer)?.id, type: 'home' };
    const click = (action_id: string, value: string) => [
      { action_id, block_id: 'forged', type: 'button', value, action_ts: String(Date.now() / 1_000) },
    ];
    const acked = await forge('block_actions', buyer, {
      view: homeView,
      actions: click('home_people', product.connectionId),
    });
    expect(acked).to.include({ acked: true });
    expect(formNow(product, buyer)).to.equal(undefined);
    await open(admin);
    const view = product.sandbox.slack.openViews(admin).at(-1);
    const values = { person_1_1: { person_account: { type: 'multi_users_select', selected_users: [buyer] } } };
    const stolen = {
      id: view?.id,
      hash: view?.hash,
      type: 'modal',
      callback_id: 'people',
      private_metadata: JSON.stringify({
        ...JSON.parse(String(view?.definition.private_metadata)),
        drawn: [['1', 1, null]],
      }),
      state: { values },
      blocks: [],
      title: { type: 'plain_text', text: 'People' },
    };
    const before = await db()('people').orderBy('id').select('id', 'slack_user', 'version');
    const submitted = await forge('view_submission', buyer, { view: stolen });
    expect(submitted.body).to.contain('Only administrators may do this').and.not.contain('Okafor');
    await forge('block_actions', buyer, {
      view: { ...stolen, state: { values: {} } },
      actions: click('people_show', 'all'),
    });
    await waitUntil(
      async () => (await db()('audit_events').where({ kind: 'administration.refused', actor: buyer })).length >= 3,
      {
        what: 'three refusals in the record',
      },
    );
    expect(await db()('people').orderBy('id').select('id', 'slack_user', 'version')).to.deep.equal(before);
  });

  it('tells and changes nothing of a connection or a person of another workspace', async () => {
    const other = '7d444840-9dc0-11d1-b245-5ffdce74fad2';
    await db()('installations').insert({
      id: other,
      slack_key: 'T0OTHER',
      name: 'Other',
      secret: 'none',
      state: 'revoked',
    });
    const values = { connector: 'acumatica', settings: '{}', secret: 'none', status: 'paused' };
    await db()('connections').insert({ id: other, installation_id: other, name: 'elsewhere', ...values });
    const row = { connection_id: other, sort: 'employee', key: 'EP1', name: 'Somebody Else', active: true };
    const [theirs] = await db()('people').insert(row).returning('id');
    await open(admin);
    const view = product.sandbox.slack.openViews(admin).at(-1);
    const forged = (metadata: Record<string, unknown>) => ({
      view: {
        ...{ id: view?.id, hash: view?.hash, type: 'modal', callback_id: 'people', blocks: [] },
        title: { type: 'plain_text', text: 'People' },
        private_metadata: JSON.stringify({
          show: 'all',
          query: '',
          page: 0,
          drawn: [[String(theirs.id), 1, null]],
          ...metadata,
        }),
        state: {
          values: {
            [`person_${theirs.id}_1`]: { person_account: { type: 'multi_users_select', selected_users: [buyer] } },
          },
        },
      },
    });
    for (const connection of [other, product.connectionId]) {
      const answer = await forge('view_submission', admin, forged({ connection }));
      expect(answer.body).to.contain('is not there any more').and.not.contain('Somebody Else');
    }
    expect(await db()('people').where({ id: theirs.id }).first()).to.include({ slack_user: null, version: 1 });
  });

  it('says in time that it takes longer while the database is slow, and then what came of it', async () => {
    await clean();
    await open();
    const lock = await db().transaction();
    await lock.raw('select 1 from people for update');
    const slow = await save(product, admin, { 'Jonas Weber': [buyer] });
    expect(slow.acked).to.equal(true);
    expect(slow.ms).to.be.lessThan(3_000);
    const waiting = await form(product, admin, ({ text }) => text.includes('This takes longer than usual'));
    expect(waiting.chosen['Jonas Weber · EP00000006']).to.deep.equal([buyer]);
    await lock.rollback();
    await form(product, admin, ({ text }) => text.includes('1 person is saved'));
    expect(await person('EP00000006')).to.include({ slack_user: buyer, matched_by: 'hand' });
  });
});
