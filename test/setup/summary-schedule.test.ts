import { expect } from 'chai';
import { fileSchema } from '../../app/connections/apply/file-schema.ts';
import { connectLedger, feedOf, planned } from '../summaries/ledger.ts';
import { onlyWhenAsked, ownLanesOnly } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { modal, openForm, submit } from './forms.ts';

const { admin } = people;

describe('the schedule of summaries, in the form of a connection', () => {
  let product: Product;
  let id: string;
  before(async () => {
    product = await startProduct({
      ...{ cadence: onlyWhenAsked, routes: ownLanesOnly },
      scenario: { intacct: { seedBills: 0 } },
    });
    id = await connectLedger(product);
    await planned(product, id);
  });
  after(() => product.stop());

  it('shows when the next come, and how it is written', async () => {
    const form = await openForm(product, admin, 'ledger');
    expect(form.text).to.contain('close day 1 to 5 at 8:00 and 16:00, otherwise Mondays');
    expect(form.text).to.match(/The next, by the ERP’s reporting periods: \w{3} 1 Jan 20\d\d, 03:33/);
  });

  it('says at its field what is not understood', async () => {
    const { said } = await submit(product, admin, { 'cadence.summary': 'close day 1 at 25:00' });
    expect(said).to.deep.equal({
      'cadence.summary': 'Has the time “25:00”, which is none; write it like 8:00, 16:30 or 4 pm.',
    });
    const { said: other } = await submit(product, admin, { 'cadence.bill': 'close day 1 at 8:00' });
    expect(other['cadence.bill']).to.match(/^Must be a cron expression/);
  });

  it('is saved, told with its next five instants, and planned at once', async () => {
    await submit(product, admin, {
      'cadence.summary': 'close day 1 and 2 at 8:00, otherwise Mondays at 7:30',
      'cadence.bill': onlyWhenAsked,
    });
    const saved = await modal(product, admin, ({ title }) => title === 'Connection saved');
    const told = /Posting summaries\. The next, by the ERP’s reporting periods: (.*?)\./.exec(saved.text)?.[1];
    const moments = told?.split(' · ') ?? [];
    expect(moments).to.have.length(5);
    for (const moment of moments) expect(moment).to.match(/^(Mon|Tue|Wed|Thu|Fri) \d+ \w+ 20\d\d, 0(8:00|7:30)$/);
    const feed = await waitUntil(
      async () => {
        const row = await feedOf(product, id);
        return row.plan?.startsWith('close day 1 and 2') ? row : undefined;
      },
      { what: 'the feed is planned anew' },
    );
    const inLondon = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/London',
      hour: '2-digit',
      minute: '2-digit',
    });
    expect(feed.due_at && inLondon.format(feed.due_at)).to.equal(moments[0]?.slice(-5));
  });

  it('can be written into the apply file', () => {
    const file = (cadence: string, kind = 'summary') =>
      fileSchema.safeParse({
        connections: [{ name: 'l', connector: 'intacct', credentials: {}, feeds: { [kind]: { cadence } } }],
      });
    expect(file('close day 1 to 5 at 8:00').success).to.equal(true);
    expect(file('0 8 * * 1').success).to.equal(true);
    const wrong = file('close day 9 to 1 at 8:00');
    expect(wrong.error?.issues[0]?.path.join('.')).to.equal('connections.0.feeds.summary.cadence');
    expect(wrong.error?.issues[0]?.message).to.contain('end before they begin');
    expect(file('close day 1 at 8:00', 'bill').success).to.equal(false);
  });
});
