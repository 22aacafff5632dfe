import { expect } from 'chai';
import type { SettingsChange } from '../../../sandbox/intacct/index.ts';
import { Company, keysOf } from './company.ts';

type Format = NonNullable<SettingsChange['userFormat']>;
const asked = (company: Company, what: string) => company.running.asked.filter((body) => body.includes(what)).length;

describe('connectors intacct: reading', () => {
  let company: Company;
  beforeEach(async () => {
    company = await Company.start();
  });
  afterEach(() => company.close());

  const addBills = (count: number) => Array.from({ length: count }, () => company.site.maker.bill({ state: 'S' }));
  const numbers = (rows: { RECORDNO: number }[]) => rows.map(({ RECORDNO }) => RECORDNO);

  it('goes on in a new session when the old one is killed between two pages, and loses nothing', async () => {
    const bills = addBills(25);
    const connection = company.connect({ page_size: 3 });
    const read: number[] = [];
    for await (const { documents } of connection.read('bill', null, new AbortController().signal)) {
      read.push(...documents.map(({ key }) => Number(key)));
      company.site.expireSessions();
    }
    expect(read).to.deep.equal(numbers(bills));
    expect(asked(company, '<getAPISession')).to.be.greaterThan(2);
  });

  it('signs in anew when the session has slid to its end', async () => {
    addBills(1);
    company.site.changeSettings({ sessionMinutes: 10 });
    const connection = company.connect();
    await company.pages(connection);
    for (let turn = 0; turn < 3; turn += 1) {
      company.pass(9);
      await company.pages(connection);
    }
    expect(asked(company, '<getAPISession')).to.equal(1);
    company.pass(11);
    await company.pages(connection);
    expect(asked(company, '<getAPISession')).to.equal(2);
  });

  it('uses a session until it is refused where its end is not told', async () => {
    addBills(1);
    company.site.changeSettings({ sessionTimeoutShown: false, sessionMinutes: 10 });
    const connection = company.connect();
    await company.pages(connection);
    company.pass(60);
    expect(keysOf(await company.pages(connection))).to.have.length(1);
    expect(asked(company, '<getAPISession')).to.equal(2);
  });

  it('reads the lines of a page together, and a single one as a list of one', async () => {
    const bills = addBills(7);
    const [{ documents = [] } = {}] = await company.pages(company.connect());
    expect(asked(company, '<object>APBILLITEM</object><select>')).to.equal(1);
    for (const [index, bill] of bills.entries()) {
      const items = company.site.ledger.where('APBILLITEM', 'RECORDKEY', bill.RECORDNO);
      const lines = documents[index]?.lines.map(({ amount, account }) => ({ amount, account }));
      expect(lines).to.deep.equal(items.map((item) => ({ amount: item.TRX_AMOUNT, account: item.ACCOUNTNO })));
    }
    expect(documents.some(({ lines }) => lines.length === 1)).to.equal(true);
    expect((await company.get(bills[0]?.RECORDNO ?? 0))?.lines).to.deep.equal(documents[0]?.lines);
  });

  it('says before each request how many functions it has', async () => {
    addBills(3);
    const connection = company.connect();
    const pages = await company.pages(connection);
    const functions = company.running.asked.map((body) => body.match(/<function /g)?.length ?? 0);
    expect(company.spent).to.deep.equal(functions);
    company.spent.length = 0;
    await company.pages(connection, pages.at(-1)?.cursor);
    expect(company.spent).to.deep.equal([1]);
  });

  it('is billed for one list of two pages, and for the lines of each page', async () => {
    const bills = addBills(25);
    const connection = company.connect({ page_size: 3 });
    await connection.test(new AbortController().signal);
    company.spent.length = 0;
    const pages = await company.pages(connection);
    expect(keysOf(pages)).to.deep.equal(numbers(bills));
    expect(pages.map(({ documents }) => documents.length)).to.deep.equal([3, 3, 3, 3, 3, 3, 3, 3, 1]);
    expect(company.spent).to.have.length(5 + 9);
  });

  it('remembers of a flood only what a cursor can hold, and reads the rest again', async () => {
    const bills = Array.from({ length: 4_100 }, () => company.site.maker.bill({ state: 'S', quiet: true }));
    const connection = company.connect({ page_size: 500, private_entities: 'read' });
    const pages = await company.pages(connection);
    expect(new Set(keysOf(pages)).size).to.equal(bills.length);
    const { cursor } = pages.at(-1) ?? {};
    expect(JSON.stringify(cursor).length).to.be.below(50_000);
    company.pass(1);
    expect(keysOf(await company.pages(connection, cursor))).to.have.length(100);
  });

  it('finds rows that became visible two hours after their stamp, once', async () => {
    const connection = company.connect();
    company.site.changeSettings({ visibleAfterMinutes: 120 });
    const [late] = addBills(1);
    company.site.changeSettings({ visibleAfterMinutes: 0 });
    const [early] = addBills(1);
    let cursor = (await company.pages(connection)).at(-1)?.cursor;
    const found: number[] = [];
    for (let turn = 0; turn < 30; turn += 1) {
      company.pass(5);
      const pages = await company.pages(connection, cursor);
      found.push(...keysOf(pages));
      cursor = pages.at(-1)?.cursor;
    }
    expect(found).to.deep.equal([late?.RECORDNO]);
    expect(early?.RECORDNO).to.not.equal(late?.RECORDNO);
  });

  for (const whenModified of ['null', '1970'] as const)
    it(`finds rows whose WHENMODIFIED is ${whenModified}, and their changes while they are young`, async () => {
      company.site.changeSettings({ whenModified });
      const [bill] = addBills(1);
      const connection = company.connect();
      const pages = await company.pages(connection);
      expect(keysOf(pages)).to.deep.equal([bill?.RECORDNO]);
      expect(pages[0]?.documents[0]?.modifiedAt).to.equal(null);
      const cursor = pages.at(-1)?.cursor;
      expect(keysOf(await company.pages(connection, cursor))).to.deep.equal([]);
      company.site.hand.change('APBILL', bill?.RECORDNO ?? 0, { DESCRIPTION: 'changed', touch: false });
      expect(keysOf(await company.pages(connection, cursor))).to.deep.equal([bill?.RECORDNO]);
    });

  it('sees a second change within one second', async () => {
    const [bill] = addBills(1);
    const connection = company.connect();
    const { cursor } = (await company.pages(connection)).at(-1) ?? {};
    company.site.hand.change('APBILL', bill?.RECORDNO ?? 0, { DESCRIPTION: 'changed' });
    const pages = await company.pages(connection, cursor);
    expect(pages[0]?.documents[0]?.description).to.equal('changed');
  });

  it('reads a bill that Purchasing deleted and made again as another one', async () => {
    const [bill] = addBills(1);
    const connection = company.connect();
    const { cursor } = (await company.pages(connection)).at(-1) ?? {};
    company.site.hand.remove('APBILL', bill?.RECORDNO ?? 0);
    const [again] = addBills(1);
    expect(await company.get(bill?.RECORDNO ?? 0)).to.equal(null);
    expect(keysOf(await company.pages(connection, cursor))).to.deep.equal([again?.RECORDNO]);
  });

  it('reads what belongs to private entities where that is asked for, or in a session of such an entity', async () => {
    const hidden = company.site.maker.bill({ state: 'S', branch: 'UKGI' });
    const open = company.site.maker.bill({ state: 'S', branch: 'DMO' });
    const both = [hidden.RECORDNO, open.RECORDNO];
    const read = async (entered: Record<string, unknown>) => keysOf(await company.pages(company.connect(entered)));
    expect(await read({})).to.deep.equal([open.RECORDNO]);
    expect(await company.get(hidden.RECORDNO)).to.equal(null);
    expect(await read({ private_entities: 'read' })).to.deep.equal(both);
    expect(await read({ entity: 'E500' })).to.deep.equal([hidden.RECORDNO]);
    const inside = await company.get(hidden.RECORDNO, company.connect({ entity: 'E500' }));
    expect(inside?.lines.length).to.be.greaterThan(0);
  });

  it('leaves out the address of a record that has none, and links the one that has one', async () => {
    const [bill] = addBills(1);
    const link = (await company.get(bill?.RECORDNO ?? 0))?.link;
    expect(link).to.match(/ur\.phtml\?\.r=[\w%]+$/);
    company.site.changeSettings({ recordUrlBase: 'https://www.intacct.com/ia/acct/ur.phtml?a=1&b=2' });
    expect((await company.get(bill?.RECORDNO ?? 0))?.link).to.contain('?a=1&b=2?.r=');
    company.site.changeSettings({ recordUrl: 'empty' });
    expect((await company.get(bill?.RECORDNO ?? 0))?.link).to.equal(null);
  });

  it('asks for what the company has, and for everything where its definition tells nothing', async () => {
    const [bill] = addBills(1);
    await company.pages(company.connect());
    const profileWith = (fields: string[]) =>
      company.state.change(async (current) => {
        const profile = current?.profile as { fields: Record<string, string[]> };
        return { ...current, profile: { ...profile, fields: { ...profile.fields, APBILL: fields } } };
      });
    await profileWith(['RECORDID', 'STATE']);
    expect(await company.get(bill?.RECORDNO ?? 0)).to.include({ reference: bill?.RECORDID, amount: null, link: null });
    await profileWith([]);
    expect((await company.get(bill?.RECORDNO ?? 0))?.amount?.value).to.equal(bill?.TRX_TOTALENTERED);
  });

  it('keeps amounts as they are, whatever digits they carry', async () => {
    for (const amounts of ['trimmed', 'two decimals'] as const) {
      company.site.changeSettings({ amounts });
      const more = { TRX_TOTALENTERED: '99999999999999.10', CURRENCY: 'GBP' };
      const { RECORDNO } = company.site.maker.bill({ state: 'S', more });
      expect((await company.get(RECORDNO))?.amount).to.deep.equal({ value: '99999999999999.10', currency: 'GBP' });
    }
  });

  it('shows a state that it does not know, and offers nothing for it', async () => {
    const { RECORDNO } = company.site.maker.bill({ state: 'Quarantined' });
    expect(await company.get(RECORDNO)).to.deep.include({ status: 'Quarantined', phase: 'other', actions: [] });
  });

  const formats: Format[] = [
    { locale: 'en_US', dateformat: '/mdY', gmtoffset: '+00:00', clock: '24' },
    { locale: 'en_GB', dateformat: '/dmY', gmtoffset: '+01:00', clock: '12' },
    { locale: 'de_DE', dateformat: '.dmy', gmtoffset: '+09:30', clock: '24' },
    { locale: 'en_US', dateformat: '-Ymd', gmtoffset: '-08:00', clock: '12' },
  ];
  for (const userFormat of formats)
    for (const stampsIn of ['user offset', 'UTC'] as const)
      it(`reads and writes dates as ${JSON.stringify(Object.values(userFormat))}, stamps in ${stampsIn}`, async () => {
        company.site.changeSettings({ userFormat, stampsIn });
        const bill = company.site.maker.bill({ state: 'S', day: '2026-03-04' });
        const connection = company.connect({ read_from_days: 1 });
        const pages = await company.pages(connection);
        const [document] = pages[0]?.documents ?? [];
        expect(document).to.include({ key: String(bill.RECORDNO), date: '2026-03-04', dueDate: '2026-04-03' });
        if (stampsIn === 'user offset') expect(document?.modifiedAt).to.equal('2026-03-10T09:30:00.000Z');
        company.pass(5);
        const [again] = addBills(1);
        let cursor = pages.at(-1)?.cursor;
        const next = await company.pages(connection, cursor);
        expect(keysOf(next)).to.deep.equal([again?.RECORDNO]);
        cursor = next.at(-1)?.cursor;
        company.pass(24 * 60);
        expect(keysOf(await company.pages(connection, cursor))).to.deep.equal([]);
      });
});
