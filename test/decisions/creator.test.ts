import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createAccounts } from '../../app/accounts/accounts.ts';
import type { ConnectionPool } from '../../app/connections/open.ts';
import { decide } from '../../app/decisions/decide.ts';
import { storeDecision } from '../../app/decisions/store.ts';
import { substanceHash } from '../../app/domain/changes.ts';
import type { ErpDocument } from '../../app/domain/document.ts';
import { createLog } from '../../app/log.ts';
import { type FreshDatabase, freshDatabase, testKeyring } from '../support/database.ts';
import { addCards, addRoute, bill, type House, house } from './house.ts';

describe('whoever entered a document in the ERP', () => {
  let fresh: FreshDatabase;
  let here: House;
  before(async () => {
    fresh = await freshDatabase();
    here = await house(fresh.db);
    const row = { connection_id: here.connectionId, sort: 'employee', active: true };
    await fresh.db('people').insert([
      { ...row, key: 'EP1', name: 'Maya Okafor', slack_user: 'U0MAYA', matched_by: 'email' },
      { ...row, key: 'EP2', name: 'Priya Raman', slack_user: 'U0PRIYA', matched_by: 'hand' },
      { ...row, key: 'EP3', name: 'Not In Slack' },
    ]);
  });
  after(() => fresh.drop());

  /** What comes of an approval by U0MAYA, in a house where the ERP is not to be asked for anything but the document. */
  async function approved(createdBy: ErpDocument['createdBy']): Promise<string> {
    const document = bill(createdBy === undefined ? {} : { createdBy });
    const route = { channel: 'C1', deciders: [{ user: 'U0MAYA' }, { user: 'U0PRIYA' }] };
    const id = await addRoute(fresh.db, here, route);
    const [ids] = await addCards(fresh.db, here, { id, channel: 'C1' }, [document]);
    const seen = substanceHash(document);
    await fresh.db('documents').where({ id: ids?.documentId }).update({ substance: seen });
    const { key } = await fresh.db('cards').where({ id: ids?.cardId }).first('key');
    const { slack_key: workspace } = await fresh.db('installations').where({ id: here.installationId }).first();
    const click = { workspace, cardKey: key, seen, messageId: '1.2', person: 'U0MAYA', reason: null };
    await storeDecision(fresh.db, { ...click, clickKey: randomUUID(), action: 'approve' });
    const erp = {
      get: async () => document,
      act: async () => ({ result: 'refused', message: 'asked', document: null }),
    };
    const connections = {
      open: async () => ({
        erp,
        connector: { feeds: {} },
        row: { connector: 'x', name: 'treasury', status: 'active' },
      }),
    };
    const lease = { id: randomUUID(), isGood: () => true, processes: () => 1, stop: async () => {} };
    const log = createLog({ level: 'error', format: 'text' });
    const accounts = createAccounts(fresh.db, testKeyring());
    const pool = connections as unknown as ConnectionPool;
    const deps = { db: fresh.db, lease, connections: pool, keyring: testKeyring(), accounts, erpTitle: String, log };
    await decide(deps, String(ids?.documentId), new AbortController().signal);
    return (await fresh.db('decisions').where({ document_id: ids?.documentId }).first()).outcome;
  }

  it('may not decide on it, where the ERP says who that was', async () => {
    expect(await approved({ code: 'EP1', name: null })).to.equal('created_it');
    expect(await approved({ code: 'maya', name: 'MAYA OKAFOR' })).to.equal('created_it');
  });

  it('is no reason where it was somebody else, somebody who is not known in Slack, or the ERP does not say', async () => {
    for (const createdBy of [
      { code: 'EP2', name: null },
      { code: 'EP3', name: null },
      { code: 'x', name: 'Nobody' },
    ])
      expect(await approved(createdBy)).to.equal('refused_by_erp');
    expect(await approved(null)).to.equal('refused_by_erp');
    expect(await approved(undefined)).to.equal('refused_by_erp');
  });
});
