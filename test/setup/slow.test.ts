import { expect } from 'chai';
import { install } from '../../demo/install.ts';
import { press } from '../home/homes.ts';
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
  saidBelow,
  submit,
} from './forms.ts';

const { admin, buyer } = people;
/** Slack waits three seconds. */
const inTimeMs = 2_900;

describe('The form of a connection, when something is slow or ends', () => {
  let product: Product;
  beforeEach(async () => {
    product = await startProduct({ setUp: false, scenario: { slack: { limits: 'pace-only' } } });
    await install(product.appUrl);
  });
  afterEach(() => product?.stop());

  const db = () => product.database.db;
  const slowErp = (ms: number) =>
    product.sandbox.acumatica.setFault({ kind: 'slow', ms, match: { path: '/connect/token' } });
  const lock = async (tables: string) => {
    const trx = await db().transaction();
    await trx.raw(`lock table ${tables} in access exclusive mode`);
    return trx;
  };

  it('says that it is checking where the ERP is slow, then what is wrong at its field, then that it is saved', async () => {
    await openForm(product);
    slowErp(2_300);
    const typed = { name: 'slow', ...credentialsOf(product), 'credentials.password': 'wrong' };
    const { acked, ms } = await submit(product, admin, typed);
    expect(acked).to.equal(true);
    expect(ms).to.be.within(1_900, inTimeMs);
    const checking = modalNow(product, admin);
    expect(checking?.title).to.equal('Checking …');
    expect(checking?.text).to.contain('Back to the form');
    const again = await modal(product, admin, ({ title }) => title === 'Add a connection');
    expect(saidBelow(again, 'credentials.password')).to.contain('does not accept the user name and password');
    expect(elementOf(again, 'name').initial_value).to.equal('slow');
    expect(elementOf(again, 'credentials.tenant').initial_value).to.equal('TREASURY');
    expect(elementOf(again, 'credentials.client_secret').placeholder).to.deep.include({
      text: 'as typed; leave empty to keep it',
    });
    await submit(product, admin, { 'credentials.password': 'sandbox-service' });
    await modal(product, admin, ({ title }) => title === 'Connection saved');
    expect(await db()('connections').pluck('name')).to.deep.equal(['slow']);
  }).timeout(15_000);

  it('saves nothing when it is closed while the ERP is being asked', async () => {
    await openForm(product);
    slowErp(2_300);
    await submit(product, admin, { name: 'given up', ...credentialsOf(product) });
    const asked = product.sandbox.acumatica.counters.requests;
    expect(modalNow(product, admin)?.title).to.equal('Checking …');
    await product.sandbox.slack.closeView(admin, modalNow(product, admin)?.id ?? '');
    await waitUntil(async () => (await db()('setup_drafts')).length === 0, { what: 'the draft is gone' });
    // A stop waits for what is under way.
    await product.stopApp();
    expect(await db()('connections')).to.deep.equal([]);
    expect(product.sandbox.acumatica.counters.sessions.open, JSON.stringify(asked)).to.equal(0);
  }).timeout(12_000);

  it('does nothing and loses nothing where PostgreSQL is too slow to keep what was typed', async () => {
    await openForm(product);
    const held = await lock('setup_drafts');
    const { said, ms } = await submit(product, admin, { name: 'x', ...credentialsOf(product) });
    await held.rollback();
    expect(ms).to.be.lessThan(inTimeMs);
    expect(Object.values(said).join()).to.contain('The app is slow at the moment');
    // The form stands as it was typed: it is sent off once more.
    await submit(product, admin);
    await modal(product, admin, ({ title }) => title === 'Connection saved');
    expect(await db()('connections')).to.have.length(1);
    expect(product.sandbox.acumatica.counters.tokens.issued).to.equal(1);
  }).timeout(12_000);

  it('opens at once and fills in where PostgreSQL is slow', async () => {
    await openAdministration(product);
    const held = await lock('setup_drafts');
    await press(product, admin, 'home_add_connection');
    const loading = await modal(product, admin);
    expect(loading.text).to.equal('One moment …');
    expect(loading.blocks).to.have.length(1);
    await held.rollback();
    const form = await modal(product, admin, ({ blocks }) => blocks.length > 5);
    expect(form.id).to.equal(loading.id);
  });

  it('is what it was after the app ended while it was checking', async () => {
    await openForm(product);
    slowErp(5_000);
    await submit(product, admin, { name: 'cut off', ...credentialsOf(product) });
    const stopping = product.stopApp();
    const told = await modal(product, admin, ({ title }) => title === 'Add a connection');
    expect(told.text).to.contain('The app is being restarted');
    await stopping;
    product.sandbox.acumatica.clearFaults();
    // As a process that was killed leaves it: the form says that it is checking, and nobody does.
    const view = product.sandbox.slack.state.views.find(told.id);
    if (!view) throw new Error('There is no view');
    const back = { type: 'button', action_id: 'setup_back', text: { type: 'plain_text', text: 'Back' }, value: 'back' };
    product.sandbox.slack.state.views.update(view, {
      ...view.definition,
      blocks: [{ type: 'actions', block_id: 'checking', elements: [back] }],
    });
    await product.startApp();
    await click(product, admin, 'setup_back');
    const form = await modal(product, admin, ({ blocks }) => blocks.length > 5);
    expect(elementOf(form, 'name').initial_value).to.equal('cut off');
    await submit(product, admin);
    await modal(product, admin, ({ title }) => title === 'Connection saved');
    expect(await db()('connections').pluck('name')).to.deep.equal(['cut off']);
  }).timeout(15_000);

  it('saves once what is sent off twice at the same moment', async () => {
    await openForm(product);
    slowErp(500);
    const sent = submit(product, admin, { name: 'twice', ...credentialsOf(product) });
    await waitUntil(async () => (await db()('setup_drafts')).length === 1, { what: 'it is kept' });
    await Promise.all([sent, product.sandbox.slack.redeliver('view_submission', 2)]);
    await waitUntil(async () => (await db()('connections')).length > 0, { what: 'it is saved' });
    await product.stopApp();
    expect(await db()('connections')).to.have.length(1);
    expect(await db()('audit_events').where({ kind: 'connection.added' })).to.have.length(1);
    expect(product.sandbox.acumatica.counters.sessions.open).to.be.at.most(1);
  }).timeout(12_000);

  it('is not for those who are no administrators (any more): nothing is saved, they are told, it is recorded', async () => {
    const { id } = await db()('installations').first('id');
    const row = { installation_id: id, person: buyer };
    await db()('administrators').insert({ ...row, named_by: admin });
    await openForm(product, buyer);
    await db()('administrators').where(row).delete();
    await submit(product, buyer, { name: 'x', ...credentialsOf(product) });
    const told = await modal(product, buyer, ({ title }) => title === 'Not possible');
    expect(told.text).to.contain('Only administrators may do this');
    expect(await db()('connections')).to.deep.equal([]);
    expect(await db()('setup_drafts')).to.deep.equal([]);
    await product.sandbox.slack.closeView(buyer, told.id);
    await press(product, buyer, 'home_add_connection');
    const again = await modal(product, buyer, ({ text }) => text.includes('Only administrators may do this'));
    expect(again.blocks).to.have.length(1);
    const refused = await db()('audit_events').where({ kind: 'administration.refused', actor: buyer }).pluck('data');
    expect(refused).to.deep.equal([{ asked: 'save_connection' }, { asked: 'add_connection' }]);
  });

  it('tests no more than four connections at once', async () => {
    product.sandbox.acumatica.setFault({ kind: 'slow', ms: 1_500, match: { path: '/connect/token' } });
    const { roster } = product.sandbox.slack.state;
    const persons = [...roster.users.values()].filter(({ isBot }) => !isBot).slice(0, 5);
    const { id } = await db()('installations').first('id');
    for (const { id: person } of persons) {
      await db()('administrators').insert({ installation_id: id, person, named_by: admin });
      await openForm(product, person);
    }
    const answers = await Promise.all(
      persons.map(({ id: person }) => submit(product, person, { name: `of ${person}`, ...credentialsOf(product) })),
    );
    expect(answers.every(({ acked }) => acked)).to.equal(true);
    await waitUntil(async () => (await db()('connections')).length === 4, { what: 'four are saved' });
    const texts = persons.map(({ id: person }) => modalNow(product, person)?.text ?? '');
    expect(texts.filter((text) => text.includes('Several connections are being tested'))).to.have.length(1);
  }).timeout(15_000);

  it('forgets what was typed after an hour, by the job that cleans up', async () => {
    await openForm(product);
    await submit(product, admin, { name: 'x', ...credentialsOf(product), 'credentials.password': 'wrong' });
    await db()('setup_drafts').update({ expires_at: db().fn.now() });
    const again = await openForm(product);
    expect(elementOf(again, 'name').initial_value).to.equal(undefined);
    expect(await db()('setup_drafts')).to.have.length(1);
    await db().raw(`select graphile_worker.add_job('clean-up', json_build_object('id', 'all'))`);
    await waitUntil(async () => (await db()('setup_drafts')).length === 0, { what: 'the draft is gone' });
  });
});
