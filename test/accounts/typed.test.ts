import { expect } from 'chai';
import { forge, home, homeNow, openHome, press } from '../home/homes.ts';
import { modal, modalNow, submit } from '../setup/forms.ts';
import { type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { startBooks } from './books.ts';

const { director, controller, clerk } = people;

describe('People who link their ERP account by what they sign in with', () => {
  let product: Product;
  before(async () => {
    product = await startBooks();
  });
  after(() => product?.stop());
  afterEach(async () => {
    for (const { id } of product.sandbox.slack.openViews(director)) await product.sandbox.slack.closeView(director, id);
    await db()('erp_accounts').delete();
    site().clearFaults();
  });

  const db = () => product.database.db;
  const site = () => product.sandbox.intacct;
  const passwordOf = (user: string) =>
    site()
      .describe()
      .users.find(({ userId }) => userId === user)?.password ?? '';
  const accounts = () => db()('erp_accounts').whereNull('unlinked_at').orderBy('person');
  const events = (kind: string) => db()('audit_events').where({ kind }).orderBy('id');

  async function openForm(user: string = director) {
    await openHome(product, user, ({ text }) => text.includes('My links to ERP accounts'));
    await press(product, user, 'account_link');
    return modal(product, user, ({ title }) => title === 'Link my account');
  }

  async function link(user: string, as: string): Promise<void> {
    await openForm(user);
    await submit(product, user, { user_id: as, password: passwordOf(as) });
    const done = await modal(product, user, ({ text }) => text.includes('is linked'));
    expect(done.text).to.contain(`Your Sage Intacct account ${as} is linked`);
    await product.sandbox.slack.closeView(user, done.id);
  }

  it('type it in a form, which is kept only once it has worked', async () => {
    const form = await openForm();
    expect(form.text).to.contain('Sign in to Sage Intacct as yourself').and.to.contain('books');
    const wrong = await submit(product, director, { user_id: 'amara.okafor', password: 'not-her-password' });
    expect(wrong.said).to.deep.equal({
      'login:password': 'Intacct does not accept this user ID and password together.',
    });
    expect(await accounts()).to.have.length(0);

    await submit(product, director, { user_id: 'amara.okafor', password: passwordOf('amara.okafor') });
    await modal(product, director, ({ text }) => text.includes('account amara.okafor is linked'));
    expect(await accounts()).to.have.length(1);
    await home(product, director, ({ text }) => /Linked\s+as\s+amara\.okafor/.test(text));
    expect((await events('account.linked')).at(-1)).to.deep.include({
      actor: director,
      data: { user: 'amara.okafor' },
    });
    expect((await events('account.refused')).at(-1)).to.deep.include({ actor: director, data: { why: 'login' } });
  });

  it('are asked for both fields at once, without the ERP being asked', async () => {
    const before = site().counters.requests;
    await openForm();
    const { said } = await submit(product, director, { user_id: '  ', password: passwordOf('amara.okafor') });
    expect(said).to.deep.equal({ 'login:user_id': 'Fill this in.' });
    expect(await accounts()).to.have.length(0);
    expect(site().counters.requests).to.deep.equal(before);
  });

  it('keep their password where only the app can open it: in no view, log, event or plain row', async () => {
    const password = passwordOf('jonas.weber');
    await link(controller, 'jonas.weber');
    await openForm(director);
    await submit(product, director, { user_id: 'jonas.weber', password: 'a-wrong-secret-of-jonas' });
    const tables = await db().raw<{ rows: Array<{ table: string }> }>(
      `select table_schema || '.' || table_name as table from information_schema.tables
       where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`,
    );
    expect(tables.rows.length).to.be.greaterThan(20);
    for (const secret of [password, 'a-wrong-secret-of-jonas']) {
      for (const { table } of tables.rows) expect(JSON.stringify(await db()(table)), table).to.not.contain(secret);
      for (const user of [controller, director]) {
        const views = product.sandbox.slack.openViews(user).map(({ definition }) => definition);
        expect(JSON.stringify(views)).to.not.contain(secret);
        expect(JSON.stringify(homeNow(product, user))).to.not.contain(secret);
      }
      expect(product.logLines.join('')).to.not.contain(secret);
    }
    expect((await accounts().first('state')).state).to.match(/^v1:/);
  });

  it('cannot link the account of somebody else who has, nor the one that the app reads with', async () => {
    await link(controller, 'jonas.weber');
    await openForm(director);
    const second = await submit(product, director, { user_id: 'Jonas.Weber', password: passwordOf('jonas.weber') });
    const said = Object.values(second.said).join(' ');
    // The simulated company knows its users by their exact names; either way nothing is linked twice.
    expect(said).to.match(/linked to somebody else|does not accept/);
    const same = await submit(product, director, { user_id: 'jonas.weber', password: passwordOf('jonas.weber') });
    expect(same.said['login:user_id']).to.contain('linked to somebody else already');
    const own = await submit(product, director, { user_id: 'countersign', password: passwordOf('countersign') });
    expect(own.said['login:user_id']).to.contain('the app itself reads with');
    expect((await accounts()).map(({ person }) => person)).to.deep.equal([controller]);
  });

  it('hear that the ERP does not answer, and nothing is linked', async () => {
    await openForm();
    site().setFault({ kind: '503-html' });
    const { said } = await submit(product, director, { user_id: 'amara.okafor', password: passwordOf('amara.okafor') });
    expect(Object.values(said).join(' ')).to.match(/Intacct/);
    expect(await accounts()).to.have.length(0);
  });

  it('wait after five refusals in a row, and the ERP is not asked meanwhile', async () => {
    await openHome(product, clerk, ({ text }) => text.includes('My links to ERP accounts'));
    await press(product, clerk, 'account_link');
    await modal(product, clerk, ({ title }) => title === 'Link my account');
    for (let tries = 0; tries < 5; tries += 1) {
      const { said } = await submit(product, clerk, { user_id: 'amara.okafor', password: `guess-${tries}` });
      expect(said['login:password']).to.contain('does not accept');
    }
    const before = site().counters.requests;
    const { said } = await submit(product, clerk, { user_id: 'amara.okafor', password: passwordOf('amara.okafor') });
    expect(said['login:user_id']).to.contain('Wait a quarter of an hour');
    expect(site().counters.requests).to.deep.equal(before);
    expect(await accounts()).to.have.length(0);
  });

  it('unlink, and nothing of it stays', async () => {
    await link(director, 'amara.okafor');
    await home(product, director, ({ text }) => /Linked\s+as\s+amara\.okafor/.test(text));
    await press(product, director, 'account_unlink');
    await home(product, director, ({ text }) => text.includes('is not linked to “books” any more'));
    await waitUntil(async () => (await db()('erp_accounts').first('id')) === undefined, { what: 'no row' });
    expect((await events('account.unlinked')).at(-1)).to.deep.include({ actor: director });
  });

  it('cannot reach a connection that is none of their workspace’s', async () => {
    const elsewhere = await db()('installations')
      .insert({
        id: crypto.randomUUID(),
        slack_key: 'T0ELSEWHERE',
        team_id: 'T0ELSEWHERE',
        name: 'Elsewhere',
        secret: '',
      })
      .returning('id');
    const id = crypto.randomUUID();
    await db()('connections').insert({
      ...{ id, installation_id: elsewhere[0].id, name: 'theirs', connector: 'intacct', settings: '{}', secret: '' },
    });
    await openHome(product, director);
    const forged = await forge(product, director, 'account_link', id);
    expect(forged.status).to.equal(200);
    await home(product, director, ({ text }) => text.includes('That connection is not there any more'));
    expect(modalNow(product, director)).to.equal(undefined);
  });

  it('count what signing in costs', async () => {
    await db()('erp_calls').delete();
    await link(director, 'amara.okafor');
    expect(Number((await db()('erp_calls').sum('calls as n').first())?.n)).to.be.greaterThan(0);
  });
});
