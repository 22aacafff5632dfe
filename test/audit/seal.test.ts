import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { recordEvents } from '../../app/audit/record.ts';
import { sealEvents } from '../../app/audit/seal.ts';
import { verifyAudit } from '../../app/audit/verify.ts';
import { createLog } from '../../app/log.ts';
import { openDatabase } from '../../app/storage/database.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitUntil } from '../support/wait.ts';

describe('sealing the audit record', () => {
  let fresh: FreshDatabase;
  beforeEach(async () => {
    fresh = await freshDatabase();
  });
  afterEach(() => fresh.drop());
  const events = (count: number) => Array.from({ length: count }, (_, n) => ({ kind: 'test', data: { n } }));

  it('writes no seal when there is nothing new', async () => {
    expect(await sealEvents(fresh.db)).to.include({ result: 'nothing', head: null });
    await recordEvents(fresh.db, events(3));
    const { head } = await sealEvents(fresh.db);
    expect(await sealEvents(fresh.db)).to.deep.equal({ result: 'nothing', seals: 0, events: 0, head });
  });

  it('seals in chunks, each following from the one before', async () => {
    await recordEvents(fresh.db, events(25));
    expect(await sealEvents(fresh.db, { batch: 10 })).to.include({ result: 'sealed', seals: 3, events: 25 });
    await recordEvents(fresh.db, events(1));
    const { head } = await sealEvents(fresh.db);
    expect(await verifyAudit(fresh.db)).to.deep.equal({ events: 26, seals: 4, unsealed: 0, head, problems: [] });
  });

  it('writes the head of each sealing to the log', async () => {
    const lines: string[] = [];
    const stream = new PassThrough().on('data', (chunk) => lines.push(String(chunk)));
    await recordEvents(fresh.db, events(1));
    const { head } = await sealEvents(fresh.db, { log: createLog({ level: 'info', format: 'json', stream }) });
    expect(JSON.parse(lines.join(''))).to.include({ head, events: 1 });
  });

  /** Resolves when a sealing on `fresh.db` has looked for open transactions and goes on waiting. */
  const waiting = () => {
    let looks = 0;
    fresh.db.on('query', ({ sql }: { sql: string }) => {
      if (sql.includes('pg_snapshot_xmin')) looks += 1;
    });
    return waitUntil(() => looks > 1, { what: 'the sealer waits' });
  };

  it('waits for a transaction that has drawn an earlier id', async () => {
    const slow = await fresh.db.transaction();
    await recordEvents(slow, [{ kind: 'early' }]);
    await recordEvents(fresh.db, [{ kind: 'late' }]);
    const sealing = sealEvents(fresh.db);
    await waiting();
    expect(await fresh.db('audit_seals')).to.deep.equal([]);
    await slow.commit();
    expect(await sealing).to.include({ result: 'sealed', events: 2 });
  });

  it('waits for it also when no younger transaction has ended, so that no snapshot shows it running', async () => {
    const [older, younger] = [await fresh.db.transaction(), await fresh.db.transaction()];
    await recordEvents(older, [{ kind: 'first' }]);
    await recordEvents(younger, [{ kind: 'second' }]);
    await recordEvents(older, [{ kind: 'third' }]);
    await older.commit();
    const sealing = sealEvents(fresh.db);
    await waiting();
    await younger.commit();
    expect(await sealing).to.include({ result: 'sealed', events: 3 });
    expect((await verifyAudit(fresh.db)).problems).to.deep.equal([]);
  });

  it('gives up until next time when a transaction stays open, and hurts no writer meanwhile', async () => {
    const slow = await fresh.db.transaction();
    await recordEvents(slow, [{ kind: 'early' }]);
    await recordEvents(fresh.db, [{ kind: 'late' }]);
    const sealing = sealEvents(fresh.db, { waitMs: 150 });
    await recordEvents(fresh.db, [{ kind: 'while sealing' }]);
    expect(await sealing).to.include({ result: 'waiting', seals: 0 });
    await slow.rollback();
    expect(await sealEvents(fresh.db)).to.include({ result: 'sealed', events: 2 });
  });

  it('lets one process seal at a time', async () => {
    await recordEvents(fresh.db, events(5));
    const slow = await fresh.db.transaction();
    await recordEvents(slow, [{ kind: 'open' }]);
    const first = sealEvents(fresh.db);
    await waiting();
    expect(await sealEvents(fresh.db)).to.include({ result: 'busy' });
    await slow.commit();
    expect(await first).to.include({ result: 'sealed', events: 6 });
  });

  it('misses none of many concurrent writers, some slow and some rolled back', async () => {
    const writers = openDatabase(fresh.url, { max: 12 });
    let written = 0;
    let done = false;
    const writer = async (seed: number) => {
      for (let n = 0; n < 15; n += 1) {
        const trx = await writers.transaction();
        await recordEvents(trx, events(1 + ((seed + n) % 4)));
        if ((seed + n) % 3 === 0) await sleep((seed * 7 + n * 13) % 40);
        await recordEvents(trx, events(1));
        if ((seed + n) % 5 === 0) await trx.rollback();
        else {
          await trx.commit();
          written += 2 + ((seed + n) % 4);
        }
      }
    };
    const sealer = async () => {
      while (!done) await sealEvents(fresh.db, { batch: 17 });
    };
    const sealing = [sealer(), sealer()];
    await Promise.all(Array.from({ length: 12 }, (_, seed) => writer(seed)));
    done = true;
    await Promise.all(sealing);
    await sealEvents(fresh.db);
    await writers.destroy();
    const report = await verifyAudit(fresh.db);
    expect(report).to.include({ events: written, unsealed: 0 });
    expect(report.problems).to.deep.equal([]);
    expect(report.seals).to.be.greaterThan(5);
  });
});
