import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { linkAccount } from '../../app/accounts/accounts.ts';
import { startBooks } from '../accounts/books.ts';
import { payBills } from '../connectors/intacct-site.ts';
import { testKeyring } from '../support/database.ts';
import { buttonsOf, isTold } from '../support/lanes.ts';
import { channels, type Product, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

const { director } = people;

/** Another ERP, with no address of its own for some records, and where nobody decides but people themselves. */
describe('documents of a second ERP', () => {
  let product: Product;
  const db = () => product.database.db;
  const company = () => product.sandbox.intacct;

  before(async () => {
    product = await startBooks({ kinds: ['bill', 'payment'], settings: { read_from_days: 1 } });
    await db()('routes').insert(
      (['bill', 'payment'] as const).map((kind, position) => ({
        ...{ connection_id: product.connectionId, name: kind, position, kind, channel: channels.approvals },
        ...{ conditions: '{}', deciders: JSON.stringify([{ user: director }]), actions: ['approve', 'reject'] },
        ...{ burst: 20, act_as: 'person' },
      })),
    );
    await product.readNow();
    // The first reading is history: what it says of other documents is told nowhere.
    await waitUntil(async () => !(await db()('feeds').whereNull('cursor').first('id')), { what: 'a first reading' });
  });
  after(() => product?.stop());

  async function linkDirector(): Promise<void> {
    const user = 'amara.okafor';
    const { password } =
      company()
        .describe()
        .users.find(({ userId }) => userId === user) ?? {};
    const { installation_id } = await db()('connections').where({ id: product.connectionId }).first('installation_id');
    const linking = { installationId: installation_id, connectionId: product.connectionId, person: director, user };
    const state = { login: { user_id: user, password } };
    await linkAccount(db(), testKeyring(), { ...linking, state }, randomUUID());
  }

  it('has a card without buttons for what is decided there alone, with the address of the record', async () => {
    const bill = company().maker.bill({ state: 'S' });
    await product.readNow();
    const card = await product.card(String(bill.RECORDID));
    expect(card.text).to.contain('Submitted in Sage Intacct');
    expect(JSON.stringify(card.blocks)).to.contain('Open in Sage Intacct').and.to.contain('ur.phtml?.r=');
    expect(buttonsOf(card).filter((id) => id.startsWith('decide_'))).to.deep.equal([]);
  });

  it('has no button to open what has no address', async () => {
    company().changeSettings({ recordUrl: 'empty' });
    const bill = company().maker.bill({ state: 'S' });
    await product.readNow();
    const card = await product.card(String(bill.RECORDID));
    company().changeSettings({ recordUrl: 'given' });
    expect(JSON.stringify(card.blocks)).to.not.contain('Open in');
  });

  it('decides about a payment as the person who linked an account, and tells the bill that it was paid', async () => {
    const bill = company().maker.bill({ state: 'A' });
    const payment = payBills(company(), { bills: [bill] });
    await product.readNow();
    const billCard = await product.card(`Bill ${bill.RECORDID}`);
    const card = await product.card(`Payment ${payment.RECORDID}`);
    expect(card.text).to.contain('Submitted in Sage Intacct');
    await product.click(card, 'decide_approve');
    await isTold(product, director, 'yours is not linked yet');
    expect(payment.STATE).to.equal('S');

    await linkDirector();
    await product.click(card, 'decide_approve');
    await product.card(`Payment ${payment.RECORDID}`, ({ text }) => text.includes('Approved in Sage Intacct'));
    const users = company()
      .ledger.where('AUDITHISTORY', 'OBJECTKEY', `${payment.RECORDNO}--REC`)
      .map(({ USERID }) => USERID);
    expect(users).to.include('amara.okafor').and.to.not.include('countersign');

    company().hand.change('APPYMT', payment.RECORDNO, { STATE: 'Posted' });
    await product.readNow();
    const paid = `by Payment ${payment.RECORDID}`;
    await product.thread(billCard, (texts) => texts.some((text) => text.startsWith('Paid:') && text.includes(paid)));
  });

  it('takes back the card of what was deleted there', async () => {
    const bill = company().maker.bill({ state: 'S' });
    await product.readNow();
    const card = await product.card(String(bill.RECORDID));
    company().hand.remove('APBILL', bill.RECORDNO);
    // Half an hour later, when the history of deletions is asked again.
    await db().raw(
      `update feeds set cursor = jsonb_set(cursor::jsonb, '{audited}', to_jsonb(to_char((clock_timestamp() - interval '40 minutes')
       at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))`,
    );
    await product.readNow();
    const gone = await product.card(String(bill.RECORDID), ({ blocks }) => !JSON.stringify(blocks).includes('Open in'));
    expect(gone.ts).to.equal(card.ts);
    const row = await db()('documents')
      .where({ key: String(bill.RECORDNO), kind: 'bill' })
      .first('gone_at');
    expect(row.gone_at).to.not.equal(null);
  });
});
