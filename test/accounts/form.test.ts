import { expect } from 'chai';
import { install } from '../../demo/install.ts';
import { click, credentialsOf, modal, modalNow, openForm, placeOf, submit } from '../setup/forms.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { consentAs, titleOf } from './browser.ts';

const { admin } = people;

describe('The form of a connection, by its sign-in', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ setUp: false, scenario: { slack: { limits: 'pace-only' } } });
    await install(product.appUrl);
  });
  after(() => product?.stop());

  const db = () => product.database.db;
  const isNow = (name: string, status: string) =>
    waitUntil(async () => (await db()('connections').where({ name }).first('status')).status === status, {
      what: () => `“${name}” ${status}; the log says:\n${product.logLines.slice(-10).join('')}`,
    });
  const without = (...fields: string[]) => {
    const given = Object.entries(credentialsOf(product)).filter(([field]) => !fields.includes(field));
    return Object.fromEntries(given);
  };

  it('asks for what the chosen way needs, at its field', async () => {
    await openForm(product);
    const { said } = await submit(product, admin, {
      ...{ name: 'by cookie', 'credentials.sign_in': 'cookie' },
      ...without('credentials.username', 'credentials.client_id', 'credentials.client_secret'),
    });
    expect(said).to.deep.equal({ 'credentials.username': 'Is needed for the sign-in by cookie.' });
    await submit(product, admin, { 'credentials.username': 'countersign' });
    const saved = await modal(product, admin, ({ title }) => title === 'Connection saved');
    expect(saved.text).to.contain('bills, purchase orders');
    await isNow('by cookie', 'active');
    await waitUntil(() => product.sandbox.acumatica.counters.sessions.open === 1, { what: 'one seat' });
    await product.sandbox.slack.closeView(admin, saved.id);
  });

  it('saves a connection by consent untried, and leads to the ERP’s page at once', async () => {
    await openForm(product);
    await submit(product, admin, {
      ...{ name: 'by consent', 'credentials.sign_in': 'consent' },
      ...without('credentials.username', 'credentials.password'),
    });
    const saved = await modal(product, admin, ({ title }) => title === 'Connection saved');
    expect(saved.text).to.contain('press Connect');
    await isNow('by consent', 'broken');
    await click(product, admin, 'connection_connect');
    const form = await modal(product, admin, ({ title }) => title === 'Connect');
    const url = /"url":"([^"]+)"/.exec(form.raw)?.[1] ?? '';
    expect(titleOf(await consentAs(url, 'countersign'))).to.equal('Acumatica is connected');
    await isNow('by consent', 'active');
    await product.sandbox.slack.closeView(admin, form.id, true);
  });

  it('keeps a consent when something else is edited', async () => {
    const found = await openForm(product, admin, 'by consent');
    expect(placeOf(found, 'credentials.page_size')).to.have.length(2);
    await submit(product, admin, { 'credentials.page_size': '50' });
    const saved = await modal(product, admin, ({ title }) => title === 'Connection saved');
    expect(saved.text).to.not.contain('press Connect');
    await product.readNow();
    const row = await db()('connections').where({ name: 'by consent' }).first('status', 'settings', 'shared_state');
    expect(row).to.include({ status: 'active' });
    expect(row.settings).to.include({ page_size: 50 });
    expect(row.shared_state).to.match(/^v1:/);
    expect(modalNow(product, admin)?.title).to.equal('Connection saved');
  });
});
