import { expect } from 'chai';
import { forge, home, openHome, press } from '../home/homes.ts';
import { expectNoSecret, onlyWhenAsked } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

describe('Pushes of an ERP', () => {
  let product: Product;
  let address = '';
  let secret = '';

  before(async () => {
    product = await startProduct({
      cadence: onlyWhenAsked,
      scenario: { acumatica: { settings: { pushDelayMs: 0, pushRetryMs: 50 } }, slack: { limits: 'pace-only' } },
      settings: { POSTS_PER_MINUTE: '6000' },
    });
    await waitUntil(async () => (await feed()).last_read_at, { what: 'the first reading' });
  });
  after(() => product?.stop());

  const db = () => product.database.db;
  const site = () => product.sandbox.acumatica;
  const feed = () => db()('feeds').where({ connection_id: product.connectionId }).first();
  const endpoint = () => db()('push_endpoints').where({ id: product.connectionId }).first();
  const notices = async () => Number((await db()('pushes').count('* as n').first())?.n);
  const destination = (headerValue = secret) =>
    site().setPushDestination({ name: 'Countersign', address, headerName: 'X-Countersign-Push', headerValue });

  function form(user: string = people.admin) {
    const view = product.sandbox.slack.openViews(user).at(-1);
    return { id: view?.id ?? '', text: JSON.stringify(view?.definition.blocks ?? []) };
  }

  async function formOf(user: string, accept: (text: string) => boolean) {
    return waitUntil(() => (form(user).id && accept(form(user).text) ? form(user) : undefined), {
      what: () => `the form; it says ${form(user).text.slice(0, 300)}\n${product.logLines.slice(-25).join('')}`,
    });
  }

  const formThat = (accept: (text: string) => boolean) => formOf(people.admin, accept);

  /** A form that is open already is not taken for the one that this opens. */
  async function pressPush(saying: string) {
    const before = form().id;
    await press(product, people.admin, 'home_push');
    return formThat((text) => form().id !== before && text.includes(saying));
  }

  function typed(label: string): string {
    const match = new RegExp(`"${label}: "[^}]*}},\\{"type":"text","text":"([^"]+)"`).exec(form().text);
    return match?.[1] ?? '';
  }

  function post(body: string, headers: Record<string, string> = { 'x-countersign-push': secret }, to = address) {
    return fetch(to, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  }

  const notice = (more: Record<string, unknown> = {}) =>
    JSON.stringify({
      Inserted: [],
      Deleted: [],
      Query: 'Bills',
      CompanyId: 'TREASURY',
      Id: crypto.randomUUID(),
      ...more,
    });

  describe('are set up in Home', () => {
    it('by nobody but administrators', async () => {
      // A button that an administrator's Home has, pressed by somebody who is none.
      await openHome(product, people.buyer);
      const forged = await forge(product, people.buyer, 'home_push', product.connectionId);
      expect(forged.status).to.equal(200);
      const refused = await formOf(people.buyer, (text) => !text.includes('One moment'));
      expect(refused.text).to.contain('Only administrators may do this');
      const event = await db()('audit_events').where({ kind: 'administration.refused' }).first();
      expect(event).to.include({ actor: people.buyer });
      expect(await endpoint()).to.equal(undefined);
      await openHome(product, people.admin, ({ text }) => text.includes('Administration'));
      await press(product, people.admin, 'home_administration');
      await home(product, people.admin, ({ text }) => text.includes('Recent audit'));
    });

    it('with the exact values for the ERP’s form; the secret is shown once and stored encrypted', async () => {
      await pressPush('Take pushes');
      await product.sandbox.slack.click({ user: people.admin, viewId: form().id, actionId: 'push_renew' } as never);
      await formThat((text) => text.includes('shown this once'));
      address = typed('Address');
      secret = typed('Header Value');
      expect(typed('Form')).to.contain('SM302000');
      expect(typed('Header Name')).to.equal('X-Countersign-Push');
      expect(address).to.equal(`${product.appUrl}/erp/push/${product.connectionId}?kind=bill`);
      expect(secret).to.match(/^[\w-]{43}$/);
      expect((await endpoint()).secret)
        .to.match(/^v1:/)
        .and.not.contain(secret);
      const again = await pressPush('not shown again');
      expect(again.text).not.to.contain(secret);
    });
  });

  describe('bring changes without any polling', () => {
    before(() => void destination());

    it('posts and redraws a card', async () => {
      const bill = site().addBill({ amount: '120.00', status: 'Pending Approval' });
      const card = await product.card(bill.ref);
      site().decideInErp(bill.ref, 'approve');
      const closed = await product.card(bill.ref, ({ text }) => text.includes('Balanced'));
      expect(closed.ts).to.equal(card.ts);
    });

    it('in whatever order, twice, and with a change in two halves', async () => {
      site().changeSettings({ pushPairs: 'apart', pushOrder: 'reversed', pushTwice: true });
      const bill = site().addBill({ amount: '121.00', status: 'Pending Approval' });
      await product.card(bill.ref);
      site().decideInErp(bill.ref, 'approve');
      await product.card(bill.ref, ({ text }) => text.includes('Balanced'));
      await waitUntil(async () => (await db()('document_checks').first('key')) === undefined, {
        what: 'what was said to be gone having been looked at',
      });
      const document = await db()('documents').where({ reference: bill.ref }).first();
      expect(document.gone_at).to.equal(null);
      site().changeSettings({ pushPairs: 'together', pushOrder: 'kept', pushTwice: false });
    });

    it('a deletion, which no polling shows, is seen on the card', async () => {
      const bill = site().addBill({ amount: '122.00', status: 'Pending Approval' });
      const card = await product.card(bill.ref);
      site().removeBill(bill.ref);
      const gone = await product.card(
        bill.ref,
        (message) => !JSON.stringify(message.blocks).includes('decide_approve'),
      );
      expect(gone.ts).to.equal(card.ts);
      const document = await db()('documents').where({ reference: bill.ref }).first();
      expect(document.gone_at).not.to.equal(null);
    });

    it('while the database is slow to answer, an error makes the ERP send again', async () => {
      await product.stopApp();
      const bill = site().addBill({ amount: '123.00', status: 'Pending Approval' });
      await product.startApp();
      await product.card(bill.ref);
    });
  });

  describe('slow the polling down while they flow', () => {
    it('and a poll that finds what no push told brings its cadence back', async () => {
      destination('a wrong value');
      await waitUntil(async () => (await feed()).push_trusted_until, { what: 'trust after the pushes before' });
      await db()('feeds').update({ cadence: '*/1 * * * * *', asked_at: null });
      await db().raw(`select pg_notify('countersign_schedule', '')`);
      const requests = () => site().counters.requests['list.Bill'] ?? 0;
      await waitUntil(async () => (await feed()).lease_owner === null, { what: 'quiet' });
      const lastRead = async () => (await feed()).last_read_at as Date;
      const at = await lastRead();
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      expect((await lastRead()).getTime() - at.getTime(), `polled ${requests()} times`).to.be.lessThan(1_500);
      // Read longer ago than the backstop: the next tick reads, and finds what the broken destination did not tell.
      const bill = site().addBill({ amount: '124.00', status: 'Pending Approval' });
      await db()('feeds').update({ last_read_at: db().raw(`clock_timestamp() - interval '6 minutes'`) });
      await product.card(bill.ref);
      await waitUntil(async () => (await feed()).push_missed_at, { what: 'the miss being noted' });
      // A minute later no push has come.
      await db()('feeds').update({ push_missed_at: db().raw(`clock_timestamp() - interval '2 minutes'`) });
      const next = site().addBill({ amount: '125.00', status: 'Pending Approval' });
      await product.card(next.ref);
      await db()('feeds').update({ cadence: onlyWhenAsked });
      await db().raw(`select pg_notify('countersign_schedule', '')`);
      destination();
    });
  });

  describe('are refused, and change nothing,', () => {
    let before = 0;
    beforeEach(async () => {
      before = await notices();
    });
    afterEach(async () => expect(await notices()).to.equal(before));

    it('without the header, with a wrong one, and for a connection that is none', async () => {
      expect((await post(notice(), {})).status).to.equal(401);
      expect((await post(notice(), { 'x-countersign-push': 'x' })).status).to.equal(401);
      const other = address.replace(product.connectionId, crypto.randomUUID());
      expect((await post(notice(), { 'x-countersign-push': secret }, other)).status).to.equal(401);
      const odd = address.replace(product.connectionId, '..%2f..');
      expect((await post(notice(), { 'x-countersign-push': secret }, odd)).status).to.equal(401);
    });

    it('for a kind that is not read, and for what is no notice', async () => {
      const kind = address.replace('kind=bill', 'kind=payslip');
      expect((await post(notice(), undefined, kind)).status).to.equal(400);
      for (const body of ['', '{', '[]', '{"Inserted":1}', '{"hello":"you"}']) {
        expect((await post(body)).status, body).to.equal(400);
      }
    });

    it('from another company, which is said in Home', async () => {
      const answer = await post(notice({ CompanyId: 'ELSEWHERE' }));
      expect(answer.status).to.equal(200);
      expect((await endpoint()).problem).to.contain('ELSEWHERE');
    });
  });

  describe('besides', () => {
    it('with a character that the database refuses, which is taken for what it is without it', async () => {
      const Deleted = [{ DocType: 'Bill', RefNbr: 'NO\0SUCH\u202E' }];
      expect((await post(notice({ Deleted }))).status).to.equal(200);
      await waitUntil(async () => (await db()('document_checks').first('key')) === undefined, { what: 'the check' });
      expect((await post(notice({ CompanyId: 'ELSE\0WHERE' }))).status).to.equal(200);
      expect((await endpoint()).problem).to.contain('“ELSEWHERE”');
    });

    it('with a body larger than is taken in still wakes the reading', async () => {
      destination('a wrong value');
      const bill = site().addBill({ amount: '126.00', status: 'Pending Approval' });
      const rows = Array.from({ length: 30_000 }, (_, index) => ({
        DocType: 'Bill',
        RefNbr: `x${index}`,
        Status: 'y'.repeat(80),
      }));
      expect((await post(notice({ Inserted: rows }))).status).to.equal(200);
      await product.card(bill.ref);
      destination();
    });

    it('keep a time stamp longer than a float exact, and the same notice again is known', async () => {
      const body = notice().replace('}', ',"TimeStamp":638700000000000001}');
      const before = await notices();
      expect((await post(body)).status).to.equal(200);
      expect((await post(body)).status).to.equal(200);
      expect(await notices()).to.equal(before + 1);
      const row = await db()('pushes').orderBy('received_at', 'desc').first();
      expect(row.stamp).to.equal('638700000000000001');
    });

    it('a secret that got into wrong hands is replaced: the old one is refused from that moment', async () => {
      const old = secret;
      await pressPush('not shown again');
      await product.sandbox.slack.click({ user: people.admin, viewId: form().id, actionId: 'push_renew' } as never);
      await formThat((text) => text.includes('shown this once'));
      secret = typed('Header Value');
      expect(secret).not.to.equal(old).and.not.to.equal('');
      expect((await post(notice(), { 'x-countersign-push': old })).status).to.equal(401);
      expect((await post(notice())).status).to.equal(200);
      expect(product.logLines.join('')).not.to.contain(secret).and.not.contain(old);
      const audit = JSON.stringify(await db()('audit_events').select('kind', 'data'));
      expect(audit).to.contain('connection.push_renewed').and.not.contain(secret);
      expectNoSecret(product);
    });

    it('are taken no more once switched off', async () => {
      await product.sandbox.slack.click({ user: people.admin, viewId: form().id, actionId: 'push_end' } as never);
      await formThat((text) => text.includes('Take pushes'));
      expect((await post(notice())).status).to.equal(401);
      expect((await feed()).push_trusted_until).to.equal(null);
    });
  });
});
