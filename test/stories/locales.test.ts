import { expect } from 'chai';
import { ask, readingIsDone } from '../commands/support.ts';
import { openHome } from '../home/homes.ts';
import { cardNow, isTold, onlyWhenAsked, ownLanesOnly, type Posted, postBill } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

/** Some languages write amounts with blanks that do not break. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('Amounts and dates are written as their readers write them', () => {
  let product: Product;
  let posted: Posted;
  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      routes: ownLanesOnly,
      settings: { CARD_LOCALE: 'de-DE' },
      scenario: { slack: { limits: 'pace-only' } },
    });
    const { roster } = product.sandbox.slack.state;
    for (const [id, locale] of [
      [people.director, 'en-US'],
      [people.controller, 'fr-FR'],
      [people.clerk, 'fr-FR'],
    ] as const) {
      Object.assign(roster.users.get(id) ?? {}, { locale });
    }
    await readingIsDone(product);
    const deciders = [{ user: people.director }, { user: people.controller, upTo: { value: '1000', currency: 'GBP' } }];
    posted = await postBill(product, { amount: '1250.50', dueDate: '2026-12-01' }, { deciders });
  });
  after(() => product?.stop());

  it('on a card, which many read, in the language of CARD_LOCALE, and the words stay', () => {
    const text = plain(posted.card.text);
    expect(text).to.contain(' for 1.250,50 £, due 1. Dez. 2026. Pending Approval');
    expect(plain(JSON.stringify(posted.card.blocks)))
      .to.contain('1.250,50 £')
      .and.to.contain('dated ');
  });

  it('in Home, in an answer to the command and in a direct message, as each person’s Slack does', async () => {
    const home = await openHome(product, people.director, ({ text }) => text.includes(posted.bill.ref));
    expect(home.text).to.contain('£1,250.50 · due Dec 1, 2026');
    const mine = await ask(product, 'mine', people.director);
    expect(mine.text).to.contain('£1,250.50 · due Dec 1, 2026');
    const found = await ask(product, `find ${posted.bill.ref}`, people.controller, posted.lane.channel);
    expect(plain(found.text)).to.contain('1 250,50 £GB · due 1 déc. 2026');
    await product.click(posted.card, 'decide_approve', people.controller);
    const told = plain(await isTold(product, people.controller, 'You may decide'));
    expect(told).to.contain('You may decide up to 1 000,00 £GB, and this is 1 250,50 £GB, so nothing was done.');
    const later = await openHome(product, people.controller, ({ text }) => text.includes('Not approved'));
    expect(plain(later.text)).to.contain('and this is 1 250,50 £GB');
  });

  it('in a thread, which many read, as on the card; in the history that one asks for, as that person’s Slack does', async () => {
    product.sandbox.acumatica.editBill(posted.bill.ref, { amount: '2000.00' });
    await product.readNow();
    await cardNow(product, posted, ({ text }) => plain(text).includes('2.000,00 £'));
    const story = await waitUntil(
      async () => (await product.thread(posted.card)).map(plain).find((text) => text.includes('amount')),
      { what: 'the change in the thread' },
    );
    expect(story).to.contain('amount 1.250,50 £ → 2.000,00 £');
    const audit = await ask(product, `audit ${posted.bill.ref}`, people.director);
    expect(audit.text).to.contain('amount £1,250.50 → £2,000.00').and.to.contain('above their limit');
  });

  it('as in en-GB where Slack cannot say how, and nobody waits for it', async () => {
    await postBill(product, { amount: '1250.50' }, { deciders: [{ user: people.clerk }] });
    product.sandbox.slack.setFault({ kind: 'slow', method: 'users.info', ms: 5_000 });
    const asked = await ask(product, 'mine', people.clerk);
    product.sandbox.slack.clearFaults();
    expect(asked.text).to.contain('£1,250.50');
    expect(asked.ms).to.be.lessThan(2_000);
  });
});
