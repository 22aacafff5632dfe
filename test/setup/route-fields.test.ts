import { expect } from 'chai';
import { firstRead, home, openHome, press } from '../home/homes.ts';
import { buttonsOf, isTold, ownLane, postBill } from '../support/lanes.ts';
import { type CardMessage, type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { RouteHand, startForRoutes } from './route-hand.ts';

const project = 'Document.UsrProject';
const region = 'Document.AttributeREGION';

describe('custom fields on cards', () => {
  let product: Product;
  before(async () => {
    product = await startForRoutes();
    await firstRead(product);
  });
  after(() => product?.stop());
  const db = () => product.database.db;
  const saying = (words: string) => (card: CardMessage) => JSON.stringify(card.blocks).includes(words);

  it('are chosen in the form from what Acumatica has, and come to the cards that stand', async () => {
    const posted = await postBill(product, {
      custom: { [project]: 'Northern crossing', [region]: 'North' },
    });
    expect(JSON.stringify(posted.card.blocks)).to.not.contain('Northern crossing');
    const { name } = await db()('routes').where({ id: posted.lane.routeId }).first('name');
    const hand = new RouteHand(product);
    await hand.open(name);
    expect(await hand.suggest('route_custom_fields', 'proj')).to.deep.equal([project]);
    const all = await hand.suggest('route_custom_fields', '');
    expect(all).to.include.members([project, region]).and.not.include('ReasonApproveRejectParams.Reason');
    expect(await hand.suggest('route_custom_fields', 'Document.UsrNowhere')).to.deep.equal(['Document.UsrNowhere']);
    const refused = await hand.submit({ route_custom_fields: ['Document.UsrNowhere'] });
    expect(Object.values(refused.errors ?? {})).to.deep.equal([
      'Bills have no field Document.UsrNowhere in the ERP. Take it out, or choose one from the list.',
    ]);
    await hand.suggest('route_custom_fields', 'project');
    await hand.submit({ route_custom_fields: [project] });
    await hand.submit();
    expect(hand.text).to.contain('Saved');
    const card = await product.card(posted.bill.ref, saying('Northern crossing'), posted.lane);
    expect(JSON.stringify(card.blocks)).to.contain('Project: ').and.to.not.contain('North"');
    expect(buttonsOf(card)).to.include('decide_approve');
  });

  it('come, too, to what was known before the route was there', async () => {
    const { acumatica } = product.sandbox;
    const { ref } = acumatica.addBill({
      ...{ status: 'Pending Approval', vendor: 'KNOWNBEFORE', custom: { [project]: 'Old bridge' } },
    });
    await product.readNow();
    await waitUntil(() => db()('documents').where({ reference: ref }).first('id'), { what: 'the bill is known' });
    const lane = await ownLane(product);
    const hand = new RouteHand(product);
    await hand.open();
    await hand.suggest('route_vendors', 'KNOWNBEFORE');
    await hand.suggest('route_custom_fields', 'project');
    await hand.submit({
      ...{ route_vendors: ['KNOWNBEFORE'], route_channel: lane.channel, route_custom_fields: [project] },
      'route_people@route_people.0': [people.director],
    });
    await hand.submit({ route_catch_up: ['yes'] });
    const card = await product.card(ref, saying('Old bridge'), lane);
    await product.click(card, 'decide_approve');
    await waitUntil(() => acumatica.bill(ref)?.status === 'Balanced', { what: 'it is approved at the first click' });
  });

  it('are shown only where their route names them', async () => {
    const plain = await ownLane(product);
    const lane = await ownLane(product, { conditions: { vendors: [plain.vendor] }, custom_fields: [region] });
    const { ref } = product.sandbox.acumatica.addBill({ vendor: plain.vendor, custom: { [region]: 'South' } });
    await product.readNow();
    await product.card(ref, saying('South'), lane);
    expect(JSON.stringify((await product.card(ref, () => true, plain)).blocks)).to.not.contain('South');
  });

  it('bind an approval: one that changed after the card was drawn refuses it and says what changed', async () => {
    const lane = await ownLane(product, { custom_fields: [project] });
    const { ref } = product.sandbox.acumatica.addBill({ vendor: lane.vendor, custom: { [project]: 'Harbour wall' } });
    await product.readNow();
    const card = await product.card(ref, saying('Harbour wall'), lane);
    product.sandbox.acumatica.editBill(ref, { custom: { [project]: 'Private jetty' } });
    await product.click(card, 'decide_approve');
    const told = await isTold(product, people.director, 'Private jetty');
    expect(told).to.contain('changed in Acumatica').and.contain('Project Harbour wall → Private jetty');
    expect(product.sandbox.acumatica.bill(ref)?.status).to.equal('Pending Approval');
    const redrawn = await product.card(ref, saying('Private jetty'), lane);
    await product.click(redrawn, 'decide_approve');
    await waitUntil(() => product.sandbox.acumatica.bill(ref)?.status === 'Balanced', { what: 'it is approved' });
    await product.card(ref, saying('Approved by'), lane);
  });

  it('are told in the thread where they change, and only on routes that show them', async () => {
    const plain = await ownLane(product);
    const lane = await ownLane(product, { conditions: { vendors: [plain.vendor] }, custom_fields: [project] });
    const { ref } = product.sandbox.acumatica.addBill({
      ...{ vendor: plain.vendor, vendorRef: 'OLD', custom: { [project]: 'Weir', [region]: 'East' } },
    });
    await product.readNow();
    const card = await product.card(ref, saying('Weir'), lane);
    const other = await product.card(ref, () => true, plain);
    product.sandbox.acumatica.editBill(ref, { custom: { [project]: 'Weir and lock', [region]: 'West' } });
    await product.readNow();
    const told = await product.thread(card, (texts) => texts.join().includes('Project'));
    expect(told.join('\n')).to.contain('Project Weir → Weir and lock').and.not.contain('West');
    product.sandbox.acumatica.editBill(ref, { vendorRef: 'NEW', custom: { [project]: 'Lock', [region]: 'West' } });
    await product.readNow();
    const both = await product.thread(card, (texts) => texts.join().includes('NEW'));
    expect(both.at(-1)).to.contain('vendor reference OLD → NEW; Project Weir and lock → Lock');
    const plainly = await product.thread(other, (texts) => texts.join().includes('NEW'));
    expect(plainly.join('\n')).to.contain('vendor reference OLD → NEW').and.not.contain('Project');
    expect(plainly.join('\n')).to.not.contain('REGION').and.not.contain('West');
  });

  it('are seen in Home, too, where a decision is bound to them', async () => {
    const lane = await ownLane(product, { custom_fields: [project], deciders: [{ user: people.controller }] });
    const custom = { [project]: 'Lock gate', [region]: 'East' };
    const { ref } = product.sandbox.acumatica.addBill({ vendor: lane.vendor, custom });
    await product.readNow();
    await product.card(ref, saying('Lock gate'), lane);
    const shown = await openHome(product, people.controller, ({ text }) => text.includes(ref));
    expect(shown.text)
      .to.match(/Project:\s+Lock gate/)
      .and.not.contain('East');
    product.sandbox.acumatica.editBill(ref, { custom: { [project]: 'Boat house' } });
    await press(product, people.controller, 'home_approve', ref);
    const told = await home(product, people.controller, ({ text }) => text.includes(`Not approved: Bill ${ref}`));
    expect(told.text).to.contain('Project Lock gate → Boat house');
    await home(product, people.controller, ({ text }) => /Project:\s+Boat house/.test(text));
    await press(product, people.controller, 'home_approve', ref);
    await waitUntil(() => product.sandbox.acumatica.bill(ref)?.status === 'Balanced', { what: 'it is approved' });
  });

  it('that vanish in Acumatica stop nothing: bills come without them, and Home says what to do', async () => {
    const lane = await ownLane(product, { custom_fields: ['Document.UsrRisk', region] });
    const { customFields } = product.sandbox.acumatica.settings();
    const { 'Document.UsrRisk': _, ...Bill } = customFields.Bill ?? {};
    product.sandbox.acumatica.changeSettings({ customFields: { ...customFields, Bill } });
    const custom = { 'Document.UsrRisk': 'high', [region]: 'West' };
    const { ref } = product.sandbox.acumatica.addBill({ vendor: lane.vendor, custom });
    await product.readNow();
    const card = await product.card(ref, saying('West'), lane);
    expect(JSON.stringify(card.blocks)).to.not.contain('Risk');
    expect(buttonsOf(card)).to.include('decide_approve');
    const hand = new RouteHand(product);
    await hand.administration();
    const { text } = await openHome(product, people.admin, (home) => home.text.includes('no more'));
    expect(text).to.contain('Acumatica has the custom field Document.UsrRisk no more, so cards of bills show nothing');
    expect(await db()('connections').where({ id: product.connectionId }).first('status')).to.deep.equal({
      status: 'active',
    });
    await db()('routes')
      .where({ id: lane.routeId })
      .update({ custom_fields: [region] });
    await product.readNow();
    await waitUntil(async () => (await db()('feeds').first('notice')).notice === null, { what: 'the notice is gone' });
  });
});
