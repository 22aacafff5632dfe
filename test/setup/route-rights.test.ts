import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { commonPayload, payloadForm, sendForm } from '../../sandbox/slack/interactions/interaction.ts';
import { viewOnWire } from '../../sandbox/slack/wire.ts';
import { firstRead, homeNow } from '../home/homes.ts';
import { channels, type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { RouteHand, startForRoutes } from './route-hand.ts';

const { admin, buyer, controller } = people;

describe('who may set up a route', () => {
  let product: Product;
  let hand: RouteHand;
  before(async () => {
    product = await startForRoutes();
    await firstRead(product);
    hand = new RouteHand(product);
  });
  after(() => product?.stop());
  const db = () => product.database.db;
  const refusals = (actor: string) =>
    db()('audit_events').where({ kind: 'administration.refused', actor }).orderBy('id').pluck('data');

  /** A click that Slack signed, on a button that this person's Home does not have. */
  async function forge(user: string, actionId: string, value: string) {
    const { slack } = product.sandbox;
    const person = slack.state.roster.users.get(user);
    slack.openHome(user);
    await waitUntil(() => homeNow(product, user), { what: 'a Home' });
    const { id: trigger } = slack.state.tickets.issueTrigger(user, null, null);
    const payload = {
      type: 'block_actions',
      ...commonPayload(slack.state, person as never),
      trigger_id: trigger,
      container: { type: 'view', view_id: homeNow(product, user)?.id },
      view: { id: homeNow(product, user)?.id, type: 'home' },
      actions: [{ action_id: actionId, block_id: 'forged', type: 'button', value, action_ts: '1.000001' }],
    };
    return sendForm(slack.state, payloadForm('block_actions', payload));
  }

  it('nobody but administrators, when the form is opened', async () => {
    const route = await db()('routes').first('id');
    const other = new RouteHand(product, buyer);
    for (const [action, value] of [
      ['home_add_route', 'new'],
      ['home_edit_route', String(route.id)],
    ] as const) {
      expect(await forge(buyer, action, value)).to.include({ acked: true, status: 200 });
      await other.says('Only administrators may do this');
      expect(other.view.values).to.deep.equal({});
      await product.sandbox.slack.closeView(buyer, other.view.id);
    }
    expect(await forge(buyer, 'home_retire_route', String(route.id))).to.include({ acked: true });
    await waitUntil(async () => (await refusals(buyer)).length === 3, { what: 'three refusals' });
    expect(await refusals(buyer)).to.deep.equal([
      { asked: 'add_route' },
      { asked: 'edit_route' },
      { asked: 'retire_route' },
    ]);
    expect((await db()('routes').where({ id: route.id }).first()).retired_at).to.equal(null);
  });

  it('nobody who stopped being one while the form was open, not even for suggestions', async () => {
    const installation = await db()('installations').first('id');
    const row = { installation_id: installation.id, person: controller, named_by: admin };
    await db()('administrators').insert(row);
    const named = new RouteHand(product, controller);
    await named.open();
    await named.submit({ route_channel: channels.approvals, route_name: 'too late' });
    expect(named.submitLabel).to.equal('Save');
    await db()('administrators').where({ person: controller }).delete();
    expect(await named.suggest('route_statuses', '')).to.deep.equal([]);
    await named.submit();
    expect(named.text).to.contain('Only administrators may do this');
    expect(await db()('routes').where({ name: 'too late' })).to.deep.equal([]);
    expect((await refusals(controller)).at(-1)).to.deep.equal({ asked: 'save_route' });
  });

  it('gives nothing for ids of another workspace, wherever they are put', async () => {
    const [installation, connection] = [randomUUID(), randomUUID()];
    await db()('installations').insert({ id: installation, slack_key: 'T0OTHER', name: 'Other', secret: 'none' });
    const values = { name: 'elsewhere', connector: 'acumatica', settings: '{}', secret: 'none' };
    await db()('connections').insert({ id: connection, installation_id: installation, ...values });
    const theirs = { connection_id: connection, name: 'theirs', position: 1, kind: 'bill', channel: 'C0THEIRS' };
    const [route] = await db()('routes').insert(theirs).returning('id');
    await hand.open();
    expect(hand.text).to.not.contain('elsewhere');
    await forge(admin, 'home_edit_route', String(route.id));
    const edited = await hand.says('not there any more');
    await forge(admin, 'home_add_route', connection);
    await hand.shows(({ id }) => id !== edited.id);
    expect(hand.text).to.contain('not there any more');

    const { slack } = product.sandbox;
    for (const forged of [
      { connection, route: null, version: null },
      { connection, route: String(route.id), version: 1 },
      { connection: product.connectionId, route: String(route.id), version: 1 },
      { connection: 'x', route: '1; drop table routes', version: 1 },
    ]) {
      await hand.open();
      const view = slack.state.views.find(hand.view.id);
      if (!view) throw new Error('no view');
      const metadata = { previewed: null, naming: 0, kind: 'bill', ...forged };
      view.definition = { ...view.definition, private_metadata: JSON.stringify(metadata) };
      await hand.submit({ route_channel: channels.approvals, route_name: 'forged' });
      expect(hand.text).to.contain('not there any more');
      expect(JSON.stringify(viewOnWire(slack.state, hand.view))).to.not.contain('C0THEIRS');
    }
    expect(await db()('routes').where({ name: 'forged' })).to.deep.equal([]);
    expect((await db()('routes').where({ id: route.id }).first()).version).to.equal(1);
  });
});
