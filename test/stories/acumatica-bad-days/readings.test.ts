import { expect } from 'chai';
import type { FaultInput, SettingsChange } from '../../../sandbox/acumatica/index.ts';
import {
  addBill,
  buttonsOf,
  cardNow,
  decisionsOn,
  expectNoSecret,
  hurry,
  isTold,
  onlyWhenAsked,
  ownLane,
  ownLanesOnly,
  type Posted,
  postBill,
  timesAsked,
} from '../../support/lanes.ts';
import { type Product, people, startProduct } from '../../support/product.ts';
import { waitUntil } from '../../support/wait.ts';

/**
 * What nobody could prove of real Acumatica sites: each item that the facts leave open, in every reading of it. The app
 * must do right whichever is true.
 */
describe('What is not known of Acumatica, in each of its readings:', () => {
  let product: Product;
  let usual: SettingsChange;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      credentials: { page_size: 10 },
      scenario: { slack: { limits: 'off' } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
    await waitUntil(async () => (await feed()).last_read_at, { what: 'the first reading' });
    usual = site().settings();
    usual = structuredClone(usual);
  });
  after(() => product?.stop());
  afterEach(async () => {
    site().clearFaults();
    site().changeSettings(usual);
    site().closeSessions();
    expectNoSecret(product);
    // Each reading meets an app that has not asked this site yet.
    await db()('connections').update({ shared_state: null, updated_at: db().raw('clock_timestamp()') });
  });

  const site = () => product.sandbox.acumatica;
  const db = () => product.database.db;
  const feed = () => db()('feeds').first();
  const connection = () => db()('connections').first();
  const bill = ({ bill: { ref } }: Posted) => site().bill(ref);
  const approvals = (posted: Posted) => bill(posted)?.steps.filter(({ decision }) => decision !== null).length;
  const fault = (input: FaultInput) => site().setFault(input);
  const readings = <R extends SettingsChange>(list: R[], play: (reading: R) => Promise<void>) => {
    for (const reading of list) it(JSON.stringify(reading).replace(/[{}"]/g, ''), () => open(reading, play));
  };
  async function open<R extends SettingsChange>(reading: R, play: (reading: R) => Promise<void>): Promise<void> {
    site().changeSettings(reading);
    await play(reading);
  }

  /** Ends a decision without waiting for the pauses between tries. */
  async function endOf(posted: Posted, count = 1) {
    const timer = setInterval(() => void hurry(product).catch(() => undefined), 150);
    try {
      return (await decisionsOn(product, posted.bill, count, 20_000)).at(-1);
    } finally {
      clearInterval(timer);
    }
  }

  async function failedReading() {
    await product.readNow();
    return waitUntil(
      async () => {
        const row = await feed();
        return row.attempts > 0 && row.lease_owner === null ? row : undefined;
      },
      { what: 'a failed reading' },
    );
  }

  async function readAgain(ref: string, channel: string): Promise<void> {
    await product.readNow();
    await product.card(ref, () => true, { channel });
    expect(product.sandbox.slack.messages(channel).filter(({ text }) => text.includes(ref))).to.have.length(1);
    await waitUntil(async () => (await feed()).attempts === 0, { what: 'a reading that ends well' });
  }

  const bodies = ['json', 'html', 'empty'] as const;

  describe('the body of a 401,', () => {
    readings(
      bodies.map((unauthorizedBody) => ({ unauthorizedBody })),
      async ({ unauthorizedBody }) => {
        const lane = await ownLane(product);
        const early = addBill(product, lane);
        fault({ kind: '401', match: { path: '/Bill?' }, times: 1 });
        await readAgain(early.ref, lane.channel);

        // Read, it is renewed and nobody notices; acted on, it may be asked again only where it says that nothing was done.
        const posted = await postBill(product);
        const asked = timesAsked(product);
        fault({ kind: '401', match: { method: 'GET', path: `/Bill/Bill/${posted.bill.ref}` }, times: 1 });
        fault({ kind: '401', match: { method: 'POST', path: '/Bill/Approve' }, times: 1 });
        await product.click(posted.card, 'decide_approve');
        const decision = await endOf(posted);
        if (unauthorizedBody === 'json') {
          expect(decision).to.include({ state: 'done', outcome: 'approve_done' });
          expect([approvals(posted), timesAsked(product) - asked]).to.deep.equal([1, 2]);
        } else {
          expect(decision).to.include({ state: 'dead', outcome: 'unclear' });
          expect([approvals(posted), timesAsked(product) - asked]).to.deep.equal([0, 1]);
          expect(await isTold(product, people.director, posted.bill.ref)).to.contain('Look at it there');
        }
      },
    );
  });

  describe('the body of a 403,', () => {
    readings(
      bodies.map((forbiddenBody) => ({ forbiddenBody })),
      async ({ forbiddenBody }) => {
        const posted = await postBill(product);
        fault({ kind: '403', match: { method: 'POST', path: '/Bill/Approve' }, times: 1 });
        await product.click(posted.card, 'decide_approve');
        expect(await endOf(posted)).to.include({ state: 'refused', outcome: 'refused_by_erp' });
        const told = await isTold(product, people.director, posted.bill.ref);
        expect(told).to.contain(forbiddenBody === 'json' ? 'insufficient rights' : 'may not approve bills');
        expect(told).not.to.match(/<|DOCTYPE/);

        site().changeSettings({ closedScreens: ['AP301000'] });
        const lane = await ownLane(product);
        const late = addBill(product, lane);
        expect((await failedReading()).last_error).to.match(/may not read bills \(AP301000\)/);
        const broken = await waitUntil(async () => ((await connection()).status === 'broken' ? connection() : null), {
          what: 'a broken connection',
        });
        expect(broken.problem_field).to.equal('rights');
        expect(broken.problem).not.to.match(/<|DOCTYPE/);
        site().changeSettings({ closedScreens: [] });
        await readAgain(late.ref, lane.channel);
        expect((await connection()).status).to.equal('active');
      },
    );
  });

  describe('a licence limit,', () => {
    const used = { requestsPerMinute: 1, queueLength: 0 };
    readings(
      [
        { limitBody: 'text', retryAfterSeconds: null },
        { limitBody: 'text', retryAfterSeconds: 2 },
        { limitBody: 'json', limitStatus: 429, retryAfterSeconds: null },
        { limitBody: 'json', limitStatus: 500, retryAfterSeconds: null },
      ] satisfies SettingsChange[],
      async (reading) => {
        const posted = await postBill(product);
        const lane = await ownLane(product);
        const late = addBill(product, lane);
        site().changeSettings(used);
        const { sessions } = site().counters;
        const isLogin = reading.limitBody === 'json';
        // In JSON the limit of seats says the same: another program took the only one.
        if (isLogin) site().changeSettings({ ...usual, ...reading, apiUsers: 1 });
        if (isLogin) await takeTheSeat();
        const failed = await failedReading();
        expect(failed.last_error).to.contain('licence limit');
        const waitMs = failed.next_attempt_at.getTime() - Date.now();
        if (reading.retryAfterSeconds === null) expect(waitMs).to.be.greaterThan(40_000);
        else expect(waitMs).to.be.lessThan(10_000);
        expect((await connection()).status).to.equal('active');
        await product.click(posted.card, 'decide_approve');
        await waitUntil(async () => (await db()('decisions').orderBy('id', 'desc').first()).attempts > 0, {
          what: 'a decision that waits',
        });
        expect(bill(posted)?.status).to.equal('Pending Approval');
        site().changeSettings({ ...usual, ...reading });
        if (isLogin) site().closeSessions();
        expect(await endOf(posted)).to.include({ state: 'done', outcome: 'approve_done' });
        expect(approvals(posted)).to.equal(1);
        await readAgain(late.ref, lane.channel);
        expect(site().counters.sessions.open, JSON.stringify(sessions.list)).to.be.at.most(1);
      },
    );
  });

  /** Another program signs in with the seat that ours had. */
  async function takeTheSeat(): Promise<void> {
    site().closeSessions();
    const { url } = site().describe();
    const response = await fetch(`${url}/entity/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'jonas.weber', password: 'sandbox-jonas', tenant: 'TREASURY' }),
    });
    expect(response.status).to.equal(204);
  }

  describe('the body of a 404,', () => {
    readings(
      bodies.map((notFoundBody) => ({ notFoundBody })),
      async ({ notFoundBody }) => {
        const posted = await postBill(product);
        const { versions = [] } = usual;
        const newer = notFoundBody === 'json' ? '26.200.001' : notFoundBody === 'html' ? '27.200.001' : '28.200.001';
        // The endpoint in use is gone, and the action is called otherwise: both are a 404.
        site().changeSettings({
          versions: [...versions.slice(0, 2), newer],
          actionNames: {
            approve: 'ApproveBill',
            reject: 'Reject',
            hold: 'PutOnHold',
            releaseFromHold: 'X',
          },
        });
        await product.click(posted.card, 'decide_approve');
        expect(await endOf(posted)).to.include({ state: 'done', outcome: 'approve_done' });
        expect(approvals(posted)).to.equal(1);
        const lane = await ownLane(product);
        await readAgain(addBill(product, lane).ref, lane.channel);
        expect((await connection()).status).to.equal('active');
        // A record that is not there is no reason to look for another endpoint.
        const other = await postBill(product);
        site().removeBill(other.bill.ref);
        await product.click(other.card, 'decide_approve');
        expect(await endOf(other)).to.include({ state: 'refused', outcome: 'document_gone' });
      },
    );
  });

  describe('a record that is not there,', () => {
    readings([{ missingRecordStatus: 500 }, { missingRecordStatus: 404 }] satisfies SettingsChange[], async () => {
      const posted = await postBill(product);
      site().removeBill(posted.bill.ref);
      await product.click(posted.card, 'decide_approve');
      expect(await endOf(posted)).to.include({ state: 'refused', outcome: 'document_gone' });
      await cardNow(product, posted, (card) => !buttonsOf(card).includes('decide_approve'));
    });
  });

  describe('the refusal of somebody who is no approver,', () => {
    readings(
      ([500, 403, 422] as const).map((nonApproverStatus) => ({ nonApproverStatus })),
      async () => {
        site().changeSettings({ serviceAccountApproves: 'never' });
        const posted = await postBill(product);
        await product.click(posted.card, 'decide_approve');
        expect(await endOf(posted)).to.include({ state: 'refused', outcome: 'refused_by_erp' });
        const told = await isTold(product, people.director, posted.bill.ref);
        expect(told).to.contain('You are not an authorized approver for this document.');
        expect(approvals(posted)).to.equal(0);
        expect((await connection()).status).to.equal('active');
        expect(buttonsOf(await cardNow(product, posted))).to.include('decide_approve');
      },
    );
  });

  describe('what Reject and Put on Hold are called, and how the form lists it,', () => {
    const otherwise = { approve: 'Approve', reject: 'RejectBill', hold: 'Hold', releaseFromHold: 'RemoveHold' };
    const { actionNames } = {
      actionNames: { approve: 'Approve', reject: 'Reject', hold: 'PutOnHold', releaseFromHold: 'X' },
    };
    const strange = { ...actionNames, reject: 'Ablehnen', hold: 'Kaltstellen' };
    readings(
      [
        { actionNames, workflowActions: 'array' },
        { actionNames, workflowActions: 'absent' },
        { actionNames: otherwise, workflowActions: 'array' },
        { actionNames: otherwise, workflowActions: 'object' },
        { actionNames: strange, workflowActions: 'array' },
        { actionNames: strange, workflowActions: 'absent' },
      ] satisfies SettingsChange[],
      async (reading) => {
        // As on the day of a new release: what the site offered until now is remembered.
        site().changeSettings(usual);
        const given = { actions: ['approve', 'reject', 'hold'] };
        const rejected = await postBill(product, {}, given);
        const held = await postBill(product, {}, given);
        site().changeSettings(reading);
        await product.click(rejected.card, 'decide_reject');
        const view = await waitUntil(() => product.sandbox.slack.openViews(people.director)[0], { what: 'the form' });
        await product.sandbox.slack.submitView(people.director, view.id, { reason: { reason_text: 'Not ordered' } });
        await product.click(held.card, 'decide_hold');
        const [one, two] = [await endOf(rejected), await endOf(held)];
        if (reading.actionNames === strange) {
          expect(one).to.include({ state: 'refused' });
          expect(two).to.include({ state: 'refused' });
          const words = await isTold(product, people.director, rejected.bill.ref);
          expect(words).to.contain('offers no action to reject bills at this site');
          expect([bill(rejected)?.status, bill(held)?.status]).to.deep.equal(['Pending Approval', 'Pending Approval']);
        } else {
          expect(one).to.include({ state: 'done', outcome: 'reject_done' });
          expect(two).to.include({ state: 'done', outcome: 'hold_done' });
          expect([bill(rejected)?.status, bill(held)?.status]).to.deep.equal(['Rejected', 'On Hold']);
          expect(bill(rejected)?.reason).to.equal('Not ordered');
        }
      },
    );
  });

  describe('Hold from Pending Approval, and how a disabled button refuses,', () => {
    readings(
      [
        { holdFrom: ['Balanced', 'Pending Approval', 'Rejected'] },
        { holdFrom: ['Balanced'], disabledStatus: 500 },
        { holdFrom: ['Balanced'], disabledStatus: 422 },
      ] satisfies SettingsChange[],
      async ({ holdFrom }) => {
        const given = { actions: ['hold'] };
        const waiting = await postBill(product, {}, given);
        const ready = await postBill(product, { status: 'Balanced' }, given);
        for (const { card } of [waiting, ready]) await product.click(card, 'decide_hold');
        expect(await endOf(ready)).to.include({ state: 'done', outcome: 'hold_done' });
        const end = await endOf(waiting);
        if (holdFrom.length > 1) {
          expect(end).to.include({ state: 'done', outcome: 'hold_done' });
          expect(bill(waiting)?.status).to.equal('On Hold');
        } else {
          expect(end).to.include({ state: 'refused', outcome: 'refused_by_erp' });
          expect(await isTold(product, people.director, waiting.bill.ref)).to.contain('The Hold button is disabled.');
          expect(bill(waiting)?.status).to.equal('Pending Approval');
        }
      },
    );
  });

  describe('whether one approval of two moves the time of change,', () => {
    readings([{ middleStepMovesModified: true }, { middleStepMovesModified: false }], async (reading) => {
      site().changeSettings({ approvalMap: ['amara.okafor', 'jonas.weber'], serviceAccountApproves: 'always' });
      const posted = await postBill(product);
      await product.click(posted.card, 'decide_approve', people.director);
      const first = await endOf(posted);
      expect(approvals(posted)).to.equal(1);
      if (reading.middleStepMovesModified) expect(first).to.include({ state: 'done', outcome: 'step_approved' });
      else {
        expect(first).to.include({ state: 'refused', outcome: 'refused_by_erp' });
        expect(await isTold(product, people.director, posted.bill.ref)).to.contain('one of several steps');
      }
      const open = await cardNow(product, posted, (card) => buttonsOf(card).includes('decide_approve'));
      await product.click(open, 'decide_approve', people.controller);
      expect(await endOf(posted, 2)).to.include({ state: 'done', outcome: 'approve_done' });
      expect([approvals(posted), bill(posted)?.status]).to.deep.equal([2, 'Balanced']);
    });
  });

  describe('a required reason that is missing,', () => {
    readings([{ missingReason: 'nothing done' }, { missingReason: 'error' }] as const, async ({ missingReason }) => {
      site().changeSettings({ reason: 'required' });
      const posted = await postBill(product);
      await product.click(posted.card, 'decide_approve');
      expect(await endOf(posted)).to.include({ state: 'refused', outcome: 'refused_by_erp' });
      const words = missingReason === 'error' ? "'Reason' cannot be empty." : 'it may ask for a reason';
      expect(await isTold(product, people.director, posted.bill.ref)).to.contain(words);
      expect(approvals(posted)).to.equal(0);
    });
  });

  describe('in which order a list comes, and whether its records carry links,', () => {
    readings(
      [
        { order: 'key', links: true },
        { order: 'insertion', links: false },
        { order: 'shuffled', links: true },
        { order: 'shuffled', links: false },
      ] satisfies SettingsChange[],
      async () => {
        const lane = await ownLane(product, { burst: 3 });
        const refs = Array.from({ length: 35 }, () => addBill(product, lane, { amount: '1.00' }).ref);
        await product.readNow();
        // In pages of a few it may begin with some that are no crowd and get cards: each is shown once, and none is missing.
        const shown = () =>
          product.sandbox.slack.messages(lane.channel).reduce((sum, { text, blocks }) => {
            const digest = /(\d+) bills · £/.exec(JSON.stringify(blocks))?.[1];
            return sum + (digest ? Number(digest) : refs.filter((ref) => text.includes(ref)).length);
          }, 0);
        await waitUntil(() => shown() === refs.length, { what: () => `35 bills to be shown; there are ${shown()}` });
        const stored = await db()('documents').whereIn('reference', refs).select('reference', 'version', 'data');
        expect(stored.map(({ reference }) => reference).sort()).to.deep.equal(refs.toSorted());
        for (const { version, data } of stored) {
          expect(version).to.equal(1);
          expect(data.link).to.contain(`RefNbr=${data.reference}`);
        }
      },
    );
  });
});
