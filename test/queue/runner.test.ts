import { Writable } from 'node:stream';
import { expect } from 'chai';
import { createLog } from '../../app/log.ts';
import { type Queue, startQueue } from '../../app/queue/runner.ts';
import { wake } from '../../app/queue/wake.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { testServer } from '../support/server.ts';
import { waitUntil } from '../support/wait.ts';

describe('The queue of wake-ups', () => {
  let database: FreshDatabase;
  let queue: Queue | undefined;
  const rejections: unknown[] = [];
  const rejected = (reason: unknown) => rejections.push(reason);

  before(() => process.on('unhandledRejection', rejected));
  after(() => process.off('unhandledRejection', rejected));
  beforeEach(async () => {
    rejections.length = 0;
    lines.length = 0;
    database = await freshDatabase();
  });
  afterEach(async () => {
    await queue?.stop();
    queue = undefined;
    await database.drop();
  });

  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });

  function start(task: (id: string) => Promise<void>): void {
    const log = createLog({ level: 'warn', format: 'text', stream });
    const tasks = Object.fromEntries(
      ['read-feed', 'deliver-lane', 'decide', 'tell', 'publish-home', 'sweep', 'seal-audit', 'clean-up'].map((name) => [
        name,
        task,
      ]),
    );
    queue = startQueue({ url: database.url, log, tasks: tasks as never });
  }

  it('survives a database that goes away while a job is under way, and runs what is woken later', async () => {
    const server = await testServer();
    const name = new URL(database.url).pathname.slice(1);
    const ran: string[] = [];
    start(async (id) => {
      ran.push(id);
      if (id !== 'cut') return;
      await server.admin(`alter database ${name} allow_connections false`);
      await server.admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    });
    await wake(database.db, 'tell', 'cut');
    await waitUntil(() => ran.includes('cut'), { what: 'the first job' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await server.admin(`alter database ${name} allow_connections true`);
    await waitUntil(
      () =>
        wake(database.db, 'tell', 'after').then(
          () => true,
          () => false,
        ),
      { what: 'the database being back' },
    );
    await waitUntil(() => ran.includes('after'), { what: 'the job after it', timeoutMs: 15_000 });
    expect(rejections).to.deep.equal([]);
  });

  for (const order of [
    ['a', 'b'],
    ['b', 'a'],
  ]) {
    it(`writes off jobs that end together while a transaction wakes them again as ${order.join(' and ')}`, async () => {
      const ran: string[] = [];
      const gates: Array<() => void> = [];
      start((id) => {
        ran.push(id);
        return new Promise((resolve) => gates.push(resolve));
      });
      await wake(database.db, 'tell', ['a', 'b']);
      await waitUntil(() => ran.length === 2, { what: 'both jobs running' });
      await database.db.transaction(async (trx) => {
        await wake(trx, 'tell', order[0] ?? '');
        for (const open of gates.splice(0)) open();
        await new Promise((resolve) => setTimeout(resolve, 300));
        await wake(trx, 'tell', order[1] ?? '');
      });
      await waitUntil(() => ran.length === 4, { what: 'both jobs again' });
      for (const open of gates) open();
      expect(lines.join('')).not.to.contain('deadlock');
      expect(rejections).to.deep.equal([]);
    });
  }

  it('when stopped has written off what it finished', async () => {
    const ran: string[] = [];
    start(async (id) => {
      ran.push(id);
    });
    const ids = Array.from({ length: 40 }, (_, index) => String(index));
    await wake(database.db, 'tell', ids);
    await waitUntil(() => ran.length === ids.length, { what: 'all jobs' });
    await queue?.stop();
    queue = undefined;
    const left = await database.db.raw(`select count(*)::int as jobs from graphile_worker.jobs`);
    expect(left.rows[0].jobs).to.equal(0);
    expect(rejections).to.deep.equal([]);
  });
});
