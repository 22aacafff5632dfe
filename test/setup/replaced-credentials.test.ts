import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { z } from 'zod';
import { createConnectionPool } from '../../app/connections/open.ts';
import { type Connector, defineConnector, type SharedState } from '../../connectors/connector.ts';
import { installed } from '../cli/fixtures.ts';
import { errorOf } from '../outbound/servers.ts';
import { freshDatabase, testKeyring } from '../support/database.ts';

describe('A connection whose credentials are replaced while it is used', () => {
  it('leaves the state of the new ones to those who use them', async () => {
    const states: SharedState[] = [];
    const connector = defineConnector({
      ...{ id: 'c', title: 'C', credentials: z.object({}), feeds: {} },
      connect: ({ state }) => {
        states.push(state);
        return { close: async () => undefined } as unknown as ReturnType<Connector['connect']>;
      },
    });
    const fresh = await freshDatabase();
    const keyring = testKeyring();
    const id = randomUUID();
    await fresh.db('connections').insert({
      ...{ id, installation_id: await installed(fresh.db, keyring), name: 'n', connector: 'c', settings: '{}' },
      secret: keyring.encrypt('{}', `connections:${id}:secret`),
    });
    const http = { request: () => Promise.reject(new Error('no request is made here')) };
    const deps = { db: fresh.db, keyring, http, connectorById: () => connector, processes: () => 1 };
    const pool = createConnectionPool(deps);
    await pool.open(id);
    await states[0]?.change(async () => ({ token: 'old' }));
    await fresh.db('connections').update({ updated_at: fresh.db.raw(`updated_at + interval '1 second'`) });
    await pool.open(id);
    await states[1]?.change(async () => ({ token: 'new' }));
    const late = states[0]?.change(async () => ({ token: 'old again' })) ?? Promise.resolve();
    expect(await errorOf(late)).to.include({ name: 'RetryableError' });
    expect(await states[1]?.read()).to.deep.equal({ token: 'new' });
    await pool.close();
    await fresh.drop();
  });
});
