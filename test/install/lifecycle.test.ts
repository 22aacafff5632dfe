import { expect } from 'chai';
import { scopes } from '../../app/slack/scopes.ts';
import { connectTreasury, type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { decideOnSlack, installAs, open, openInstallPage } from './browser-steps.ts';
import { socketMode } from './socket-mode.ts';

const places = [
  { name: 'a workspace of its own', enterprise: undefined, key: 'T0NORTHWND', in: 'Northwind Finance', mode: {} },
  {
    name: 'one workspace of an organization',
    enterprise: 'workspace',
    key: 'T0NORTHWND',
    in: 'Northwind Finance',
    mode: {},
  },
  {
    name: 'a whole organization, over sockets',
    enterprise: 'org',
    key: 'E0NORTHGRP',
    in: 'Northwind Group',
    mode: socketMode,
  },
] as const;

for (const place of places) {
  describe(`The life of an installation in ${place.name}`, () => {
    let product: Product;
    before(async () => {
      const { settings, scenario } = { settings: {}, scenario: { slack: {} }, ...place.mode };
      const slack = { ...scenario.slack, enterprise: place.enterprise, eventRetryDelaysMs: [200, 200, 200] };
      product = await startProduct({ setUp: false, settings, scenario: { slack } });
    });
    after(() => product?.stop());

    const row = () => product.database.db('installations').first();
    const isState = (state: string) =>
      waitUntil(async () => (await row())?.state === state, { what: `the installation is ${state}` });
    const events = async (kind: string) => (await product.database.db('audit_events').where({ kind })).length;
    const decide = async () => {
      const { ref } = product.sandbox.acumatica.addBill({ amount: '10.00', status: 'Pending Approval' });
      const card = await product.card(ref);
      expect(await product.click(card, 'decide_approve')).to.include({ acked: true });
      await waitUntil(() => product.sandbox.acumatica.bill(ref)?.status === 'Balanced', { what: 'decided' });
    };
    const nextSecond = () => {
      const second = Math.floor(Date.now() / 1_000);
      return waitUntil(() => Math.floor(Date.now() / 1_000) > second, { what: 'the next second' });
    };
    const acknowledged = () => {
      const records = product.sandbox.slack.state.events.records();
      return records.filter(({ what, acked }) => acked && /app_uninstalled|tokens_revoked/.test(what)).length;
    };

    it('begins with fewer scopes, as an older version asked for', async () => {
      const { authorize, cookie } = await openInstallPage(product.appUrl);
      authorize.searchParams.set('scope', 'chat:write');
      const seen = await open(await decideOnSlack(authorize, 'allow', people.controller), cookie);
      expect(seen.html).to.contain(`Countersign is installed in ${place.in}`);
      expect(await row()).to.deep.include({
        slack_key: place.key,
        team_id: place.enterprise === 'org' ? null : 'T0NORTHWND',
        enterprise_id: place.enterprise ? 'E0NORTHGRP' : null,
        is_enterprise_install: place.enterprise === 'org',
        name: place.in,
        scopes: ['chat:write'],
        installer_user_id: people.controller,
      });
    });

    it('takes new scopes by the next install, in the same row', async () => {
      const { id } = await row();
      await installAs(product.appUrl, people.director);
      expect(await row()).to.deep.include({ id, state: 'active', installer_user_id: people.director });
      expect((await row()).scopes).to.have.members(Object.keys(scopes));
      expect(await events('installation.renewed')).to.equal(1);
    });

    it('posts cards and takes decisions', async () => {
      product.connectionId = await connectTreasury(product.database.db, product.sandbox);
      await decide();
    });

    it('ignores that a person’s token was revoked', async () => {
      const { events: delivery } = product.sandbox.slack.state;
      await delivery.deliver(delivery.envelope({ type: 'tokens_revoked', tokens: { oauth: [people.buyer], bot: [] } }));
      expect((await row()).state).to.equal('active');
    });

    const orders = place.enterprise ? (['tokens_revoked'] as const) : (['tokens_revoked', 'app_uninstalled'] as const);
    for (const first of orders) {
      it(`ends once by an uninstall whose ${first} comes first, and goes on after the next install`, async () => {
        const before = await events('installation.uninstalled');
        const taken = acknowledged();
        await nextSecond();
        product.sandbox.slack.uninstall({ first });
        await waitUntil(() => acknowledged() === taken + 2, { what: 'both events were taken' });
        await isState('uninstalled');
        expect(await events('installation.uninstalled')).to.equal(before + 1);
        await nextSecond();
        const seen = await installAs(product.appUrl);
        expect(seen.status).to.equal(200);
        await isState('active');
        await decide();
      });
    }

    it('stays when the news of the end before comes after the next install, twice and in any order', async () => {
      const { events: delivery } = product.sandbox.slack.state;
      await nextSecond();
      const revoked = delivery.envelope({ type: 'tokens_revoked', tokens: { oauth: [], bot: ['U0CNTRBOT7'] } });
      const uninstalled = delivery.envelope({ type: 'app_uninstalled' });
      product.sandbox.slack.uninstall({ events: 'none' });
      await nextSecond();
      await installAs(product.appUrl);
      for (const envelope of [uninstalled, revoked, revoked, uninstalled]) {
        expect(await delivery.deliver(envelope)).to.include({ acked: true });
      }
      expect((await row()).state).to.equal('active');
      await decide();
    });

    it('ends although the news comes in the organization’s name', async () => {
      const { events: delivery } = product.sandbox.slack.state;
      await nextSecond();
      const envelope = delivery.envelope({ type: 'app_uninstalled' });
      const renamed =
        place.enterprise === 'org' ? { ...envelope, team_id: 'E0NORTHGRP', authorizations: undefined } : envelope;
      expect(await delivery.deliver(renamed)).to.include({ acked: true });
      expect((await row()).state).to.equal('uninstalled');
    });
  });
}
