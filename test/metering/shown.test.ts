import { expect } from 'chai';
import { budgetsOf } from '../../app/metering/used.ts';
import { readStatus } from '../../app/status/report.ts';
import { statusText } from '../../cli/status/text.ts';
import { connectorById } from '../../connectors/index.ts';
import { startBooks } from '../accounts/books.ts';
import { ask } from '../commands/support.ts';
import { home, openHome } from '../home/homes.ts';
import { modal, openAdministration, openForm, submit } from '../setup/forms.ts';
import { isTold, toldTo } from '../support/lanes.ts';
import { type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

const { admin, buyer } = people;

describe('What an administrator sees of the calls that are billed', () => {
  let product: Product;
  before(async () => {
    product = await startBooks({ settings: { calls_per_month: 1_000, calls_per_day: 400 } });
    await db()('installations').update({ installer_user_id: admin });
    await isRead();
  });
  after(() => product?.stop());

  const db = () => product.database.db;
  const site = () => product.sandbox.intacct;
  /** Exceptions and summaries cost calls only where a route sends them somewhere. */
  const withoutRoute = ['exception', 'summary'];
  const unread = () => db()('feeds').whereNull('last_read_at').whereNotIn('kind', withoutRoute).first('id');
  const isRead = () =>
    waitUntil(async () => (await unread()) === undefined, {
      what: () => `the first reading; the log says:\n${product.logLines.slice(-10).join('')}`,
    });
  const counted = async (connection = product.connectionId) =>
    Number((await db()('erp_calls').where({ connection_id: connection }).sum('calls as n').first())?.n ?? 0);
  const allCounted = async () => Number((await db()('erp_calls').sum('calls as n').first())?.n ?? 0);
  /** The month as if so much of its budget had been used before. */
  const setCalls = (calls: number) =>
    db()('erp_calls')
      .where({ connection_id: product.connectionId })
      .update({ calls, told_percent: 0, days: db().raw(`array_fill(0, array[31])`) });

  it('is what the ERP meters, to the call', async () => {
    expect(await counted()).to.equal(site().counters.metered);
    site().maker.bill({ state: 'S' });
    await product.readNow();
    await waitUntil(async () => (await db()('documents').first('id')) !== undefined, { what: 'the bill' });
    await waitUntil(async () => (await db()('feeds').first('lease_owner')).lease_owner === null, { what: 'the end' });
    expect(await counted()).to.equal(site().counters.metered);
  });

  it('stands in Home and in the answer to the command, for administrators alone', async () => {
    await setCalls(300);
    await openAdministration(product);
    const month = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' }).format(new Date());
    await home(product, admin, ({ text }) =>
      text.includes(`0 calls today of 400 allowed · 300 in ${month} of 1,000 allowed, about `),
    );
    const said = await ask(product, 'status books');
    expect(said.text).to.contain(`300 in ${month} of 1,000 allowed`);
    expect(statusText(await readStatus(db(), budgetsOf(connectorById)))).to.contain(`300 in ${month} of 1,000 allowed`);
    expect((await ask(product, 'status books', buyer)).text).to.not.contain('allowed');
  });

  it('is told at four fifths of the month’s budget, once, with what it comes to', async () => {
    await setCalls(799);
    await product.readNow();
    const told = await isTold(product, admin, 'of this month’s 1,000 calls are used (');
    expect(told).to.contain('connection “books”').and.to.contain('Edit in the Home tab');
    const after = await counted();
    await product.readNow();
    await waitUntil(async () => (await counted()) > after, { what: 'another reading' });
    expect(toldTo(product, admin).filter((text) => text.includes('of this month’s'))).to.have.length(1);
  });

  it('is told when it is used up; reading stops, says so once and asks the ERP nothing', async () => {
    await setCalls(950);
    const before = site().counters.requests;
    await product.readNow();
    await isTold(product, admin, 'The budget of 1,000 calls for');
    await openHome(product, admin);
    const found = await home(product, admin, ({ text }) => text.includes('Raise it with Edit'));
    expect(found.text.split('Raise it with Edit')).to.have.length(2);
    expect(found.text).to.contain('⚠️').and.to.contain('connection “books”: the month’s budget of calls is used up');
    expect(site().counters.requests).to.equal(before);
    expect((await ask(product, 'status books')).text).to.contain('The budget of 1,000 calls for');
  });

  it('goes on at once where the budget is raised, though trying that out costs calls too', async () => {
    await openForm(product, admin, 'books');
    const before = await counted();
    const metered = Number(site().counters.metered);
    await submit(product, admin, { 'credentials.calls_per_month': '5000' });
    const saved = await modal(product, admin, ({ title }) => title === 'Connection saved');
    await product.sandbox.slack.closeView(admin, saved.id);
    await waitUntil(async () => (await db()('feeds').first('last_error')).last_error === null, { what: 'a reading' });
    await waitUntil(async () => (await counted()) - before === Number(site().counters.metered) - metered, {
      what: 'every call being counted',
    });
    await home(product, admin, ({ text }) => !text.includes('Raise it with Edit') && text.includes('of 5,000 allowed'));
  });

  it('counts the tests of a new connection, those that failed too, from its first day on', async () => {
    const { url, senderId, senderPassword, companyId, users } = site().describe();
    const service = users.find(({ role }) => role === 'service');
    const before = Number(site().counters.metered);
    const countedBefore = await allCounted();
    await openForm(product, admin);
    await choose('intacct');
    const typed = {
      ...{ name: 'more books', 'credentials.gateway': url, 'credentials.sender_id': senderId },
      ...{ 'credentials.sender_password': senderPassword, 'credentials.company_id': companyId },
      'credentials.user_id': service?.userId,
    };
    const wrong = await submit(product, admin, { ...typed, 'credentials.password': 'not the password' });
    expect(Object.keys(wrong.said)).to.include('credentials.password');
    await submit(product, admin, { 'credentials.password': service?.password });
    const saved = await modal(product, admin, ({ title }) => title === 'Connection saved');
    await product.sandbox.slack.closeView(admin, saved.id);
    const { id } = await db()('connections').where({ name: 'more books' }).first('id');
    await isRead();
    // The sign-in that was refused was sent as well, whether or not the vendor bills it.
    // The other connection may be read meanwhile; what the vendor meters is of both.
    const isCounted = async () => (await allCounted()) - countedBefore >= Number(site().counters.metered) - before + 1;
    await waitUntil(isCounted, { what: 'the tests being counted' });
    expect(await counted(id)).to.be.above(1);
  });

  async function choose(erp: string): Promise<void> {
    const found = await modal(product, admin);
    const block = found.blocks.find(({ element }) => JSON.stringify(element ?? {}).includes('setup_erp'));
    await product.sandbox.slack.click({
      ...{ user: admin, viewId: found.id, blockId: String(block?.block_id), actionId: 'setup_erp' },
      value: erp,
    } as never);
    await modal(product, admin, ({ text }) => text.includes('Signing in to Sage Intacct'));
  }
});
