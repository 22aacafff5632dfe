import { expect } from 'chai';
import { install } from '../../demo/install.ts';
import { home, openHome, press } from '../home/homes.ts';
import {
  auditOf,
  buttonsOf,
  cardNow,
  decisionsOn,
  expectNoSecret,
  hurry,
  isTold,
  onlyWhenAsked,
  ownLanesOnly,
  type Posted,
  postBill,
  toldTo,
} from '../support/lanes.ts';
import { type CardMessage, connectTreasury, type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { consentAs, linkInForm, titleOf } from './browser.ts';

const { director, controller } = people;
const isLinkedAs = (text: string, user: string) => new RegExp(`Linked\\s+as\\s+${user}`).test(text);

describe('People with ERP accounts of their own', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      scenario: { slack: { limits: 'pace-only' } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
      setUp: false,
    });
    await install(product.appUrl);
    const { clientId, clientSecret } = site().describe();
    product.connectionId = await connectTreasury(product.database.db, product.sandbox, {
      ...{ cadence: onlyWhenAsked, routes: ownLanesOnly },
      credentials: { account_client_id: clientId, account_client_secret: clientSecret },
    });
    site().changeSettings({ redirectUris: [`${product.appUrl}/erp/callback`], apiUsers: 10 });
  });
  after(() => product?.stop());
  afterEach(async () => {
    site().changeSettings({ approvalMap: ['amara.okafor'], nonApproverStatus: 500 });
    for (const user of [director, controller]) await unlink(user);
  });

  const site = () => product.sandbox.acumatica;
  const db = () => product.database.db;
  const own = { act_as: 'person' as const };
  const seatsOf = (user: string) => site().counters.sessions.list.filter((session) => session.user === user).length;
  const accounts = () => db()('erp_accounts');

  async function unlink(user: string): Promise<void> {
    await accounts().where({ person: user }).update({ unlinked_at: db().fn.now() });
    await db().raw(
      `select graphile_worker.add_job('sign-out', json_build_object('id', 'account/' || id), job_key := 'sign-out:account/' || id) from erp_accounts`,
    );
    await waitUntil(async () => (await accounts().where({ person: user }).first('id')) === undefined, {
      what: `no account of ${user}`,
    });
  }

  /** From Home to the page that says it is done. */
  async function link(user: string, as: string): Promise<void> {
    await openHome(product, user, ({ text }) => text.includes('My links to ERP accounts'));
    await press(product, user, 'account_link');
    const seen = await consentAs(await linkInForm(product, user), as);
    expect(titleOf(seen)).to.equal('Your Acumatica account is linked');
    expect(seen.html).to.contain(as).and.to.contain('Northwind');
    await home(product, user, ({ text }) => isLinkedAs(text, as));
  }

  async function askedToLink(user: string, posted: Posted): Promise<CardMessage> {
    await isTold(product, user, posted.bill.ref);
    const message = product.sandbox.slack
      .messages(posted.lane.channel)
      .findLast((each) => each.ephemeralTo === user && each.text.includes(posted.bill.ref));
    return { ...(message as unknown as CardMessage), channel: posted.lane.channel };
  }

  const approvedBy = (posted: Posted) =>
    site()
      .bill(posted.bill.ref)
      ?.steps.filter(({ decision }) => decision === 'approved')
      .map(({ by }) => by);

  it('are asked to link theirs when they first decide, and then decide as themselves', async () => {
    const posted = await postBill(product, {}, own);
    await product.click(posted.card, 'decide_approve');
    expect((await decisionsOn(product, posted.bill))[0]).to.include({ state: 'refused', outcome: 'account_needed' });
    expect(site().bill(posted.bill.ref)?.status).to.equal('Pending Approval');
    const refused = (await auditOf(product, posted.bill)).find(({ kind }) => kind === 'decision.refused');
    expect(refused).to.deep.include({ actor: director });
    expect(refused?.data).to.include({ outcome: 'account_needed' }).and.not.have.property('as');
    const told = await askedToLink(director, posted);
    expect(told.text).to.contain('yours is not linked yet').and.to.contain('press the button again');

    await product.click(told, 'account_link');
    const seen = await consentAs(await linkInForm(product, director), 'amara.okafor');
    expect([seen.status, titleOf(seen)]).to.deep.equal([200, 'Your Acumatica account is linked']);
    await product.click(posted.card, 'decide_approve');
    expect((await decisionsOn(product, posted.bill, 2))[1]).to.include({ state: 'done', outcome: 'approve_done' });
    expect(approvedBy(posted)).to.deep.equal(['amara.okafor']);
    expect(site().bill(posted.bill.ref)?.modifiedBy).to.equal('amara.okafor');

    const closed = await cardNow(product, posted, ({ text }) => text.includes('Balanced'));
    expect(JSON.stringify(closed.blocks)).to.contain('decided in Acumatica as amara.okafor');
    expect((await product.thread(closed))[0]).to.contain('in Acumatica as amara.okafor');
    const events = await auditOf(product, posted.bill);
    for (const kind of ['decision.asked', 'decision.done'])
      expect(events.findLast((event) => event.kind === kind)?.data).to.include({ as: 'amara.okafor' });
  });

  it('give the two steps of a map as two people, and after the first the card stays and says how far it is', async () => {
    site().changeSettings({ approvalMap: ['amara.okafor', 'jonas.weber'] });
    await link(director, 'amara.okafor');
    await link(controller, 'jonas.weber');
    const posted = await postBill(product, {}, own);
    await product.click(posted.card, 'decide_approve', director);
    expect((await decisionsOn(product, posted.bill))[0]).to.include({ outcome: 'step_approved' });
    const open = await cardNow(product, posted, ({ blocks }) => JSON.stringify(blocks).includes('more approvals'));
    expect(buttonsOf(open)).to.include('decide_approve');
    expect(JSON.stringify(open.blocks)).to.contain('decided in Acumatica as amara.okafor');

    await product.click(open, 'decide_approve', director);
    expect((await decisionsOn(product, posted.bill, 2))[1]).to.include({ outcome: 'gave_a_step' });
    await product.click(open, 'decide_approve', controller);
    expect((await decisionsOn(product, posted.bill, 3))[2]).to.include({ outcome: 'approve_done' });
    expect(approvedBy(posted)).to.deep.equal(['amara.okafor', 'jonas.weber']);
    const closed = await cardNow(product, posted, ({ text }) => text.includes('Balanced'));
    expect(buttonsOf(closed)).to.deep.equal(['open_in_erp']);
    expect(JSON.stringify(closed.blocks)).to.contain('as jonas.weber');
  });

  it('hear in Acumatica’s words that they are no approver, and the bill stays as it is', async () => {
    await link(director, 'jonas.weber');
    const posted = await postBill(product, {}, own);
    await product.click(posted.card, 'decide_approve');
    expect((await decisionsOn(product, posted.bill))[0]).to.include({ state: 'refused', outcome: 'refused_by_erp' });
    expect(await isTold(product, director, posted.bill.ref)).to.contain('not an authorized approver');
    expect(site().bill(posted.bill.ref)?.status).to.equal('Pending Approval');
    const refused = (await auditOf(product, posted.bill)).find(({ kind }) => kind === 'decision.refused');
    expect(refused?.data).to.include({ as: 'jonas.weber' });
  });

  it('whose link died are told to link again; the decision is refused once and not tried on', async () => {
    await link(director, 'amara.okafor');
    const posted = await postBill(product, {}, own);
    site().revokeGrants();
    await product.click(posted.card, 'decide_approve');
    const [decision] = await decisionsOn(product, posted.bill);
    expect(decision).to.include({ state: 'refused', outcome: 'account_needed' });
    const told = await askedToLink(director, posted);
    expect(told.text).to.contain('does not accept the link').and.to.contain('link it again');
    expect(buttonsOf(told)).to.deep.equal(['account_link']);
    expect((await db()('connections').first('status')).status).to.equal('active');
    const requests = site().counters.requests.token;
    await product.click(posted.card, 'decide_approve');
    expect((await decisionsOn(product, posted.bill, 2))[1]).to.include({ outcome: 'account_needed' });
    expect(site().counters.requests.token).to.equal(requests);
    await openHome(product, director, ({ text }) => text.includes('link it again'));
    await press(product, director, 'account_link', 'My links');
    await consentAs(await linkInForm(product, director), 'amara.okafor');
    await product.click(posted.card, 'decide_approve');
    expect((await decisionsOn(product, posted.bill, 3))[2]).to.include({ outcome: 'approve_done' });
  });

  it('whose answer was lost are found to have decided, as themselves, and Acumatica is asked once', async () => {
    await link(director, 'amara.okafor');
    const posted = await postBill(product, {}, own);
    site().setFault({ kind: 'drop-after', match: { method: 'POST', path: '/Bill/Approve' }, times: 1 });
    await product.click(posted.card, 'decide_approve');
    expect((await decisionsOn(product, posted.bill, 1, 20_000))[0]).to.include({ outcome: 'approve_done' });
    expect(approvedBy(posted)).to.deep.equal(['amara.okafor']);
    const done = (await auditOf(product, posted.bill)).find(({ kind }) => kind === 'decision.done');
    expect(done?.data).to.include({ as: 'amara.okafor' });
  });

  it('wait where the licence has no seat for them, say so on the card, and decide when there is one', async () => {
    await link(director, 'amara.okafor');
    const posted = await postBill(product, {}, own);
    site().changeSettings({ apiUsers: site().counters.sessions.open });
    await product.click(posted.card, 'decide_approve');
    await cardNow(product, posted, ({ blocks }) => JSON.stringify(blocks).includes('licence limit'));
    expect(site().bill(posted.bill.ref)?.status).to.equal('Pending Approval');
    site().changeSettings({ apiUsers: 10 });
    await hurry(product);
    expect((await decisionsOn(product, posted.bill))[0]).to.include({ outcome: 'approve_done' });
    expect(approvedBy(posted)).to.deep.equal(['amara.okafor']);
  });

  it('act as themselves where they linked an account, and through the connection where the route lets them', async () => {
    const route = { act_as: 'person_or_service' as const };
    const [mine, theirs] = [await postBill(product, {}, route), await postBill(product, {}, route)];
    await link(director, 'amara.okafor');
    await product.click(mine.card, 'decide_approve', director);
    await product.click(theirs.card, 'decide_approve', controller);
    await Promise.all([decisionsOn(product, mine.bill), decisionsOn(product, theirs.bill)]);
    expect(site().bill(mine.bill.ref)).to.include({ status: 'Balanced', modifiedBy: 'amara.okafor' });
    expect(site().bill(theirs.bill.ref)).to.include({ status: 'Balanced', modifiedBy: 'countersign' });
    const asked = (await auditOf(product, theirs.bill)).find(({ kind }) => kind === 'decision.asked');
    expect(asked?.data).to.include({ as: 'service account' });
  });

  it('take one seat for ten decisions in a row, and give it back when they are done', async () => {
    site().closeSessions();
    await link(director, 'amara.okafor');
    const ten = await Promise.all(Array.from({ length: 10 }, () => postBill(product, {}, own)));
    const openedBefore = site().counters.sessions.opened;
    for (const { bill, card } of ten) {
      await product.click(card, 'decide_approve');
      await decisionsOn(product, bill);
    }
    expect(site().counters.sessions.opened - openedBefore).to.equal(1);
    expect([seatsOf('amara.okafor'), seatsOf('countersign')]).to.deep.equal([1, 1]);

    const account = await accounts().where({ person: director, unlinked_at: null }).first();
    await signOutJob(account.id);
    expect(seatsOf('amara.okafor'), 'not idle yet').to.equal(1);
    await accounts()
      .where({ id: account.id })
      .update({ used_at: db().raw(`now() - interval '2 minutes'`) });
    await signOutJob(account.id);
    await waitUntil(() => seatsOf('amara.okafor') === 0, { what: 'the seat back' });
    expect(seatsOf('countersign')).to.equal(1);
    const again = await postBill(product, {}, own);
    await product.click(again.card, 'decide_approve');
    expect((await decisionsOn(product, again.bill))[0]).to.include({ outcome: 'approve_done' });
    expect(seatsOf('amara.okafor')).to.equal(1);
  });

  async function signOutJob(id: string): Promise<void> {
    const { rows } = await db().raw(
      `select (graphile_worker.add_job('sign-out', json_build_object('id', 'account/' || ?::text), job_key := 'test')).id`,
      [id],
    );
    await waitUntil(
      async () => (await db().raw('select 1 from graphile_worker.jobs where id = ?', [rows[0].id])).rows.length === 0,
      { what: 'the job' },
    );
  }

  it('unlink in Home: the link ends at once and the session is closed', async () => {
    await link(director, 'amara.okafor');
    const posted = await postBill(product, {}, own);
    await product.click(posted.card, 'decide_approve');
    await decisionsOn(product, posted.bill);
    await openHome(product, director, ({ text }) => isLinkedAs(text, 'amara.okafor'));
    await press(product, director, 'account_unlink');
    await home(product, director, ({ text }) => text.includes('not linked to “treasury” any more'));
    await waitUntil(() => seatsOf('amara.okafor') === 0, { what: 'the seat back' });
    await waitUntil(async () => (await accounts().first('id')) === undefined, { what: 'nothing kept' });
    const next = await postBill(product, {}, own);
    await product.click(next.card, 'decide_approve');
    expect((await decisionsOn(product, next.bill))[0]).to.include({ outcome: 'account_needed' });
  });

  it('are one person for one ERP user: somebody else’s is refused', async () => {
    await link(director, 'amara.okafor');
    await openHome(product, controller, ({ text }) => text.includes('My links to ERP accounts'));
    await press(product, controller, 'account_link');
    const seen = await consentAs(await linkInForm(product, controller), 'amara.okafor');
    expect([seen.status, titleOf(seen)]).to.deep.equal([409, 'Somebody else uses this account']);
    expect(await accounts().where({ person: controller })).to.deep.equal([]);
  });

  it('keep their tokens encrypted, in no log and in no message', async () => {
    await link(director, 'amara.okafor');
    const row = await accounts().where({ person: director, unlinked_at: null }).first();
    expect(row.state).to.match(/^v1:test:/);
    expectNoSecret(product);
    expect(toldTo(product, director).join()).to.not.match(/code=|erp\/connect\//);
    expect(product.logLines.join('')).to.not.match(/erp\/connect\/[\w-]{22}|code=(?!\*|\[)/);
  });
});
