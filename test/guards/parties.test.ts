import { expect } from 'chai';
import { decisionsOn, expectNoSecret, isTold, postBill } from '../support/lanes.ts';
import { type CardMessage, type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { calm, startGuarded, warned, warningsOf } from './support.ts';

describe('A vendor’s payment data', () => {
  let product: Product;
  before(async () => {
    product = await startGuarded({ parties: true });
  });
  after(() => product?.stop());

  const db = () => product.database.db;
  const erp = () => product.sandbox.acumatica;

  /** Has every vendor read, and waits for the end of it. */
  async function readVendors(): Promise<void> {
    await waitUntil(async () => (await db()('party_readings').first())?.read_at, {
      what: 'the first reading',
      timeoutMs: 30_000,
    });
    await db()('party_readings').update({ read_at: new Date(0), read_whole_at: new Date(0) });
    await waitUntil(async () => (await db()('party_readings').first()).read_at.getTime() > 0, {
      what: () => `the vendors are read; the log says:\n${product.logLines.slice(-25).join('')}`,
      timeoutMs: 30_000,
    });
  }

  const bank = 'The vendor’s bank details changed in Acumatica, seen on ';

  it('that changed are warned of on every card of what is still to be paid, and recorded', async () => {
    const posted = await postBill(product);
    await readVendors();
    await calm(product, posted);
    erp().editVendor(posted.lane.vendor, { account: '99887766' });
    await readVendors();
    const card = await warned(product, posted, bank);
    expect(warningsOf(card)[0]).to.contain('Call the vendor at a number you already have before you pay.');
    const events = await db()('audit_events').where({ kind: 'party.changed' });
    expect(events.map(({ data }) => data)).to.deep.equal([{ code: posted.lane.vendor, bank: true, remittance: false }]);
    erp().editVendor(posted.lane.vendor, { remittance: { email: 'pay-me@elsewhere.example' } });
    await readVendors();
    await warned(product, posted, 'The vendor’s remittance address or contact changed');
  });

  it('that change between the card and the click refuse the approval, and the next one sees it', async () => {
    const posted = await postBill(product);
    await readVendors();
    // Known by now: a card drawn from here on says so in its buttons.
    await db()('cards').update({ desired_version: db().raw('desired_version + 1') });
    await waitUntil(async () => !(await db()('cards').whereRaw('posted_version < desired_version').first()), {
      what: 'redrawn',
    });
    erp().editVendor(posted.lane.vendor, { account: '11223344' });
    await product.click(posted.card, 'decide_approve');
    const [refused] = await decisionsOn(product, posted.bill);
    expect(refused).to.include({ state: 'refused', outcome: 'party_changed' });
    expect(erp().bill(posted.bill.ref)?.status).to.equal('Pending Approval');
    await isTold(
      product,
      people.director,
      'bank details or remittance address changed in Acumatica after the card was drawn',
    );
    await warned(product, posted, bank);
    const offered = (card: CardMessage) => JSON.stringify(card.blocks).includes('decide_approve');
    const card = await product.card(posted.bill.ref, offered, { channel: posted.lane.channel });
    await product.click(card, 'decide_approve');
    const [, done] = await decisionsOn(product, posted.bill, 2);
    expect(done).to.include({ state: 'done' });
  });

  it('that changed are no reason to keep anybody from rejecting', async () => {
    const posted = await postBill(product, {}, { actions: ['approve', 'hold'] });
    await readVendors();
    erp().editVendor(posted.lane.vendor, { account: '55555555' });
    const asked = () => erp().counters.requests;
    const before = JSON.stringify(Object.entries(asked()).filter(([kind]) => kind.includes('Vendor')));
    await product.click(posted.card, 'decide_hold');
    expect((await decisionsOn(product, posted.bill))[0]).to.include({ state: 'done' });
    expect(JSON.stringify(Object.entries(asked()).filter(([kind]) => kind.includes('Vendor')))).to.equal(before);
  });

  it('are not kept: neither the database nor the log nor Slack has an account number', async () => {
    const posted = await postBill(product);
    erp().editVendor(posted.lane.vendor, {
      sortCode: '31-41-59',
      account: '26535897',
      remittance: { addressLine1: '93 Canary Row' },
    });
    await readVendors();
    const row = await db()('parties').where({ code: posted.lane.vendor }).first();
    expect(row.bank).to.match(/^[\w-]{32}$/);
    const { rows } = await db().raw<{ rows: Array<{ table_name: string }> }>(
      `select table_name from information_schema.tables where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`,
    );
    for (const { table_name } of rows) {
      const found = await db()
        .raw(`select count(*)::int as n from ?? t where t::text ~ '26535897|31-41-59|93 Canary Row'`, [table_name])
        .catch(() => ({ rows: [{ n: 0 }] }));
      expect(found.rows[0].n, table_name).to.equal(0);
    }
    expect(product.logLines.join('')).to.not.match(/26535897|93 Canary Row/);
    expectNoSecret(product);
  });
});
