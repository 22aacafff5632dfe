import { expect } from 'chai';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { installAs } from './browser-steps.ts';

describe('The first word to whoever installed the app', () => {
  let product: Product;
  beforeEach(async () => {
    product = await startProduct({ setUp: false });
  });
  afterEach(() => product?.stop());

  const words = (user: string) => {
    const { slack } = product.sandbox;
    const direct = slack.channels().filter(({ isDirect, members }) => isDirect && members.includes(user));
    return direct.flatMap(({ id }) => slack.visibleMessages(id, user)).map(({ text }) => String(text));
  };
  const introducedAt = async () => (await product.database.db('installations').first('introduced_at'))?.introduced_at;
  const idle = () =>
    waitUntil(
      async () =>
        Number(
          (
            await product.database.db.raw(
              `select count(*) from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'tell'`,
            )
          ).rows[0].count,
        ) === 0,
      { what: 'nothing is left to tell' },
    );

  it('comes once, to them alone, with the next step, and not again on the next install', async () => {
    await installAs(product.appUrl, people.controller);
    const [first] = await waitUntil(
      () => (words(people.controller).length > 0 ? words(people.controller) : undefined),
      {
        what: 'the first word',
      },
    );
    expect(first).to.contain('Home tab').and.to.contain('Add a connection').and.to.contain('/invite');
    expect(words(people.director)).to.deep.equal([]);
    await installAs(product.appUrl, people.controller);
    product.sandbox.slack.uninstall({ events: 'none' });
    await installAs(product.appUrl, people.director);
    await idle();
    expect(words(people.controller)).to.have.length(1);
    expect(words(people.director)).to.deep.equal([]);
    expect(await introducedAt()).to.be.instanceOf(Date);
  });

  it('is tried again when Slack surely did not take it', async () => {
    product.sandbox.slack.setFault({ kind: 'rate_limited', method: 'chat.postMessage', times: 1 });
    await installAs(product.appUrl, people.controller);
    await waitUntil(() => words(people.controller).length === 1, { what: 'the first word, after a refusal' });
    await idle();
    expect(words(people.controller)).to.have.length(1);
  });

  it('is not said twice when its answer was lost', async () => {
    product.sandbox.slack.setFault({ kind: 'drop_after_done', method: 'chat.postMessage', times: 1 });
    await installAs(product.appUrl, people.controller);
    await waitUntil(introducedAt, { what: 'it was told' });
    await idle();
    expect(words(people.controller)).to.have.length(1);
  });
});
