import { expect } from 'chai';
import { type CliResult, runCli } from '../cli/run-cli.ts';
import { ask } from '../commands/support.ts';
import { home, openHome, press } from '../home/homes.ts';
import { onlyWhenAsked } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { readOnce } from './support.ts';

describe('What a comparison found', () => {
  let product: Product;
  const site = () => product.sandbox.acumatica;
  const cli = (...args: string[]): Promise<CliResult> => runCli(args, { DATABASE_URL: product.database.url });

  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      kinds: ['bill', 'journal'],
      routes: [{ conditions: { vendors: ['NOBODY'] } }],
      scenario: { slack: { limits: 'pace-only' } },
    });
    site().addBill({ amount: '1250.50', currency: 'GBP', branch: 'HMT', status: 'Open' });
    site().addBill({ amount: '20.00', currency: 'EUR', branch: 'DMO', status: 'Open' });
    await readOnce(product);
  });
  after(() => product?.stop());

  it('is printed on demand, the ERP beside what is stored', async () => {
    const { code, out, err } = await cli('control', 'treasury');
    expect(code, err).to.equal(0);
    expect(out).to.match(/Kind +Branch +Currency +Acumatica +Countersign/);
    expect(out).to.match(/Bills +DMO +EUR +1 +20\.00 +1 +20\.00\n/);
    expect(out).to.match(/Bills +HMT +GBP +1 +1250\.50 +1 +1250\.50\n/);
    expect(out).to.contain('Compared with Acumatica, treasury: 2 documents agree.');
  });

  it('names what differed, and shows the totals again after it was read', async () => {
    const lost = site().addBill({ amount: '0.01', currency: 'GBP', branch: 'HMT', modifiedAt: Date.now() - 3_600_000 });
    const { code, out } = await cli('control', 'treasury');
    expect(code).to.equal(0);
    expect(out).to.match(/Bills +HMT +GBP +2 +1250\.51 +1 +1250\.50 +<> differs/);
    expect(out).to.match(/Totals of what differed, read again\n.*\n.*\n +Bills +HMT +GBP +2 +1250\.51 +2 +1250\.51\n/);
    expect(out).to.contain(`Bill ${lost.ref} (was missing here): read again`);
    const json = JSON.parse((await cli('control', 'treasury', '--json')).out);
    expect(json).to.deep.include({ agree: 3, differed: 0, still: 0, problem: null });
    expect(json.totals).to.have.length(2);
  });

  it('stands in Home for administrators, and in their answers to the command', async () => {
    await openHome(product, people.admin, ({ text }) => text.includes('Administration'));
    await press(product, people.admin, 'home_administration');
    await home(product, people.admin, ({ text }) => /Compared with Acumatica .*: 3 documents agree/.test(text));
    expect((await ask(product, 'status treasury')).text).to.match(
      /Compared with Acumatica \d+ s ago: 3 documents agree/,
    );
    expect((await ask(product, 'status treasury', people.buyer)).text).not.to.contain('Compared');
    expect((await cli('status')).out).to.match(/compared .*3 documents agree/);
  });

  it('is a warning where something still differs; the command line ends with 1', async () => {
    for (let count = 0; count < 25; count += 1) site().addBill({ branch: 'SECRET', status: 'Open' });
    await readOnce(product);
    site().changeSettings({ hiddenBranches: ['SECRET'] });
    const { code, out } = await cli('control', 'treasury');
    expect(code).to.equal(1);
    expect(out).to.contain('25 still differ').and.contain('so many bills are missing there');
    await home(product, people.admin, ({ text }) => text.includes('⚠️ Compared with Acumatica'));
    expect((await ask(product, 'status treasury')).text).to.contain('⚠️ Compared with Acumatica');
    site().changeSettings({ hiddenBranches: [] });
  });

  it('says plainly why nothing is compared', async () => {
    expect(await cli('control', 'nowhere')).to.include({
      code: 1,
      err: 'There is no connection "nowhere"; status lists them.\n',
    });
    await product.database.db('connections').update({ status: 'paused' });
    expect((await cli('control', 'treasury')).err).to.contain('treasury is paused, so it is not compared.');
    await product.database.db('connections').update({ status: 'active' });
    await product.stopApp();
    expect((await cli('control', 'treasury')).err).to.contain('The app does not run');
  });
});
