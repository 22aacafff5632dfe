import { expect } from 'chai';
import type { FaultInput } from '../../sandbox/acumatica/index.ts';
import { postStanding } from '../shortcuts/support.ts';
import { auditOf, decisionsOn, expectNoSecret, isTold, onlyWhenAsked, ownLanesOnly, toldTo } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { bot, minuteOf, noteOf, notesOn, record, reply, saidByApp } from './support.ts';

describe('a reply that is to be recorded in the ERP', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ cadence: onlyWhenAsked, routes: ownLanesOnly });
  });
  after(() => product.stop());

  const hurry = () =>
    product.database.db.raw(
      `with due as (update notes set next_attempt_at = null where state = 'stored' returning document_id)
       select graphile_worker.add_job('record-notes', json_build_object('id', document_id::text)) from due`,
    );

  it('goes to the end of the note, with when and who; what stands there stays; and the thread says so', async () => {
    const posted = await postStanding(product, { note: 'Checked by the buyer.' });
    const said = reply(product, posted, { text: `<@${bot}> the price was agreed with <@${people.buyer}>` });
    const note = await noteOf(product, posted.bill, (text) => text.includes('agreed'));
    expect(note).to.equal(
      `Checked by the buyer.\n${minuteOf(said)}, Maya Okafor (Finance Director) in Slack: the price was agreed with @Tom Becker (Buyer)`,
    );
    const line = await waitUntil(() => saidByApp(product, posted).find((text) => text.includes('Recorded')), {
      what: 'the line in the thread',
    });
    expect(line).to.match(new RegExp(`^Recorded in Acumatica for <@${people.director}> .* UTC\\.$`));
    const kinds = (await auditOf(product, posted.bill)).map(({ kind }) => kind).filter((kind) => /^note/.test(kind));
    expect(kinds).to.deep.equal(['note.stored', 'note.asked', 'note.done']);
    expectNoSecret(product);
  });

  it('from the menu of the message: what another one wrote is theirs, and it says who recorded it', async () => {
    const posted = await postStanding(product);
    const said = reply(product, posted, { text: 'Goods arrived &amp; counted, 3 &lt; 4', user: people.buyer });
    expect(await record(product, said, people.controller)).to.include({ acked: true });
    expect(await noteOf(product, posted.bill)).to.equal(
      `${minuteOf(said)}, Tom Becker (Buyer) in Slack (recorded by Priya Raman (Controller)): Goods arrived & counted, 3 < 4`,
    );
    await isTold(product, people.controller, 'On its way into the ERP’s note');
  });

  it('is recorded once, by a mention and from the menu and however often Slack tells of it', async () => {
    const posted = await postStanding(product);
    const said = reply(product, posted, { text: `<@${bot}>: only once` });
    const { state } = product.sandbox.slack;
    const event = {
      type: 'app_mention',
      user: said.user,
      text: said.text,
      ts: said.ts,
      thread_ts: posted.card.ts,
      channel: posted.lane.channel,
      event_ts: said.ts,
    };
    for (let times = 0; times < 3; times += 1) {
      const delivery = await state.events.deliver(state.events.envelope(event));
      expect(delivery?.acked).to.equal(true);
      expect(delivery?.ms).to.be.lessThan(2_900);
    }
    await record(product, said);
    await notesOn(product, posted.bill);
    await record(product, said);
    await isTold(product, people.director, 'This is recorded in the ERP already.');
    const note = await noteOf(product, posted.bill);
    expect(note.split('only once')).to.have.length(2);
  });

  it('of two at once neither overwrites the other', async () => {
    const posted = await postStanding(product);
    const texts = Array.from({ length: 6 }, (_, index) => `number ${index}`);
    for (const text of texts) reply(product, posted, { text: `<@${bot}> ${text}` });
    await notesOn(product, posted.bill, 6);
    const note = await noteOf(product, posted.bill);
    // Slack's events come in any order.
    expect(note.split('\n').map((line) => line.replace(/^.* in Slack: /, ''))).to.have.members(texts);
  });

  it('is not taken from who may not decide there, who is told so alone; administrators may', async () => {
    const posted = await postStanding(product);
    reply(product, posted, { text: `<@${bot}> looks fine to me`, user: people.buyer });
    const [note] = await notesOn(product, posted.bill);
    expect(note).to.deep.include({ state: 'refused', entry: null });
    await isTold(product, people.buyer, 'You are not among the people who may decide here, so nothing was recorded');
    expect(saidByApp(product, posted)).to.deep.equal([]);
    reply(product, posted, { text: `<@${bot}> from an administrator`, user: people.admin });
    expect(await noteOf(product, posted.bill)).to.match(
      /Sam Whitfield \(Workspace Admin\) in Slack: from an administrator$/,
    );
  });

  it('is not taken once its route is retired, though it was before', async () => {
    const posted = await postStanding(product);
    await product.database.db('routes').where({ id: posted.lane.routeId }).update({ retired_at: new Date() });
    reply(product, posted, { text: `<@${bot}> too late` });
    expect((await notesOn(product, posted.bill))[0]?.state).to.equal('refused');
  });

  it('cannot forge an entry: lines after the first are set in, and a name is one line', async () => {
    const posted = await postStanding(product);
    const realName = 'Eve\n2025-01-01 00:00 UTC, Maya Okafor in Slack: I approve';
    const { id } = product.sandbox.slack.state.roster.addUser({ name: 'eve', realName, isAdmin: true });
    reply(product, posted, {
      text: `<@${bot}> first\n2025-03-04 10:12 UTC, Maya Okafor in Slack: approved\r\u2028again`,
      user: id,
    });
    const lines = (await noteOf(product, posted.bill)).split('\n');
    expect(lines[0]).to.match(
      /^[\d-]+ [\d:]+ UTC, Eve 2025-01-01 00:00 UTC, Maya Okafor in Slack: I approve in Slack: first$/,
    );
    expect(lines.slice(1)).to.deep.equal(['    2025-03-04 10:12 UTC, Maya Okafor in Slack: approved', '', '    again']);
  });

  it('takes nothing from a mention in passing, from other threads, nor from other messages', async () => {
    const posted = await postStanding(product);
    const { slack } = product.sandbox;
    const elsewhere = slack.post({ user: people.director, channel: posted.lane.channel, text: 'something else' });
    reply(product, posted, { text: `thanks <@${bot}>, done` });
    slack.post({ user: people.director, channel: posted.lane.channel, text: `<@${bot}> hello` });
    slack.post({
      user: people.director,
      channel: posted.lane.channel,
      text: `<@${bot}> hello again`,
      threadTs: elsewhere.ts,
    });
    await waitUntil(
      () => toldTo(product, people.director).filter((text) => text.includes('Here there is no card')).length === 2,
      {
        what: 'both hints',
      },
    );
    await record(product, elsewhere);
    await isTold(product, people.director, 'This message is not in the thread of a card');
    expect(await product.database.db('notes').where({ card_id: (await cardRow(posted.card.ts)).id })).to.deep.equal([]);
  });

  const cardRow = (ts: string) => product.database.db('cards').where({ message_id: ts }).first('id');

  it('is not the app’s own line', async () => {
    const posted = await postStanding(product);
    reply(product, posted, { text: `<@${bot}> one` });
    const line = await waitUntil(
      () =>
        product.sandbox.slack
          .messages(posted.lane.channel)
          .find(({ threadTs, botId, ephemeralTo }) => threadTs === posted.card.ts && botId && !ephemeralTo),
      { what: 'the line in the thread' },
    );
    await record(product, line);
    await isTold(product, people.director, 'This is the app’s own message');
  });

  const badDays: Array<[what: string, fault: FaultInput]> = [
    ['the answer is lost after it was done', { kind: 'drop-after' }],
    ['the request is lost before it is done', { kind: 'drop-before' }],
    ['an error page comes in place of the answer', { kind: '500-html' }],
    ['the answer is cut off', { kind: 'cut-body' }],
    ['it is accepted and nothing done', { kind: 'nothing-done' }],
    ['the licence has no request left', { kind: '429-text' }],
    ['the note cannot be read back', { kind: '500-html', match: { method: 'GET', path: '/Bill/' }, after: 3 }],
  ];
  for (const [what, fault] of badDays) {
    it(`is written once when ${what}`, async () => {
      const posted = await postStanding(product, { note: 'Older.' });
      product.sandbox.acumatica.setFault({ match: { method: 'PUT' }, times: 1, ...fault });
      reply(product, posted, { text: `<@${bot}> once and for all` });
      const card = await cardRow(posted.card.ts);
      await waitUntil(
        async () => {
          await hurry();
          return (await product.database.db('notes').where({ card_id: card.id }).first('state'))?.state === 'done';
        },
        { what: () => `the note is settled; the log says:\n${product.logLines.slice(-25).join('')}` },
      );
      product.sandbox.acumatica.clearFaults();
      expect(await noteOf(product, posted.bill)).to.match(/^Older\.\n[^\n]* in Slack: once and for all$/);
    });
  }

  it('that says the same twice stands there twice', async () => {
    const posted = await postStanding(product);
    reply(product, posted, { text: `<@${bot}> called them` });
    reply(product, posted, { text: `<@${bot}> called them` });
    await notesOn(product, posted.bill, 2);
    expect((await noteOf(product, posted.bill)).split('called them')).to.have.length(3);
  });

  it('tells a refusal of the ERP in private, in its own words, and can be asked for again', async () => {
    const posted = await postStanding(product);
    product.sandbox.acumatica.setFault({ kind: '403', match: { method: 'PUT' }, times: 1 });
    const said = reply(product, posted, { text: `<@${bot}> will be refused` });
    expect((await notesOn(product, posted.bill))[0]?.state).to.equal('refused');
    await isTold(product, people.director, 'You have insufficient rights to access the object (AP301000).');
    await record(product, said);
    expect(await noteOf(product, posted.bill)).to.contain('will be refused');
  });

  it('waits while a decision is open, and a decision waits while it is written: an approval is proven by what changes', async () => {
    const posted = await postStanding(product, { steps: ['treasury.service', 'cfo'] });
    await product.click(posted.card, 'decide_approve');
    for (let times = 0; times < 4; times += 1) reply(product, posted, { text: `<@${bot}> note ${times}` });
    const [decision] = await decisionsOn(product, posted.bill);
    await notesOn(product, posted.bill, 4);
    expect(decision?.state).to.not.equal('dead');
    const events = (await auditOf(product, posted.bill))
      .map(({ kind }) => kind)
      .filter((kind) => /^(note|decision)\./.test(kind));
    const open = new Set<string>();
    for (const kind of events) {
      if (kind === 'decision.asked' || kind === 'note.asked') {
        expect([...open], `while ${[...open]} was under way: ${events}`).to.deep.equal([]);
        open.add(kind);
      }
      if (/\.(done|refused|dead)$/.test(kind)) open.clear();
    }
  });

  it('is not recorded for a connection that is paused', async () => {
    const posted = await postStanding(product);
    const { db } = product.database;
    await db('connections').update({ status: 'paused' });
    reply(product, posted, { text: `<@${bot}> while paused` });
    expect((await notesOn(product, posted.bill))[0]?.message).to.contain('is paused, so nothing was recorded');
    await db('connections').update({ status: 'active' });
  });

  it('is told of in words when it is too long or empty', async () => {
    const posted = await postStanding(product);
    reply(product, posted, { text: `<@${bot}> ${'long '.repeat(1_000)}` });
    reply(product, posted, { text: `<@${bot}>` });
    const rows = await notesOn(product, posted.bill, 2);
    expect(rows.map(({ message }) => message?.split(',')[0])).to.have.members([
      'The message is longer than 4',
      'There is neither text nor a file in the message',
    ]);
  });
});
