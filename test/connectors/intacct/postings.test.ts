import { expect } from 'chai';
import { sumDecimals } from '../../../app/domain/money.ts';
import { closePeriods, type ReportingPeriod } from '../../../app/domain/periods.ts';
import type { Postings } from '../../../app/domain/summary.ts';
import { Company } from './company.ts';

const { signal } = new AbortController();
const march: ReportingPeriod = { name: 'Month Ended March 2026', start: '2026-03-01', end: '2026-03-31' };

describe('connectors intacct: summaries', () => {
  let company: Company;
  beforeEach(async () => {
    company = await Company.start();
  });
  afterEach(() => company.close());

  const read = (period = march, connection = company.connect()): Promise<Postings> => {
    if (!connection.postings) throw new Error('no summaries');
    return connection.postings(period, signal);
  };
  const entry = (day: string, more: Partial<Parameters<Company['site']['maker']['entry']>[0]> = {}) =>
    company.site.maker.entry({ state: 'P', day, quiet: true, more: { MEGAENTITYKEY: 1 }, ...more });
  /** What the books hold, counted beside the gateway. */
  const debitsOf = (row: { RECORDNO: number }) =>
    company.site.ledger
      .where('GLENTRY', 'BATCHNO', row.RECORDNO)
      .filter(({ TR_TYPE, STATISTICAL }) => TR_TYPE === '1' && STATISTICAL !== 'T')
      .map(({ TRX_AMOUNT }) => String(TRX_AMOUNT));

  it('counts what is posted in a period by module and journal, with its debits in each currency', async () => {
    const general = [entry('2026-03-01'), entry('2026-03-31'), entry('2026-03-10', { currency: 'EUR' })];
    const cash = [entry('2026-03-05', { journal: 'CMJ', module: '11.CM' })];
    entry('2026-02-28');
    entry('2026-04-01');
    for (const state of ['I', 'S', 'X', 'A', 'R']) entry('2026-03-10', { state });
    const { groups } = await read();
    const euro = general[2] as (typeof general)[number];
    const sterling = sumDecimals(general.slice(0, 2).flatMap(debitsOf));
    expect(groups).to.have.deep.members([
      {
        ...{ journal: 'GJ', module: 'General ledger', entries: 3 },
        totals: [
          { value: sterling, currency: 'GBP' },
          { value: sumDecimals(debitsOf(euro)), currency: 'EUR' },
        ],
      },
      {
        ...{ journal: 'CMJ', module: 'Cash management', entries: 1 },
        totals: [{ value: sumDecimals(cash.flatMap(debitsOf)), currency: 'GBP' }],
      },
    ]);
  });

  it('counts an entry that was reversed, and its reversal, for both are in the ledger', async () => {
    entry('2026-03-02', { state: 'Z' });
    entry('2026-03-03', { state: 'L' });
    entry('2026-03-04');
    expect((await read()).groups.map(({ entries }) => entries)).to.deep.equal([3]);
  });

  it('names the largest entries with their way into Intacct, compared in the company’s own currency', async () => {
    const rows = Array.from({ length: 9 }, (_, index) => entry(`2026-03-0${index + 1}`));
    const base = (row: { RECORDNO: number }) =>
      Number(
        company.site.ledger.where('GLENTRY', 'BATCHNO', row.RECORDNO).find(({ TR_TYPE }) => TR_TYPE === '1')?.AMOUNT,
      );
    const expected = rows.toSorted((a, b) => base(b) - base(a)).slice(0, 5);
    const { largest } = await read();
    expect(largest.map(({ key }) => Number(key))).to.deep.equal(expected.map(({ RECORDNO }) => RECORDNO));
    expect(largest[0]?.link).to.match(/^http.*ur\.phtml\?\.r=/);
    expect(largest[0]?.date).to.match(/^2026-03-/);
    company.site.changeSettings({ recordUrl: 'empty' });
    expect((await read()).largest[0]?.link).to.equal(null);
  });

  it('leaves lines out that count heads and not money', async () => {
    const row = entry('2026-03-10');
    const before = (await read()).groups[0]?.totals;
    const [line] = company.site.ledger.where('GLENTRY', 'BATCHNO', row.RECORDNO);
    company.site.hand.add(
      'GLENTRY',
      pick({ ...line }, { TR_TYPE: '1', STATISTICAL: 'T', TRX_AMOUNT: '42', AMOUNT: '42' }),
    );
    expect((await read()).groups[0]?.totals).to.deep.equal(before);
  });

  it('asks twice for a thousand entries, each call billed once', async () => {
    for (let count = 0; count < 1000; count += 1) entry('2026-03-10');
    await read();
    const before = company.spent.reduce((sum, calls) => sum + calls, 0);
    const requests = company.running.asked.length;
    const connection = company.connect();
    const { groups, largest } = await read(march, connection);
    expect(groups[0]?.entries).to.equal(1000);
    expect(largest).to.have.length(5);
    expect(company.spent.reduce((sum, calls) => sum + calls, 0) - before).to.equal(2);
    expect(company.running.asked.length - requests).to.equal(2);
  }).timeout(60_000);

  it('goes on over many pages, and asks for the next entries with the sums of these', async () => {
    const rows = Array.from({ length: 2_150 }, () => entry('2026-03-10'));
    await read(march, company.connect());
    const requests = company.running.asked.length;
    const { groups } = await read(march, company.connect());
    expect(groups[0]?.entries).to.equal(2_150);
    expect(groups[0]?.totals).to.deep.equal([{ value: sumDecimals(rows.flatMap(debitsOf)), currency: 'GBP' }]);
    expect(company.running.asked.length - requests).to.equal(4);
  }).timeout(90_000);

  it('reads an empty period as nothing, by one call', async () => {
    await read();
    const requests = company.running.asked.length;
    expect(await read()).to.deep.equal({ groups: [], largest: [] });
    expect(company.running.asked.length - requests).to.equal(1);
  });

  it('asks for dates as the user writes them', async () => {
    await company.close();
    company = await Company.start({
      settings: { userFormat: { locale: 'en_GB', dateformat: '.dmY', gmtoffset: '+05:30', clock: '12' } },
    });
    entry('2026-03-01');
    entry('2026-03-31');
    entry('2026-04-01');
    expect((await read()).groups[0]?.entries).to.equal(2);
    expect(company.running.asked.some((body) => body.includes('<value>31.03.2026</value>'))).to.equal(true);
  });

  it('loses its session between two pages and goes on', async () => {
    for (let count = 0; count < 1_050; count += 1) entry('2026-03-10');
    await read();
    company.site.setFault({ kind: 'expire-sessions', match: 'GLENTRY', times: 1 });
    expect((await read()).groups[0]?.entries).to.equal(1_050);
  }).timeout(60_000);

  it('reads line by line where the gateway does not sum by entry, and asks it only once', async () => {
    const rows = [entry('2026-03-10'), entry('2026-03-11', { currency: 'EUR' })];
    const expected = await read();
    const refusal = { level: 'result', errorno: 'XL03000003', description2: 'Unknown element sum in select.' } as const;
    company.site.setFault({ kind: 'error', match: '<sum>', ...refusal });
    const connection = company.connect();
    expect(await read(march, connection)).to.deep.equal(expected);
    expect(await read(march, connection)).to.deep.equal(expected);
    expect(rows).to.have.length(2);
    expect(company.running.asked.filter((body) => body.includes('<sum>'))).to.have.length(2);
    // By now the lines come with the first request for them: one call for the entries, one for their lines.
    const before = company.spent.reduce((sum, calls) => sum + calls, 0);
    expect(await read(march, connection)).to.deep.equal(expected);
    expect(company.spent.reduce((sum, calls) => sum + calls, 0) - before).to.equal(2);
  });

  it('hides what belongs to private entities unless they are read, too', async () => {
    entry('2026-03-10', { more: { MEGAENTITYKEY: 5 } });
    entry('2026-03-10', { more: { MEGAENTITYKEY: 1 } });
    expect((await read()).groups[0]?.entries).to.equal(1);
    expect((await read(march, company.connect({ private_entities: 'read' }))).groups[0]?.entries).to.equal(2);
  });

  it('says which permission is missing', async () => {
    entry('2026-03-10');
    company.site.changeSettings({ noPermission: ['GLENTRY'] });
    const error = await read().catch((problem) => problem);
    expect(error.name).to.equal('ReconnectError');
    expect(error.message).to.contain('GLENTRY');
  });

  it('reads the reporting periods, of which the months are closed', async () => {
    const connection = company.connect();
    const periods = (await connection.periods?.(signal)) ?? [];
    expect(periods.some(({ name }) => name === 'Year Ended December 2026')).to.equal(true);
    const closed = closePeriods(periods);
    expect(closed.map(({ start }) => start)).to.include.members(['2026-01-01', '2026-02-01', '2026-03-01']);
    expect(closed.find(({ start }) => start === '2026-03-01')).to.deep.equal(march);
    expect(closed.some(({ name }) => name.startsWith('Year'))).to.equal(false);
  });
});

function pick(fields: Record<string, unknown>, more: Record<string, string>): Record<string, string | number> {
  const names = ['BATCHNO', 'LINE_NO', 'ENTRY_DATE', 'ACCOUNTNO', 'LOCATION', 'CURRENCY', 'DEPARTMENT'];
  const kept = names.flatMap((name) =>
    fields[name] === null || fields[name] === undefined ? [] : [[name, fields[name]]],
  );
  return { ...Object.fromEntries(kept), ...more };
}
