import { expect } from 'chai';
import { redrawRoute } from '../../app/documents/redraw-route.ts';
import { sweep } from '../../app/jobs/sweep.ts';
import { addCards, addRoute, bill, type House, house } from '../decisions/house.ts';
import { sampleException } from '../domain/sample-exception.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const times = (count: number, actions: Array<'approve'>) => Array.from({ length: count }, () => bill({ actions }));

describe('the cards of a route that was edited or retired', () => {
  let fresh: FreshDatabase;
  let home: House;
  let route: { id: string; channel: string };
  beforeEach(async () => {
    fresh = await freshDatabase();
    home = await house(fresh.db);
    route = { id: await addRoute(fresh.db, home, { channel: 'C1', deciders: [{ user: 'U1' }] }), channel: 'C1' };
  });
  afterEach(() => fresh.drop());

  const standing = { state: 'posted', message_id: '1.2', posted_version: 1 };
  const edit = (row: object) => fresh.db('routes').where({ id: route.id }).update(row);
  const again = () => redrawRoute(fresh.db, route.id);
  const asked = async () => (await fresh.db('cards').whereRaw('desired_version > posted_version')).length;
  const allDrawn = () => fresh.db('cards').update({ posted_version: fresh.db.raw('desired_version') });
  const isWoken = async () => {
    await fresh.db('graphile_worker._private_jobs').delete();
    await sweep(fresh.db);
    return (await fresh.db('graphile_worker.jobs').where({ task_identifier: 'redraw-route' })).length > 0;
  };

  it('are drawn anew a batch at a time, while no more than one batch waits', async () => {
    await again();
    await addCards(fresh.db, home, route, times(230, ['approve']), standing);
    await edit({ mentions: ['U2'] });
    for (const expected of [100, 100]) {
      expect(await isWoken()).to.equal(true);
      await again();
      expect(await asked()).to.equal(expected);
    }
    await allDrawn();
    await again();
    expect(await asked()).to.equal(100);
    await allDrawn();
    await again();
    expect(await asked()).to.equal(30);
    await allDrawn();
    expect(await isWoken(), 'the route is drawn').to.equal(false);
    await again();
    expect(await asked()).to.equal(0);
  });

  it('begin anew where the route is edited in between', async () => {
    await again();
    await addCards(fresh.db, home, route, times(150, ['approve']), standing);
    await edit({ actions: ['approve'] });
    await again();
    await allDrawn();
    await edit({ retired_at: new Date() });
    await again();
    await allDrawn();
    await again();
    expect(await asked()).to.equal(50);
    const versions = await fresh.db('cards').distinct('desired_version').orderBy('desired_version');
    expect(versions.map((row) => row.desired_version)).to.deep.equal([2, 3]);
  });

  it('are those that can be decided, digests over them, and what is being posted just now', async () => {
    await again();
    await addCards(fresh.db, home, route, times(2, ['approve']), standing);
    await addCards(fresh.db, home, route, times(3, []), standing);
    const [posting] = await addCards(fresh.db, home, route, times(1, ['approve']), { state: 'posting' });
    const [pending] = await addCards(fresh.db, home, route, times(1, ['approve']), { state: 'pending' });
    const lane = { lane_id: (await fresh.db('lanes').first('id')).id, route_id: route.id };
    const digests = await fresh
      .db('cards')
      .insert([
        { ...lane, ...standing },
        { ...lane, ...standing },
      ])
      .returning('id');
    const gathered = (n: number) => ({ state: 'digested', digest_id: digests[n].id });
    await addCards(fresh.db, home, route, times(1, ['approve']), gathered(0));
    await addCards(fresh.db, home, route, times(1, []), gathered(1));
    await edit({ deciders: JSON.stringify([]) });
    await again();
    const touched = await fresh.db('cards').where('desired_version', '>', 1);
    const open = touched.filter(({ document_id, state }) => document_id !== null && state === 'posted');
    expect(open).to.have.length(2);
    const others = touched.filter((card) => !open.includes(card)).map(({ id }) => String(id));
    expect(others)
      .to.have.members([posting?.cardId, String(digests[0].id)])
      .and.not.include(pending?.cardId);
  });

  it('are exceptions, too, that are shown as something else from now on, while they last', async () => {
    await again();
    const found = [sampleException({ key: 'lasts' }), sampleException({ key: 'over', phase: 'closed' })];
    const [lasts] = await addCards(fresh.db, home, route, found, standing);
    await edit({ severity: 'critical' });
    await again();
    const touched = await fresh.db('cards').where('desired_version', '>', 1).pluck('id');
    expect(touched.map(String)).to.deep.equal([lasts?.cardId]);
  });

  it('are left alone where nothing that they show was edited', async () => {
    await again();
    await addCards(fresh.db, home, route, times(2, ['approve']), standing);
    await edit({ name: 'another', burst: 7, position: 4 });
    expect(await isWoken()).to.equal(false);
    await again();
    expect(await asked()).to.equal(0);
  });
});
