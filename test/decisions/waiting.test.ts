import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { decidedBy, waitingFor } from '../../app/decisions/waiting.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { addCards, addRoute, bill, type House, house } from './house.ts';

const me = 'U0ME';

describe('what waits for a person', () => {
  let fresh: FreshDatabase;
  let here: House;
  before(async () => {
    fresh = await freshDatabase();
  });
  beforeEach(async () => {
    here = await house(fresh.db);
  });
  after(() => fresh.drop());

  const waiting = async (person = me, limit = 100, offset = 0) => {
    const { total, documents } = await waitingFor(fresh.db, here.installationId, person, { limit, offset });
    return { total, references: documents.map(({ document }) => document.reference), documents };
  };
  const route = async (deciders: unknown[] = [{ user: me }], rest: { actions?: string[]; retired?: boolean } = {}) => {
    const channel = `C${randomUUID().slice(0, 8)}`;
    return { channel, id: await addRoute(fresh.db, here, { channel, deciders, ...rest }) };
  };
  const decision = (ids: { documentId: string; cardId: string }, row: Record<string, unknown>) =>
    fresh.db('decisions').insert({
      click_key: randomUUID(),
      document_id: ids.documentId,
      card_id: ids.cardId,
      action: 'approve',
      person: me,
      seen: 's',
      ...row,
    });

  it('is due soonest first, then oldest, those without a date last', async () => {
    const due = (reference: string, dueDate: string | null) => bill({ reference, dueDate });
    await addCards(fresh.db, here, await route(), [
      due('D', null),
      due('B', '2027-02-01'),
      due('A', '2027-01-31'),
      due('C', '2027-02-01'),
      due('E', null),
    ]);
    expect(await waiting()).to.deep.include({ total: 5, references: ['A', 'B', 'C', 'D', 'E'] });
    expect(await waiting(me, 2, 1)).to.deep.include({ total: 5, references: ['B', 'C'] });
    expect(await waiting(me, 2, 5)).to.deep.include({ total: 5, references: [] });
  });

  it('says what they may do, on which card, and what a click has to say', async () => {
    const at = await route();
    await addCards(fresh.db, here, at, [bill({ reference: 'X1', actions: ['approve', 'hold'] })]);
    const [entry] = (await waiting()).documents;
    expect(entry).to.deep.include({
      actions: ['approve'],
      substance: 'seen-X1',
      customFields: [],
      channel: at.channel,
      messageId: '1.2',
      connection: 'treasury',
      connector: 'acumatica',
      paused: false,
    });
    expect(entry?.document.lines).to.have.length(1);
    const card = await fresh.db('cards').where({ key: entry?.cardKey }).first('id');
    expect(card).to.not.equal(undefined);
  });

  it('is only what the route lets them decide: person, amount, currency, action', async () => {
    const upTo = { value: '1000.00', currency: 'GBP' };
    const limited = await route([{ user: me, upTo }]);
    await addCards(fresh.db, here, limited, [
      bill({ reference: 'AT-LIMIT', amount: { value: '1000.000', currency: 'GBP' } }),
      bill({ reference: 'OVER', amount: { value: '1000.01', currency: 'GBP' } }),
      bill({ reference: 'OTHER-CURRENCY', amount: { value: '1', currency: 'EUR' } }),
      bill({ reference: 'UNKNOWN', amount: null }),
      bill({ reference: 'NOT-OFFERED', actions: ['release'] }),
      bill({ reference: 'NOTHING-POSSIBLE', actions: [] }),
    ]);
    await addCards(fresh.db, here, await route([{ user: 'U0OTHER' }]), [bill({ reference: 'NOT-MINE' })]);
    await addCards(fresh.db, here, await route([{ user: me }], { retired: true }), [bill({ reference: 'RETIRED' })]);
    expect(await waiting()).to.deep.include({ total: 1, references: ['AT-LIMIT'] });
  });

  it('is also what stands in a digest or could not be posted', async () => {
    await addCards(fresh.db, here, await route(), [bill({ reference: 'IN-DIGEST' })], { state: 'digested' });
    await addCards(fresh.db, here, await route(), [bill({ reference: 'DEAD' })], { state: 'dead' });
    expect((await waiting()).references).to.deep.equal(['IN-DIGEST', 'DEAD']);
  });

  it('is each document once, on the card that lets them do most', async () => {
    const few = await route([{ user: me }], { actions: ['reject'] });
    const most = await route([{ user: me }]);
    const document = bill({ reference: 'TWICE' });
    await addCards(fresh.db, here, few, [document]);
    await addCards(fresh.db, here, most, [document]);
    const { total, documents } = await waiting();
    expect(total).to.equal(1);
    expect(documents[0]).to.deep.include({ channel: most.channel, actions: ['approve', 'reject'] });
  });

  it('is not what is gone, what somebody’s decision is on its way for, or a second step of theirs', async () => {
    const { db } = fresh;
    const [gone, open, acting, gave, refused] = await addCards(
      db,
      here,
      await route([{ user: me }], { actions: ['approve'] }),
      ['GONE', 'OPEN', 'ACTING', 'GAVE-STEP', 'REFUSED'].map((reference) => bill({ reference })),
    );
    if (!gone || !open || !acting || !gave || !refused) throw new Error('not stored');
    await db('documents').where({ id: gone.documentId }).update({ gone_at: new Date() });
    await decision(open, { state: 'stored', person: 'U0OTHER' });
    await decision(acting, { state: 'acting' });
    await decision(gave, { state: 'done', outcome: 'step_approved', finished_at: db.raw('clock_timestamp()') });
    await decision(refused, { state: 'refused', outcome: 'changed_since' });
    expect(await waiting()).to.deep.include({ total: 1, references: ['REFUSED'] });
    await db('documents')
      .where({ id: gave.documentId })
      .update({ changed_at: db.raw(`clock_timestamp()`) });
    expect((await waiting()).references).to.deep.equal(['GAVE-STEP', 'REFUSED']);
  });

  it('is marked where its connection is paused', async () => {
    await addCards(fresh.db, here, await route(), [bill()]);
    await fresh.db('connections').where({ id: here.connectionId }).update({ status: 'paused' });
    expect((await waiting()).documents[0]?.paused).to.equal(true);
  });

  it('is of their own installation only', async () => {
    await addCards(fresh.db, here, await route(), [bill()]);
    here = await house(fresh.db);
    expect((await waiting()).total).to.equal(0);
  });

  it('is read in two statements and well under a second with 500 waiting, 200 routes and 20,000 others', async () => {
    const { db } = fresh;
    const routes = [];
    for (let index = 0; index < 200; index += 1)
      routes.push(await route(index % 2 ? [{ user: me }] : [{ user: 'U0OTHER' }]));
    await db.raw(
      `with lane as (
         insert into lanes (installation_id, channel) values (:installation, 'C0MANY') returning id
       ), d as (
         insert into documents (connection_id, kind, key, reference, status, hash, substance, data)
         select :connection, 'bill', 'many-' || i, 'M' || i, 'Open', 'h', 's',
           :document::jsonb || jsonb_build_object('actions', case when i <= 500 then '["approve"]'::jsonb else '[]' end)
         from generate_series(1, 20500) i returning id
       )
       insert into cards (lane_id, route_id, document_id, state)
       select lane.id, (:mine::bigint[])[1 + d.id % 100], d.id, 'posted' from d, lane`,
      {
        installation: here.installationId,
        connection: here.connectionId,
        document: JSON.stringify(bill()),
        mine: routes.filter((_, index) => index % 2).map(({ id }) => id),
      },
    );
    await db.raw('analyze documents, cards, routes');
    const statements: string[] = [];
    const listen = ({ sql }: { sql: string }) => statements.push(sql);
    db.on('query', listen);
    const { total, documents } = await waitingFor(db, here.installationId, me, { limit: 10, offset: 490 });
    db.removeListener('query', listen);
    expect(total).to.equal(500);
    expect(documents).to.have.length(10);
    expect(statements).to.have.length(2);
  });
});

