import { expect } from 'chai';
import { addBill, onlyWhenAsked, ownLane, postBill } from '../support/lanes.ts';
import { channels, type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { ask, readingIsDone } from './support.ts';

const general = 'C0GENERAL0';

describe('the command find', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ cadence: onlyWhenAsked, routes: [{ conditions: { vendors: ['NOBODY'] } }] });
    await readingIsDone(product);
  });
  after(() => product.stop());

  it('finds by reference, vendor and the vendor’s reference, with amount, date, state and the ways there', async () => {
    const { bill, card, lane } = await postBill(product, {
      amount: '1234.50',
      dueDate: '2026-12-24',
      vendorName: 'Quillfeather & Daughters',
      vendorRef: 'INV/77-x',
    });
    for (const sought of [bill.ref, lane.vendor.toLowerCase(), 'quillfeather & d', 'inv/77']) {
      const { text } = await ask(product, `find ${sought}`, people.director, general);
      expect(text, sought).to.contain(
        `Bill ${bill.ref} · Quillfeather &amp; Daughters · £1,234.50 · due 24 Dec 2026 · Pending Approval · <`,
      );
      expect(text).to.contain(`/archives/${lane.channel}/p${card.ts.replace('.', '')}|card>`);
      expect(text).to.match(/<http[^|>]+\|open in Acumatica>/);
    }
  });

  describe('shows a document', () => {
    const sees = async (reference: string, user: string, channel: string) =>
      (await ask(product, `find ${reference}`, user, channel)).text.includes(`Bill ${reference}`);

    it('anywhere to those who may decide it and to administrators, and to others only in the channel of its card', async () => {
      const { bill, lane } = await postBill(product);
      expect(await sees(bill.ref, people.director, general)).to.equal(true);
      expect(await sees(bill.ref, people.admin, general)).to.equal(true);
      expect(await sees(bill.ref, people.buyer, general)).to.equal(false);
      expect(await sees(bill.ref, people.buyer, lane.channel)).to.equal(true);
    });

    it('in no other way than one that is not there', async () => {
      const { bill } = await postBill(product);
      const hidden = await ask(product, `find ${bill.ref}`, people.buyer, general);
      expect(hidden.text).to.equal(
        `Nothing that you may see has “${bill.ref}” in its reference, vendor or vendor’s reference.`,
      );
      expect(hidden.blocks).to.not.contain('Ashworth');
    });

    it('no longer to those whose route was retired', async () => {
      const { bill, lane } = await postBill(product);
      await product.database.db('routes').where({ id: lane.routeId }).update({ retired_at: new Date() });
      expect(await sees(bill.ref, people.director, general)).to.equal(false);
    });

    it('to whoever has its card as a direct message', async () => {
      const { bill, lane } = await postBill(product);
      const { db } = product.database;
      await db('lanes').where({ channel: lane.channel }).update({ channel: people.buyer });
      expect(await sees(bill.ref, people.buyer, general)).to.equal(true);
      expect(await sees(bill.ref, people.clerk, general)).to.equal(false);
      await db('lanes').where({ channel: people.buyer }).update({ channel: lane.channel });
    });

    it('of another installation to nobody', async () => {
      const { bill } = await postBill(product);
      const { db } = product.database;
      const row = await db('installations').first();
      const other = { ...row, id: '00000000-0000-4000-8000-000000000002', slack_key: 'T0OTHER' };
      await db('installations').insert(other);
      await db('connections').update({ installation_id: other.id });
      expect(await sees(bill.ref, people.admin, general)).to.equal(false);
      await db('connections').update({ installation_id: row.id });
    });
  });

  it('shows ten, the exact reference first, and says that there are more', async () => {
    const lane = await ownLane(product, { burst: 5 });
    const bills = Array.from({ length: 12 }, () => addBill(product, lane, { vendorName: 'Many Bills Ltd' }));
    await product.readNow();
    await waitUntil(
      async () => (await product.database.db('cards').where({ state: 'digested' })).length >= bills.length,
      { what: 'the digest' },
    );
    const { text } = await ask(product, 'find Many Bills', people.director);
    expect(text.match(/^Bill /gm)).to.have.length(10);
    expect(text)
      .to.contain(`in a digest in <#${lane.channel}>`)
      .and.to.match(/There are more\..*$/);
  });

  it('takes what the ERP says literally, and LIKE’s signs too', async () => {
    const evil = '<!channel> *b* _i_ `c` <https://evil.example|x> %';
    const { bill } = await postBill(product, { vendorName: evil });
    const { text, blocks } = await ask(product, 'find <!channel>', people.director, channels.approvals);
    expect(text).to.contain(bill.ref).and.to.contain('&lt;!channel&gt;').and.not.contain('<!channel>');
    expect(blocks)
      .to.contain(JSON.stringify(evil).slice(1, -1))
      .and.not.contain('"broadcast"')
      .and.not.contain('mrkdwn');
    expect(product.sandbox.slack.messages(channels.approvals).at(-1)?.pinged).to.deep.equal([]);
    expect((await ask(product, 'find %%', people.director)).text).to.match(/^Nothing that you may see/);
    expect((await ask(product, `find ' or 1=1 --`, people.director)).text).to.match(/^Nothing that you may see/);
  });

  it('does without links that Slack is too slow to tell', async () => {
    const { bill } = await postBill(product);
    product.sandbox.slack.setFault({ kind: 'slow', method: 'chat.getPermalink', ms: 4_000, times: 1 });
    const { text, ms } = await ask(product, `find ${bill.ref}`, people.director);
    expect(text).to.contain(bill.ref).and.not.contain('|card>');
    expect(ms).to.be.lessThan(3_000);
  });

  it('is answered in time while the ERP is slow', async () => {
    const { bill } = await postBill(product);
    product.sandbox.acumatica.setFault({ kind: 'slow', ms: 4_500, times: 1 });
    await product.readNow();
    const { text, ms } = await ask(product, `find ${bill.ref}`, people.director);
    expect(text).to.contain(bill.ref);
    expect(ms).to.be.lessThan(3_000);
    await readingIsDone(product);
  });

  for (const text of ['find', 'find x', 'find   é']) {
    it(`says what to type for “${text}”`, async () => {
      expect((await ask(product, text)).text).to.equal(
        'Type at least two letters of a reference or a vendor, like /erp find 004217.',
      );
    });
  }
});
