import { expect } from 'chai';
import { pauseConnection, resumeConnection } from '../../app/connections/pause.ts';
import { digestRoute } from '../../app/digests/digest-route.ts';
import { createLog } from '../../app/log.ts';
import { ask } from '../commands/support.ts';
import { buttonsIn, firstRead, home, openHome, press } from '../home/homes.ts';
import {
  blocksOf,
  cardsOf,
  digestIn,
  gather,
  gatheringLane,
  messagesIn,
  missTick,
  planned,
  tick,
  ticksOf,
  yearly,
} from '../support/digests.ts';
import { addBill, buttonsOf, decisionsOn, isTold, onlyWhenAsked, ownLane, ownLanesOnly } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

const { director, controller, clerk } = people;

describe('A route that gathers its documents', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      scenario: { slack: { limits: 'pace-only' } },
      settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
    });
    await firstRead(product);
  });
  after(() => product?.stop());

  const log = createLog({ level: 'error', format: 'text' });
  const erp = () => product.sandbox.acumatica;
  const db = () => product.database.db;
  const bill = (ref: string) => ({ ref }) as never;

  describe('makes one message of what came', () => {
    it('at its tick and not before: how many, how much, in which states, the largest, who may decide', async () => {
      const lane = await gatheringLane(product, {
        burst: 1,
        deciders: [{ user: director }, { user: controller, upTo: { value: '500.00', currency: 'GBP' } }],
      });
      const refs = await gather(product, lane, ['10.10', '20.20', '999.99', '5.00 EUR']);
      expect(messagesIn(product, lane)).to.deep.equal([]);
      await tick(product, lane);
      const message = await digestIn(product, lane);
      const text = blocksOf(message);
      expect(text).to.contain('4 bills · £1,030.29 + €5.00').and.to.contain('4 Pending Approval');
      expect(text.indexOf(refs[2] ?? ''))
        .to.be.greaterThan(0)
        .and.to.be.lessThan(text.indexOf(refs[0] ?? ''));
      expect(text).to.contain('4 to decide, by ').and.to.contain(' up to £500.00');
      expect(message.text).to.contain('4 bills came since the last digest').and.to.contain('4 to decide.');
      expect(message.pinged).to.include.members([director, controller]);
      expect(buttonsOf(message)).to.deep.equal(['digest_expand']);
      expect(messagesIn(product, lane)).to.have.length(1);
    });

    it('and none where nothing came', async () => {
      const lane = await gatheringLane(product);
      await gather(product, lane, ['1.00']);
      await tick(product, lane);
      await digestIn(product, lane);
      await tick(product, lane);
      const digests = await db()('cards').where({ route_id: lane.routeId, document_id: null });
      expect(digests).to.have.length(1);
    });

    it('each its own, that says what changed state since the one before; the earlier stays true', async () => {
      const lane = await gatheringLane(product);
      const [first = '', second = ''] = await gather(product, lane, ['100.00', '200.00', '300.00']);
      await tick(product, lane);
      await digestIn(product, lane);
      erp().decideInErp(first, 'approve');
      erp().editBill(second, { amount: '1200.00' });
      await gather(product, lane, ['7.00']);
      const earlier = await digestIn(product, lane, (text) => text.includes('2 Pending Approval, 1 Balanced'));
      expect(blocksOf(earlier)).to.contain('3 bills · £1,600.00').and.to.contain('2 to decide');
      await tick(product, lane);
      const later = await digestIn(product, lane, (text) => text.includes('1 bill · £7.00'));
      expect(blocksOf(later))
        .to.match(/These came since the digest of \w{3} \d+ \w{3,4} \d{4}, \d\d:\d\d: 1 Pending Approval\./)
        .and.to.contain('Of those in earlier digests, changed since then: 1 Pending Approval → Balanced.');
      expect(messagesIn(product, lane)).to.have.length(2);
      await gather(product, lane, ['8.00']);
      await tick(product, lane);
      const third = await digestIn(product, lane, (text) => text.includes('1 bill · £8.00'));
      expect(blocksOf(third)).to.not.contain('changed since then');
    });

    it('by the clock of its cadence', async () => {
      const lane = await ownLane(product, { digest: '*/2 * * * * *' });
      await planned(product, lane);
      await gather(product, lane, ['1.00']);
      await digestIn(product, lane, (text) => text.includes('1 bill · £1.00'));
      await gather(product, lane, ['2.00']);
      await digestIn(product, lane, (text) => text.includes('1 bill · £2.00'));
      await db()('routes').where({ id: lane.routeId }).update({ digest_cadence: yearly });
      await planned(product, lane);
      const posts = product.sandbox.slack.journal
        .since()
        .filter(({ channel, kind }) => channel === lane.channel && kind === 'post');
      expect(posts).to.have.length(2);
    });

    it('however many processes are woken for one tick', async () => {
      const lane = await gatheringLane(product);
      await gather(product, lane, ['1.00', '2.00']);
      await missTick(product, lane);
      await Promise.all(Array.from({ length: 6 }, () => digestRoute({ db: db(), log }, lane.routeId)));
      const digests = await db()('cards').where({ route_id: lane.routeId, document_id: null });
      expect(digests).to.have.length(1);
      const members = await cardsOf(product, lane).pluck('c.digest_id');
      expect(members).to.deep.equal([digests[0].id, digests[0].id]);
    });

    it('once for all the ticks that were missed while nothing ran', async () => {
      const lane = await gatheringLane(product);
      await gather(product, lane, ['1.00', '2.00']);
      await product.stopApp();
      await missTick(product, lane);
      await product.startApp();
      await digestIn(product, lane, (text) => text.includes('2 bills · £3.00'));
      expect((await ticksOf(product, lane)).due_at).to.be.greaterThan(new Date());
      expect(messagesIn(product, lane)).to.have.length(1);
    });

    it('without those that the ERP no longer has, and says so', async () => {
      const lane = await gatheringLane(product, { deciders: [{ user: clerk }] });
      const [gone = ''] = await gather(product, lane, ['900.00', '1.00']);
      await tick(product, lane);
      await digestIn(product, lane, (text) => text.includes('2 to decide'));
      await openHome(product, clerk, ({ text }) => text.includes(gone));
      erp().removeBill(gone);
      await press(product, clerk, 'home_approve', gone);
      await decisionsOn(product, bill(gone));
      await isTold(product, clerk, 'no longer in Acumatica');
      const message = await digestIn(product, lane, (text) => text.includes('1 no longer in Acumatica'));
      expect(blocksOf(message)).to.contain('2 bills · £1.00').and.to.contain('1 to decide');
    });
  });

  describe('lets people decide in Home', () => {
    it('what is gathered and stands nowhere yet, and what stands in a digest', async () => {
      const lane = await gatheringLane(product, { deciders: [{ user: people.buyer }] });
      const [early = '', late = ''] = await gather(product, lane, ['10.00', '20.00']);
      await openHome(product, people.buyer, ({ text }) => text.includes(early) && text.includes(late));
      await press(product, people.buyer, 'home_approve', early);
      expect((await decisionsOn(product, bill(early)))[0]).to.include({ state: 'done', person: people.buyer });
      await home(product, people.buyer, ({ text }) => text.includes(`Approved: Bill ${early}`));
      await tick(product, lane);
      const message = await digestIn(product, lane);
      expect(blocksOf(message)).to.contain('1 Balanced, 1 Pending Approval').and.to.contain('1 to decide');
      await press(product, people.buyer, 'home_approve', late);
      await decisionsOn(product, bill(late));
      const after = await digestIn(product, lane, (text) => text.includes('2 Balanced'));
      expect(after.ts).to.equal(message.ts);
      expect(blocksOf(after)).to.not.contain('to decide');
      const done = await home(product, people.buyer, ({ text }) => text.includes(`Approved: Bill ${late}`));
      expect(buttonsIn(done)).to.not.include('home_approve');
      const lines = await db()('thread_lines as t')
        .join('cards as c', 'c.id', 't.card_id')
        .where('c.route_id', lane.routeId);
      expect(lines, 'no line waits for a thread that there is not').to.deep.equal([]);
    });

    it('and says why where a decision is refused', async () => {
      const lane = await gatheringLane(product, { deciders: [{ user: clerk }] });
      const [ref = ''] = await gather(product, lane, ['10.00']);
      await openHome(product, clerk, ({ text }) => text.includes(ref));
      erp().editBill(ref, { amount: '9100.00' });
      await press(product, clerk, 'home_approve', ref);
      expect((await decisionsOn(product, bill(ref)))[0]).to.include({ outcome: 'changed_since' });
      await isTold(product, clerk, ref);
      await home(product, clerk, ({ text }) => text.includes(`Not approved: Bill ${ref}`));
    });
  });

  it('is found and counted before its tick, by those whom the documents concern', async () => {
    const lane = await gatheringLane(product, { deciders: [{ user: people.admin }] });
    const [ref = ''] = await gather(product, lane, ['10.00']);
    const found = async (user: string) => (await ask(product, `find ${ref}`, user, lane.channel)).text;
    expect(await found(people.admin)).to.contain(`in the next digest in <#${lane.channel}>`);
    expect(await found(clerk)).to.match(/^Nothing that you may see/);
    expect((await ask(product, 'status', people.admin, lane.channel)).text).to.match(
      /\d+ documents? waits? for a digest; the next comes in \d+ days\./,
    );
    await tick(product, lane);
    await digestIn(product, lane);
    expect(await found(clerk)).to.contain(`in a digest in <#${lane.channel}>`);
  });

  it('posts each as a card when somebody asks', async () => {
    const lane = await gatheringLane(product);
    const refs = await gather(product, lane, ['1.00', '2.00']);
    await tick(product, lane);
    const message = await digestIn(product, lane);
    await product.click(message, 'digest_expand');
    await isTold(product, director, '2 cards are on their way');
    await waitUntil(() => messagesIn(product, lane).length === 3, { what: 'two cards' });
    for (const [index, card] of messagesIn(product, lane).slice(1).entries()) {
      expect(card.text).to.contain(refs[index]);
      expect(buttonsOf(card)).to.include('decide_approve');
    }
    await digestIn(product, lane, (text) => text.includes('Posted as single cards'));
  });

  describe('when its set-up changes', () => {
    const change = async (lane: { routeId: string }, row: Record<string, unknown>) => {
      await db()('routes').where({ id: lane.routeId }).update(row);
      await db().raw(`select pg_notify('countersign_schedule', '')`);
    };

    it('to cards: what waits gets cards of its own, and the next document at once', async () => {
      const lane = await gatheringLane(product);
      const refs = await gather(product, lane, ['1.00', '2.00']);
      await change(lane, { digest_cadence: null });
      await waitUntil(() => messagesIn(product, lane).length === 2, { what: 'two cards' });
      expect(messagesIn(product, lane).map(({ text }) => refs.find((ref) => text.includes(ref)))).to.deep.equal(refs);
      await gather(product, lane, ['3.00']);
      await waitUntil(() => messagesIn(product, lane).length === 3, { what: 'a third card' });
      expect(await ticksOf(product, lane)).to.equal(undefined);
    });

    it('to cards: more than its burst share a message that is not the last digest’s', async () => {
      const lane = await gatheringLane(product, { burst: 1 });
      await gather(product, lane, ['1.00']);
      await tick(product, lane);
      await digestIn(product, lane);
      await gather(product, lane, ['2.00', '3.00']);
      await change(lane, { digest_cadence: null });
      const burst = await digestIn(product, lane, (text) => text.includes('These arrived together'));
      expect(blocksOf(burst)).to.contain('2 bills · £5.00');
      await digestIn(product, lane, (text) => text.includes('1 bill · £1.00'));
    });

    it('from cards: the cards stay, and what comes later is gathered', async () => {
      const lane = await ownLane(product);
      const [carded = ''] = await gather(product, lane, ['1.00']);
      await waitUntil(() => messagesIn(product, lane).length === 1, { what: 'a card' });
      await change(lane, { digest_cadence: yearly });
      await planned(product, lane);
      await gather(product, lane, ['2.00']);
      await tick(product, lane);
      const message = await digestIn(product, lane, (text) => text.includes('1 bill · £2.00'));
      expect(blocksOf(message)).to.not.contain(carded);
    });

    it('to another cadence: the next tick is the new one’s', async () => {
      const lane = await gatheringLane(product);
      await gather(product, lane, ['1.00']);
      await missTick(product, lane);
      await change(lane, { digest_cadence: '0 0 2 1 *' });
      await planned(product, lane);
      expect((await ticksOf(product, lane)).due_at).to.be.greaterThan(new Date());
      const [row] = await cardsOf(product, lane).select('c.state', 'c.digest_id');
      expect(row).to.deep.equal({ state: 'digested', digest_id: null });
      await tick(product, lane);
      await digestIn(product, lane);
    });

    it('to other conditions: what was gathered comes, what no longer matches does not', async () => {
      const lane = await gatheringLane(product);
      await gather(product, lane, ['1.00']);
      await change(lane, { conditions: JSON.stringify({ vendors: [lane.vendor], amountAtLeast: '100' }) });
      const small = addBill(product, lane, { amount: '2.00' }).ref;
      await gather(product, lane, ['300.00']);
      await tick(product, lane);
      const message = await digestIn(product, lane, (text) => text.includes('2 bills · £301.00'));
      expect(blocksOf(message)).to.not.contain(small);
    });

    it('to another channel: what was gathered is for the new one only', async () => {
      const [lane, other] = [await gatheringLane(product), await ownLane(product)];
      await gather(product, lane, ['1.00', '2.00']);
      // One of the two has a card in the other channel already.
      const [card] = await cardsOf(product, lane).select('c.document_id');
      const [there] = await db()('lanes')
        .insert({ installation_id: (await db()('installations').first('id')).id, channel: other.channel })
        .onConflict(['installation_id', 'channel'])
        .merge()
        .returning('id');
      await db()('cards').insert({ lane_id: there.id, route_id: other.routeId, document_id: card.document_id });
      await change(lane, { channel: other.channel });
      await tick(product, lane);
      await digestIn(product, other, (text) => text.includes('1 bill · £2.00'));
      expect(messagesIn(product, lane)).to.deep.equal([]);
    });

    it('retired, it says no more; taken up again, it goes on with what it had', async () => {
      const lane = await gatheringLane(product);
      await gather(product, lane, ['1.00']);
      await change(lane, { retired_at: new Date() });
      await missTick(product, lane);
      await db().raw(`select graphile_worker.add_job('digest', json_build_object('id', ?::text))`, [lane.routeId]);
      await gather(product, await gatheringLane(product), ['1.00']);
      expect(await cardsOf(product, lane).pluck('c.digest_id')).to.deep.equal([null]);
      await change(lane, { retired_at: null });
      await digestIn(product, lane, (text) => text.includes('1 bill · £1.00'));
    });

    it('paused with its connection, it waits; resumed, it makes up for the tick it missed', async () => {
      const lane = await gatheringLane(product);
      await gather(product, lane, ['1.00']);
      const { installation_id: installationId } = await db()('connections').first('installation_id');
      const subject = { installationId, connectionId: product.connectionId, actor: people.admin };
      await pauseConnection(db(), subject);
      await missTick(product, lane);
      await digestRoute({ db: db(), log }, lane.routeId);
      expect(await cardsOf(product, lane).pluck('c.digest_id')).to.deep.equal([null]);
      await resumeConnection(db(), subject);
      await digestIn(product, lane, (text) => text.includes('1 bill · £1.00'));
    });
  });
});
