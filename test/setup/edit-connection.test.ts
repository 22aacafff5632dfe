import { expect } from 'chai';
import { install } from '../../demo/install.ts';
import { home } from '../home/homes.ts';
import { testKeyring } from '../support/database.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { addConnection, click, elementOf, modal, modalNow, openForm, saidBelow, submit } from './forms.ts';

const { admin, director } = people;
const other = '7d444840-9dc0-11d1-b245-5ffdce74fad3';

describe('Editing a connection in Slack', () => {
  let product: Product;
  let id: string;
  before(async () => {
    product = await startProduct({ setUp: false, scenario: { slack: { limits: 'pace-only' } } });
    await install(product.appUrl);
    const { id: installation } = await db()('installations').first('id');
    await db()('installations').insert({ id: other, slack_key: 'T0OTHER', name: 'Other', secret: 'none' });
    await db()('administrators').insert({ installation_id: installation, person: director, named_by: admin });
  });
  after(() => product?.stop());
  beforeEach(async () => {
    id = await addConnection(product, 'treasury');
    await waitUntil(async () => (await db()('feeds').where({ connection_id: id }).first()).last_read_at, {
      what: 'the first reading',
    });
  });
  afterEach(async () => {
    product.sandbox.acumatica.clearFaults();
    for (const user of [admin, director])
      while (modalNow(product, user)) await product.sandbox.slack.closeView(user, modalNow(product, user)?.id ?? '');
    // Each case has a connection of its own: the others are another workspace's.
    await db()('connections').where({ id }).update({ installation_id: other, name: id, status: 'paused' });
    await db().raw(`select pg_notify('countersign_schedule', '')`);
    product.sandbox.acumatica.closeSessions();
  });

  const db = () => product.database.db;
  const row = () => db()('connections').where({ id }).first();
  const saved = (user: string = admin) => modal(product, user, ({ title }) => title === 'Connection saved');
  const changes = async () =>
    db()('audit_events').where({ connection_id: id, kind: 'connection.changed' }).orderBy('id');
  const edit = (user: string = admin) => openForm(product, user, 'treasury');

  it('shows what is stored, but no secret, and keeps a secret that is left empty', async () => {
    const before = await row();
    const form = await edit();
    expect(form.title).to.equal('Edit a connection');
    expect(elementOf(form, 'name').initial_value).to.equal('treasury');
    expect(elementOf(form, 'credentials.tenant').initial_value).to.equal('TREASURY');
    const secret = elementOf(form, 'credentials.client_secret');
    expect(secret.initial_value).to.equal(undefined);
    expect(secret.placeholder).to.deep.include({ text: 'stored; leave empty to keep it' });
    expect(form.text).to.contain('To remove a connection');
    expect(
      (await submit(product, admin, { 'credentials.page_size': '500', 'cadence.bill': '*/5 * * * *' })).said,
    ).to.deep.equal({});
    expect((await saved()).text).to.contain('bills, purchase orders');
    const after = await row();
    expect(after.settings).to.include({ page_size: 500, username: 'countersign' });
    const open = (sealed: string) => testKeyring().decrypt(sealed, `connections:${id}:secret`);
    expect(open(after.secret)).to.equal(open(before.secret));
    const [changed] = await changes();
    expect(changed.data.changes).to.deep.equal(['change connection treasury: page_size 200 → 500']);
    expect(await db()('feeds').where({ connection_id: id }).first()).to.include({ cadence: '*/5 * * * *' });
  });

  it('renames while the ERP is out of reach, for that has nothing to do with it', async () => {
    product.sandbox.acumatica.setFault({ kind: '500-html' });
    const { issued } = product.sandbox.acumatica.counters.tokens;
    await edit();
    await submit(product, admin, { name: 'head office', 'cadence.bill': '*/9 * * * *' });
    expect((await saved()).text)
      .to.contain('“head office” is saved')
      .and.not.contain('next step');
    expect(await row()).to.include({ name: 'head office' });
    expect(product.sandbox.acumatica.counters.tokens.issued).to.equal(issued);
  });

  it('leaves kinds that nobody needs unread, and says which route needs one', async () => {
    const kinds = () => db()('feeds').where({ connection_id: id }).orderBy('kind').pluck('kind');
    await db()('routes').insert({
      connection_id: id,
      name: 'orders',
      position: 1,
      kind: 'purchase_order',
      channel: 'C0X',
    });
    await edit();
    const none = { 'cadence.journal': '', 'cadence.customer_payment': ' ', 'cadence.payment': '' };
    const needed = await submit(product, admin, { ...none, 'cadence.purchase_order': '' });
    expect(needed.said['cadence.purchase_order']).to.contain('“orders” posts them').and.to.contain('Remove that route');
    await submit(product, admin, { ...none, 'cadence.purchase_order': '0 * * * *' });
    await saved();
    expect(await kinds()).to.deep.equal(['bill', 'purchase_order']);
    // What is unread stays so when something else is edited.
    await product.sandbox.slack.closeView(admin, modalNow(product, admin)?.id ?? '');
    const form = await edit();
    expect(elementOf(form, 'cadence.journal').initial_value).to.equal(undefined);
    await db()('routes').where({ connection_id: id }).delete();
    const last = await submit(product, admin, { 'cadence.bill': '', 'cadence.purchase_order': '' });
    expect(last.said['cadence.bill']).to.contain('at least one kind');
    await submit(product, admin, {
      'cadence.bill': '*/3 * * * *',
      'cadence.purchase_order': '',
      'cadence.payment': '0 * * * *',
    });
    await saved();
    expect(await kinds()).to.deep.equal(['bill', 'payment']);
  });

  it('tries new credentials before they replace the old ones, whose session then ends', async () => {
    const { sessions } = product.sandbox.acumatica.counters;
    expect(sessions.open).to.equal(1);
    await edit();
    const wrong = { 'credentials.username': 'jonas.weber', 'credentials.password': 'wrong' };
    expect(Object.keys((await submit(product, admin, wrong)).said)).to.deep.equal(['credentials.password']);
    expect((await row()).settings.username).to.equal('countersign');
    await submit(product, admin, { 'credentials.password': 'sandbox-jonas' });
    await saved();
    expect((await row()).settings.username).to.equal('jonas.weber');
    await waitUntil(
      () => {
        const { list } = product.sandbox.acumatica.counters.sessions;
        return list.length === 1 && JSON.stringify(list).includes('jonas.weber');
      },
      { what: () => `one session, the new one: ${JSON.stringify(product.sandbox.acumatica.counters.sessions.list)}` },
    );
    const [changed] = await changes();
    expect(changed.data.changes).to.deep.equal([
      'change connection treasury: username countersign → jonas.weber',
      'change secret password of treasury',
    ]);
    expect(changed).to.include({ actor: admin });
    await product.readNow();
    await product.readNow();
    await waitUntil(async () => (await row()).status === 'active', { what: 'it is read with the new credentials' });
  });

  it('mends a connection that has stopped, once its test passes', async () => {
    await db()('connections').where({ id }).update({ status: 'broken', problem: 'No.', problem_field: 'rights' });
    product.sandbox.acumatica.setFault({ kind: '403', match: { path: '/entity/Default' } });
    await edit();
    expect(Object.keys((await submit(product, admin)).said)).to.deep.equal(['credentials.username']);
    expect(await row()).to.include({ status: 'broken' });
    product.sandbox.acumatica.clearFaults();
    await submit(product, admin);
    await saved();
    expect(await row()).to.include({ status: 'active', problem: null });
  });

  it('leaves a paused connection paused', async () => {
    await db()('connections').where({ id }).update({ status: 'paused' });
    await edit();
    await submit(product, admin, { 'credentials.read_from_days': '7' });
    expect((await saved()).text).to.contain('It is paused as before');
    expect(await row()).to.include({ status: 'paused' });
    expect((await row()).settings.read_from_days).to.equal(7);
  });

  describe('while another administrator does, too', () => {
    beforeEach(async () => {
      await edit(admin);
      await edit(director);
      await submit(product, director, { name: 'by the director', 'credentials.page_size': '150' });
      await saved(director);
    });

    it('is told who changed what and when, nothing is overwritten, and what was typed stays', async () => {
      const result = await submit(product, admin, { name: 'by the admin', 'credentials.page_size': '900' });
      expect(result).to.include({ closed: false });
      const found = await modal(product, admin, ({ text }) => text.includes('Nothing of yours was saved yet'));
      expect(found.text).to.contain(director).and.contain('page_size 200 → 150').and.contain('by the director');
      expect(found.raw).to.contain('"type":"date"').and.contain('Save over it');
      expect(elementOf(found, 'name').initial_value).to.equal('by the admin');
      expect(elementOf(found, 'credentials.page_size').initial_value).to.equal('900');
      expect((await row()).settings.page_size).to.equal(150);
      expect((await row()).name).to.equal('by the director');

      await submit(product, admin);
      await saved();
      expect((await row()).settings.page_size).to.equal(900);
      expect((await row()).name).to.equal('by the admin');
    });

    it('can be shown the new values instead', async () => {
      await submit(product, admin, { name: 'by the admin' });
      await modal(product, admin, ({ text }) => text.includes('Nothing of yours was saved yet'));
      await click(product, admin, 'setup_show_stored');
      const fresh = await modal(product, admin, ({ text }) => !text.includes('Nothing of yours'));
      expect(elementOf(fresh, 'name').initial_value).to.equal('by the director');
      expect(elementOf(fresh, 'credentials.page_size').initial_value).to.equal('150');
      expect(await db()('setup_drafts').where({ person: admin })).to.deep.equal([]);
      await submit(product, admin, { 'credentials.page_size': '160' });
      await saved();
      expect((await row()).settings.page_size).to.equal(160);
    });

    it('is asked again where there is yet another change', async () => {
      await submit(product, admin, { name: 'by the admin' });
      await modal(product, admin, ({ text }) => text.includes('page_size 200 → 150'));
      await openForm(product, director, 'by the director');
      await submit(product, director, { 'cadence.bill': '*/7 * * * *' });
      await saved(director);
      await submit(product, admin);
      const again = await modal(product, admin, ({ text }) => text.includes('*/7 * * * *'));
      expect(again.text).to.not.contain('page_size 200 → 150');
      expect((await row()).name).to.equal('by the director');
    });

    it('notices a change that is made while the ERP is being asked', async () => {
      await submit(product, admin);
      await modal(product, admin, ({ text }) => text.includes('page_size 200 → 150'));
      product.sandbox.acumatica.setFault({ kind: 'slow', ms: 2_600, match: { path: '/connect/token' } });
      await openForm(product, director, 'by the director');
      await submit(product, admin, { 'credentials.page_size': '900' });
      expect(modalNow(product, admin)?.title).to.equal('Checking …');
      await submit(product, director, { name: 'by the director again' });
      await saved(director);
      const told = await modal(product, admin, ({ text }) => text.includes('by the director again'));
      expect(saidBelow(told, 'name')).to.equal('');
      expect((await row()).settings.page_size).to.equal(150);
    }).timeout(12_000);
  });

  it('tells in Home what came of it where the form cannot say it', async () => {
    await edit();
    product.sandbox.acumatica.setFault({ kind: 'slow', ms: 2_300, match: { path: '/connect/token' } });
    product.sandbox.slack.setFault({ kind: 'error', method: 'views.update', times: 2 });
    await submit(product, admin, { name: 'saved all the same', 'credentials.page_size': '250' });
    await home(product, admin, ({ text }) => text.includes('“saved all the same” is saved'));
    product.sandbox.slack.clearFaults();
  }).timeout(12_000);

  it('of another workspace, or of none, is not possible', async () => {
    const values = { name: 'elsewhere', connector: 'acumatica', settings: '{}', secret: 'none' };
    await db()('connections').insert({ id: other, installation_id: other, ...values });
    const form = await edit();
    const view = product.sandbox.slack.state.views.find(form.id);
    if (!view) throw new Error('There is no view');
    const real = view.definition.private_metadata as string;
    const forge = (change: object) => {
      view.definition = { ...view.definition, private_metadata: JSON.stringify({ ...JSON.parse(real), ...change }) };
    };
    const before = await db()('connections').where({ id: other }).first();
    for (const change of [{ draft: 'x' }, { connector: 'none' }, { since: '1; drop table connections' }]) {
      forge(change);
      const { errors } = await submit(product, admin, { name: 'taken over' });
      expect(Object.values(errors ?? {}).join()).to.contain('belongs to another version');
    }
    forge({ connection: other });
    await submit(product, admin);
    expect((await modal(product, admin, ({ title }) => title === 'Not possible')).text).to.contain(
      'not there any more',
    );
    expect(await db()('connections').where({ id: other }).first()).to.deep.equal(before);
    expect((await row()).name).to.equal('treasury');
  });

  it('reads nobody else’s draft, whatever its form says', async () => {
    await edit(director);
    await submit(product, director, { 'credentials.password': 'wrong' });
    const { draft } = modalNow(product, director)?.metadata ?? {};
    const view = product.sandbox.slack.state.views.find((await edit()).id);
    const metadata = JSON.stringify({ ...modalNow(product, admin)?.metadata, draft });
    if (view) view.definition = { ...view.definition, private_metadata: metadata };
    const before = await db()('setup_drafts').where({ id: draft }).first();
    await submit(product, admin, { name: 'taken over' });
    await modal(product, admin, ({ title }) => title === 'Not possible');
    expect(await db()('setup_drafts').where({ id: draft }).first()).to.deep.equal(before);
    expect((await row()).name).to.equal('treasury');
  });
});
