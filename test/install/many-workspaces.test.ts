import { expect } from 'chai';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { channels, connectTreasury, type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { decideOnSlack, open, openInstallPage } from './browser-steps.ts';
import { startTwoSlacks, type TwoSlacks } from './two-slacks.ts';

const other = { id: 'T0SOUTHWND', name: 'Southwind Trading', domain: 'southwind' };

describe('Two workspaces at once, with the same ids of channels and people', () => {
  let slacks: TwoSlacks;
  let product: Product;
  let south: Sandbox;
  before(async () => {
    slacks = await startTwoSlacks();
    product = await startProduct({ setUp: false, settings: { SLACK_API_URL: slacks.apiUrl } });
    south = await startSandbox({ scenario: { clockRuns: false, acumatica: { seedBills: 0 }, slack: { team: other } } });
    await south.slack.setRequestUrl(`${product.appUrl}/slack/events`, { verify: true });
    slacks.workspaces.push(product.sandbox, south);
    await installIn(product.sandbox, people.director);
    product.connectionId = await connectTreasury(product.database.db, product.sandbox);
    await installIn(south, people.controller);
  });
  after(async () => {
    await product?.stop();
    await south?.stop();
    await slacks?.close();
  });

  /** Through Slack's page of this workspace, as its picker of workspaces would lead to it. */
  async function installIn(sandbox: Sandbox, user: string): Promise<void> {
    const { authorize, cookie } = await openInstallPage(product.appUrl);
    const page = new URL(`${sandbox.url}${authorize.pathname}${authorize.search}`);
    const seen = await open(await decideOnSlack(page, 'allow', user), cookie);
    expect(seen.html).to.contain(sandbox.slack.describe().teamName);
  }
  const state = async (key: string) =>
    (await product.database.db('installations').where({ slack_key: key }).first('state'))?.state;
  const seenBy = ({ slack }: Sandbox, channel: string) => slack.visibleMessages(channel, people.director);
  const directWords = ({ slack }: Sandbox, user: string) => {
    const direct = slack.channels().find(({ isDirect, members }) => isDirect && members.includes(user));
    return direct ? slack.visibleMessages(direct.id, user).map(({ text }) => String(text)) : [];
  };

  it('says its first word to each installer in their own workspace', async () => {
    await waitUntil(() => directWords(product.sandbox, people.director).length === 1, {
      what: 'the word in the first',
    });
    await waitUntil(() => directWords(south, people.controller).length === 1, { what: 'the word in the second' });
    expect(directWords(product.sandbox, people.controller)).to.deep.equal([]);
    expect(directWords(south, people.director)).to.deep.equal([]);
  });

  it('posts a card where its connection belongs, and nowhere else', async () => {
    const { ref } = product.sandbox.acumatica.addBill({ amount: '10.00', status: 'Pending Approval' });
    await product.card(ref);
    expect(seenBy(south, channels.approvals)).to.deep.equal([]);
    const posted = slacks.calls.filter(({ method }) => method === 'chat.postMessage');
    expect(posted.filter(({ workspace }) => workspace === 1)).to.have.length(1);
  });

  it('takes no decision on a card of one workspace from the other', async () => {
    const { ref } = product.sandbox.acumatica.addBill({ amount: '10.00', status: 'Pending Approval' });
    const card = await product.card(ref);
    const copied = await fetch(`${slacks.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${south.slack.describe().botToken}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ channel: channels.approvals, text: card.text, blocks: JSON.stringify(card.blocks) }),
    });
    const { ts } = (await copied.json()) as { ts: string };
    const clicked = await south.slack.click({
      user: people.director,
      channel: channels.approvals,
      messageTs: ts,
      actionId: 'decide_approve',
    });
    expect(clicked).to.include({ acked: true });
    const told = await waitUntil(
      () => south.slack.visibleMessages(channels.approvals, people.director).find(({ ephemeral }) => ephemeral),
      { what: 'the person is told' },
    );
    expect(told.text).to.contain('does not belong to a card');
    expect(await product.database.db('decisions')).to.deep.equal([]);
    expect(product.sandbox.acumatica.bill(ref)?.status).to.equal('Pending Approval');
  });

  it('leaves the one alone when the other removes the app', async () => {
    const second = Math.floor(Date.now() / 1_000);
    await waitUntil(() => Math.floor(Date.now() / 1_000) > second, { what: 'the next second' });
    south.slack.uninstall();
    await waitUntil(async () => (await state(other.id)) === 'uninstalled', { what: 'the second has ended' });
    expect(await state('T0NORTHWND')).to.equal('active');
    const { ref } = product.sandbox.acumatica.addBill({ amount: '10.00', status: 'Pending Approval' });
    expect(await product.click(await product.card(ref), 'decide_approve')).to.include({ acked: true });
    await waitUntil(() => product.sandbox.acumatica.bill(ref)?.status === 'Balanced', { what: 'decided' });
  });
});
