import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { recordEvents } from '../../app/audit/record.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

describe('recording audit events', () => {
  let fresh: FreshDatabase;
  before(async () => {
    fresh = await freshDatabase();
  });
  after(() => fresh.drop());

  it('keeps every field, in the order given', async () => {
    const connectionId = randomUUID();
    const full = { kind: 'card.posted', connectionId, documentId: '1', cardId: '2', decisionId: '3', actor: 'U1' };
    await recordEvents(fresh.db, [
      { ...full, data: { ts: '1.2', line: 'é\u2028' } },
      { kind: 'read', actor: null },
    ]);
    const rows = await fresh.db('audit_events').orderBy('id');
    expect(rows.map(({ id, at, xact, ...row }) => row)).to.deep.equal([
      {
        kind: 'card.posted',
        installation_id: null,
        connection_id: connectionId,
        document_id: '1',
        card_id: '2',
        decision_id: '3',
        actor: 'U1',
        data: { ts: '1.2', line: 'é\u2028' },
      },
      {
        kind: 'read',
        installation_id: null,
        connection_id: null,
        document_id: null,
        card_id: null,
        decision_id: null,
        actor: null,
        data: {},
      },
    ]);
  });

  it('stores a thousand events with one statement, and none with none', async () => {
    const statements: string[] = [];
    fresh.db.on('query', ({ sql }: { sql: string }) => statements.push(sql));
    await recordEvents(fresh.db, []);
    await recordEvents(
      fresh.db,
      Array.from({ length: 1000 }, (_, n) => ({ kind: 'many', data: { n } })),
    );
    fresh.db.removeAllListeners('query');
    expect(statements).to.have.length(1);
    const rows = await fresh.db('audit_events').where({ kind: 'many' }).orderBy('id').select('data');
    expect(rows.map(({ data }) => data.n)).to.deep.equal(Array.from({ length: 1000 }, (_, n) => n));
  });

  it('leaves no event of a transaction that was rolled back', async () => {
    const failed = await fresh.db
      .transaction(async (trx) => {
        await recordEvents(trx, [{ kind: 'rolled back' }]);
        throw new Error('on purpose');
      })
      .catch((error: Error) => error.message);
    expect(failed).to.equal('on purpose');
    expect(await fresh.db('audit_events').where({ kind: 'rolled back' })).to.deep.equal([]);
  });

  for (const statement of [
    `update audit_events set actor = 'someone else'`,
    'delete from audit_events',
    'truncate audit_events',
    `update audit_seals set hash = ''`,
    'delete from audit_seals',
    'truncate audit_seals',
  ]) {
    it(`is refused by the database: ${statement}`, async () => {
      const error = await fresh.db.raw(statement).catch((reason: Error) => reason);
      expect(error).to.be.an('error').with.property('message').that.contains('append-only');
    });
  }
});
