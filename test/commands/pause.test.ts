import { expect } from 'chai';
import { addBill, isTold, onlyWhenAsked, ownLane, postBill } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { ask, readingIsDone } from './support.ts';

describe('the commands pause and resume', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ cadence: onlyWhenAsked });
    await readingIsDone(product);
  });
  after(() => product.stop());
  const events = () => product.database.db('audit_events').where('kind', 'like', 'connection.%').orderBy('id');

  it('stop reading and deciding, and go on from where it was', async () => {
    const { card, bill } = await postBill(product);
    const paused = await ask(product, 'pause TREASURY');
    expect(paused.text).to.equal(
      'treasury is paused: nothing is read or decided there, and what is on its way to Slack still arrives.\nTo go on: /erp resume treasury',
    );
    await product.click(card, 'decide_approve');
    expect(await isTold(product, people.director, bill.ref)).to.contain('is paused');
    const lane = await ownLane(product);
    const later = addBill(product, lane);
    expect((await ask(product, 'status')).text).to.contain('⏸️ treasury (Acumatica): paused');
    const resumed = await ask(product, 'resume treasury');
    expect(resumed.text).to.match(/^treasury is read again, from where it was\./);
    await product.readNow();
    await product.card(later.ref, () => true, { channel: lane.channel });
    const recorded = await events().select('kind', 'actor');
    expect(recorded).to.deep.equal([
      { kind: 'connection.paused', actor: people.admin },
      { kind: 'connection.resumed', actor: people.admin },
    ]);
  });

  it('asked again say so and record nothing', async () => {
    await ask(product, 'pause treasury');
    const before = (await events()).length;
    const twice = await Promise.all(
      ['C0APAPPROV', 'C0GENERAL0'].map((channel) => ask(product, 'pause treasury', people.admin, channel)),
    );
    for (const { text } of twice) expect(text).to.contain('was paused already');
    await ask(product, 'resume treasury');
    expect((await ask(product, 'resume treasury')).text).to.contain('is not paused');
    expect((await events()).length).to.equal(before + 1);
  });

  it('have the schedule planned anew at once', async () => {
    const { db } = product.database;
    await ask(product, 'pause treasury');
    await db('feeds').update({ cadence: '*/1 * * * * *', last_read_at: null });
    await ask(product, 'resume treasury');
    await waitUntil(async () => (await db('feeds').first('last_read_at')).last_read_at, { what: 'the feed is read' });
    await db('feeds').update({ cadence: onlyWhenAsked });
  });

  it('say what to type when the name is missing or wrong', async () => {
    expect((await ask(product, 'pause')).text).to.equal(
      'Say which connection. Type /erp pause CONNECTION; there is: treasury.',
    );
    expect((await ask(product, 'resume trasury')).text).to.equal(
      'There is no connection “trasury”. Type /erp resume treasury.',
    );
  });

  for (const word of ['pause', 'resume', 'replay']) {
    it(`leave ${word} to administrators`, async () => {
      const before = await product.database.db('connections').select('status', 'updated_at');
      const { text } = await ask(product, `${word} treasury`, people.clerk);
      expect(text).to.match(/^Only administrators may do this, so nothing was done\./);
      expect(await product.database.db('connections').select('status', 'updated_at')).to.deep.equal(before);
      const refused = await product.database
        .db('audit_events')
        .where({ kind: 'administration.refused' })
        .orderBy('id', 'desc')
        .first();
      expect(refused).to.deep.include({ actor: people.clerk, data: { asked: word } });
    });
  }

  it('are for people who were named, from then on and no longer than they are', async () => {
    const { db } = product.database;
    const installation = await db('installations').first('id');
    const named = { installation_id: installation.id, person: people.clerk };
    await db('administrators').insert({ ...named, named_by: people.admin });
    expect((await ask(product, 'pause treasury', people.clerk)).text).to.contain('is paused');
    await db('administrators').where(named).delete();
    expect((await ask(product, 'resume treasury', people.clerk)).text).to.match(/^Only administrators/);
    await ask(product, 'resume treasury');
  });
});
