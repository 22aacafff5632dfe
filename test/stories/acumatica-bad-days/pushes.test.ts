import { expect } from 'chai';
import { createLog } from '../../../app/log.ts';
import { renewPushSecret } from '../../../app/push/endpoint.ts';
import { startWeb, type Web } from '../../../app/web/server.ts';
import { freePort } from '../../../demo/processes.ts';
import type { SettingsChange } from '../../../sandbox/acumatica/index.ts';
import { testKeyring } from '../../support/database.ts';
import { addBill, expectNoSecret, onlyWhenAsked, ownLane, ownLanesOnly, type TestLane } from '../../support/lanes.ts';
import { type Product, startProduct } from '../../support/product.ts';
import { waitUntil } from '../../support/wait.ts';

const header = 'x-countersign-push';

describe('Pushes of Acumatica, in ways that are not known,', function () {
  this.timeout(60_000);
  let product: Product;
  let usual: SettingsChange;
  let secret = '';
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      scenario: { slack: { limits: 'off' }, acumatica: { settings: { pushDelayMs: 0, pushRetryMs: 50 } } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
    usual = structuredClone(site().settings());
    secret = await renew();
    await waitUntil(async () => (await feed()).last_read_at, { what: 'the first reading' });
  });
  after(() => product?.stop());
  beforeEach(() => destination(secret));
  afterEach(async () => {
    site().clearFaults();
    site().changeSettings(usual);
    await db()('feeds').update({ cadence: onlyWhenAsked });
    await db().raw(`select pg_notify('countersign_schedule', '')`);
    expectNoSecret(product);
  });

  const db = () => product.database.db;
  const site = () => product.sandbox.acumatica;
  const feed = () => db()('feeds').first();
  const address = (base = product.appUrl) => `${base}/erp/push/${product.connectionId}?kind=bill`;
  const destination = (headerValue: string) =>
    void site().setPushDestination({ name: 'Countersign', address: address(), headerName: header, headerValue });

  async function renew(): Promise<string> {
    const { installation_id: installationId } = await db()('connections').first('installation_id');
    const subject = { installationId, connectionId: product.connectionId, actor: 'U0ADMIN006' };
    return (await renewPushSecret(db(), testKeyring(), subject)) ?? '';
  }

  async function pollEverySecond(): Promise<void> {
    await db()('feeds').update({ cadence: '*/1 * * * * *' });
    await db().raw(`select pg_notify('countersign_schedule', '')`);
  }

  /** What was told before is read to its end: it would read what comes now, too. */
  async function nothingUnderWay(): Promise<void> {
    const isIdle = async () => {
      const { asked_at, lease_owner } = await feed();
      const jobs = await db()('graphile_worker.jobs').where({ task_identifier: 'read-feed' });
      return asked_at === null && lease_owner === null && jobs.length === 0;
    };
    await waitUntil(isIdle, { what: 'the end of the readings before' });
  }

  async function allShown({ channel }: TestLane, refs: string[]): Promise<void> {
    const shown = () =>
      product.sandbox.slack.messages(channel).reduce((sum, { text, blocks }) => {
        const digest = /(\d+) bills · £/.exec(JSON.stringify(blocks))?.[1];
        return sum + (digest ? Number(digest) : refs.filter((ref) => text.includes(ref)).length);
      }, 0);
    await waitUntil(() => shown() === refs.length, {
      what: () =>
        `${refs.length} bills to be shown once; there are ${shown()}\n${product.logLines.slice(-10).join('')}`,
      timeoutMs: 20_000,
    });
  }

  const told = Array.from({ length: 30 });
  const ways: Array<[string, SettingsChange]> = [
    ['each change in a notice of its own', { pushRowsMost: 1 }],
    ['a mass change in one notice', { pushRowsMost: null }],
    ['each twice', { pushRowsMost: 1, pushTwice: true }],
    ['updates in two halves, the later first', { pushPairs: 'apart', pushOrder: 'reversed', pushRowsMost: 1 }],
  ];
  for (const [what, settings] of ways)
    it(`${what}: every bill is shown once`, async () => {
      site().changeSettings(settings);
      const lane = await ownLane(product, { burst: 5 });
      const refs = told.map(() => addBill(product, lane, { amount: '1.00' }).ref);
      await allShown(lane, refs);
      for (const ref of refs.slice(0, 3)) site().decideInErp(ref, 'approve');
      await waitUntil(
        async () => (await db()('documents').whereIn('reference', refs).where({ status: 'Balanced' })).length === 3,
        { what: 'three changes' },
      );
      const gone = await db()('documents').whereIn('reference', refs).whereNotNull('gone_at');
      expect(gone).to.deep.equal([]);
      expect(site().failedPushes()).to.deep.equal([]);
    });

  for (const pushTimeoutMs of [50, 10_000])
    it(`no patience for a slow answer (${pushTimeoutMs} ms): what comes again is known`, async () => {
      site().changeSettings({ pushTimeoutMs, pushRetryMs: 400 });
      const lane = await ownLane(product);
      const holding = await db().transaction();
      await holding('push_endpoints').forUpdate();
      const { ref } = addBill(product, lane);
      const waiting = () =>
        db().raw(`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%push_endpoints%'`);
      await waitUntil(async () => (await waiting()).rows.length >= (pushTimeoutMs < 1_000 ? 2 : 1), {
        what: 'an answer that does not come',
      });
      await holding.commit();
      await allShown(lane, [ref]);
      expect(site().failedPushes()).to.deep.equal([]);
    });

  it('a notice that is too long to be sent: polling finds what it would have told, and takes over', async () => {
    await nothingUnderWay();
    site().changeSettings({ pushBytesMost: 10 });
    const lane = await ownLane(product);
    const refs: string[] = [];
    // A notice of before that comes late counts as the one that was missed: then the next bill shows it.
    for (let noted = false; !noted && refs.length < 5; ) {
      const failed = site().failedPushes().length;
      refs.push(addBill(product, lane).ref);
      await waitUntil(() => site().failedPushes().length > failed, { what: 'a notice that failed' });
      // As five minutes later, when a feed is polled whatever the pushes say.
      await db()('feeds').update({
        last_read_at: db().raw(`clock_timestamp() - interval '6 minutes'`),
        asked_at: null,
      });
      await pollEverySecond();
      await allShown(lane, refs);
      await nothingUnderWay();
      noted = (await feed()).push_missed_at !== null;
    }
    expect((await feed()).push_missed_at).to.not.equal(null);
    await db()('feeds').update({ push_missed_at: null });
  });

  describe('with a stolen secret that is replaced,', () => {
    let second: Web | undefined;
    let other = '';
    before(async () => {
      const port = await freePort(0);
      other = `http://localhost:${port}`;
      const log = createLog({ level: 'error', format: 'text', stream: process.stderr });
      const settings = { ...product.settings, port, publicUrl: other };
      second = await startWeb(settings, product.database.url, log, { jobsRunning: () => true });
    });
    after(() => second?.stop());

    const post = (base: string, value: string) =>
      fetch(address(base), {
        method: 'POST',
        headers: { 'content-type': 'application/json', [header]: value },
        body: JSON.stringify({
          Inserted: [],
          Deleted: [],
          Query: 'Bills',
          CompanyId: 'TREASURY',
          Id: crypto.randomUUID(),
        }),
      }).then(({ status }) => status);

    it('the old one is refused by every process at once, and polling finds what it does not bring', async () => {
      for (const base of [product.appUrl, other]) expect(await post(base, secret)).to.equal(200);
      expect((await feed()).push_trusted_until).to.be.greaterThan(new Date());
      const old = secret;
      secret = await renew();
      for (const base of [product.appUrl, other]) {
        expect(await post(base, old)).to.equal(401);
        expect(await post(base, secret)).to.equal(200);
      }
      await db()('feeds').update({ push_trusted_until: null });

      // Until somebody has typed the new one into Acumatica's form, its pushes come with the old.
      secret = await renew();
      expect((await feed()).push_trusted_until, 'pushes are leaned on no more').to.equal(null);
      const lane = await ownLane(product);
      const { ref } = addBill(product, lane);
      await waitUntil(
        () =>
          site()
            .failedPushes()
            .some(({ problem }) => problem === 'HTTP 401'),
        {
          what: 'pushes that are refused',
        },
      );
      await pollEverySecond();
      await allShown(lane, [ref]);

      // The new one is typed in, and what failed is sent again by hand: all of it is known.
      destination(secret);
      site().resendPushes();
      const next = addBill(product, lane);
      await allShown(lane, [ref, next.ref]);
      await waitUntil(async () => (await feed()).push_trusted_until > new Date(), { what: 'trust in pushes again' });
      const logs = product.logLines.join('');
      for (const value of [old, secret]) expect(logs.includes(value)).to.equal(false);
    });
  });
});
