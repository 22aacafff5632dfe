import { expect } from 'chai';
import {
  addBill,
  decisionsOn,
  expectNoSecret,
  hurry,
  onlyWhenAsked,
  ownLane,
  ownLanesOnly,
  postBill,
  timesAsked,
  toldTo,
} from '../../support/lanes.ts';
import { type Product, people, startProduct } from '../../support/product.ts';
import { waitUntil } from '../../support/wait.ts';

const pageSize = 10;

for (const signIn of ['password', 'cookie'] as const)
  describe(`When another program takes the last seat in the middle of a page (${signIn})`, () => {
    let product: Product;
    before(async () => {
      product = await startProduct({
        cadence: onlyWhenAsked,
        routes: ownLanesOnly,
        credentials: { page_size: pageSize, sign_in: signIn },
        scenario: { slack: { limits: 'off' }, acumatica: { settings: { apiUsers: 1 } } },
        settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
      });
      await db()('installations').update({ installer_user_id: people.admin });
      await waitUntil(async () => (await feed()).last_read_at, { what: 'the first reading' });
    });
    after(() => product?.stop());

    const db = () => product.database.db;
    const site = () => product.sandbox.acumatica;
    const feed = () => db()('feeds').first();
    const requests = () => Object.values(site().counters.requests).reduce((sum, count) => sum + count, 0);

    /** Another program signs in; returns how it signs out again. */
    async function otherProgram(): Promise<() => Promise<void>> {
      const { url } = site().describe();
      const json = { 'content-type': 'application/json' };
      const body = JSON.stringify({ name: 'jonas.weber', password: 'sandbox-jonas', tenant: 'TREASURY' });
      const response = await fetch(`${url}/entity/auth/login`, { method: 'POST', headers: json, body });
      expect(response.status).to.equal(204);
      const cookie = response.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ');
      return async () => {
        await fetch(`${url}/entity/auth/logout`, {
          method: 'POST',
          headers: { cookie, 'content-length': '0' },
          body: '',
        });
      };
    }

    it('reading waits with patience, says so plainly, and goes on without a loss', async () => {
      const posted = await postBill(product);
      const told = toldTo(product, people.admin).length;
      const lane = await ownLane(product, { burst: 5 });
      const refs = Array.from({ length: 34 }, () => addBill(product, lane, { amount: '3.00' }).ref);
      site().setFault({ kind: 'slow', ms: 500, match: { path: '$skip=9' }, times: 1 });
      const listed = () => site().counters.requests['bill.list'] ?? 0;
      const before = listed();
      await product.readNow();
      await waitUntil(() => listed() >= before + 2, { what: 'the second page to be asked for' });
      site().closeSessions();
      const signOut = await otherProgram();
      const failed = await waitUntil(async () => ((await feed()).attempts > 0 ? feed() : undefined), {
        what: () => `a failed reading; the log says:\n${product.logLines.slice(-10).join('')}`,
      });
      expect(failed.last_error)
        .to.match(/licence limit/)
        .and.to.match(/API session/);
      expect(failed.next_attempt_at.getTime() - Date.now(), 'patience').to.be.greaterThan(30_000);
      expect((await db()('connections').first()).status).to.equal('active');

      // Whoever wakes it again and again makes no storm of it, and a decision waits for its turn.
      const quiet = requests();
      for (let times = 0; times < 5; times += 1)
        await db().raw(`select graphile_worker.add_job('read-feed', json_build_object('id', id::text)) from feeds`);
      const asked = timesAsked(product);
      await product.click(posted.card, 'decide_approve');
      await waitUntil(async () => (await db()('decisions').orderBy('id', 'desc').first()).attempts > 0, {
        what: 'a decision that waits',
      });
      expect(requests() - quiet, 'what was asked for meanwhile').to.be.lessThan(6);
      expect(timesAsked(product)).to.equal(asked);
      expect(site().counters.sessions.list.map(({ user }) => user)).to.deep.equal(['jonas.weber']);

      await signOut();
      // As if the minute were over for which nobody signs in after a limit.
      await db()('connections').update({ shared_state: null, updated_at: db().raw('clock_timestamp()') });
      const timer = setInterval(
        () =>
          void hurry(product)
            .then(product.readNow)
            .catch(() => undefined),
        500,
      );
      try {
        const [decision] = await decisionsOn(product, posted.bill, 1, 20_000);
        expect(decision).to.include({ state: 'done', outcome: 'approve_done' });
        await waitUntil(async () => (await feed()).attempts === 0 && (await feed()).lease_owner === null, {
          what: 'a reading that ends well',
          timeoutMs: 20_000,
        });
      } finally {
        clearInterval(timer);
      }
      expect(timesAsked(product)).to.equal(asked + 1);
      const stored = await db()('documents').whereIn('reference', refs).select('version');
      expect(stored).to.have.length(refs.length);
      expect(stored.every(({ version }) => version === 1)).to.equal(true);
      const cards = await db()('cards').where({ route_id: lane.routeId }).whereNotNull('document_id');
      expect(cards).to.have.length(refs.length);
      expect(site().counters.sessions.list.map(({ user }) => user)).to.deep.equal(['countersign']);
      expect(toldTo(product, people.admin)).to.have.length(told);
      expectNoSecret(product);
    });
  });
