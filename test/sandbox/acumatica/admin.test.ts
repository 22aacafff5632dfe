import { expect } from 'chai';
import { useFakeTimers } from 'sinon';
import type { BillView } from '../../../sandbox/acumatica/index.ts';
import { TestSite } from './site.ts';

describe('sandbox acumatica: admin', () => {
  let test: TestSite;
  beforeEach(() => {
    test = new TestSite();
  });
  afterEach(() => test.close());

  it('adds a bill with any field, and none', async () => {
    const fields = {
      vendorName: '<!channel> & "Söhne"',
      amount: '12.30',
      lineCount: 12,
      description: 'x'.repeat(5_000),
    };
    const bill = (await test.admin('/bills', fields)).json() as BillView;
    expect(bill).to.include({ vendorName: fields.vendorName, amount: '12.30', status: 'Pending Approval' });
    expect(bill.lines).to.have.length(12);
    const bare = (await test.admin('/bills', { vendor: null, amount: null })).json() as BillView;
    expect(bare).to.include({ vendor: null, amount: null });
    expect((await test.admin('/bills', { colour: 'red' })).status).to.equal(400);
    expect((await test.admin('/bills', { amount: 'much' })).status).to.equal(400);
    expect((await test.admin('/bills', { ref: bare.ref })).status).to.equal(400);
  });

  it('edits a bill as another program would, moving its date of change', async () => {
    const { ref } = test.site.addBill({ amount: '10' });
    test.pass(60_000);
    const changes = { amount: '99.99', vendorName: 'Other & Co', lines: [{ amount: '99.99', description: 'one' }] };
    const edited = (await test.admin(`/bills/${ref}`, changes, 'PATCH')).json() as BillView;
    expect(edited).to.include({ amount: '99.99', vendorName: 'Other & Co', modifiedAt: '2026-03-10T09:31:00.250Z' });
    test.pass(60_000);
    const untouched = await test.admin(`/bills/${ref}`, { description: 'quietly', touch: false }, 'PATCH');
    expect(untouched.json()).to.include({ description: 'quietly', modifiedAt: edited.modifiedAt });
  });

  it('lets somebody decide in the ERP, and refuses what is not possible', async () => {
    const { ref } = test.site.addBill();
    expect((await test.admin(`/bills/${ref}/actions/approve`, {})).json()).to.include({ status: 'Balanced' });
    expect((await test.admin(`/bills/${ref}/actions/approve`, {})).status).to.equal(409);
    expect((await test.admin('/bills/999999/actions/approve', {})).status).to.equal(404);
    const decided = test.site.bill(ref)?.steps[0];
    expect(decided).to.include({ assignee: 'amara.okafor', decision: 'approved', by: 'amara.okafor' });
  });

  it('lists what changed since a moment, newest first', async () => {
    test.site.addBill({ ref: 'OLD' });
    test.pass(10_000);
    test.site.addBill({ ref: 'NEW1' });
    test.pass(10_000);
    test.site.addBill({ ref: 'NEW2' });
    const answer = await test.admin('/bills?since=2026-03-10T09:30:05Z');
    const { total, documents } = answer.json() as { total: number; documents: BillView[] };
    expect([total, documents.map(({ ref }) => ref)]).to.deep.equal([2, ['NEW2', 'NEW1']]);
  });

  it('generates bills with one moment of change, and removes one', async () => {
    const modifiedAt = '2026-03-01T00:00:00.000Z';
    await test.admin('/bills/generate', { count: 500, modifiedAt, status: 'Open' });
    const bills = test.site.bills();
    expect(bills).to.have.length(500);
    expect(new Set(bills.map((bill) => `${bill.status} ${bill.modifiedAt}`))).to.deep.equal(
      new Set([`Open ${modifiedAt}`]),
    );
    await test.admin(`/bills/${bills[0]?.ref}`, undefined, 'DELETE');
    expect(test.site.bills()).to.have.length(499);
  });

  it('changes settings, refusing unknown ones', async () => {
    expect((await test.admin('/settings', { apiUsers: null, links: false })).json()).to.include({
      apiUsers: null,
      links: false,
    });
    expect((await test.admin('/settings', { links: 'no' })).status).to.equal(400);
    expect((await test.admin('/settings', { colour: 'red' })).status).to.equal(400);
    expect(test.site.settings()).to.include({ links: false, order: 'key' });
  });

  it('counts requests by kind, sessions and tokens', async () => {
    const client = await test.client();
    const { ref } = test.site.addBill();
    await client.get('Bill?$top=1');
    await client.get(`Bill/Bill/${ref}`);
    await client.act('Approve', ref);
    const { requests, sessions } = (await test.admin('/counters')).json() as { requests: object; sessions: object };
    expect(requests).to.deep.equal({ 'action.Approve': 1, 'bill.get': 1, 'bill.list': 1, token: 1 });
    expect(sessions).to.include({ open: 1, seats: 5 });
  });

  it('streams changes to a page', async () => {
    const abort = new AbortController();
    const response = await fetch(`${test.root}/admin/acumatica/stream`, { signal: abort.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const until = async (words: string) => {
      while (!text.includes(words)) text += (await reader?.read())?.value ?? '';
    };
    await until(': open');
    test.site.addBill({ ref: '000871' });
    await until('"ref":"000871"');
    expect(text).to.include('event: document\ndata: {"form":"bills","change":"added"');
    test.site.addBills(3);
    await until('event: bulk\ndata: {"form":"bills","count":3}');
    abort.abort();
  });
});

describe('sandbox acumatica: what it holds', () => {
  let test: TestSite;
  beforeEach(() => {
    test = new TestSite({}, 40);
  });
  afterEach(() => test.close());

  it('starts with real payments in all sorts of states', () => {
    const bills = test.site.bills();
    expect(bills).to.have.length(40);
    expect([...new Set(bills.map(({ status }) => status))]).to.have.members([
      'Closed',
      'Open',
      'Pending Approval',
      'Balanced',
      'On Hold',
      'Rejected',
    ]);
    expect(bills[0]).to.include({
      vendor: 'REFINITIV',
      vendorName: 'Refinitiv',
      amount: '74039.61',
      branch: 'DMO',
      terms: '30D',
    });
  });

  it('splits every amount into lines that sum to it, in single spaces', () => {
    test.site.addBills(600);
    for (const { ref, amount, lines, description } of test.site.bills()) {
      const pence = lines.reduce((sum, line) => sum + Math.round(Number(line.amount) * 100), 0);
      expect(pence, ref).to.equal(Math.round(Number(amount) * 100));
      expect([lines.length >= 1 && lines.length <= 4, `${description}`.match(/\s{2}|\u00a0/)]).to.deep.equal([
        true,
        null,
      ]);
    }
  });

  it('dates bills recently, due thirty days later', () => {
    for (const { date, dueDate } of test.site.bills()) {
      const age = test.now() - Date.parse(`${date}T00:00:00Z`);
      expect(age).to.be.within(0, 90 * 86_400_000);
      expect(Date.parse(`${dueDate}`) - Date.parse(`${date}`)).to.equal(30 * 86_400_000);
    }
  });

  it('gives vendors unique codes of at most ten capitals and digits', () => {
    test.site.addBills(300);
    const codes = new Map(test.site.bills().map((bill) => [bill.vendor, bill.vendorName]));
    expect(new Set(codes.values()).size).to.equal(codes.size);
    for (const code of codes.keys()) expect(code).to.match(/^[A-Z0-9]{2,10}$/);
    expect(codes.get('GOVPROP')).to.equal('Government Property Agency');
  });

  it('lets bills arrive and age by its clock, which can be stopped and sped up', () => {
    const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const kinds: string[] = [];
      test.site.onChange(({ kind }) => kinds.push(kind));
      const during = (ms: number) => {
        kinds.length = 0;
        clock.tick(ms);
        return [kinds.filter((kind) => kind === 'added').length, kinds.filter((kind) => kind === 'changed').length];
      };
      test.site.start();
      expect(during(60_000)).to.deep.equal([6, 1]);
      test.site.changeSettings({ clockPaused: true });
      expect(during(60_000)).to.deep.equal([0, 0]);
      test.site.changeSettings({ clockPaused: false, clockRate: 10 });
      expect(during(61_000)).to.deep.equal([61, 10]);
      test.site.stop();
      expect(during(60_000)).to.deep.equal([0, 0]);
    } finally {
      clock.restore();
    }
  });

  it('starts the approval anew for a bill that somebody sent back to it', () => {
    const ref = test.site.bills().find(({ status }) => status === 'Balanced')?.ref ?? '';
    const sentBack = test.site.editBill(ref, { status: 'Pending Approval', steps: ['jonas.weber', 'amara.okafor'] });
    expect(sentBack.steps.map(({ decision }) => decision)).to.deep.equal([null, null]);
    expect(test.site.decideInErp(ref, 'approve').status).to.equal('Pending Approval');
    expect(test.site.decideInErp(ref, 'approve').status).to.equal('Balanced');
  });
});
