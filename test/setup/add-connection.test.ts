import { expect } from 'chai';
import { install } from '../../demo/install.ts';
import { buttonsIn, home, homeNow, openHome, press } from '../home/homes.ts';
import { testKeyring } from '../support/database.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import {
  click,
  credentialsOf,
  elementOf,
  modal,
  modalNow,
  openAdministration,
  openForm,
  submit,
  watchViews,
} from './forms.ts';

const { admin, buyer } = people;

describe('Adding a connection in Slack', () => {
  let product: Product;
  beforeEach(async () => {
    product = await startProduct({ setUp: false, scenario: { slack: { limits: 'pace-only' } } });
    await install(product.appUrl);
  });
  afterEach(() => product?.stop());

  const db = () => product.database.db;
  const closeAll = () => product.sandbox.slack.closeView(admin, modalNow(product, admin)?.id ?? '');

  it('is the next step in the Home of an administrator, and of nobody else', async () => {
    await openAdministration(product);
    expect(homeNow(product, admin)?.text).to.contain('The next step: connect your ERP');
    const button = JSON.stringify(homeNow(product, admin)?.blocks.find((block) => block.block_id === 'add_connection'));
    expect(button).to.contain('home_add_connection').and.contain('"style":"primary"');
    const other = await openHome(product, buyer);
    expect(buttonsIn(other)).to.not.include('home_add_connection');
  });

  it('takes a wrong password, then the right one, and reads what the ERP has', async () => {
    product.sandbox.acumatica.addBill({ status: 'Pending Approval' });
    const form = await openForm(product);
    expect(form.title).to.equal('Add a connection');
    expect(form.text).to.contain('Site address').and.contain('It is stored encrypted and never shown again');
    expect(elementOf(form, 'erp').initial_option).to.deep.include({ value: 'acumatica' });
    expect(elementOf(form, 'cadence.bill').initial_value).to.equal('* * * * *');
    expect(elementOf(form, 'time_zone').initial_option).to.deep.include({ value: 'Europe/London' });
    expect(elementOf(form, 'credentials.page_size')).to.include({ initial_value: '200', min_value: '2' });

    const wrong = { name: 'head office', ...credentialsOf(product), 'credentials.password': 'not-the-password' };
    const refused = await submit(product, admin, wrong);
    expect(refused.said).to.deep.equal({
      'credentials.password': 'Acumatica does not accept the user name and password.',
    });
    expect(refused).to.include({ closed: false, acked: true });
    expect(await db()('connections')).to.deep.equal([]);

    // Nothing but the password is typed again.
    const right = await submit(product, admin, {
      'credentials.password': credentialsOf(product)['credentials.password'],
      'cadence.bill': '*/1 * * * * *',
    });
    expect(right.said).to.deep.equal({});
    const saved = await modal(product, admin, ({ title }) => title === 'Connection saved');
    expect(saved.text)
      .to.contain('“head office” is saved')
      .and.contain('bills, purchase orders')
      .and.contain('Add a route');
    const row = await db()('connections').first();
    expect(row).to.include({ name: 'head office', time_zone: 'Europe/London', status: 'active', version: 1 });
    expect(JSON.stringify(saved.blocks)).to.contain(`"home_add_route"`).and.contain(row.id);
    expect(await db()('setup_drafts')).to.deep.equal([]);
    await waitUntil(async () => (await db()('documents').first('id')) !== undefined, { what: 'the bill is read' });
    // The session of the test goes on as the connection's own.
    expect(product.sandbox.acumatica.counters.tokens.issued).to.equal(1);

    const [added, ...more] = await db()('audit_events').whereLike('kind', 'connection.%');
    expect(more).to.deep.equal([]);
    expect(added).to.deep.include({ kind: 'connection.added', actor: admin, connection_id: row.id });
    const shown = await home(product, admin, ({ text }) => text.includes('head office'));
    expect(shown.text).to.contain('add connection head office (acumatica)');
  });

  it('says what is wrong with the shape at once, at each field, and asks the ERP nothing', async () => {
    await openForm(product);
    const { said } = await submit(product, admin, {
      ...{ name: '  ', ...credentialsOf(product), 'cadence.bill': 'now and then' },
      ...{ 'credentials.site': 'erp.example', 'credentials.version': '24/1' },
    });
    expect(Object.keys(said).sort()).to.deep.equal(['cadence.bill', 'credentials.site', 'credentials.version', 'name']);
    expect(said['credentials.site']).to.equal('Must be an address like https://erp.example.com/AcumaticaERP.');
    expect(said['cadence.bill']).to.match(/^Must be a cron expression/);
    expect(product.sandbox.acumatica.counters.tokens.issued).to.equal(0);
    const tenant = await submit(product, admin, {
      ...{ name: 'x', 'cadence.bill': '* * * * *', ...credentialsOf(product), 'credentials.version': '' },
      'credentials.tenant': 'OTHER',
    });
    expect(Object.keys(tenant.said)).to.deep.equal(['credentials.client_id', 'credentials.tenant']);
  });

  it('offers the time zones that fit what is typed', async () => {
    const form = await openForm(product);
    const ask = (value: string) =>
      product.sandbox.slack.suggest({ user: admin, viewId: form.id, actionId: 'setup_time_zone', value });
    const { options } = await ask('york');
    expect(options.map(({ value }) => value)).to.include('America/New_York');
    expect((await ask('a')).options).to.have.length(100);
    expect((await ask('nowhere at all')).options).to.deep.equal([]);
    const result = await submit(product, admin, { name: 'x', ...credentialsOf(product) });
    expect(result.said).to.deep.equal({});
  });

  it('refuses a name that there is already, at its field', async () => {
    await openForm(product);
    await submit(product, admin, { name: 'head office', ...credentialsOf(product) });
    await modal(product, admin, ({ title }) => title === 'Connection saved');
    await closeAll();
    await openForm(product);
    const { said } = await submit(product, admin, { name: 'Head Office', ...credentialsOf(product) });
    expect(said.name).to.contain('“Head Office” already');
    expect(await db()('connections')).to.have.length(1);
  });

  it('forgets what was typed when the form is closed', async () => {
    await openForm(product);
    await submit(product, admin, { name: 'x', ...credentialsOf(product), 'credentials.password': 'typed-and-wrong' });
    const [draft] = await db()('setup_drafts');
    expect(draft).to.include({ person: admin, what: 'connection' });
    expect(Date.parse(draft.expires_at) - Date.parse(draft.created_at)).to.be.within(3_599_000, 3_601_000);
    expect(JSON.stringify(draft)).to.not.contain('typed-and-wrong').and.not.contain('sandbox-acumatica-secret');
    await closeAll();
    await waitUntil(async () => (await db()('setup_drafts')).length === 0, { what: 'the draft is gone' });
    expect(elementOf(await openForm(product), 'name').initial_value).to.equal(undefined);
  });

  it('brings back what was typed where the form was lost, and takes the secrets as typed', async () => {
    await openForm(product);
    const typed = { name: 'lost', ...credentialsOf(product), 'credentials.version': '17.200.001' };
    expect(Object.keys((await submit(product, admin, typed)).said)).to.deep.equal(['credentials.version']);
    // Slack tells of no closing where the client itself ends; another form takes its place.
    const again = await openForm(product);
    expect(again.text).to.contain('What you entered earlier is still here');
    expect(elementOf(again, 'credentials.username').initial_value).to.equal('countersign');
    const secret = elementOf(again, 'credentials.password');
    expect(secret.initial_value).to.equal(undefined);
    expect(secret.placeholder).to.deep.include({ text: 'as typed; leave empty to keep it' });
    expect(again.raw).to.not.contain(typed['credentials.password' as keyof typeof typed]);
    await submit(product, admin, { 'credentials.version': '' });
    await modal(product, admin, ({ title }) => title === 'Connection saved');
    expect(await db()('connections').pluck('name')).to.deep.equal(['lost']);
  });

  it('shows a secret in no view, log, audit event or row', async () => {
    const secrets = ['sandbox-service', 'sandbox-acumatica-secret', 'a-wrong-pass-word'];
    const views = watchViews(product);
    await openForm(product);
    await submit(product, admin, { name: 'x', ...credentialsOf(product), 'credentials.password': secrets[2] });
    product.sandbox.acumatica.setFault({ kind: 'slow', ms: 2_400, match: { path: '/connect/token' } });
    await submit(product, admin, { 'credentials.username': 'nobody' });
    await modal(product, admin, ({ text }) => text.includes('Nothing was saved yet'));
    product.sandbox.acumatica.clearFaults();
    const right = credentialsOf(product);
    await submit(product, admin, {
      'credentials.username': right['credentials.username'],
      'credentials.password': right['credentials.password'],
    });
    await modal(product, admin, ({ title }) => title === 'Connection saved');
    expect(views.length).to.be.greaterThan(4);
    const tables = await db().raw(`select tablename from pg_tables where schemaname = 'public'`);
    const dump = [];
    for (const { tablename } of tables.rows) dump.push(...(await db()(tablename)));
    const all = [JSON.stringify(dump), product.logLines.join(''), ...views].join('\n');
    expect(all).to.contain('not pass its test').and.contain('Checking …').and.contain('connection.added');
    for (const secret of secrets) expect(all).to.not.contain(secret);
    const row = await db()('connections').first();
    expect(testKeyring().decrypt(row.secret, `connections:${row.id}:secret`)).to.contain('sandbox-service');
  }).timeout(15_000);

  it('removes a connection by reading it no more: its session ends, its rows stay', async () => {
    await openForm(product);
    await submit(product, admin, { name: 'head office', ...credentialsOf(product) });
    await modal(product, admin, ({ title }) => title === 'Connection saved');
    await closeAll();
    await waitUntil(async () => (await db()('feeds').first()).last_read_at, { what: 'the first reading' });
    await openAdministration(product);
    await press(product, admin, 'home_remove_connection', 'head office');
    const said = await home(product, admin, ({ text }) => text.includes('“head office” is removed'));
    expect(buttonsIn(said)).to.include('home_resume').and.not.include('home_remove_connection');
    await waitUntil(() => product.sandbox.acumatica.counters.sessions.open === 0, {
      what: 'the session is given back',
    });
    expect(await db()('connections').first()).to.include({ status: 'paused', shared_state: null });
    await press(product, admin, 'home_resume', 'head office');
    await home(product, admin, ({ text }) => text.includes('goes on from where it was'));
  });

  it('goes back to the form from a test that takes long, and what it finds then is not saved', async () => {
    await openForm(product);
    product.sandbox.acumatica.setFault({ kind: 'slow', ms: 4_000, match: { path: '/connect/token' } });
    await submit(product, admin, { name: 'slow', ...credentialsOf(product) });
    expect(modalNow(product, admin)?.title).to.equal('Checking …');
    await click(product, admin, 'setup_back');
    const back = await modal(product, admin, ({ title }) => title === 'Add a connection');
    expect(elementOf(back, 'name').initial_value).to.equal('slow');
    product.sandbox.acumatica.clearFaults();
    await submit(product, admin, { name: 'quick' });
    await modal(product, admin, ({ title }) => title === 'Connection saved');
    expect(await db()('connections').pluck('name')).to.deep.equal(['quick']);
  }).timeout(15_000);
});
