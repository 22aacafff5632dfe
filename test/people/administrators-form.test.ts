import { expect } from 'chai';
import { home } from '../home/homes.ts';
import { onlyWhenAsked, ownLanesOnly } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { form, formNow, openForm, save } from './forms.ts';

describe('the Administrators form', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      scenario: { slack: { limits: 'pace-only' } },
    });
  });
  after(() => product?.stop());
  afterEach(async () => {
    await db()('administrators').delete();
    product.sandbox.slack.clearFaults();
  });

  const { admin, buyer, clerk, controller } = people;
  const db = () => product.database.db;
  const open = (user = admin) => openForm(product, user, 'home_administrators');
  const named = () => db()('administrators').orderBy('person').pluck('person');
  const toldTo = (user: string) => {
    const { installation, roster } = product.sandbox.slack.state;
    const channel = roster.directMessage(installation.botUserId, user);
    return product.sandbox.slack
      .messages(channel.id)
      .filter(({ text }) => text.includes('administrator of Countersign'));
  };

  it('names people, tells each of them once, records it, and they administer at once', async () => {
    const { text } = await open();
    expect(text).to.contain('the workspace’s admins and owners');
    expect(await save(product, admin, { 'And these people': [controller, clerk] })).to.include({ closed: true });
    expect(await named()).to.deep.equal([clerk, controller].sort());
    await waitUntil(() => toldTo(controller).length === 1 && toldTo(clerk).length === 1, { what: 'both are told' });
    const events = await db()('audit_events').where({ kind: 'administrator.named', actor: admin });
    expect(events.map(({ data }) => data.person).sort()).to.deep.equal([clerk, controller].sort());
    await home(
      product,
      admin,
      (found) => found.text.includes(controller) && found.text.includes('Administrator named'),
    );
    expect((await open(controller)).chosen['And these people']).to.have.members([controller, clerk]);
    expect(toldTo(controller)).to.have.length(1);
  });

  it('removes people, who administer no more from that moment', async () => {
    await open();
    await save(product, admin, { 'And these people': [controller] });
    await open(controller);
    await open(admin);
    await save(product, admin, { 'And these people': [] });
    expect(await named()).to.deep.equal([]);
    expect(await db()('audit_events').where({ kind: 'administrator.removed' })).to.have.length(1);
    await save(product, controller, { 'And these people': [controller, buyer] });
    await form(product, controller, ({ text }) => text.includes('Only administrators may do this'));
    expect(await named()).to.deep.equal([]);
    const refused = await db()('audit_events').where({ kind: 'administration.refused', actor: controller });
    expect(refused).to.have.length(1);
  });

  it('refuses guests, apps and people of other companies at the field, and names nobody then', async () => {
    const { roster, installation } = product.sandbox.slack.state;
    const guest = roster.addUser({ name: 'gus', guest: 'multi' });
    const far = roster.addUser({ name: 'far', externalTeam: 'T0PARTNER' });
    const left = roster.addUser({ name: 'lee', deleted: true });
    for (const [account, why] of [
      [guest.id, 'gus is a guest here'],
      [far.id, 'far belongs to another company'],
      [left.id, 'The account of lee is switched off'],
      [installation.botUserId, 'is an app or a bot'],
      ['U0NOBODY00', 'Slack does not know this account'],
    ] as const) {
      await open();
      // Chosen while Slack still offered them: its client has some of these no more.
      const values = Object.values(product.sandbox.slack.openViews(admin).at(-1)?.values ?? {})[0] ?? {};
      values.administrators_named = { type: 'multi_users_select', selected_users: [clerk, account] };
      const { errors, closed } = await save(product, admin, {});
      expect(Object.values(errors ?? {})[0], account).to.contain(why);
      expect(closed).to.equal(false);
      expect(formNow(product, admin)?.chosen['And these people']).to.deep.equal([clerk, account]);
    }
    expect(await named()).to.deep.equal([]);
  });

  it('names nobody while Slack does not say who they are', async () => {
    await open();
    product.sandbox.slack.setFault({ kind: 'error', method: 'users.info', error: 'internal_error' });
    await db()('installations').update({ installer_user_id: admin });
    const { errors } = await save(product, admin, { 'And these people': [clerk] });
    expect(Object.values(errors ?? {})[0]).to.contain('nothing was saved');
    expect(await named()).to.deep.equal([]);
  });

  it('does not overwrite what another administrator changed meanwhile, and says who did', async () => {
    await open();
    await save(product, admin, { 'And these people': [controller] });
    await open(admin);
    await open(controller);
    await save(product, controller, { 'And these people': [controller, buyer] });
    await save(product, admin, { 'And these people': [controller, clerk] });
    const { text, chosen } = await form(product, admin, (found) => found.text.includes('nothing was saved'));
    expect(text).to.contain(controller);
    expect(chosen['And these people']).to.have.members([controller, buyer]);
    expect(await named()).to.have.members([controller, buyer]);
  });

  it('tells whoever could not be told at once later, and still once', async () => {
    product.sandbox.slack.setFault({ kind: 'rate_limited', method: 'chat.postMessage', times: 1 });
    await open();
    const { id } = product.sandbox.slack.state.roster.addUser({ name: 'nia' });
    await save(product, admin, { 'And these people': [id] });
    await waitUntil(() => toldTo(id).length > 0, { what: 'she is told', timeoutMs: 15_000 });
    expect(toldTo(id)).to.have.length(1);
    expect((await db()('administrators').where({ person: id }).first()).told_at).to.not.equal(null);
  });
});
