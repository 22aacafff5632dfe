import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { countCalls, createMeter, readingMost } from '../../app/metering/meter.ts';
import { forAPerson } from '../../app/metering/purpose.ts';
import { callsWords, readCallsUsed } from '../../app/metering/used.ts';
import type { Budget } from '../../connectors/connector.ts';
import { installed } from '../cli/fixtures.ts';
import { errorOf } from '../outbound/servers.ts';
import { type FreshDatabase, freshDatabase, testKeyring } from '../support/database.ts';

const run = promisify(execFile);
const inNovember = '2026-11-21T10:00:00Z';

describe('The meter of what an ERP bills by the call', () => {
  let fresh: FreshDatabase;
  let installation: string;
  before(async () => {
    fresh = await freshDatabase();
    installation = await installed(fresh.db, testKeyring());
    await fresh.db('installations').update({ installer_user_id: 'U0INSTALLER' });
    await fresh
      .db('administrators')
      .insert({ installation_id: installation, person: 'U0NAMED', named_by: 'U0INSTALLER' });
  });
  after(() => fresh.drop());

  async function connection(time_zone = 'UTC') {
    const row = { id: randomUUID(), time_zone, connector: 'c', settings: {} };
    await fresh.db('connections').insert({ ...row, installation_id: installation, name: row.id, secret: '' });
    return row;
  }
  const budget = (callsPerMonth: number | null, callsPerDay: number | null = null): Budget => ({
    callsPerDay,
    callsPerMonth,
  });
  const rowOf = (id: string) => fresh.db('erp_calls').where({ connection_id: id }).orderBy('month');
  const at = (instant: string) => () => new Date(instant);
  async function spendUntilRefused(spend: () => Promise<void>): Promise<{ allowed: number; words: string }> {
    for (let allowed = 0; ; allowed += 1) {
      const refusal = await spend().then(
        () => null,
        (error) => error as Error,
      );
      if (refusal) return { allowed, words: refusal.message };
    }
  }

  it('allows two processes together what the budget allows, to the call', async () => {
    const { id } = await connection();
    const spender = fileURLToPath(new URL('spender.ts', import.meta.url));
    const spending = [1, 2].map(() => run(process.execPath, [spender, fresh.url, id, '200', inNovember]));
    const allowed = (await Promise.all(spending)).map(({ stdout }) => Number(stdout));
    expect(allowed.reduce((sum, each) => sum + each)).to.equal(190);
    const [row] = await rowOf(id);
    expect(row).to.include({ calls: '190' });
    expect(row.days[20]).to.equal(190);
  });

  it('counts what is sent together as one, and none of it where only part is left', async () => {
    const subject = await connection();
    const meter = createMeter(fresh.db, subject, budget(100), at(inNovember));
    await meter.spend(90);
    expect(await errorOf(meter.spend(6))).to.include({ name: 'BudgetUsedUp', field: 'budget' });
    expect((await rowOf(subject.id))[0]).to.include({ calls: '90' });
    await meter.spend(5);
    expect((await rowOf(subject.id))[0]).to.include({ calls: '95' });
  });

  it('says when reading goes on, in plain words', async () => {
    const subject = await connection();
    const meter = createMeter(fresh.db, subject, budget(60_000), at(inNovember));
    await countCalls(fresh.db, subject, 57_000, new Date(inNovember));
    expect((await errorOf(meter.spend(1))).message).to.equal(
      'The budget of 60,000 calls for November is used up, but for what is kept for decisions; reading goes on on 1 December. Raise it with Edit in the Home tab to go on sooner.',
    );
    const daily = createMeter(fresh.db, subject, budget(null, 2_000), at(inNovember));
    expect((await errorOf(daily.spend(1))).message).to.contain('Today’s budget of 2,000 calls is used up');
  });

  it('begins a new day and a new month by the connection’s own calendar', async () => {
    // 31 October, 23:30 in New York, is 1 November, 03:30 in London; New York is behind UTC by four hours then.
    const subject = await connection('America/New_York');
    const limits = budget(40, 20);
    const spendAt = (instant: string) => () => createMeter(fresh.db, subject, limits, at(instant)).spend(1);
    expect((await spendUntilRefused(spendAt('2026-10-31T03:59:00Z'))).allowed).to.equal(19);
    const evening = await spendUntilRefused(spendAt('2026-11-01T03:30:00Z'));
    expect(evening).to.deep.include({ allowed: 19 });
    expect(evening.words).to.contain('40 calls for October').and.to.contain('1 November');
    const night = await spendUntilRefused(spendAt('2026-11-01T04:30:00Z'));
    expect(night.allowed).to.equal(19);
    expect(night.words).to.contain('Today’s budget of 20 calls');
    const rows = await rowOf(subject.id);
    expect(rows.map(({ calls }) => calls)).to.deep.equal(['38', '19']);
    expect([rows[0].days[29], rows[0].days[30], rows[1].days[0]]).to.deep.equal([19, 19, 19]);
  });

  it('keeps a twentieth for what people wait for', async () => {
    const subject = await connection();
    const meter = createMeter(fresh.db, subject, budget(100), at(inNovember));
    expect((await spendUntilRefused(() => meter.spend(1))).allowed).to.equal(readingMost(100));
    const decisions = await spendUntilRefused(() => forAPerson(() => meter.spend(1)));
    expect(decisions.allowed).to.equal(5);
    expect(decisions.words).to.contain('nothing can be asked of the ERP until 1 December');
    expect((await errorOf(meter.spend(1))).message).to.contain('but for what is kept for decisions');
  });

  it('does not stop a decision half-way, and brings one to its end that began in an earlier try', async () => {
    const subject = await connection();
    const meter = createMeter(fresh.db, subject, budget(100), at(inNovember));
    await countCalls(fresh.db, subject, 99, new Date(inNovember));
    await forAPerson(async () => {
      for (let call = 0; call < 4; call += 1) await meter.spend(1);
    });
    expect((await rowOf(subject.id))[0]).to.include({ calls: '103' });
    expect(await errorOf(forAPerson(() => meter.spend(1)))).to.include({ name: 'BudgetUsedUp' });
    await forAPerson(() => meter.spend(2), { isUnderWay: true });
    expect((await rowOf(subject.id))[0]).to.include({ calls: '105' });
  });

  it('goes on at once with a budget that was raised, and counts without one', async () => {
    const subject = await connection();
    await spendUntilRefused(() => createMeter(fresh.db, subject, budget(20), at(inNovember)).spend(1));
    await createMeter(fresh.db, subject, budget(30), at(inNovember)).spend(5);
    await createMeter(fresh.db, subject, budget(null), at(inNovember)).spend(1_000);
    expect((await rowOf(subject.id))[0]).to.include({ calls: '1024' });
    expect(await errorOf(createMeter(fresh.db, await connection(), budget(0), at(inNovember)).spend(1))).to.include({
      name: 'BudgetUsedUp',
    });
  });

  it('has administrators told at four fifths and at the end, each once a month', async () => {
    const subject = await connection();
    const meter = createMeter(fresh.db, subject, budget(100), at(inNovember));
    const told = async () => {
      const { rows } = await fresh.db.raw<{ rows: Array<{ key: string }> }>(
        `select key from graphile_worker.jobs where key like ? order by key`,
        [`tell:budget/${subject.id}%`],
      );
      return rows.map(({ key }) => key.replace(subject.id, 'id'));
    };
    await meter.spend(79);
    expect(await told()).to.deep.equal([]);
    await Promise.all([meter.spend(1), meter.spend(1), meter.spend(1)]);
    const atFourFifths = ['tell:budget/id.2026-11-01.80/U0INSTALLER', 'tell:budget/id.2026-11-01.80/U0NAMED'];
    expect(await told()).to.deep.equal(atFourFifths);
    await fresh.db.raw(`select graphile_worker.remove_job(key) from graphile_worker.jobs where key like 'tell:%'`);
    await spendUntilRefused(() => meter.spend(1));
    await spendUntilRefused(() => meter.spend(1));
    const atTheEnd = ['tell:budget/id.2026-11-01.100/U0INSTALLER', 'tell:budget/id.2026-11-01.100/U0NAMED'];
    expect(await told()).to.deep.equal(atTheEnd);
    const events = await fresh.db('audit_events').where({ connection_id: subject.id }).orderBy('id');
    expect(events.map(({ kind, data }) => [kind, data.percent])).to.deep.equal([
      ['connection.budget_reached', 80],
      ['connection.budget_reached', 100],
    ]);
  });

  it('shows what was used today and in this month, and where that leads', async () => {
    const subject = await connection('Europe/London');
    await countCalls(fresh.db, subject, 30_000, new Date('2026-11-01T10:00:00Z'));
    await countCalls(fresh.db, subject, 1_000, new Date('2026-11-16T00:00:00Z'));
    await countCalls(fresh.db, subject, 500, new Date('2026-10-31T12:00:00Z'));
    const now = new Date('2026-11-16T12:00:00Z');
    const used = async (of: Budget) => (await readCallsUsed(fresh.db, [subject], () => of, now)).get(subject.id);
    const enough = await used(budget(60_000, 3_000));
    expect(enough).to.include({ today: 1_000, thisMonth: 31_000, projected: 60_000, usedUpOn: null, problem: null });
    expect(enough && callsWords(enough, 'de-DE')).to.equal(
      '1.000 calls today of 3.000 allowed · 31.000 in November of 60.000 allowed, about 60.000 by its end',
    );
    // 31,000 in 15.5 days are 2,000 a day: 50,000 is passed on the 26th day.
    expect(await used(budget(50_000))).to.include({ usedUpOn: 26, problem: null });
    expect((await used(budget(32_000)))?.problem).to.contain('The budget of 32,000 calls for November is used up');
    expect((await used(budget(null, 1_000)))?.problem).to.contain('Today’s budget of 1,000 calls');
    const none = await readCallsUsed(fresh.db, [subject], () => null, now);
    expect(none.size).to.equal(0);
  });
});
