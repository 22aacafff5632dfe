import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { expect } from 'chai';
import { compareConnection } from '../../app/control/control.ts';
import { begin, beginWhereDue } from '../../app/control/due.ts';
import { controlResult, forgetOldControls } from '../../app/control/result.ts';
import { claimRun } from '../../app/control/run.ts';
import { createLog } from '../../app/log.ts';
import type { ControlRow } from '../../connectors/connector.ts';
import { type House, house } from '../decisions/house.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

describe('A comparison', () => {
  let fresh: FreshDatabase;
  let home: House;
  const owners = [randomUUID(), randomUUID(), randomUUID()];
  const { signal } = new AbortController();
  beforeEach(async () => {
    fresh = await freshDatabase();
    home = await house(fresh.db);
    const alive = owners.map((id) => ({
      ...{ id, host: 'h', pid: 1, figures: '{}' },
      alive_until: fresh.db.raw(`now() + interval '1 hour'`),
    }));
    await fresh.db('processes').insert(alive);
  });
  afterEach(() => fresh.drop());

  let logged = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  const compare = (control?: () => AsyncGenerator<ControlRow[]>) =>
    compareConnection(
      {
        db: fresh.db,
        lease: { id: owners[0] ?? '', isGood: () => true, processes: () => 1, stop: async () => undefined },
        connections: { open: async () => ({ row: { name: 'treasury' }, erp: { control } }) } as never,
        log: createLog({ level: 'error', format: 'text', stream }),
      },
      home.connectionId,
      signal,
    );

  it('is begun once when it is due, however many processes look at the same moment', async () => {
    const { db } = fresh;
    await beginWhereDue(db, home.connectionId);
    expect(await db('control_runs'), 'the first look only plans').to.deep.equal([]);
    await db('control_plans').update({ due_at: db.raw(`now() - interval '3 days'`) });
    await Promise.all(owners.flatMap(() => [1, 2, 3].map(() => beginWhereDue(db, home.connectionId))));
    expect(await db('control_runs')).to.have.length(1);
    const { due_at: next } = await db('control_plans').first();
    expect(next.getTime(), 'nights that were missed are one').to.be.greaterThan(Date.now());
  });

  it('is taken by one of the processes, and by another where that one dies', async () => {
    const { db } = fresh;
    const runId = await begin(db, home.connectionId, null);
    const taken = await Promise.all(owners.map((owner) => claimRun(db, home.connectionId, owner)));
    expect(taken.filter((run) => run !== undefined).map(({ id }) => id)).to.deep.equal([runId]);
    const [holder = ''] = owners.filter((_, index) => taken[index] !== undefined);
    await db('processes').where({ id: holder }).delete();
    const [other = ''] = owners.filter((owner) => owner !== holder);
    expect((await claimRun(db, home.connectionId, other))?.id).to.equal(runId);
    expect(await begin(db, home.connectionId, 'somebody'), 'who asks meanwhile gets that one').to.equal(runId);
  });

  it('with an ERP that gives no list is none; who asked for it is told', async () => {
    const { db } = fresh;
    await begin(db, home.connectionId, null);
    await compare();
    expect(await db('control_runs')).to.deep.equal([]);
    const asked = await begin(db, home.connectionId, 'somebody');
    await compare();
    expect((await controlResult(db, asked))?.problem).to.contain('gives no list');
  });

  it('that failed of what is no word for people says that the app failed, and the log why', async () => {
    const { db } = fresh;
    const feed = { connection_id: home.connectionId, kind: 'bill', cadence: '0 0 1 1 *', last_read_at: new Date() };
    await db('feeds').insert(feed);
    const runId = await begin(db, home.connectionId, 'U1');
    await db('control_runs').update({ attempts: 20 });
    // biome-ignore lint/correctness/useYield: it fails before there is anything to yield.
    await compare(async function* () {
      throw new TypeError('insert into control_rows (run_id) values ($1) - deadlock detected');
    });
    const problem = (await controlResult(db, runId))?.problem;
    expect(problem).to.contain('Something went wrong in the app').and.not.contain('control_rows');
    expect(logged).to.contain('deadlock detected');
  });

  it('leaves out a feed that was never read to its end', async () => {
    const { db } = fresh;
    await db('feeds').insert({ connection_id: home.connectionId, kind: 'bill', cadence: '* * * * *' });
    const runId = await begin(db, home.connectionId, null);
    await compare(async function* () {
      yield [{ key: 'Bill|1', type: 'Bill', reference: '1', values: null, modifiedAt: null }];
    });
    expect(await controlResult(db, runId)).to.include({ agree: 0, differed: 0, problem: null });
  });

  it('is forgotten after a quarter, but for the last one', async () => {
    const { db } = fresh;
    const old = { connection_id: home.connectionId, state: 'done' };
    const at = (days: number) => ({ ...old, finished_at: db.raw(`now() - ${days} * interval '1 day'`) });
    await db('control_runs').insert([at(200), at(100)]);
    await forgetOldControls(db);
    expect(await db('control_runs')).to.have.length(1);
    await db('control_runs').insert([at(10), at(1)]);
    await forgetOldControls(db);
    expect(await db('control_runs')).to.have.length(2);
  });
});
