import { expect } from 'chai';
import { applyChanges } from '../../app/connections/apply/apply.ts';
import { exportFile } from '../../app/connections/apply/export.ts';
import { readApplyFile } from '../../app/connections/apply/file.ts';
import { connectors } from '../../connectors/index.ts';
import type { AcumaticaSite } from '../../sandbox/acumatica/index.ts';
import { testKeyring } from '../support/database.ts';
import { buttonsOf, onlyWhenAsked } from '../support/lanes.ts';
import { type CardMessage, channels, connectTreasury, type Product, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

const inLarge = { channel: channels.large };
const linkOf = (card: CardMessage) => /"url":"([^"]+)"/.exec(JSON.stringify(card.blocks))?.[1] ?? '';
const companyOf = (card: CardMessage) => new URL(linkOf(card)).searchParams.get('CompanyID');

/** Two connections to one address: the first signs in by cookie, the second by password. */
describe('two tenants of one Acumatica site', () => {
  let product: Product;
  let treasury: AcumaticaSite;
  let shared: AcumaticaSite;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      credentials: { sign_in: 'cookie' },
      routes: [{ channel: channels.approvals }],
      scenario: { tenants: { SHARED: { seedBills: 0 } } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
    treasury = product.sandbox.acumatica;
    shared = product.sandbox.tenants.SHARED as AcumaticaSite;
    await connectTreasury(
      product.database.db,
      { ...product.sandbox, acumatica: shared },
      { name: 'shared', cadence: onlyWhenAsked, routes: [{ channel: channels.large }] },
    );
  });
  after(() => product?.stop());
  const db = () => product.database.db;
  const messages = (channel: string, ref: string) =>
    product.sandbox.slack.messages(channel).filter(({ text }) => text.includes(ref));

  /** A bill with the same number in both, and the card that each became. */
  async function sameBill(ref: string) {
    treasury.addBill({ ref, amount: '100.00', status: 'Pending Approval' });
    shared.addBill({ ref, amount: '200.00', status: 'Pending Approval' });
    await product.readNow();
    return { one: await product.card(ref), other: await product.card(ref, () => true, inLarge) };
  }

  it('keeps documents with the same key, their cards, links and decisions apart', async () => {
    const { one, other } = await sameBill('T00001');
    expect([one.text, other.text].map((text) => /£[\d.]+/.exec(text)?.[0])).to.deep.equal(['£100.00', '£200.00']);
    expect([companyOf(one), companyOf(other)]).to.deep.equal(['TREASURY', 'SHARED']);
    await product.click(other, 'decide_approve');
    await waitUntil(() => shared.bill('T00001')?.status === 'Balanced', { what: 'the bill of SHARED is approved' });
    await product.card('T00001', ({ text }) => text.includes('Balanced'), inLarge);
    expect(treasury.bill('T00001')?.status).to.equal('Pending Approval');
    expect(buttonsOf(await product.card('T00001'))).to.include('decide_approve');
    expect(messages(channels.approvals, 'T00001')).to.have.length(1);
  });

  it('has one session in each, of its own kind, and mixes none when one has to sign in anew', async () => {
    const sessions = () => [treasury, shared].map((site) => site.counters.sessions.list.map(({ by }) => by));
    expect(sessions()).to.deep.equal([['cookie'], ['token']]);
    treasury.closeSessions();
    shared.expireAccessTokens();
    const { one, other } = await sameBill('T00002');
    expect([companyOf(one), companyOf(other)]).to.deep.equal(['TREASURY', 'SHARED']);
    expect(sessions().map((list) => new Set(list))).to.deep.equal([new Set(['cookie']), new Set(['token'])]);
    const mixed = await db()('documents as d')
      .join('connections as n', 'n.id', 'd.connection_id')
      .whereRaw(`d.data ->> 'link' not like '%CompanyID=' || (n.settings ->> 'tenant') || '&%'`)
      .first('d.id');
    expect(mixed).to.equal(undefined);
  });

  it('says at the tenant that one was renamed; with its new name all goes on, and old cards open in it', async () => {
    const { one, other } = await sameBill('T00003');
    treasury.changeSettings({ tenant: 'TREASURY-UK' });
    treasury.closeSessions();
    await product.readNow();
    const named = (name: string) => db()('connections').where({ name }).first();
    const broken = await waitUntil(
      async () => {
        const row = await named('treasury');
        return row.status === 'broken' && row;
      },
      { what: 'the connection says what is wrong' },
    );
    expect(broken.problem_field).to.equal('tenant');
    expect(broken.problem).to.contain('does not know the tenant TREASURY. Where it was renamed, enter the name');
    expect((await named('shared')).status).to.equal('active');

    const text = (await exportFile(db(), testKeyring(), connectors)).replace(
      /(tenant: TREASURY)$/m,
      'tenant: TREASURY-UK',
    );
    const { clientSecret, users } = treasury.describe();
    const password = users.find(({ role }) => role === 'service')?.password;
    const env = {
      TREASURY_CLIENT_SECRET: clientSecret,
      TREASURY_PASSWORD: password,
      SHARED_CLIENT_SECRET: clientSecret,
      SHARED_PASSWORD: password,
    };
    const file = readApplyFile(text.replace(/^\s+client_id: .*@TREASURY$/m, ''), env, connectors);
    await applyChanges(db(), testKeyring(), file);
    treasury.editBill('T00003', { amount: '150.00' });
    await product.readNow();
    const redrawn = await product.card('T00003', ({ text: said }) => said.includes('£150.00'));
    expect(redrawn.ts, 'the same card').to.equal(one.ts);
    expect(companyOf(redrawn)).to.equal('TREASURY-UK');
    expect((await named('treasury')).status).to.equal('active');
    expect(companyOf(await product.card('T00003', () => true, inLarge))).to.equal(companyOf(other));

    // A card whose document was not read again opens in the renamed tenant as soon as it is drawn again.
    await db().raw(
      `update documents set data = jsonb_set(data, '{link}', to_jsonb(replace(data ->> 'link', 'TREASURY-UK', 'TREASURY')))
       where reference = 'T00002' and connection_id = ?`,
      [product.connectionId],
    );
    await db().raw(
      `update cards set desired_version = desired_version + 1 where document_id in
         (select id from documents where reference = 'T00002')`,
    );
    await db().raw(`select graphile_worker.add_job('deliver-lane', json_build_object('id', id::text)) from lanes`);
    await product.card('T00002', (card) => companyOf(card) === 'TREASURY-UK');
    for (const ref of ['T00001', 'T00002', 'T00003']) {
      expect(messages(channels.approvals, ref), ref).to.have.length(1);
      expect(messages(channels.large, ref), ref).to.have.length(1);
    }
  });
});
