import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { z } from 'zod';
import { createConnectionPool } from '../../app/connections/open.ts';
import { readFeed } from '../../app/documents/read-feed.ts';
import { ReconnectError } from '../../app/domain/errors.ts';
import { createLog } from '../../app/log.ts';
import { holdProcessLease } from '../../app/queue/lease.ts';
import { type Connector, defineConnector } from '../../connectors/connector.ts';
import { installed } from '../cli/fixtures.ts';
import { freshDatabase, testKeyring } from '../support/database.ts';

describe('A reading that fails while its connection is set up anew', () => {
  it('is tried again at once, and the connection does not count as broken', async () => {
    const { db, drop } = await freshDatabase();
    let isSetUpAnew = false;
    const connector = defineConnector({
      ...{ id: 'c', title: 'C', credentials: z.object({}), feeds: { bill: { title: 'Bills', cadence: '* * * * *' } } },
      connect: () =>
        ({
          async *read() {
            if (isSetUpAnew) await db('connections').update({ updated_at: db.raw(`updated_at + interval '1 second'`) });
            yield { documents: [], cursor: { page: 1 } };
            throw new ReconnectError('Nobody has consented yet.', { field: 'consent' });
          },
          close: async () => undefined,
        }) as unknown as ReturnType<Connector['connect']>,
    });
    const keyring = testKeyring();
    const id = randomUUID();
    await db('connections').insert({
      ...{ id, installation_id: await installed(db, keyring), name: 'n', connector: 'c', settings: '{}' },
      secret: keyring.encrypt('{}', `connections:${id}:secret`),
    });
    const [feed] = await db('feeds').insert({ connection_id: id, kind: 'bill', cadence: '0 0 1 1 *' }).returning('id');
    const http = { request: () => Promise.reject(new Error('no request is made here')) };
    const connections = createConnectionPool({ db, keyring, http, connectorById: () => connector, processes: () => 1 });
    const log = createLog({ level: 'error', format: 'text', stream: process.stderr });
    const lease = await holdProcessLease(db, {
      ...{ id: randomUUID(), host: 'here', pid: process.pid, leaseMs: 15_000, figures: () => ({}) },
      ...{ onDeath: () => undefined, onError: () => undefined },
    });
    const read = () => readFeed({ db, lease, connections, log }, String(feed.id), new AbortController().signal);
    const now = async () => ({
      ...(await db('feeds').first('attempts', 'next_attempt_at', 'last_error', 'lease_owner')),
      ...(await db('connections').first('status')),
    });
    try {
      isSetUpAnew = true;
      await read();
      const untouched = { attempts: 0, next_attempt_at: null, last_error: null, lease_owner: null, status: 'active' };
      expect(await now()).to.deep.equal(untouched);
      const { rows } = await db.raw(`select run_at <= clock_timestamp() as due from graphile_worker.jobs`);
      expect(rows).to.deep.equal([{ due: true }]);
      isSetUpAnew = false;
      await read();
      expect(await now()).to.deep.include({ attempts: 1, status: 'broken', last_error: 'Nobody has consented yet.' });
    } finally {
      await connections.close();
      await lease.stop();
      await drop();
    }
  });
});