describe('what a person decided', () => {
  let fresh: FreshDatabase;
  before(async () => {
    fresh = await freshDatabase();
  });
  after(() => fresh.drop());

  it('is listed newest first, theirs alone and of this installation alone', async () => {
    const { db } = fresh;
    const here = await house(db);
    const channel = 'C0HERE';
    const route = { channel, id: await addRoute(db, here, { channel, deciders: [{ user: me }] }) };
    const cards = await addCards(db, here, route, [bill({ reference: 'ONE' }), bill({ reference: 'TWO' })]);
    for (const [index, { documentId, cardId }] of cards.entries()) {
      for (const person of [me, 'U0OTHER']) {
        await db('decisions').insert({
          ...{ click_key: `${person}${index}`, document_id: documentId, card_id: cardId, action: 'reject', person },
          ...{ seen: 's', state: 'done', outcome: 'reject_done', finished_at: new Date() },
        });
      }
    }
    const decided = await decidedBy(db, here.installationId, me, 10);
    expect(decided.map(({ document }) => document.reference)).to.deep.equal(['TWO', 'ONE']);
    expect(decided[0]).to.include({
      action: 'reject',
      state: 'done',
      outcome: 'reject_done',
      channel,
      connection: 'treasury',
    });
    expect(await decidedBy(db, here.installationId, me, 1)).to.have.length(1);
    expect(await decidedBy(db, (await house(db)).installationId, me, 10)).to.have.length(0);
  });
});
