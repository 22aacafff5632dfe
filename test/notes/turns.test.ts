import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { claimDecision } from '../../app/decisions/rows.ts';
import { claimNote, finish, postpone } from '../../app/notes/rows.ts';
import { addCards, addRoute, bill, type House, house } from '../decisions/house.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

describe('notes and decisions of one document', () => {
  let fresh: FreshDatabase;
  let home: House;
  const [alive, dead] = [randomUUID(), randomUUID()];
  before(async () => {
    fresh = await freshDatabase();
    home = await house(fresh.db);
    await fresh.db('processes').insert({
      id: alive,
      host: 'here',
      pid: 1,
      alive_until: fresh.db.raw(`clock_timestamp() + interval '1 hour'`),
    });
  });
  after(() => fresh.drop());

  async function document(): Promise<{ documentId: string; cardId: string }> {
    const route = { id: await addRoute(fresh.db, home, { channel: 'C1', deciders: [] }), channel: 'C1' };
    const [added] = await addCards(fresh.db, home, route, [bill()]);
    if (!added) throw new Error('no card');
    return added;
  }
  const about = ({ documentId, cardId }: { documentId: string; cardId: string }) => ({
    document_id: documentId,
    card_id: cardId,
    person: 'U1',
  });
  const note = (of: { documentId: string; cardId: string }, more: object = {}) =>
    fresh.db('notes').insert({ ...about(of), note_key: randomUUID(), ...more });
  const decision = (of: { documentId: string; cardId: string }, more: object = {}) =>
    fresh.db('decisions').insert({ ...about(of), click_key: randomUUID(), action: 'approve', seen: 's', ...more });

  it('take turns: a note is not begun while a decision is open', async () => {
    const of = await document();
    await note(of);
    await decision(of);
    expect(await claimNote(fresh.db, of.documentId, alive)).to.equal(undefined);
    expect(await claimDecision(fresh.db, of.documentId, alive)).to.include({ documentId: of.documentId });
    expect(await claimNote(fresh.db, of.documentId, alive)).to.equal(undefined);
    await fresh.db('decisions').where({ document_id: of.documentId }).update({ state: 'done', lease_owner: null });
    expect(await claimNote(fresh.db, of.documentId, alive)).to.include({ documentId: of.documentId });
  });

  it('take turns: a decision is not begun while a note is written, and is woken when it ends', async () => {
    const of = await document();
    await note(of);
    const claimed = await claimNote(fresh.db, of.documentId, alive);
    await decision(of);
    expect(await claimDecision(fresh.db, of.documentId, alive)).to.equal(undefined);
    const woken = () => fresh.db.raw(`select key from graphile_worker.jobs where key = ?`, [`decide:${of.documentId}`]);
    expect((await woken()).rows).to.deep.equal([]);
    if (claimed) await postpone(fresh.db, claimed, 60_000, 'not now');
    expect((await woken()).rows).to.have.length(1);
    expect(await claimDecision(fresh.db, of.documentId, alive)).to.include({ documentId: of.documentId });
  });

  it('begun at once by two processes: one of each kind at most goes on, and none is stuck', async () => {
    for (let round = 0; round < 25; round += 1) {
      const of = await document();
      await note(of);
      await Promise.all([
        claimNote(fresh.db, of.documentId, alive),
        decision(of).then(() => claimDecision(fresh.db, of.documentId, alive)),
      ]);
      const acting = async (table: string) =>
        (await fresh.db(table).where({ document_id: of.documentId, state: 'acting' })).length;
      expect((await acting('notes')) + (await acting('decisions'))).to.be.at.most(1);
    }
  });

  it('are taken over from a process that died', async () => {
    const of = await document();
    await note(of, { state: 'acting', lease_owner: dead, entry: 'as it was', standing: 2 });
    await decision(of);
    // What the dead process may have written is settled by the note itself; the decision does not wait for it.
    expect(await claimDecision(fresh.db, of.documentId, alive)).to.include({ documentId: of.documentId });
    await fresh.db('decisions').where({ document_id: of.documentId }).update({ state: 'done', lease_owner: null });
    const claimed = await claimNote(fresh.db, of.documentId, alive);
    expect(claimed).to.include({ entry: 'as it was', standing: 2 });
  });

  it('of several notes the oldest is first, and one at a time', async () => {
    const of = await document();
    for (let index = 0; index < 3; index += 1) await note(of, { note_key: `${of.documentId} ${index}` });
    const claims = await Promise.all([1, 2, 3].map(() => claimNote(fresh.db, of.documentId, alive)));
    const taken = claims.filter((claim) => claim !== undefined);
    const [first] = await fresh.db('notes').where({ document_id: of.documentId }).orderBy('id');
    expect(new Set(taken.map(({ id }) => id))).to.deep.equal(new Set([String(first?.id)]));
    if (taken[0]) await finish(fresh.db, taken[0], { state: 'done', message: null, line: null });
    expect((await claimNote(fresh.db, of.documentId, alive))?.id).to.not.equal(String(first?.id));
  });
});
