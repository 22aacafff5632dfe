import { expect } from 'chai';
import { collapseBursts } from '../../app/cards/lane-rows.ts';
import { redrawDocument } from '../../app/documents/redraw.ts';
import { addCards, addRoute, bill, type House, house } from '../decisions/house.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitUntil } from '../support/wait.ts';

describe('Cards that are redrawn or gathered', () => {
  let fresh: FreshDatabase;
  let home: House;
  beforeEach(async () => {
    fresh = await freshDatabase();
    home = await house(fresh.db);
  });
  afterEach(() => fresh.drop());

  const route = async (channel: string) => ({ id: await addRoute(fresh.db, home, { channel, deciders: [] }), channel });

  /** While somebody who stores a page holds the first of two cards, `redraw` does not hold the second. */
  async function takesInOrder(cards: string[], redraw: () => Promise<void>) {
    const [first, second] = cards;
    // Its row stands behind the second's from now on, and so would be found after it.
    await fresh
      .db('cards')
      .where({ id: first })
      .update({ wanted_at: fresh.db.raw('clock_timestamp()') });
    const page = await fresh.db.transaction();
    await page('cards').where({ id: first }).forNoKeyUpdate().first('id');
    const redrawing = redraw();
    await waitUntil(
      async () => {
        const { rows } = await fresh.db.raw(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return rows[0];
      },
      { what: 'the redraw waiting for the page' },
    );
    await page('cards').where({ id: second }).forNoKeyUpdate().first('id');
    await page.commit();
    await redrawing;
  }
  const wanted = () => fresh.db('cards').orderBy('id').pluck('desired_version');

  it('takes the cards of one document in the order in which a page does', async () => {
    const known = bill();
    const cards = [
      ...(await addCards(fresh.db, home, await route('C1'), [known])),
      ...(await addCards(fresh.db, home, await route('C2'), [known])),
    ];
    await takesInOrder(
      cards.map(({ cardId }) => cardId),
      () => redrawDocument(fresh.db, cards[0]?.documentId ?? ''),
    );
    expect(await wanted()).to.deep.equal([2, 2]);
  });

  it('takes the members of a burst before the digest that it takes them into', async () => {
    const own = await route('C1');
    await fresh.db('routes').update({ burst: 1 });
    const pending = () => addCards(fresh.db, home, own, [bill(), bill()], { state: 'pending' });
    await pending();
    const owner = home.connectionId;
    const [{ id }] = await fresh.db('lanes').update({ lease_owner: owner }).returning('id');
    const lane = { id: String(id), installationId: home.installationId, channel: 'C1', conversation: null, wakes: '0' };
    const collapse = () => collapseBursts(fresh.db, { ...lane, sendInMs: 0, attempts: 0 }, owner);
    await collapse();
    const digest = await fresh.db('cards').whereNull('document_id').first();
    const [member] = await pending();
    await takesInOrder([member?.cardId ?? '', digest.id], collapse);
    const states = await fresh.db('cards').whereNotNull('document_id').select('state', 'digest_id');
    expect(states).to.deep.equal([1, 2, 3, 4].map(() => ({ state: 'digested', digest_id: digest.id })));
    expect((await fresh.db('cards').where({ id: digest.id }).first()).desired_version).to.equal(2);
  });
});
