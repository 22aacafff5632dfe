import { expect } from 'chai';
import type { Settings } from '../../../sandbox/intacct/index.ts';
import { all, filter, only, results, TestGateway, type TestSession } from './gateway.ts';

type UserFormat = Settings['userFormat'];

const american: UserFormat = { locale: 'en_US', dateformat: '/mdY', gmtoffset: '+00:00', clock: '24' };

describe('sandbox intacct: dates and stamps', () => {
  let gateway: TestGateway;
  let session: TestSession;
  beforeEach(async () => {
    gateway = new TestGateway({}, 0);
    session = await gateway.session();
  });
  afterEach(() => gateway.close());

  const bill = (fields: Record<string, string | number | null> = {}) =>
    gateway.site.hand.add('APBILL', { RECORDID: 'B', STATE: 'Posted', WHENCREATED: '2026-03-04', ...fields });
  const shown = async (field: string) => all(await session.query('APBILL', field), field);
  const found = async (condition: string) =>
    all(await session.query('APBILL', 'RECORDNO', condition), 'RECORDNO').length;

  // format of the user -> the date 4 March 2026 and the moment 09:30:00 UTC on 10 March 2026
  const forms: [Partial<UserFormat>, string, string][] = [
    [{}, '03/04/2026', '03/10/2026 09:30:00'],
    [{ dateformat: '.dmY' }, '04.03.2026', '10.03.2026 09:30:00'],
    [{ dateformat: '-Ymd' }, '2026-03-04', '2026-03-10 09:30:00'],
    [{ dateformat: '/mdy' }, '03/04/26', '03/10/26 09:30:00'],
    [{ gmtoffset: '-08:00' }, '03/04/2026', '03/10/2026 01:30:00'],
    [{ gmtoffset: '+14:30' }, '03/04/2026', '03/11/2026 00:00:00'],
    [{ clock: '12', gmtoffset: '+05:00' }, '03/04/2026', '03/10/2026 02:30:00 PM'],
  ];
  for (const [form, date, stamp] of forms) {
    it(`shows and takes ${date} and ${stamp} with ${JSON.stringify(form)}`, async () => {
      gateway.site.changeSettings({ userFormat: { ...american, ...form } });
      bill();
      expect(await shown('WHENCREATED')).to.deep.equal([date]);
      expect(await shown('WHENMODIFIED')).to.deep.equal([stamp]);
      expect(await found(filter('equalto', 'WHENCREATED', date))).to.equal(1);
      expect(await found(filter('equalto', 'WHENMODIFIED', stamp))).to.equal(1);
      expect(await found(filter('greaterthan', 'WHENMODIFIED', stamp))).to.equal(0);
    });
  }

  it('answers DL02000001 to any other form, ISO first of all', async () => {
    for (const value of ['2026-03-04', '2026-03-04T00:00:00Z', '13/40/2026', '3.4.2026', 'today', '02/30/2026', '']) {
      for (const field of ['WHENCREATED', 'WHENMODIFIED']) {
        const text = await session.query('APBILL', 'RECORDNO', filter('greaterthan', field, value));
        expect(results(text), `${field} ${value}`).to.deep.equal(['failure DL02000001']);
      }
    }
  });

  it('takes a date alone for its midnight', async () => {
    bill();
    expect(await found(filter('greaterthanorequalto', 'WHENMODIFIED', '03/10/2026'))).to.equal(1);
    expect(await found(filter('greaterthanorequalto', 'WHENMODIFIED', '03/11/2026'))).to.equal(0);
  });

  it('keeps stamps to the second', async () => {
    const { WHENMODIFIED } = bill();
    expect(WHENMODIFIED).to.equal(Date.parse('2026-03-10T09:30:00Z'));
  });

  it('may keep stamps in UTC whatever the user has set', async () => {
    gateway.site.changeSettings({ userFormat: { ...american, gmtoffset: '-08:00' }, stampsIn: 'UTC' });
    bill();
    expect(await shown('WHENMODIFIED')).to.deep.equal(['03/10/2026 09:30:00']);
    expect(await session.call('<readUserFormatting><key>11</key></readUserFormatting>')).to.include('-08:00');
  });

  it('has the date of a bill in WHENCREATED and its making in AUWHENCREATED, on entries the making in WHENCREATED', async () => {
    bill();
    gateway.site.maker.entry({ state: 'P', day: '2026-03-04' });
    expect(await shown('AUWHENCREATED')).to.deep.equal(['03/10/2026 09:30:00']);
    const entry = await session.query('GLBATCH', 'WHENCREATED BATCH_DATE');
    expect([only(entry, 'WHENCREATED'), only(entry, 'BATCH_DATE')]).to.deep.equal([
      '03/10/2026 09:30:00',
      '03/04/2026',
    ]);
  });

  it('stamps changes with now, with nothing, or with 1970', async () => {
    const { RECORDNO } = bill();
    gateway.pass(60);
    for (const [whenModified, text] of [
      ['null', ''],
      ['1970', '01/01/1970 00:00:00'],
      ['now', '03/10/2026 10:30:00'],
    ] as const) {
      gateway.site.changeSettings({ whenModified });
      gateway.site.hand.change('APBILL', RECORDNO, { DESCRIPTION: whenModified });
      expect(await shown('WHENMODIFIED')).to.deep.equal([text]);
    }
    gateway.site.changeSettings({ whenModified: 'null' });
    gateway.site.hand.change('APBILL', RECORDNO, { DESCRIPTION: '' });
    expect(await found(filter('isnull', 'WHENMODIFIED'))).to.equal(1);
    expect(await found(filter('greaterthan', 'WHENMODIFIED', '01/01/1960'))).to.equal(0);
  });

  it('lets a row be seen hours after its stamp', async () => {
    bill({ visibleInMinutes: 120 });
    expect(await shown('WHENMODIFIED')).to.deep.equal([]);
    gateway.pass(119);
    expect(await shown('WHENMODIFIED')).to.deep.equal([]);
    gateway.pass(1);
    expect(await shown('WHENMODIFIED')).to.deep.equal(['03/10/2026 09:30:00']);
    gateway.site.changeSettings({ visibleAfterMinutes: 30 });
    bill();
    expect(await shown('RECORDNO')).to.have.length(1);
    gateway.pass(30);
    expect(await shown('RECORDNO')).to.have.length(2);
  });
});
