import { expect } from 'chai';
import { useFakeTimers } from 'sinon';
import type { Row } from '../../../sandbox/intacct/ledger/row.ts';
import { startSandbox } from '../../../sandbox/start.ts';
import { counts, TestGateway } from './gateway.ts';

const list = '<query><object>GLENTRY</object><select><field>RECORDNO</field></select><pagesize>10</pagesize></query>';

describe('sandbox intacct: admin', () => {
  let gateway: TestGateway;
  beforeEach(() => {
    gateway = new TestGateway({}, 15);
  });
  afterEach(() => gateway.close());

  it('says who can sign in, what is set and what is held', async () => {
    const about = (await gateway.admin('/')) as { site: Record<string, unknown>; objects: Record<string, number> };
    expect(about.site).to.include({ companyId: 'Treasury-sandbox', senderId: 'countersign_ws' });
    expect(about.site.users).to.have.length(4);
    expect(about.site.entities).to.have.length(5);
    expect(about.objects).to.include({ APBILL: 17, LOCATIONENTITY: 5 });
  });

  it('changes settings, refusing unknown ones', async () => {
    expect(await gateway.admin('/settings', { sessionMinutes: 10 })).to.include({ sessionMinutes: 10 });
    expect(await gateway.admin('/settings', { colour: 'red' })).to.have.property('error');
    expect(await gateway.admin('/settings', { sessionMinutes: 5 })).to.have.property('error');
    expect(gateway.site.settings()).to.include({ sessionMinutes: 10, unordered: 'insertion' });
  });

  it('adds, changes and removes rows, speaking labels, codes and ISO', async () => {
    const fields = {
      RECORDID: 'X1',
      STATE: 'Submitted',
      WHENCREATED: '2026-03-01',
      WHENMODIFIED: '2026-03-02T10:00:00Z',
    };
    const added = (await gateway.admin('/objects/apbill', fields)) as Row;
    expect(added).to.include({ STATE: 'S', WHENMODIFIED: Date.parse('2026-03-02T10:00:00Z') });
    const path = `/objects/APBILL/${added.RECORDNO}`;
    expect(await gateway.admin(path, { STATE: 'U' }, 'PATCH')).to.include({
      STATE: 'U',
      WHENMODIFIED: Math.floor(gateway.now() / 1000) * 1000,
    });
    const untouched = await gateway.admin(path, { DESCRIPTION: 'quietly', WHENMODIFIED: 0, touch: false }, 'PATCH');
    expect(untouched).to.include({ DESCRIPTION: 'quietly', WHENMODIFIED: 0 });
    for (const wrong of [{ COLOUR: 'red' }, { STATE: 'Odd' }, { VENDORNAME: 'derived' }, { WHENMODIFIED: 'soon' }]) {
      expect(await gateway.admin(path, wrong, 'PATCH'), JSON.stringify(wrong)).to.have.property('error');
    }
    expect(await gateway.admin('/objects/APBILL?limit=2')).to.deep.include({ total: 18 });
    expect(await gateway.admin(path, undefined, 'DELETE')).to.equal(204);
    expect(await gateway.admin(path)).to.have.property('error');
    expect(await gateway.admin('/objects/GLDETAIL')).to.have.property('error');
  });

  it('makes bills, payments and entries, one or very many, and acts on them in the name of somebody', async () => {
    const entry = (await gateway.admin('/entries', { state: 'I', balance: 'too little credit', title: 'Odd' })) as Row;
    expect(entry).to.include({ STATE: 'I', BATCH_TITLE: 'Odd' });
    const bill = (await gateway.admin('/bills', { state: 'S' })) as Row;
    expect(await gateway.admin(`/bills/${bill.RECORDNO}/actions/approve`, { by: 'clerk' })).to.have.property('error');
    expect(await gateway.admin(`/bills/${bill.RECORDNO}/actions/approve`, {})).to.include({ STATE: 'A' });
    const payment = (await gateway.admin('/payments', { bill: bill.RECORDNO })) as Row;
    expect(await gateway.admin(`/payments/${payment.RECORDNO}/actions/approve`, { by: 'jonas.weber' })).to.include({
      STATE: 'A',
    });
    const before = gateway.site.ledger.size('GLBATCH');
    expect(await gateway.admin('/generate', { kind: 'entries', count: 1_000, state: 'P' })).to.include({
      GLBATCH: before + 1_000,
    });
  });

  it('counts as the vendor meters: each function, each page, each record that is written', async () => {
    const session = await gateway.session('amara.okafor');
    await gateway.admin('/counters', undefined, 'DELETE');
    await session.send([list, list]);
    const first = await session.readByQuery('GLENTRY', 'RECORDNO', '', 10);
    await session.call(`<readMore><resultId>${counts(first).resultId}</resultId></readMore>`);
    const keys = [...gateway.site.ledger.rows('APPYMT')].filter(({ STATE }) => STATE === 'S').slice(0, 2);
    const listed = keys.map(({ RECORDNO }) => `<appaymentkey>${RECORDNO}</appaymentkey>`).join('');
    await session.call(`<approve_appaymentrequest><appaymentkeys>${listed}</appaymentkeys></approve_appaymentrequest>`);
    await session.query('APBILL', 'COLOUR');
    expect(await gateway.admin('/counters')).to.deep.include({
      requests: 5,
      metered: 6,
      functions: { approve_appaymentrequest: 2, query: 2, readByQuery: 1, readMore: 1 },
      objects: { 'approve_appaymentrequest APPYMT': 2, 'query GLENTRY': 2, 'readByQuery GLENTRY': 1 },
      refused: { XL03000010: 1 },
    });
  });

  it('runs the clock only when told to: things arrive, move on, and months close', () => {
    const timers = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const kinds: string[] = [];
      gateway.site.ledger.onChange(({ kind, object }) => kinds.push(`${kind} ${object}`));
      timers.tick(60_000);
      expect(kinds).to.deep.equal([]);
      gateway.site.changeSettings({ entriesPerMinute: 60, changesPerMinute: 60 });
      gateway.site.start();
      timers.tick(60_000);
      expect(kinds).to.include.members([
        'added GLBATCH',
        'added APBILL',
        'changed APBILL',
        'added APPYMT',
        'changed APPYMT',
      ]);
      expect(gateway.site.settings().booksClosedThrough).to.equal('2026-02-28');
      gateway.site.changeSettings({ clockPaused: true });
      kinds.length = 0;
      timers.tick(60_000);
      expect(kinds).to.deep.equal([]);
    } finally {
      gateway.site.stop();
      timers.restore();
    }
  });

  it('is mounted in the sandbox beside the other ERPs', async () => {
    const sandbox = await startSandbox({ scenario: { clockRuns: false } });
    try {
      const { intacct } = sandbox.describe() as { intacct: { url: string; companyId: string } };
      expect(intacct.url).to.equal(`${sandbox.url}/intacct/ia/xml/xmlgw.phtml`);
      const answer = await fetch(intacct.url, {
        method: 'POST',
        body: '<a/>',
        headers: { 'Content-Type': 'application/xml' },
      });
      expect(await answer.text()).to.include('XL03000003');
      expect((await fetch(`${sandbox.url}/admin/intacct/counters`)).status).to.equal(200);
    } finally {
      await sandbox.stop();
    }
  });
});
