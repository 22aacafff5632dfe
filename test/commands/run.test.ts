import { expect } from 'chai';
import { home, openHome, press } from '../home/homes.ts';
import { connectLedger, feedOf, planned, runsOf, summaries } from '../summaries/ledger.ts';
import { isTold, onlyWhenAsked, ownLanesOnly, toldTo } from '../support/lanes.ts';
import { channels, type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { ask } from './support.ts';

describe('a summary that is asked for', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      ...{ cadence: onlyWhenAsked, routes: ownLanesOnly },
      scenario: { intacct: { seedBills: 20 } },
    });
  });
  after(() => product.stop());
  const channel = (name: string) => {
    const { state } = product.sandbox.slack;
    const made = state.roster.addChannel({ name, private: false });
    made.members.add(state.installation.botUserId);
    return made.id;
  };
  const name = (person: string) =>
    product.database.db('administrators').insert({
      installation_id: product.database.db('installations').select('id').first(),
      ...{ person, named_by: people.admin, told_at: new Date() },
    });
  /** Lets a request to the ERP wait, so that what happens meanwhile is seen. */
  const slowly = (ms: number) => product.sandbox.intacct.setFault({ kind: 'slow', ms, match: 'GLBATCH', times: 1 });
  const end = (id: string, count: number) =>
    waitUntil(
      async () => {
        const runs = await runsOf(product, id);
        return runs.length >= count && runs.every(({ state }) => state !== 'open') ? runs : undefined;
      },
      { what: () => `${count} makings end; the log says:\n${product.logLines.slice(-15).join('')}`, timeoutMs: 20_000 },
    );

  it('by /erp run stands in its channel, and whoever asked is told where', async () => {
    const place = channel('asked');
    const id = await connectLedger(product, { name: 'head office', channel: place });
    await planned(product, id);
    const { text } = await ask(product, 'run HEAD OFFICE summary');
    expect(text).to.equal(
      '“head office”: the summary is being made … You are told here when it stands in its channel.',
    );
    const [message] = await summaries(product, 1, place);
    const told = await isTold(product, people.admin, 'the posting summary', 20_000);
    expect(told).to.match(new RegExp(`^“head office”: the posting summary of \\w+ \\d{4} stands in <#${place}>`));
    expect(told).to.contain(`p${message?.ts.replace('.', '')}`);
    const events = await product.database
      .db('audit_events')
      .where({ connection_id: id })
      .where('kind', 'like', 'summary.%')
      .orderBy('id');
    expect(events.map(({ kind, actor }) => [kind, actor])).to.deep.equal([
      ['summary.asked', people.admin],
      ['summary.made', people.admin],
    ]);
  });

  it('is made once, however many ask at once, and each is told', async () => {
    const place = channel('twice');
    const id = await connectLedger(product, { name: 'twice', channel: place });
    await planned(product, id);
    await name(people.controller);
    slowly(1_500);
    await ask(product, 'run twice summary');
    const [again, other] = await Promise.all([
      ask(product, 'run twice summary', people.admin, channels.large),
      ask(product, 'run twice summary', people.controller),
    ]);
    expect(again?.text).to.contain('is being made already');
    expect(other?.text).to.contain('is being made already');
    await end(id, 1);
    await isTold(product, people.controller, '“twice”: the posting summary', 20_000);
    const after = await ask(product, 'run twice summary', people.controller);
    expect(after.text).to.contain('was made just now, so it is not made again');
    await waitUntil(
      () =>
        toldTo(product, people.controller).filter((text) => text.includes('“twice”: the posting summary')).length === 2,
      {
        what: 'they are told again',
      },
    );
    expect(await runsOf(product, id)).to.have.length(1);
    expect(await summaries(product, 1, place)).to.have.length(1);
  });

  it('by the button in Home is made once by a double click, and says so there', async () => {
    const place = channel('button');
    const id = await connectLedger(product, { name: 'button', channel: place });
    await planned(product, id);
    await openHome(product, people.admin);
    product.sandbox.slack.openHome(people.admin);
    await press(product, people.admin, 'home_administration');
    await home(product, people.admin, (found) => found.text.includes('Run the summary now'));
    slowly(1_000);
    const [first, second] = [
      press(product, people.admin, 'home_run_summary', 'button'),
      press(product, people.admin, 'home_run_summary', 'button'),
    ];
    await Promise.all([first, second]);
    await home(product, people.admin, (found) => /“button”: the summary is being made/.test(found.text));
    await end(id, 1);
    await isTold(product, people.admin, '“button”: the posting summary', 20_000);
    expect(await runsOf(product, id)).to.have.length(1);
    await home(product, people.admin, (found) => /button {2}· Sage Intacct Posting summaries {2}made/.test(found.text));
  });

  it('and cannot be made says why in plain words, and is not tried for ever', async () => {
    const place = channel('refused');
    const id = await connectLedger(product, { name: 'refused', channel: place });
    await planned(product, id);
    product.sandbox.intacct.changeSettings({ noPermission: ['GLENTRY'] });
    await ask(product, 'run refused summary');
    const told = await isTold(product, people.admin, '“refused”: no summary was made', 20_000);
    expect(told).to.contain('GLENTRY');
    product.sandbox.intacct.changeSettings({ noPermission: [] });
    expect((await end(id, 1)).map(({ state }) => state)).to.deep.equal(['failed']);
    await ask(product, 'run refused summary');
    await summaries(product, 1, place);
    await waitUntil(async () => (await feedOf(product, id)).last_error === null, { what: 'the feed works again' });
  });

  it('is told of as gathered where its route makes digests', async () => {
    const place = channel('gathered');
    const id = await connectLedger(product, { name: 'gathered', channel: place });
    await product.database.db('routes').where({ connection_id: id }).update({ digest_cadence: '0 0 1 1 *' });
    await planned(product, id);
    await ask(product, 'run gathered summary');
    expect(await isTold(product, people.admin, '“gathered”: the posting summary', 20_000)).to.contain(
      'with the next digest',
    );
  });

  it('that nobody would see, or whose connection is paused, is not made', async () => {
    const unseen = await connectLedger(product, { name: 'unseen', route: false });
    const paused = await connectLedger(product, { name: 'paused', status: 'paused' });
    expect((await ask(product, 'run unseen summary')).text).to.match(/^No route of “unseen” takes posting summaries/);
    expect((await ask(product, 'run paused summary')).text).to.match(/is paused, so nothing is read/);
    expect((await ask(product, 'run treasury summary')).text).to.match(/has no posting summaries/);
    for (const id of [unseen, paused]) expect(await runsOf(product, id)).to.have.length(0);
  });

  it('is for administrators', async () => {
    const before = await product.database.db('summary_runs').count();
    expect((await ask(product, 'run head office summary', people.clerk)).text).to.match(/^Only administrators/);
    expect(await product.database.db('summary_runs').count()).to.deep.equal(before);
  });

  it('says what to type where that is not clear', async () => {
    expect((await ask(product, 'run')).text).to.match(
      /^Say which connection\. Type \/erp run CONNECTION summary; there is: /,
    );
    expect((await ask(product, 'run twise summary')).text).to.equal(
      'There is no connection “twise”. Type /erp run twice summary.',
    );
    expect((await ask(product, 'run twice')).text).to.equal(
      'What can be run is the summary. Type /erp run twice summary.',
    );
  });
});
