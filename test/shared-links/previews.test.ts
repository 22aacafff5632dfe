import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Message } from '../../sandbox/slack/model.ts';
import { postStanding } from '../shortcuts/support.ts';
import { testKeyring } from '../support/database.ts';
import { auditOf, expectNoSecret, onlyWhenAsked, ownLane, ownLanesOnly } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

interface Preview {
  from_url: string;
  fallback: string;
  blocks: unknown[];
}

describe('a shared link to a document of the ERP', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ cadence: onlyWhenAsked, routes: ownLanesOnly });
    product.sandbox.slack.state.limits.callsPerMinute[3] = 1_000;
  });
  after(() => product.stop());

  const link = (bill: { link: string }) => `${new URL(product.sandbox.url).origin}${bill.link}`;
  const share = (channel: string, text: string, user: string = people.buyer): Message =>
    product.sandbox.slack.post({ user, channel, text });
  const previewsOf = ({ channel, ts }: Message) =>
    (product.sandbox.slack.state.messages.get(channel, ts)?.attachments ?? []) as unknown as Preview[];
  const previewed = (message: Message, count = 1) =>
    waitUntil(() => (previewsOf(message).length >= count ? previewsOf(message) : undefined), {
      what: () => `${count} previews; the log says:\n${product.logLines.slice(-15).join('')}`,
    });

  const isLookedAt = (message: Message) =>
    waitUntil(() => product.database.db('shared_links').where({ message_id: message.ts, state: 'done' }).first('id'), {
      what: 'the link is looked at',
    });

  /** Nothing is to be seen: whatever was stored has been looked at, and what is shared after it has its preview. */
  async function staysBare(message: Message): Promise<void> {
    const { card, bill, lane } = await postStanding(product);
    expect(card.text).to.contain(bill.ref);
    await previewed(share(lane.channel, link(bill)));
    await waitUntil(async () => !(await product.database.db('shared_links').where({ state: 'stored' }).first('id')), {
      what: 'all shared links are looked at',
    });
    expect(previewsOf(message)).to.deep.equal([]);
  }

  it('gets a preview where its card stands: what it is, how it stands, as of when', async () => {
    const { bill, lane } = await postStanding(product, { dueDate: '2026-12-24' });
    const message = share(lane.channel, `have a look: ${link(bill)}`);
    const [preview] = await previewed(message);
    expect(preview?.from_url).to.equal(link(bill));
    expect(preview?.fallback).to.match(
      new RegExp(
        `^Bill ${bill.ref} · Ashworth & Sons · £1,000\\.00 · due 24 Dec 2026 · Pending Approval, as of .* UTC$`,
      ),
    );
    const said = JSON.stringify(preview?.blocks);
    expect(said).to.contain('Pending Approval · Acumatica · treasury').and.to.contain('as of <!date^');
    expect(said).to.contain(`<${link(bill).replaceAll('&', '&amp;')}|Open in Acumatica>`);
    expect(said).to.not.contain('action_id');
    const events = await waitUntil(
      async () => (await auditOf(product, bill)).filter(({ kind }) => kind === 'link.previewed')[0],
      { what: 'the audit event' },
    );
    expect(events).to.deep.include({ actor: people.buyer, data: { channel: lane.channel } });
    expectNoSecret(product);
  });

  it('gets one in a thread and where a route in force would bring it, though no card of it was ever posted', async () => {
    const { bill, lane, card } = await postStanding(product);
    const later = await ownLane(product, {});
    await product.database
      .db('routes')
      .where({ id: later.routeId })
      .update({ conditions: JSON.stringify({ vendors: [lane.vendor] }) });
    await previewed(share(later.channel, link(bill)));
    const { slack } = product.sandbox;
    await previewed(slack.post({ user: people.buyer, channel: lane.channel, text: link(bill), threadTs: card.ts }));
  });

  it('gets none in a channel whose people do not see the document: other routes, other conditions, retired ones', async () => {
    const { bill, lane } = await postStanding(product);
    const { db } = product.database;
    const elsewhere = await ownLane(product);
    const tooSmall = await ownLane(product);
    await db('routes')
      .where({ id: tooSmall.routeId })
      .update({ conditions: JSON.stringify({ vendors: [lane.vendor], amountAtLeast: '1000000' }) });
    const retired = await ownLane(product);
    await db('routes')
      .where({ id: retired.routeId })
      .update({ conditions: JSON.stringify({ vendors: [lane.vendor] }), retired_at: new Date() });
    const messages = [elsewhere, tooSmall, retired].map(({ channel }) => share(channel, link(bill)));
    for (const message of [...messages, share('C0GENERAL0', link(bill))]) await staysBare(message);
    expect(await db('shared_links').where({ channel: 'C0GENERAL0' })).to.deep.equal([]);
  });

  it('gets one in the app’s own direct message for who may see it, and none for others', async () => {
    const { bill } = await postStanding(product);
    const { roster, installation } = product.sandbox.slack.state;
    const direct = (user: string) => roster.directMessage(installation.botUserId, user).id;
    for (const user of [people.director, people.admin]) await previewed(share(direct(user), link(bill), user));
    await staysBare(share(direct(people.buyer), link(bill), people.buyer));
    // A conversation of two people in which the app is not.
    const between = roster.addChannel({
      id: 'D0BETWEEN0',
      name: 'two people',
      members: [people.director, people.buyer],
    });
    await staysBare(share(between.id, link(bill), people.director));
  });

  it('gets none while it is being typed, for it may be sent to anybody', async () => {
    const { bill } = await postStanding(product);
    const { slack } = product.sandbox;
    const [id = ''] = slack.compose(people.director, link(bill));
    await waitUntil(() => slack.state.events.records().some(({ what }) => what === 'event link_shared'), {
      what: 'it is told',
    });
    const { lane, bill: other } = await postStanding(product);
    await previewed(share(lane.channel, link(other)));
    expect(slack.state.composing.find(id)?.unfurls).to.deep.equal({});
  });

  it('gets none where it is forged, or nobody knows the document', async () => {
    const { bill, lane } = await postStanding(product);
    const { port } = new URL(product.sandbox.url);
    const forged = [
      link(bill).replace('CompanyID=', 'CompanyID=X'),
      link(bill).replace(`localhost:${port}`, `erp.localhost:${port}`),
      link(bill).replace(`localhost:${port}`, `evil.localhost`),
      link(bill).replace('/AcumaticaERP/', '/AcumaticaERP/../Other/'),
      link(bill).replace(`RefNbr=${bill.ref}`, 'RefNbr=999999999'),
    ];
    const messages = forged.map((address) => share(lane.channel, address));
    for (const message of messages) await staysBare(message);
  });

  it('causes no request to the ERP', async () => {
    const { bill, lane } = await postStanding(product);
    const before = JSON.stringify(product.sandbox.acumatica.counters.requests);
    await previewed(share(lane.channel, link(bill)));
    expect(JSON.stringify(product.sandbox.acumatica.counters.requests)).to.equal(before);
  });

  it('is known without its company only while one connection can be meant', async () => {
    const { bill, lane } = await postStanding(product);
    const bare = link(bill).replace(/CompanyID=[^&]*&/, '');
    await previewed(share(lane.channel, bare));
    const { db } = product.database;
    const { id: _id, ...connection } = await db('connections').where({ id: product.connectionId }).first();
    const second = randomUUID();
    const secret = testKeyring().encrypt(
      JSON.stringify({ client_secret: 'another', password: 'another' }),
      `connections:${second}:secret`,
    );
    const other = { ...connection, id: second, name: 'second', secret, shared_state: null };
    const { tenant, client_id } = connection.settings;
    const ofAnother = { ...connection.settings, tenant: 'Other', client_id: client_id.replace(`@${tenant}`, '@Other') };
    // One that can be meant as well, and one that cannot even be opened.
    const settings = [ofAnother, { ...ofAnother, client_id }];
    await db('connections').insert({ ...other, settings: settings[0] });
    try {
      for (const each of settings) {
        await db('connections').where({ id: second }).update({ settings: each, updated_at: new Date() });
        const message = share(lane.channel, bare);
        await previewed(share(lane.channel, link(bill)));
        await isLookedAt(message);
        expect(previewsOf(message)).to.deep.equal([]);
      }
    } finally {
      await db('connections').where({ id: second }).delete();
    }
  });

  it('belongs to its own workspace: another one with the same site sees nothing', async () => {
    const { bill, lane } = await postStanding(product);
    const { db } = product.database;
    const { id: _id, ...installation } = await db('installations').first();
    const stranger = randomUUID();
    await db('installations').insert({ ...installation, id: stranger, slack_key: 'T0STRANGER', team_id: 'T0STRANGER' });
    await db('connections').where({ id: product.connectionId }).update({ installation_id: stranger });
    const message = share(lane.channel, link(bill));
    await isLookedAt(message);
    const real = await db('installations').whereNot({ id: stranger }).first('id');
    await db('connections').where({ id: product.connectionId }).update({ installation_id: real.id });
    expect(previewsOf(message)).to.deep.equal([]);
  });

  it('is looked at once, however often the event comes, and answered within three seconds', async () => {
    const { bill, lane } = await postStanding(product);
    const message = share(lane.channel, link(bill));
    await previewed(message);
    const { state } = product.sandbox.slack;
    const event = {
      type: 'link_shared',
      channel: lane.channel,
      user: people.buyer,
      message_ts: message.ts,
      is_bot_user_member: true,
      source: 'conversations_history',
      links: [{ url: link(bill), domain: 'localhost' }],
    };
    const envelope = { ...state.events.envelope(event), event_id: 'Ev0AGAIN' };
    for (let times = 0; times < 3; times += 1) {
      const delivery = await state.events.deliver(envelope);
      expect(delivery?.acked).to.equal(true);
      expect(delivery?.ms).to.be.lessThan(2_900);
    }
    expect(await product.database.db('shared_links').where({ event_id: 'Ev0AGAIN' })).to.have.length(1);
  });

  it('is one of twenty at most: a flood of links costs no more than that', async () => {
    const { bill, lane } = await postStanding(product);
    const odd = `${link(bill)}&x=\u0000\ud800`;
    const flood = Array.from({ length: 3_000 }, (_, index) => link(bill).replace(/RefNbr=.*/, `RefNbr=9${index}`));
    const message = share(lane.channel, [odd, link(bill), ...flood].join(' '));
    expect(await previewed(message)).to.have.length(1);
    const row = await product.database.db('shared_links').where({ message_id: message.ts }).first('links');
    expect(row.links).to.have.length(20);
  });

  it('is known too where Slack has its & escaped', async () => {
    const { bill, lane } = await postStanding(product);
    const { options } = product.sandbox.slack.state;
    options.escapedLinks = true;
    try {
      const [preview] = await previewed(share(lane.channel, link(bill)));
      expect(preview?.from_url).to.equal(link(bill).replaceAll('&', '&amp;'));
    } finally {
      options.escapedLinks = false;
    }
  });

  it('waits as long as Slack asks for, and gets its preview then', async () => {
    const { bill, lane } = await postStanding(product);
    product.sandbox.slack.setFault({ kind: 'rate_limited', method: 'chat.unfurl', retryAfter: 1, times: 1 });
    await previewed(share(lane.channel, link(bill)));
  });

  it('stays bare without a fuss where the app was installed before it could do this', async () => {
    const { bill, lane } = await postStanding(product);
    product.sandbox.slack.setFault({ kind: 'error', method: 'chat.unfurl', error: 'missing_scope', times: 1 });
    const message = share(lane.channel, link(bill));
    await waitUntil(() => product.logLines.some((line) => line.includes('a link got no preview')), {
      what: 'the log line',
    });
    await staysBare(message);
  });

  it('says nothing that could mention, link or break out, whatever the ERP says', async () => {
    const { bill, lane } = await postStanding(product, { vendorName: '<!channel> *Bold* <https://evil.example|Pay>' });
    const message = share(lane.channel, link(bill));
    await previewed(message);
    expect(product.sandbox.slack.state.messages.get(message.channel, message.ts)?.pinged).to.deep.equal([]);
    expect(JSON.stringify(previewsOf(message)[0]?.blocks)).to.contain('"type":"plain_text","text":"Bill');
  });

  it('does not name the amount of a bill that is gone', async () => {
    const { bill, lane } = await postStanding(product);
    await product.database.db('documents').where({ reference: bill.ref }).update({ gone_at: new Date() });
    await staysBare(share(lane.channel, link(bill)));
  });
});
