import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { commonPayload, payloadForm, sendForm } from '../../sandbox/slack/interactions/interaction.ts';
import { firstRead, home, press } from '../home/homes.ts';
import { channels, type Product, people } from '../support/product.ts';
import { RouteHand, startForRoutes } from './route-hand.ts';

const { admin, director, controller, clerk } = people;

describe('the form for a route', () => {
  let product: Product;
  let hand: RouteHand;
  before(async () => {
    product = await startForRoutes();
    await firstRead(product);
    const { acumatica } = product.sandbox;
    const bill = { status: 'Pending Approval' as const, vendor: 'ASHWORTH', vendorName: 'Ashworth & Sons' };
    for (const amount of ['9000.00', '12000.00', '15000.00', '400.00']) acumatica.addBill({ ...bill, amount });
    acumatica.addBill({ ...bill, status: 'Balanced', amount: '20000.00', vendor: 'DELOITTE', vendorName: 'Deloitte' });
    await product.readNow();
    await product.sandbox.slack.setBotMember(channels.approvals, true);
    hand = new RouteHand(product);
  });
  after(() => product?.stop());
  const db = () => product.database.db;
  const routeNamed = (name: string) => db()('routes').where({ name }).first();

  it('comes back with what the route would have meant, keeps what was typed, and saves it when it is sent so again', async () => {
    const view = await hand.open();
    expect(hand.text).to.contain('Add a route').and.contain('Documents of the connection “treasury”');
    expect(hand.submitLabel).to.equal('Preview');
    expect(await hand.suggest('route_vendors', 'ash')).to.deep.equal(['ASHWORTH', 'ash']);
    expect(await hand.suggest('route_vendors', 'Deloitte')).to.deep.equal(['DELOITTE', 'Deloitte']);
    expect(await hand.suggest('route_statuses', '')).to.include.members(['On Hold', 'Pending Approval', 'Balanced']);
    expect(await hand.suggest('route_types', 'adj')).to.deep.equal(['Debit Adj.', 'Credit Adj.', 'adj']);
    await hand.suggest('route_vendors', 'ash');
    await hand.suggest('route_statuses', 'pend');
    await hand.change('route_add_limit');
    const given = {
      route_amount_at_least: '5,000',
      route_currency: 'gbp',
      route_vendors: ['ASHWORTH'],
      route_statuses: ['Pending Approval'],
      route_channel: channels.approvals,
      route_mentions: [clerk],
      'route_people@route_people.0': [director],
      'route_people@route_people.1': [controller],
      'route_up_to@route_up_to.1': '10,000 GBP',
      route_burst: '30',
      route_note_decisions: ['yes'],
    };
    const first = await hand.submit(given);
    expect(first.errors).to.equal(undefined);
    expect(hand.view.id).to.equal(view.id);
    expect(hand.submitLabel).to.equal('Save');
    expect(hand.text).to.contain('Bills of the last').and.contain('that match: 3.').and.contain('In all £36,000.00.');
    expect(hand.text)
      .to.match(/Messages: about \d+(\.\d)? a day/)
      .and.match(/Bill \d+ · Ashworth & Sons · £/);
    expect(hand.value('route_amount_at_least')).to.equal('5,000');
    expect(hand.value('route_people', 'route_people.1')).to.deep.equal([controller]);
    expect(hand.value('route_name'), 'named after its conditions').to.equal(
      'Bills of £5,000.00 or more from ASHWORTH that are Pending Approval',
    );
    expect(
      await db()('routes').where({ channel: channels.approvals, retired_at: null }).whereLike('name', 'Bills%'),
    ).to.deep.equal([]);

    await hand.submit({ route_amount_at_least: '13000', route_name: 'large bills' });
    expect(hand.text, 'changed, so counted anew').to.contain('that match: 1.').and.contain('£15,000.00');
    await hand.submit();
    expect(hand.text).to.contain('Saved').and.contain('The route “large bills” is in force.');
    expect(await routeNamed('large bills')).to.deep.include({
      kind: 'bill',
      conditions: {
        amountAtLeast: '13000',
        currency: 'GBP',
        vendors: ['ASHWORTH'],
        statuses: ['Pending Approval'],
      },
      channel: channels.approvals,
      deciders: [{ user: director }, { user: controller, upTo: { value: '10000', currency: 'GBP' } }],
      actions: ['approve', 'reject'],
      mentions: [clerk],
      burst: 30,
      note_decisions: true,
      digest_cadence: null,
      set_up_by: admin,
      retired_at: null,
    });
    const event = await db()('audit_events').where({ kind: 'route.added', actor: admin }).orderBy('id', 'desc').first();
    expect(event.data).to.deep.include({ name: 'large bills' });
    expect(event.installation_id).to.not.equal(null);
    await home(product, admin, ({ text }) => text.includes('large bills'));
  });

  it('is shown with what the route has, and changes nothing but what was changed', async () => {
    await db()('routes')
      .where({ name: 'large bills' })
      .update({ mentions: ['S0GROUP001', clerk] });
    await hand.open('large bills');
    expect(hand.text).to.contain('Edit a route').and.contain('One group that is mentioned is kept.');
    expect(hand.value('route_amount_at_least')).to.equal('13000');
    expect(hand.value('route_vendors')).to.deep.equal(['ASHWORTH']);
    expect(hand.value('route_channel')).to.equal(channels.approvals);
    expect(hand.value('route_up_to', 'route_up_to.1')).to.equal('10000 GBP');
    const before = await routeNamed('large bills');
    await hand.submit({ route_name: 'the large ones', route_burst: '5' });
    await hand.submit();
    expect(hand.text).to.contain('Saved');
    expect(await routeNamed('the large ones')).to.deep.equal({
      ...before,
      ...{ name: 'the large ones', burst: 5, version: before.version + 1 },
    });
    const event = await db()('audit_events').where({ kind: 'route.changed' }).orderBy('id', 'desc').first();
    expect(event.data.changes.join('; ')).to.contain('burst 30 → 5').and.contain('name large bills → the large ones');
  });

  it('asks whose account acts only where people can link theirs, and keeps what a route has elsewhere', async () => {
    await hand.open('the large ones');
    expect(JSON.stringify(hand.view.definition.blocks)).not.to.contain('route_act_as');
    const own = JSON.stringify({ account_client_id: 'own@TREASURY' });
    await db()('connections').update({ settings: db().raw('settings || ?::jsonb', [own]) });
    await hand.open('the large ones');
    expect(hand.value('route_act_as')).to.equal('service');
    await hand.submit({ route_act_as: 'person' });
    await hand.submit();
    expect((await routeNamed('the large ones')).act_as).to.equal('person');
    await db()('connections').update({ settings: db().raw(`settings - 'account_client_id'`) });
    await hand.open('the large ones');
    await hand.submit({ route_burst: '6' });
    await hand.submit();
    expect(await routeNamed('the large ones')).to.deep.include({ act_as: 'person', burst: 6 });
  });

  const wrong: Array<[string, Record<string, unknown>, string, RegExp]> = [
    ['an amount that is none', { route_amount_at_least: 'a lot' }, 'route_amount_at_least', /25000/],
    ['a continental amount', { route_amount_at_least: '25.000,50' }, 'route_amount_at_least', /25,000\.50/],
    ['an empty range', { route_amount_at_least: '10', route_amount_below: '5' }, 'route_amount_below', /more than/],
    ['a currency that is none', { route_currency: 'pounds' }, 'route_currency', /three letters/],
    ['no place', { route_channel: null }, 'route_channel', /Choose a channel/],
    ['a limit without its currency', { 'route_up_to@route_up_to.0': '500' }, 'route_up_to.0', /currency/],
    ['a limit for nobody', { 'route_up_to@route_up_to.0': '500 GBP' }, 'route_people.0', /who may decide/],
    ['a burst of none', { route_burst: '0' }, 'route_burst', /whole number/],
    [
      'people who may do nothing',
      { 'route_people@route_people.0': [director], route_actions: [] },
      'route_actions',
      /what they may do/,
    ],
    ['a name that is taken', { route_name: 'the large ones' }, 'route_name.0', /Another route/],
  ];
  it('says at its field what is wrong, and keeps what was typed', async () => {
    await hand.open();
    for (const [what, given, block, words] of wrong) {
      const plain = {
        ...{ route_amount_at_least: '', route_amount_below: '', route_currency: '', route_channel: channels.approvals },
        ...{ 'route_up_to@route_up_to.0': '', 'route_people@route_people.0': [], route_actions: ['approve'] },
        ...{ route_burst: '20', route_name: '' },
      };
      const { errors } = await hand.submit({ ...plain, ...given });
      expect(Object.keys(errors ?? {}), what).to.deep.equal([block]);
      expect(errors?.[block], what).to.match(words);
    }
    expect(hand.value('route_name')).to.equal('the large ones');
  });

  it('takes digests with a choice of times, or an expression of their own', async () => {
    await hand.open();
    await hand.change('route_delivery', 'own');
    expect(hand.text).to.contain('in the time zone Europe/London');
    const refused = await hand.submit({ route_channel: channels.large, route_cadence: '* * * * * *' });
    expect(refused.errors?.route_cadence).to.contain('five fields');
    await hand.submit({ route_cadence: '30 7 * * 1-5', route_name: 'daily' });
    expect(hand.text).to.contain('in digests');
    await hand.submit();
    expect((await routeNamed('daily')).digest_cadence).to.equal('30 7 * * 1-5');
    await hand.open('daily');
    expect(hand.value('route_cadence')).to.equal('30 7 * * 1-5');
    await hand.change('route_delivery', '0 9 * * 1');
    await hand.submit();
    await hand.submit();
    expect((await routeNamed('daily')).digest_cadence).to.equal('0 9 * * 1');
  });

  it('says what else takes the same documents', async () => {
    await hand.open();
    await hand.submit({ route_channel: channels.approvals, route_amount_at_least: '10000', route_name: 'overlapping' });
    expect(hand.text).to.contain('that match: 3.').and.contain('1 is caught earlier by the route the large ones');
    expect(hand.text).to.contain(`2 also go to ${channels.large} by the route daily`);
  });

  it('retires a route, once', async () => {
    await hand.administration();
    await press(product, admin, 'home_retire_route', 'daily');
    await home(product, admin, ({ text }) => text.includes('“daily” is retired'));
    expect((await routeNamed('daily')).retired_at).to.not.equal(null);
    await product.sandbox.slack.redeliver('block_actions');
    await home(product, admin, ({ text }) => text.includes('“daily” was retired already'));
    expect(await db()('audit_events').where({ kind: 'route.retired', actor: admin })).to.have.length(1);
  });

  it('asks first for which of several connections, and keeps to the one that another form names', async () => {
    const other = await copyConnection('branch office');
    await hand.open();
    expect(hand.text).to.contain('Which connection?').and.not.contain('Who may decide');
    expect(hand.submitLabel).to.equal(undefined);
    await hand.change('route_connection', other);
    expect(hand.submitLabel).to.equal('Preview');
    await hand.submit({ route_channel: channels.approvals, route_name: 'of the branch' });
    await hand.change('route_connection', product.connectionId);
    expect(hand.value('route_name'), 'what was typed stays').to.equal('of the branch');
    await hand.change('route_connection', other);
    await hand.submit();
    await hand.submit();
    expect((await routeNamed('of the branch')).connection_id).to.equal(other);

    const { slack } = product.sandbox;
    await hand.open();
    const below = hand.view;
    const { id: trigger_id } = slack.state.tickets.issueTrigger(admin, below.id, null);
    const person = slack.state.roster.users.get(admin);
    if (!person) throw new Error('nobody');
    const payload = {
      ...{ type: 'block_actions', ...commonPayload(slack.state, person), trigger_id },
      ...{ container: { type: 'view', view_id: below.id }, view: { id: below.id, type: 'modal' } },
      actions: [{ action_id: 'home_add_route', block_id: 'b', type: 'button', value: other, action_ts: '1.000001' }],
    };
    await sendForm(slack.state, payloadForm('block_actions', payload));
    await hand.shows(({ previousViewId }) => previousViewId === below.id);
    expect(slack.openViews(admin)).to.have.length(2);
    expect(hand.value('route_connection')).to.equal(other);
    expect(hand.submitLabel).to.equal('Preview');
  });

  async function copyConnection(name: string): Promise<string> {
    const row = await db()('connections').where({ id: product.connectionId }).first();
    const id = randomUUID();
    await db()('connections').insert({ ...row, id, name, status: 'paused', settings: JSON.stringify(row.settings) });
    return id;
  }
});
