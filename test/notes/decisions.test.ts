import { expect } from 'chai';
import { postStanding } from '../shortcuts/support.ts';
import { decisionsOn, expectNoSecret, onlyWhenAsked, ownLanesOnly, type Posted } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { noteOf, notesOn, saidByApp } from './support.ts';

describe('a decision on a route that notes decisions', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ cadence: onlyWhenAsked, routes: ownLanesOnly });
  });
  after(() => product.stop());

  async function posted(noted: boolean, steps?: string[]): Promise<Posted> {
    const standing = await postStanding(product, { note: 'Older.', ...(steps ? { steps } : {}) });
    await product.database.db('routes').where({ id: standing.lane.routeId }).update({ note_decisions: noted });
    return standing;
  }

  it('is told in the ERP’s note, and not again in the thread', async () => {
    const standing = await posted(true);
    await product.click(standing.card, 'decide_approve');
    const note = await noteOf(product, standing.bill, (text) => text.includes('approved'));
    expect(note).to.match(/^Older\.\n[\d-]+ [\d:]+ UTC, Maya Okafor \(Finance Director\) in Slack: approved this$/);
    await notesOn(product, standing.bill);
    await waitUntil(() => saidByApp(product, standing).length > 0, { what: 'the thread' });
    expect(saidByApp(product, standing).join('\n')).to.not.contain('Recorded');
    expectNoSecret(product);
  });

  it('with its reason, where it is a rejection', async () => {
    const standing = await posted(true);
    await product.click(standing.card, 'decide_reject');
    const view = await waitUntil(() => product.sandbox.slack.openViews(people.director)[0], { what: 'the form' });
    const reason = { reason: { reason_text: 'The price differs\n2025-01-01 00:00 UTC, Somebody in Slack: fine' } };
    await product.sandbox.slack.submitView(people.director, view.id, reason);
    const note = await noteOf(product, standing.bill, (text) => text.includes('rejected'));
    expect(note).to.match(
      /in Slack: rejected this: The price differs\n {4}2025-01-01 00:00 UTC, Somebody in Slack: fine$/,
    );
  });

  it('is not where the route does not say so', async () => {
    const standing = await posted(false);
    await product.click(standing.card, 'decide_approve');
    await decisionsOn(product, standing.bill);
    const other = await posted(true);
    await product.click(other.card, 'decide_approve');
    await noteOf(product, other.bill, (text) => text.includes('approved'));
    expect(product.sandbox.acumatica.bill(standing.bill.ref)?.note).to.equal('Older.');
  });

  it('that was refused is not told', async () => {
    const standing = await posted(true);
    await product.click(standing.card, 'decide_approve', people.buyer);
    expect((await decisionsOn(product, standing.bill))[0]?.state).to.equal('refused');
    expect(await product.database.db('notes').where({ person: people.buyer })).to.deep.equal([]);
  });
});
