import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { cadenceOf } from '../../app/control/due.ts';
import { startJobs } from '../../app/jobs/jobs.ts';
import { sweep } from '../../app/jobs/sweep.ts';
import { createLog } from '../../app/log.ts';
import { onlyWhenAsked } from '../support/lanes.ts';
import { type Product, startProduct } from '../support/product.ts';
import { testServer } from '../support/server.ts';
import { waitUntil } from '../support/wait.ts';
import { ask, ended, named, readOnce } from './support.ts';

describe('The night on which connections are compared', () => {
  let product: Product;
  const db = () => product.database.db;
  const site = () => product.sandbox.acumatica;
  const runs = () => db()('control_runs').orderBy('id');
  const plan = () => db()('control_plans').where({ connection_id: product.connectionId }).first();
  const makeDue = () => db()('control_plans').update({ due_at: db().raw(`clock_timestamp() - interval '3 hours'`) });
  const aRunThat = (what: string, accept: (run: { state: string; id: string }) => boolean) =>
    waitUntil(async () => (await runs()).find(accept), {
      what: () => `${what}; the log says:\n${product.logLines.slice(-25).join('')}`,
      timeoutMs: 30_000,
    });

  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: [{ conditions: { vendors: ['CARDED'] } }],
      scenario: { slack: { limits: 'pace-only' }, acumatica: { seedBills: 30, seedOthers: false } },
      credentials: { page_size: 2 },
    });
    await readOnce(product);
    await waitUntil(plan, { what: 'the night being planned' });
  });
  after(() => product?.stop());
  afterEach(async () => {
    site().clearFaults();
    await db()('control_runs').delete();
  });

  it('is planned between three and five by the clock of the connection, each at its own minute', async () => {
    const { due_at: dueAt } = await plan();
    const hour = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', hourCycle: 'h23' });
    expect(['03', '04']).to.include(hour.format(dueAt));
    expect(dueAt.getTime() - Date.now()).to.be.within(0, 24 * 3_600_000);
    expect(await runs()).to.deep.equal([]);
    const cadences = new Set(Array.from({ length: 200 }, () => cadenceOf(randomUUID())));
    expect(cadences.size).to.be.greaterThan(50);
    for (const cadence of cadences) expect(cadence).to.match(/^([1-5]?\d) [34] \* \* \*$/);
  });

  it('two processes compare once', async () => {
    const log = createLog({ level: 'error', format: 'text', stream: process.stderr });
    const second = await startJobs(product.settings, product.database.url, log);
    try {
      await makeDue();
      await aRunThat('a comparison that is done', ({ state }) => state === 'done');
      expect(await runs()).to.have.length(1);
      const events = await db()('audit_events').where({ kind: 'connection.compared' });
      expect(events.map(({ data }) => data)).to.deep.equal([{ agree: 30, differed: 0, still: 0 }]);
      expect((await plan()).due_at.getTime()).to.be.greaterThan(Date.now());
    } finally {
      await second.stop();
    }
  });

  it('that was missed, as nothing ran, is made up for at the next start', async () => {
    await product.stopApp();
    await makeDue();
    await product.startApp();
    await aRunThat('a comparison after the start', ({ state }) => state === 'done');
    expect(await runs()).to.have.length(1);
  });

  it('passes a paused connection by; once resumed it is compared', async () => {
    await db()('connections').update({ status: 'paused' });
    await makeDue();
    await sweep(db());
    expect(await db()('graphile_worker.jobs').where({ task_identifier: 'compare' })).to.deep.equal([]);
    expect(await runs()).to.deep.equal([]);
    await db()('connections').update({ status: 'active' });
    await sweep(db());
    await aRunThat('a comparison after resuming', ({ state }) => state === 'done');
  });

  it('is reckoned anew in another time zone, and not begun by that', async () => {
    const before = (await plan()).due_at;
    await db()('connections').update({ time_zone: 'Asia/Tokyo' });
    await waitUntil(async () => (await plan()).time_zone === 'Asia/Tokyo', { what: 'the new plan' });
    expect((await plan()).due_at.getTime()).not.to.equal(before.getTime());
    expect(await runs()).to.deep.equal([]);
  });

  it('is carried on when its process died', async () => {
    await db()('control_runs').insert({ connection_id: product.connectionId, lease_owner: randomUUID() });
    await aRunThat('the comparison going on', ({ state }) => state === 'done');
  });

  it('goes on where it was when the database dies in the middle', async () => {
    site().setFault({ kind: 'slow', ms: 400, match: { method: 'GET', path: '/Bill?' }, times: 4 });
    const bill = site().addBill({ amount: '5.00', modifiedAt: Date.now() - 3_600_000 });
    const runId = await ask(product);
    await waitUntil(async () => db()('control_rows').where({ run_id: runId }).first(), { what: 'the first rows' });
    const name = new URL(product.database.url).pathname.slice(1);
    const server = await testServer();
    await server.admin(`alter database ${name} with allow_connections false`);
    try {
      await server.admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
      // The page that is on its way cannot be stored, and a heartbeat later neither can anything else.
      const lost = product.logLines.length;
      const since = (text: string) => product.logLines.findIndex((line, at) => at >= lost && line.includes(text));
      await waitUntil(() => since('erp request') >= 0, { what: 'the next page' });
      await waitUntil(
        () => product.logLines.slice(since('erp request')).some((line) => line.includes('heartbeat missed')),
        {
          what: 'a heartbeat that is missed',
        },
      );
    } finally {
      await server.admin(`alter database ${name} with allow_connections true`);
    }
    const result = await ended(product, runId);
    expect(product.logLines.join('')).to.contain('comparing was interrupted');
    expect(named(result)).to.deep.equal([`${bill.ref} missing`]);
    expect(result.agree).to.equal(31);
    expect(await runs()).to.have.length(1);
  });

  it('gives up after many tries, and says why', async () => {
    site().setFault({ kind: '500-json', match: { method: 'GET', path: '/Bill?' } });
    const runId = await ask(product);
    await db()('control_runs').where({ id: runId }).update({ attempts: 20 });
    const result = await ended(product, runId);
    expect(result.problem).to.contain('Acumatica');
    const event = await db()('audit_events').where({ kind: 'connection.not_compared' }).first();
    expect(event.data.problem).to.equal(result.problem);
  });
});
