import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { z } from 'zod';
import type { Accounts } from '../../app/accounts/accounts.ts';
import { markBroken } from '../../app/connections/health.ts';
import { createConnectionPool } from '../../app/connections/open.ts';
import { decide } from '../../app/decisions/decide.ts';
import { ReconnectError } from '../../app/domain/errors.ts';
import { createLog } from '../../app/log.ts';
import { holdProcessLease } from '../../app/queue/lease.ts';
import { summarise } from '../../app/summaries/summarise.ts';
import { type Connector, defineConnector } from '../../connectors/connector.ts';
import { addCards, addRoute, bill, type House, house } from '../decisions/house.ts';
import { type FreshDatabase, freshDatabase, testKeyring } from '../support/database.ts';

const expired = new ReconnectError('The password expired.', { field: 'password' });

describe('A connection that was corrected while an attempt with the old credentials was under way', () => {
  let fresh: FreshDatabase;
  let home: House;
  beforeEach(async () => {
    fresh = await freshDatabase();
    home = await house(fresh.db);
  });
  afterEach(() => fresh.drop());

  const connection = () => fresh.db('connections').where({ id: home.connectionId }).first();
  const correct = () =>
    fresh
      .db('connections')
      .where({ id: home.connectionId })
      .update({ status: 'active', problem: null, updated_at: fresh.db.raw(`updated_at + interval '1 millisecond'`) });
  const messages = async () =>
    (await fresh.db('graphile_worker.jobs').where({ task_identifier: 'tell' })).filter(({ key }) =>
      String(key).includes('connection-broken'),
    ).length;

  it('is not marked as broken again, and nobody hears of it twice', async () => {
    const asOpened = await connection();
    await markBroken(fresh.db, asOpened, expired, 'bill');
    expect(await connection()).to.include({ status: 'broken', problem: 'The password expired.' });
    expect(await messages()).to.equal(1);
    await correct();
    await markBroken(fresh.db, asOpened, expired, 'bill');
    expect(await connection()).to.include({ status: 'active', problem: null });
    const events = await fresh.db('audit_events').where({ kind: 'connection.broken' });
    expect(events).to.have.length(1);
    await markBroken(fresh.db, await connection(), expired, 'bill');
    expect(await connection(), 'what is wrong with the new ones is said').to.include({ status: 'broken' });
  });

  it('is not marked by a decision that was being carried out', async () => {
    const { db } = fresh;
    let isCorrected = true;
    const connector = defineConnector({
      ...{ id: 'c', title: 'C', credentials: z.object({}), feeds: { bill: { title: 'Bills', cadence: '* * * * *' } } },
      connect: () =>
        ({
          async get() {
            if (isCorrected) await correct();
            throw expired;
          },
          close: async () => undefined,
        }) as unknown as ReturnType<Connector['connect']>,
    });
    const keyring = testKeyring();
    const secret = keyring.encrypt('{}', `connections:${home.connectionId}:secret`);
    await db('connections').update({ connector: 'c', secret });
    const route = { id: await addRoute(db, home, { channel: 'C1', deciders: [{ user: 'U1' }] }), channel: 'C1' };
    const [added] = await addCards(db, home, route, [bill()]);
    if (!added) throw new Error('no card was added');
    await db('decisions').insert({
      ...{ document_id: added.documentId, card_id: added.cardId, action: 'hold', person: 'U1' },
      ...{ seen: 'x', state: 'stored', click_key: randomUUID() },
    });
    const http = { request: () => Promise.reject(new Error('no request is made here')) };
    const connections = createConnectionPool({ db, keyring, http, connectorById: () => connector, processes: () => 1 });
    const lease = await holdProcessLease(db, {
      ...{ id: randomUUID(), host: 'here', pid: process.pid, leaseMs: 15_000, figures: () => ({}) },
      ...{ onDeath: () => undefined, onError: () => undefined },
    });
    const log = createLog({ level: 'error', format: 'text', stream: process.stderr });
    const accounts = { find: async () => null } as unknown as Accounts;
    const attempt = async () => {
      await db('decisions').update({ next_attempt_at: null });
      const deps = { db, lease, connections, keyring, accounts, erpTitle: () => 'C', log };
      await decide(deps, added.documentId, new AbortController().signal);
      return { ...(await db('decisions').first('attempts', 'state')), ...(await db('connections').first('status')) };
    };
    try {
      expect(await attempt()).to.deep.equal({ attempts: 1, state: 'acting', status: 'active' });
      isCorrected = false;
      expect(await attempt()).to.deep.equal({ attempts: 2, state: 'acting', status: 'broken' });
    } finally {
      await connections.close();
      await lease.stop();
    }
  });

  it('is not marked by a summary that was being made', async () => {
    const { db } = fresh;
    let isCorrected = true;
    const connector = defineConnector({
      ...{ id: 'c', title: 'C', credentials: z.object({}), feeds: { summary: { title: 'S', cadence: '* * * * *' } } },
      connect: () =>
        ({
          async postings() {
            if (isCorrected) await db('connections').update({ updated_at: db.raw('clock_timestamp()') });
            throw expired;
          },
          close: async () => undefined,
        }) as unknown as ReturnType<Connector['connect']>,
    });
    const keyring = testKeyring();
    const secret = keyring.encrypt('{}', `connections:${home.connectionId}:secret`);
    await db('connections').update({ connector: 'c', secret, status: 'active' });
    await db('feeds').delete();
    const [feed] = await db('feeds')
      .insert({ connection_id: home.connectionId, kind: 'summary', cadence: '33 3 1 1 *' })
      .returning('id');
    await db('summary_runs').insert({ feed_id: feed.id, key: 'k', due_at: db.fn.now(), scheduled: true });
    const http = { request: () => Promise.reject(new Error('no request is made here')) };
    const connections = createConnectionPool({ db, keyring, http, connectorById: () => connector, processes: () => 1 });
    const lease = await holdProcessLease(db, {
      ...{ id: randomUUID(), host: 'here', pid: process.pid, leaseMs: 15_000, figures: () => ({}) },
      ...{ onDeath: () => undefined, onError: () => undefined },
    });
    const log = createLog({ level: 'error', format: 'text', stream: process.stderr });
    const attempt = async () => {
      await summarise({ db, lease, connections, log }, feed.id, new AbortController().signal);
      return { ...(await db('feeds').first('attempts')), ...(await db('connections').first('status')) };
    };
    try {
      expect(await attempt()).to.deep.equal({ attempts: 1, status: 'active' });
      isCorrected = false;
      expect(await attempt(), 'it was set up anew, so it is tried at once').to.deep.equal({
        ...{ attempts: 2, status: 'broken' },
      });
      expect(await attempt(), 'and then waits').to.deep.equal({ attempts: 2, status: 'broken' });
    } finally {
      await connections.close();
      await lease.stop();
    }
  });
});
