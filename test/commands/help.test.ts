import { expect } from 'chai';
import { type Product, people, startProduct } from '../support/product.ts';
import { ask } from './support.ts';

describe('the slash command', () => {
  let product: Product;
  before(async () => {
    product = await startProduct();
  });
  after(() => product.stop());

  for (const text of ['', 'help', '  HELP  ']) {
    it(`with “${text}” says what can be typed`, async () => {
      const { text: said } = await ask(product, text, people.buyer);
      expect(said).to.contain('/erp status [CONNECTION]').and.to.contain('/erp help');
      expect(said).to.contain('Administrators are whoever installed the app');
    });
  }

  for (const [typed, meant] of [
    ['statsu', 'status'],
    ['stauts now', 'status'],
    ['hlep', 'help'],
    ['mien', 'mine'],
    ['replai dead', 'replay'],
    ['STATU', 'status'],
  ]) {
    it(`with “${typed}” says that ${meant} was probably meant, and all that there is`, async () => {
      const { text } = await ask(product, typed ?? '');
      expect(text).to.contain(`Did you mean /erp ${meant}?`).and.to.contain('What you can type');
    });
  }

  it('with a word that is like none guesses nothing', async () => {
    const { text } = await ask(product, 'invoice <!channel> *bold*');
    expect(text).to.match(/^There is no \/erp invoice\.\n/);
  });

  it('takes what is typed literally', async () => {
    const { text, blocks } = await ask(product, '<!channel>');
    expect(text).to.contain('There is no /erp &lt;!channel&gt;.');
    expect(blocks).to.not.contain('"broadcast"').and.not.contain('mrkdwn');
    const said = product.sandbox.slack.messages('C0APAPPROV').at(-1);
    expect(said?.pinged).to.deep.equal([]);
  });

  it('answers in a channel that the app is not in', async () => {
    const { state } = product.sandbox.slack;
    const channel = state.roster.addChannel({ name: 'elsewhere', private: true });
    expect(channel.members.has(state.installation.botUserId)).to.equal(false);
    const { text } = await ask(product, 'help', people.buyer, channel.id);
    expect(text).to.contain('What you can type');
  });
});

describe('the slash command of another name', () => {
  it('is the only one that is answered', async () => {
    const product = await startProduct({
      settings: { SLASH_COMMAND: '/countersign' },
      scenario: { slack: { ackTimeoutMs: 300 } },
    });
    try {
      const { slack } = product.sandbox;
      const typed = { user: people.buyer, channel: 'C0GENERAL0', text: 'help' };
      const answered = await slack.command({ ...typed, command: '/countersign' });
      expect(answered.answer).to.contain('/countersign status');
      expect((await slack.command({ ...typed, command: '/erp' })).acked).to.equal(false);
    } finally {
      await product.stop();
    }
  });
});
