import { expect } from 'chai';
import type { FaultInput } from '../../sandbox/acumatica/index.ts';
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
  toldTo,
} from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

const installer = people.admin;
const megabyte = 1024 * 1024;

describe('When Acumatica has a bad day', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      scenario: { slack: { limits: 'off' } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000', ERP_TIMEOUT_SECONDS: '3' },
    });
    await product.database.db('installations').update({ installer_user_id: installer });
  });
  after(() => product?.stop());
  afterEach(() => {
    product.sandbox.acumatica.clearFaults();
    product.sandbox.acumatica.changeSettings({
      approvalMap: ['amara.okafor'],
      serviceAccountApproves: 'one-step maps',
      operationMs: { ReleaseBill: 300 },
    });
    expectNoSecret(product);
  });

  const connection = () => product.database.db('connections').where({ id: product.connectionId }).first();
  const feed = () => product.database.db('feeds').first();
  const status = (ref: string) => product.sandbox.acumatica.bill(ref)?.status;
  const fault = (input: FaultInput) => product.sandbox.acumatica.setFault(input);

  async function failToRead(): Promise<string> {
    await product.readNow();
    const failed = await waitUntil(
      async () => {
        const row = await feed();
        return row.attempts > 0 && row.lease_owner === null && row.last_error ? row : undefined;
      },
      { what: 'a failed reading' },
    );
    return failed.last_error;
  }

  async function readAgain(ref: string, channel: string): Promise<void> {
    product.sandbox.acumatica.clearFaults();
    await product.readNow();
    await product.card(ref, () => true, { channel });
    await waitUntil(async () => (await feed()).attempts === 0, { what: 'a reading that ends well' });
    const cards = product.sandbox.slack.messages(channel).filter(({ text }) => text.includes(ref));
    expect(cards).to.have.length(1);
  }

  describe('on reading', () => {
    const passing: Array<[FaultInput['kind'], RegExp]> = [
      ['429-text', /licence limit/],
      ['429-login-limit', /licence limit/],
      ['500-html', /error \(500\)/],
      ['500-json', /error \(500\)/],
      ['302-error-page', /error|web page/],
      ['truncated-json', /cut off or garbled/],
      ['cut-body', /broke off the connection/],
      ['hang', /did not answer in time/],
      ['drop-before', /broke off the connection/],
      ['drop-after', /broke off the connection/],
    ];
    for (const [kind, words] of passing) {
      it(`${kind} delays the cards, loses none and disturbs nobody`, async () => {
        const lane = await ownLane(product);
        const bill = addBill(product, lane);
        const told = toldTo(product, installer).length;
        fault({ kind, match: { method: 'GET', path: '/Bill' } });
        expect(await failToRead()).to.match(words);
        expect((await connection()).status).to.equal('active');
        await readAgain(bill.ref, lane.channel);
        expect(toldTo(product, installer)).to.have.length(told);
      });
    }

    const lasting: Array<[string, FaultInput, string, RegExp]> = [
      ['401', { kind: '401', match: { path: '/entity/Default' } }, 'login', /accepts the sign-in but not the calls/],
      ['403', { kind: '403', match: { path: '/entity/Default' } }, 'rights', /may not read/],
      ['404', { kind: '404-version', match: { path: '/entity/Default' } }, 'endpoint', /serves no/],
      ['a body without end', { kind: 'oversized', bytes: 80 * megabyte, match: { path: '/Bill' } }, '', /larger than/],
    ];
    for (const [what, input, field, words] of lasting) {
      it(`${what} breaks the connection: its installer is told once, in words, and again when it works`, async () => {
        const lane = await ownLane(product);
        const bill = addBill(product, lane);
        const told = toldTo(product, installer).length;
        fault(input);
        expect(await failToRead()).to.match(words);
        const broken = await waitUntil(async () => ((await connection()).status === 'broken' ? connection() : null), {
          what: 'a broken connection',
        });
        expect(broken.problem).to.match(words);
        expect(broken.problem_field ?? '').to.equal(field);
        await waitUntil(() => toldTo(product, installer).length > told, { what: 'a direct message' });
        expect(await failToRead()).to.match(words);
        await readAgain(bill.ref, lane.channel);
        expect((await connection()).status).to.equal('active');
        await isTold(product, installer, 'works again');
        await waitUntil(() => toldTo(product, installer).length >= told + 2, { what: 'a second direct message' });
        const news = toldTo(product, installer).slice(told);
        expect(news).to.have.length(2);
        expect(news[0]).to.contain('Acumatica, connection “treasury”, has stopped').and.to.match(words);
        expect(news[1]).to.contain('works again');
      });
    }

    it('a dead access token is renewed without anybody noticing', async () => {
      const lane = await ownLane(product);
      const bill = addBill(product, lane);
      product.sandbox.acumatica.expireAccessTokens();
      await product.readNow();
      await product.card(bill.ref, () => true, { channel: lane.channel });
      expect((await feed()).attempts).to.equal(0);
    });
  });

  /** Ends a decision without waiting for the pauses between tries. */
  async function endOf(posted: Posted, timeoutMs = 15_000) {
    const timer = setInterval(() => void hurry(product).catch(() => undefined), 150);
    try {
      const [decision] = await decisionsOn(product, posted.bill, 1, timeoutMs);
      return decision;
    } finally {
      clearInterval(timer);
    }
  }

  async function reject(posted: Posted): Promise<void> {
    const { slack } = product.sandbox;
    await product.click(posted.card, 'decide_reject');
    const view = await waitUntil(() => slack.openViews(people.director)[0], { what: 'the form' });
    await slack.submitView(people.director, view.id, { reason: { reason_text: 'Not ordered' } });
  }

  const approvals = (posted: Posted) =>
    product.sandbox.acumatica.bill(posted.bill.ref)?.steps.filter(({ decision }) => decision !== null).length;

  describe('on reading what a click is about', () => {
    for (const kind of [
      '401',
      '429-text',
      '500-html',
      'truncated-json',
      'hang',
      'drop-before',
      '302-error-page',
    ] as const) {
      it(`${kind} delays the decision and changes nothing about it`, async () => {
        const posted = await postBill(product);
        const asked = timesAsked(product);
        fault({ kind, match: { method: 'GET', path: `/Bill/Bill/${posted.bill.ref}` }, times: 1 });
        await product.click(posted.card, 'decide_approve');
        expect(await endOf(posted)).to.include({ state: 'done', outcome: 'approve_done' });
        expect(timesAsked(product)).to.equal(asked + 1);
        expect(toldTo(product, people.director)).to.deep.equal([]);
      });
    }

    it('lost rights keep the decision, say so on the card, and it is carried out when they are back', async () => {
      const posted = await postBill(product);
      fault({ kind: '403', match: { path: '/entity/Default' } });
      await product.click(posted.card, 'decide_approve');
      await waitUntil(async () => (await connection()).status === 'broken', { what: 'a broken connection' });
      const waiting = await cardNow(product, posted, ({ blocks }) =>
        JSON.stringify(blocks).includes('may not read bills (AP301000)'),
      );
      expect(buttonsOf(waiting)).to.deep.equal(['open_in_erp']);
      expect(status(posted.bill.ref)).to.equal('Pending Approval');
      product.sandbox.acumatica.clearFaults();
      expect(await endOf(posted)).to.include({ state: 'done', outcome: 'approve_done' });
      await product.readNow();
      await waitUntil(async () => (await connection()).status === 'active', { what: 'a working connection' });
    });
  });

  describe('on acting', () => {
    const act = { method: 'POST', path: '/Bill/Approve' };

    for (const kind of ['401', '429-text', '429-login-limit'] as const) {
      it(`${kind} means that nothing was done: it is asked again and done once`, async () => {
        const posted = await postBill(product);
        fault({ kind, match: act, times: 1 });
        await product.click(posted.card, 'decide_approve');
        expect(await endOf(posted)).to.include({ state: 'done', outcome: 'approve_done' });
        expect(approvals(posted)).to.equal(1);
        expect(toldTo(product, people.director)).to.deep.equal([]);
      });
    }

    it('403 is a refusal, told in Acumatica’s words', async () => {
      const posted = await postBill(product);
      fault({ kind: '403', match: act, times: 1 });
      await product.click(posted.card, 'decide_approve');
      expect(await endOf(posted)).to.include({ state: 'refused', outcome: 'refused_by_erp' });
      expect(await isTold(product, people.director, posted.bill.ref)).to.contain('insufficient rights');
    });

    for (const kind of ['drop-after', 'hang-after'] as const) {
      it(`done and the answer lost (${kind}) is found out by reading and never asked twice`, async () => {
        const posted = await postBill(product);
        const asked = timesAsked(product);
        fault({ kind, match: act });
        await product.click(posted.card, 'decide_approve');
        expect(await endOf(posted)).to.include({ state: 'done', outcome: 'approve_done' });
        expect(timesAsked(product)).to.equal(asked + 1);
        expect((await product.thread(posted.card))[0]).to.contain('approved this');
      });
    }

    it('one of two approvals done and the answer lost is left to a person, and never asked twice', async () => {
      product.sandbox.acumatica.changeSettings({
        approvalMap: ['amara.okafor', 'jonas.weber'],
        serviceAccountApproves: 'always',
      });
      const posted = await postBill(product);
      fault({ kind: 'drop-after', match: act });
      await product.click(posted.card, 'decide_approve');
      expect(await endOf(posted)).to.include({ state: 'dead', outcome: 'unclear' });
      expect(approvals(posted)).to.equal(1);
      expect(await isTold(product, people.director, posted.bill.ref)).to.contain('Look at it there');
      const warned = await cardNow(product, posted, ({ blocks }) => JSON.stringify(blocks).includes('never answered'));
      expect(buttonsOf(warned)).to.include('decide_approve');
    });

    for (const kind of ['500-html', '302-error-page', 'drop-before', 'hang'] as const) {
      it(`an approval that may not have happened (${kind}) is left to a person, and never asked twice`, async () => {
        const posted = await postBill(product);
        const asked = timesAsked(product);
        fault({ kind, match: act, times: 1 });
        await product.click(posted.card, 'decide_approve');
        expect(await endOf(posted)).to.include({ state: 'dead', outcome: 'unclear' });
        expect(timesAsked(product)).to.equal(asked + 1);
        expect(status(posted.bill.ref)).to.equal('Pending Approval');
        await isTold(product, people.director, posted.bill.ref);
        const again = await cardNow(product, posted, (card) => buttonsOf(card).includes('decide_approve'));
        await product.click(again, 'decide_approve');
        const decisions = await decisionsOn(product, posted.bill, 2);
        expect(decisions[1]).to.include({ state: 'done', outcome: 'approve_done' });
      });
    }

    for (const kind of ['500-html', 'drop-before'] as const) {
      it(`a rejection that did not happen (${kind}) is read as such, asked again and done once`, async () => {
        const posted = await postBill(product);
        fault({ kind, match: { method: 'POST', path: '/Bill/Reject' }, times: 1 });
        await reject(posted);
        expect(await endOf(posted)).to.include({ state: 'done', outcome: 'reject_done' });
        expect(product.sandbox.acumatica.bill(posted.bill.ref)).to.include({
          status: 'Rejected',
          reason: 'Not ordered',
        });
        expect(approvals(posted)).to.equal(1);
      });
    }

    it('a success code with nothing done behind it does not count', async () => {
      const posted = await postBill(product);
      fault({ kind: 'nothing-done', match: act, times: 1 });
      await product.click(posted.card, 'decide_approve');
      expect(await endOf(posted)).to.include({ state: 'refused', outcome: 'refused_by_erp' });
      expect(await isTold(product, people.director, posted.bill.ref)).to.contain('unchanged');
    });

    it('done and not to be read back is settled later and never asked twice', async () => {
      const posted = await postBill(product);
      const asked = timesAsked(product);
      const read = { method: 'GET', path: `/Bill/Bill/${posted.bill.ref}` };
      fault({ kind: '500-html', match: read, after: 1, times: 5 });
      await product.click(posted.card, 'decide_approve');
      expect(await endOf(posted)).to.include({ state: 'done', outcome: 'approve_done' });
      expect(timesAsked(product)).to.equal(asked + 1);
    });

    const ready = { status: 'Balanced' } as const;
    const releasing = { actions: ['release'] };
    const release = { method: 'POST', path: '/Bill/ReleaseBill' };

    it('a slow release is followed to its end', async () => {
      product.sandbox.acumatica.changeSettings({ operationMs: { ReleaseBill: 2_000 } });
      const posted = await postBill(product, ready, releasing);
      const asked = timesAsked(product);
      await product.click(posted.card, 'decide_release');
      await cardNow(product, posted, ({ blocks }) => JSON.stringify(blocks).includes('Releasing in Acumatica for'));
      expect(await endOf(posted)).to.include({ state: 'done', outcome: 'release_done' });
      expect(status(posted.bill.ref)).to.equal('Open');
      expect(timesAsked(product)).to.equal(asked + 1);
    });

    it('a release whose progress cannot be read is still done once', async () => {
      const posted = await postBill(product, ready, releasing);
      const asked = timesAsked(product);
      fault({ kind: '500-html', match: { path: '/status/' }, times: 2 });
      await product.click(posted.card, 'decide_release');
      expect(await endOf(posted)).to.include({ state: 'done', outcome: 'release_done' });
      expect(timesAsked(product)).to.equal(asked + 1);
    });

    it('a release whose answer was lost while it ran is not asked again once it shows', async () => {
      product.sandbox.acumatica.changeSettings({ operationMs: { ReleaseBill: 600 } });
      const posted = await postBill(product, ready, releasing);
      const asked = timesAsked(product);
      fault({ kind: 'drop-after', match: release, times: 1 });
      await product.click(posted.card, 'decide_release');
      const [decision] = await decisionsOn(product, posted.bill, 1, 15_000);
      expect(decision).to.include({ state: 'done', outcome: 'release_done' });
      expect(timesAsked(product)).to.equal(asked + 1);
    });

    it('an answer without end to a release that was not carried out is settled by reading', async () => {
      const posted = await postBill(product, ready, releasing);
      fault({ kind: 'oversized', bytes: 80 * megabyte, match: release, times: 1 });
      await product.click(posted.card, 'decide_release');
      expect(await endOf(posted)).to.include({ state: 'done', outcome: 'release_done' });
      expect(status(posted.bill.ref)).to.equal('Open');
    });
  });
});
