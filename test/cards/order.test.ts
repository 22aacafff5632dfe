import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { takeWork, type Work } from '../../app/cards/work.ts';
import { loadRoutes } from '../../app/connections/routes.ts';
import { storeDecision } from '../../app/decisions/store.ts';
import { redrawDocument } from '../../app/documents/redraw.ts';
import { storeDocuments } from '../../app/documents/store.ts';
import type { ErpDocument } from '../../app/domain/document.ts';
import { addRoute, bill, type House, house } from '../decisions/house.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const me = randomUUID();
const may = { post: true, update: true };

describe('while a mass process changes bills that have cards', () => {
  let fresh: FreshDatabase;
  let home: House;
  let scope: Parameters<typeof storeDocuments>[1];
  const bills: ErpDocument[] = Array.from({ length: 30 }, () => bill());
  const changed = bills.map((one) => ({ ...one, description: 'Changed by a mass process' }));

  beforeEach(async () => {
    fresh = await freshDatabase();
    home = await house(fresh.db);
    await addRoute(fresh.db, home, { channel: 'C1', deciders: [{ user: 'U1' }] });
    scope = { ...home, routes: await loadRoutes(fresh.db, home.connectionId) };
    await store(bills);
    await fresh.db('cards').update({ state: 'posted', message_id: fresh.db.raw('id::text'), posted_version: 1 });
    await fresh.db('lanes').update({ lease_owner: me });
  });
  afterEach(() => fresh.drop());

  const store = (documents: ErpDocument[]) => fresh.db.transaction((trx) => storeDocuments(trx, scope, documents));
  const idOf = async ({ key }: ErpDocument) => String((await fresh.db('documents').where({ key }).first('id')).id);

  async function next(allowed = may): Promise<Work | undefined> {
    const { id, installation_id, channel } = await fresh.db('lanes').first();
    const lane = {
      ...{ id, channel, installationId: installation_id, conversation: null },
      ...{ wakes: '0', sendInMs: 0, attempts: 0 },
    };
    return takeWork(fresh.db, lane, me, allowed);
  }

  it('the card that somebody decided on is redrawn before all of them', async () => {
    await store(changed);
    const last = changed.at(-1) ?? bill();
    await redrawDocument(fresh.db, await idOf(last));
    expect(await next()).to.include({ work: 'update', documentId: await idOf(last) });
  });

  it('new cards and the news of decisions go before the news of the change', async () => {
    await store(changed);
    const decided = { type: 'decided', action: 'approve' };
    const recorded = { type: 'recorded' };
    const [card] = await fresh.db('cards').orderBy('id', 'desc').limit(1);
    const noUpdates = { post: true, update: false };
    expect((await next(noUpdates))?.work).to.equal('reply');
    const fresher = bill();
    await store([fresher]);
    expect(await next(noUpdates)).to.include({ work: 'post', documentId: await idOf(fresher) });
    await fresh
      .db('cards')
      .update({ state: 'posted', message_id: 'x' })
      .where({ document_id: await idOf(fresher) });
    for (const line of [recorded, decided])
      await fresh.db('thread_lines').insert({ card_id: card.id, lane_id: card.lane_id, line: JSON.stringify(line) });
    expect(await next(noUpdates)).to.include({ work: 'reply', cardId: String(card.id) });
    await fresh.db('thread_lines').whereRaw(`line ->> 'type' in ('decided', 'recorded')`).delete();
    expect((await next(noUpdates))?.cardId).not.to.equal(String(card.id));
  });

  it('a click on one of them is stored while its page is being stored', async () => {
    const [one] = changed;
    const card = await fresh.db('cards').orderBy('id').first('key', 'document_id');
    const { slack_key: workspace } = await fresh.db('installations').first('slack_key');
    const page = await fresh.db.transaction();
    try {
      await storeDocuments(page, scope, changed);
      const click = {
        clickKey: 'c',
        workspace,
        cardKey: card.key,
        seen: 's',
        action: 'approve',
        person: 'U1',
      } as const;
      // Would wait for the page's end, which here comes only afterwards.
      const storing = fresh.db.transaction(async (trx) => {
        await trx.raw(`set local statement_timeout = '5s'`);
        return storeDecision(trx, { ...click, reason: null, messageId: null });
      });
      expect(await storing).to.equal('stored');
    } finally {
      await page.commit();
    }
    expect(await fresh.db('decisions').first()).to.include({ state: 'stored', document_id: await idOf(one ?? bill()) });
  });
});
