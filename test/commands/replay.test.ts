import { expect } from 'chai';
import { parseDuration } from '../../listeners/commands/replay.ts';
import {
  addBill,
  auditOf,
  cardNow,
  decisionsOn,
  onlyWhenAsked,
  ownLane,
  postBill,
  timesAsked,
} from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { ask, readingIsDone } from './support.ts';

describe('the command replay', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      // No route but those that the cases add.
      routes: [{ conditions: { vendors: ['NOBODY'] } }],
    });
    await readingIsDone(product);
  });
  after(() => product.stop());

  async function deadCard() {
    const lane = await ownLane(product);
    product.sandbox.slack.setArchived(lane.channel, true);
    const bill = addBill(product, lane);
    await product.readNow();
    await waitUntil(() => product.database.db('cards').where({ state: 'dead' }).first('id'), { what: 'a dead card' });
    return { lane, bill };
  }
  const cardsIn = (channel: string, reference: string) =>
    product.sandbox.slack.messages(channel).filter((message) => message.text.includes(reference));

  it('says first what is dead and what to type, and does nothing yet', async () => {
    expect((await ask(product, 'replay')).text).to.match(/^Nothing is dead, so there is nothing to replay\./);
    const { lane, bill } = await deadCard();
    const { text } = await ask(product, 'replay');
    expect(text).to.contain('1 card could not be delivered').and.to.contain('/erp replay dead');
    product.sandbox.slack.setArchived(lane.channel, false);
    expect(cardsIn(lane.channel, bill.ref)).to.have.length(0);
    expect((await product.database.db('cards').where({ state: 'dead' })).length).to.equal(1);
    await ask(product, 'replay dead');
    await product.card(bill.ref, () => true, { channel: lane.channel });
  });

  it('of what is dead says how many cards go where, and does it once however often it is asked', async () => {
    const { lane, bill } = await deadCard();
    product.sandbox.slack.setArchived(lane.channel, false);
    const answers = await Promise.all([
      ask(product, 'replay dead'),
      ask(product, 'replay dead', people.admin, 'C0GENERAL0'),
      ask(product, 'replay dead', people.admin, 'C0LARGEPAY'),
    ]);
    const did = answers.filter(({ text }) => text.startsWith('Trying again'));
    expect(did.map(({ text }) => text)).to.deep.equal([
      `Trying again: 1 card. The cards go to <#${lane.channel}> (1).`,
    ]);
    await product.card(bill.ref, () => true, { channel: lane.channel });
    await product.sandbox.slack.redeliver('slash_command', 3);
    expect((await ask(product, 'replay dead')).text).to.equal('Nothing is dead, so there is nothing to replay.');
    expect(cardsIn(lane.channel, bill.ref)).to.have.length(1);
    const kinds = (await auditOf(product, bill)).filter(({ kind }) => kind === 'card.replayed');
    expect(kinds.map(({ actor }) => actor)).to.deep.equal([people.admin]);
  });

  it('of one document posts its dead card and leaves others alone', async () => {
    const first = await deadCard();
    const second = await deadCard();
    await waitUntil(async () => (await product.database.db('cards').where({ state: 'dead' })).length === 2, {
      what: 'two dead cards',
    });
    for (const { lane } of [first, second]) product.sandbox.slack.setArchived(lane.channel, false);
    const { text } = await ask(product, `replay ${first.bill.ref.toLowerCase()}`);
    expect(text).to.equal(`Trying again ${first.bill.ref}: 1 card. The cards go to <#${first.lane.channel}> (1).`);
    await product.card(first.bill.ref, () => true, { channel: first.lane.channel });
    expect(cardsIn(second.lane.channel, second.bill.ref)).to.have.length(0);
    await ask(product, 'replay dead');
    await product.card(second.bill.ref, () => true, { channel: second.lane.channel });
  });

  it('of one document draws its standing card anew, once a minute', async () => {
    const posted = await postBill(product);
    const updates = () => product.sandbox.slack.counters.updates;
    const before = updates();
    const asked = [`replay ${posted.bill.ref}`, `replay ${posted.bill.ref}`];
    const answers = await Promise.all(
      asked.map((text, index) => ask(product, text, people.admin, index === 0 ? 'C0GENERAL0' : 'C0LARGEPAY')),
    );
    expect(answers.map(({ text }) => text).sort()).to.deep.equal([
      `Drawing anew ${posted.bill.ref}: 1 card.`,
      `The card of ${posted.bill.ref} is on its way already.`,
    ]);
    await waitUntil(() => updates() === before + 1, { what: 'the redraw' });
    expect((await ask(product, `replay ${posted.bill.ref}`)).text).to.contain('on its way already');
    expect(updates()).to.equal(before + 1);
    await cardNow(product, posted);
  });

  it('since a time brings back what died since then only', async () => {
    const { db } = product.database;
    const { lane, bill } = await deadCard();
    product.sandbox.slack.setArchived(lane.channel, false);
    await db.raw('alter table audit_events disable trigger all');
    await db('audit_events')
      .where({ kind: 'card.dead' })
      .update({ at: db.raw(`now() - interval '3 hours'`) });
    await db.raw('alter table audit_events enable trigger all');
    expect((await ask(product, 'replay since 2h')).text).to.equal(
      'Nothing died in the last 2 h that is still dead, so there is nothing to replay.',
    );
    expect((await ask(product, 'replay since 4 hours')).text).to.contain(
      'Trying again what died in the last 4 h: 1 card.',
    );
    await product.card(bill.ref, () => true, { channel: lane.channel });
  });

  it('opens a dead decision again, reads first, and asks the ERP no second time for what it did', async () => {
    const { db } = product.database;
    const { bill, card } = await postBill(product);
    await product.click(card, 'decide_approve');
    await decisionsOn(product, bill);
    const asked = timesAsked(product);
    await db('decisions')
      .where({ state: 'done' })
      .update({ state: 'dead', outcome: 'unclear', message: 'No clear answer.' });
    const { text } = await ask(product, 'replay dead');
    expect(text)
      .to.match(/^Trying again: 1 decision\.\n/)
      .and.to.contain('nothing is done twice');
    const [decision] = await decisionsOn(product, bill);
    expect(decision).to.include({ state: 'done', outcome: 'approve_done' });
    expect(timesAsked(product)).to.equal(asked);
    expect((await ask(product, 'replay dead')).text).to.contain('Nothing is dead');
  });

  it('leaves a dead decision alone that was decided again since', async () => {
    const { db } = product.database;
    const { bill, card } = await postBill(product);
    await product.click(card, 'decide_approve');
    const [done] = await decisionsOn(product, bill);
    const row = await db('decisions').where({ id: done?.id }).first();
    const { id, ...rest } = row;
    await db('decisions').where({ id }).update({ state: 'dead' });
    await db('decisions').insert({ ...rest, click_key: 'later', before: null, state: 'done' });
    expect((await ask(product, `replay ${bill.ref}`)).text).to.not.contain('decision');
    expect(await db('decisions').where({ id }).first('state')).to.deep.equal({ state: 'dead' });
    await db('decisions').where({ id }).update({ state: 'refused' });
  });

  for (const [text, said] of [
    ['replay since yesterday', 'Say since when, in minutes, hours or days up to 90, like /erp replay since 2h.'],
    ['replay since', 'Say since when, in minutes, hours or days up to 90, like /erp replay since 2h.'],
    ['replay 99<!here>', 'No document has the reference “99&lt;!here&gt;”. To look for it: /erp find TEXT'],
  ] as const) {
    it(`says what to type for “${text}”`, async () => {
      expect((await ask(product, text)).text).to.equal(said);
    });
  }

  it('understands minutes, hours and days', () => {
    const hour = 3_600_000;
    const given = ['2h', '30m', '30 min', '1 day', '3d', '0h', '91d', '2w', 'h', '2h3m', '-2h'].map(parseDuration);
    expect(given).to.deep.equal([
      2 * hour,
      hour / 2,
      hour / 2,
      24 * hour,
      72 * hour,
      ...Array.from({ length: 6 }, () => undefined),
    ]);
  });
});
