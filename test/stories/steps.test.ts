import { expect } from 'chai';
import { buttonsOf, cardNow, onlyWhenAsked, ownLanesOnly, postBill } from '../support/lanes.ts';
import { type CardMessage, type Product, people, startProduct } from '../support/product.ts';

const inquiry = 'Countersign Approvals';

async function start(credentials: Record<string, unknown>): Promise<Product> {
  return startProduct({
    cadence: onlyWhenAsked,
    routes: ownLanesOnly,
    credentials,
    scenario: {
      acumatica: {
        settings: {
          approvalsInquiry: inquiry,
          approvalMap: ['amara.okafor', 'jonas.weber'],
          serviceAccountApproves: 'always',
        },
      },
    },
    settings: { UPDATES_PER_MINUTE: '6000', POSTS_PER_MINUTE: '6000' },
  });
}

/** What the card says above its lines, with mentions as `@id`. */
function saidBy(card: CardMessage): string {
  const said: string[] = [];
  JSON.stringify(card.blocks, (key, value) => {
    if (key === 'text' && typeof value === 'string') said.push(value);
    if (key === 'user_id') said.push(`@${value}`);
    return value;
  });
  return said.join('');
}
const saying = (words: string) => (card: CardMessage) => saidBy(card).includes(words);

describe('a bill that two people have to approve', () => {
  let product: Product;
  afterEach(() => product?.stop());

  it('says how far it is and who is next, as people in Slack where they are known', async () => {
    product = await start({ approvals_inquiry: inquiry });
    await product.database.db('people').insert({
      ...{ connection_id: product.connectionId, sort: 'employee', key: 'EP00000006', name: 'Jonas Weber' },
      ...{ active: true, slack_user: people.controller, matched_by: 'hand' },
    });
    const posted = await postBill(product);
    expect(saidBy(posted.card)).to.contain('Waiting for Amara Okafor to approve').and.not.contain('step 1');
    await product.click(posted.card, 'decide_approve');
    const half = await cardNow(product, posted, saying('Step 1 of 2 approved by '));
    expect(saidBy(half)).to.contain(`Step 1 of 2 approved by @${people.director}`);
    expect(saidBy(half)).to.contain(`Waiting for @${people.controller} to approve · step 2 of 2`);
    expect(buttonsOf(half)).to.include('decide_approve');
    await product.click(half, 'decide_approve', people.controller);
    const done = await cardNow(product, posted, saying('Approved by '));
    expect(saidBy(done)).to.contain(`@${people.controller}`).and.not.contain('Step 1');
    expect(product.sandbox.acumatica.bill(posted.bill.ref)?.status).to.equal('Balanced');
  });

  it('tells of a step that was approved in Acumatica, by whom, on the card and in its thread', async () => {
    product = await start({ approvals_inquiry: inquiry });
    const posted = await postBill(product);
    product.sandbox.acumatica.decideInErp(posted.bill.ref, 'approve');
    await product.readNow();
    const half = await cardNow(product, posted, saying('Step 1 of 2 approved by Amara Okafor'));
    expect(saidBy(half)).to.contain('Waiting for Jonas Weber to approve · step 2 of 2');
    const texts = await product.thread(half, (all) => all.join().includes('Amara Okafor'));
    expect(texts.join('\n')).to.contain('approved by').and.contain('nobody → Amara Okafor');
  });

  it('says what it cannot know where no inquiry tells', async () => {
    product = await start({});
    const posted = await postBill(product);
    await product.click(posted.card, 'decide_approve');
    const half = await cardNow(product, posted, saying('One step approved by '));
    expect(saidBy(half)).to.contain('more approvals are needed, and Acumatica does not tell whose.');
    expect(buttonsOf(half)).to.include('decide_approve');
  });
});
