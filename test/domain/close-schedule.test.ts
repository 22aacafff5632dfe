import { expect } from 'chai';
import { nextDue, nextDues, parseSchedule, periodAt } from '../../app/domain/close-schedule.ts';
import { instantOf, localDate } from '../../app/domain/local-time.ts';
import { closePeriods, periodsAround, periodWords, type ReportingPeriod } from '../../app/domain/periods.ts';

function months(year: number, from = 1, to = 12): ReportingPeriod[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const month = from + index;
    const end = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
    return { name: `Month Ended ${year}-${month}`, start: `${end.slice(0, 8)}01`, end };
  });
}

const of2026 = months(2026);

function read(expression: string) {
  const parsed = parseSchedule(expression);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.schedule;
}

function problemOf(expression: string): string {
  const parsed = parseSchedule(expression);
  return 'problem' in parsed ? parsed.problem : '';
}

/** The next instants, in UTC to the minute. */
function dues(
  expression: string,
  after: string,
  count: number,
  { timeZone = 'UTC', periods = of2026 }: { timeZone?: string; periods?: ReportingPeriod[] } = {},
): string[] {
  return nextDues(read(expression), new Date(after), { periods, timeZone }, count).map((due) =>
    due.toISOString().slice(0, 16).replace('T', ' '),
  );
}

const usual = 'close day 1 to 5 at 8:00 and 16:00, otherwise Mondays';

describe('a schedule by close days', () => {
  it('comes twice a day on the first five working days after a period, and on other Mondays once', () => {
    // February 2026 ends on a Saturday: close day 1 is Monday 2 March.
    expect(dues(usual, '2026-02-17T00:00:00Z', 13)).to.deep.equal([
      '2026-02-23 08:00',
      ...['02', '03', '04', '05', '06'].flatMap((day) => [`2026-03-${day} 08:00`, `2026-03-${day} 16:00`]),
      '2026-03-09 08:00',
      '2026-03-16 08:00',
    ]);
  });

  const forms: Array<[string, string, string[]]> = [
    // Single days and their times.
    [
      'close day 1, 3 and 5 at 9:00',
      '2026-02-28T00:00:00Z',
      ['2026-03-02 09:00', '2026-03-04 09:00', '2026-03-06 09:00', '2026-04-01 09:00'],
    ],
    // Other days with days and times of their own; hours in halves of the day.
    [
      'close days 1-2 at 4 pm; otherwise Mondays and Thursdays at 7:30',
      '2026-03-01T00:00:00Z',
      ['2026-03-02 16:00', '2026-03-03 16:00', '2026-03-05 07:30', '2026-03-09 07:30'],
    ],
    // Weekends count where that is asked for.
    [
      'close calendar day 1 at 12:00 otherwise never',
      '2026-02-20T00:00:00Z',
      ['2026-03-01 12:00', '2026-04-01 12:00', '2026-05-01 12:00', '2026-06-01 12:00'],
    ],
    // Any case and spacing.
    [
      '  CLOSE  Day 2   AT 08:15 ,  Otherwise  every day at 12 am',
      '2026-03-02T12:00:00Z',
      ['2026-03-03 08:15', '2026-03-04 00:00', '2026-03-05 00:00', '2026-03-06 00:00'],
    ],
    ['close day 1 at 8:00, otherwise weekdays', '2026-03-06T09:00:00Z', ['2026-03-09 08:00', '2026-03-10 08:00']],
  ];
  for (const [expression, after, expected] of forms) {
    it(`understands “${expression.trim()}”`, () => {
      expect(dues(expression, after, expected.length)).to.deep.equal(expected);
    });
  }

  it('takes a cron expression as well', () => {
    const schedule = read('0 8 * * 1');
    const now = new Date();
    const next = nextDue(schedule, now, { periods: [], timeZone: 'UTC' });
    expect(next?.getUTCDay()).to.equal(1);
    expect(next?.toISOString().slice(11)).to.equal('08:00:00.000Z');
    expect((next?.getTime() ?? 0) - now.getTime()).to.be.within(1, 7 * 86_400_000);
  });

  const wrong: Array<[string, RegExp]> = [
    ['', /begin with “close day”/],
    ['now and then', /begin with “close day”.*cron expression/],
    ['99 * * * *', /begin with “close day”/],
    // Not every second.
    ['* * * * * *', /five fields/],
    ['close of business at 8:00', /“day” and numbers after “close”/],
    ['close day at 8:00', /which close days/],
    ['close day one at 8:00', /the close day “one”, which is no number/],
    ['close day 0 at 8:00', /“0”; there are those from 1 to 31/],
    ['close day 5 to 40 at 8:00', /“5 to 40”; there are those from 1 to 31/],
    ['close day 5 to 1 at 8:00', /“5 to 1”, which end before they begin/],
    ['close day 1', /at which times/],
    ['close day 1 at', /at which times/],
    ['close day 1 at 25:00', /the time “25:00”/],
    ['close day 1 at 8:60', /the time “8:60”/],
    ['close day 1 at 8', /the time “8”, which is none/],
    ['close day 1 at 13 pm', /the time “13 pm”/],
    ['close day 1 at 8:00 at 9:00', /“at” twice/],
    ['close day 1 at 8:00, otherwise', /which weekdays after “otherwise”/],
    ['close day 1 at 8:00, otherwise Mondys', /“mondys” after “otherwise”, which is no weekday/],
    ['close day 1 at 8:00, otherwise never at 9:00', /“otherwise never” and then a time/],
    ['close day 1 at 8:00, otherwise Mondays at', /a time after “at”/],
    ['close day 1 at 8:00, otherwise Mondays, otherwise never', /“otherwise” twice/],
    [
      `close day 1 at ${Array.from({ length: 30 }, (_, minute) => `8:${String(minute).padStart(2, '0')}`).join(', ')}`,
      /more than 24 times/,
    ],
  ];
  for (const [expression, expected] of wrong) {
    it(`says what is wrong with “${expression.slice(0, 60)}”`, () => {
      expect(problemOf(expression)).to.match(expected);
    });
  }

  it('reads hostile text in no time', () => {
    const began = performance.now();
    for (const text of [`close day ${'1 and '.repeat(20_000)}`, `close ${' '.repeat(50_000)}`, 'a'.repeat(50_000)])
      expect(problemOf(text)).not.to.equal('');
    expect(performance.now() - began).to.be.below(1_000);
  });

  it('falls back to calendar months where the ERP names no periods', () => {
    expect(dues('close day 1 at 8:00', '2026-02-20T00:00:00Z', 2, { periods: [] })).to.deep.equal([
      '2026-03-02 08:00',
      '2026-04-01 08:00',
    ]);
  });

  it('follows periods of four and five weeks', () => {
    const periods = [
      { name: 'P1', start: '2026-01-04', end: '2026-01-31' },
      { name: 'P2', start: '2026-02-01', end: '2026-02-28' },
      { name: 'P3', start: '2026-03-01', end: '2026-04-04' },
    ];
    expect(dues('close day 1 at 8:00', '2026-01-20T00:00:00Z', 3, { periods })).to.deep.equal([
      '2026-02-02 08:00',
      '2026-03-02 08:00',
      '2026-04-06 08:00',
    ]);
  });

  it('goes on by calendar months where the periods that are set up end', () => {
    // 1 January 2027 is a Friday. December is the last period that there is.
    expect(dues('close day 1 at 8:00', '2026-12-15T00:00:00Z', 3)).to.deep.equal([
      '2027-01-01 08:00',
      '2027-02-01 08:00',
      '2027-03-01 08:00',
    ]);
    const { period, closing } = periodAt(read(usual), new Date('2027-02-02T09:00:00Z'), {
      ...{ periods: of2026, timeZone: 'UTC' },
    });
    expect({ start: period.start, end: period.end, closing }).to.deep.equal({
      ...{ start: '2027-01-01', end: '2027-01-31', closing: true },
    });
  });

  it('ends with null where nothing is ever due', () => {
    const calendar = { periods: [], timeZone: 'UTC' };
    expect(nextDue({ cron: '0 8 30 2 *' }, new Date('2026-01-01'), calendar)).to.equal(null);
  });
});

describe('a clock change during the close', () => {
  /** Every instant of three weeks, with what the clocks there show. */
  function shown(expression: string, after: string, timeZone: string, count: number, periods = of2026): string[] {
    const clock = new Intl.DateTimeFormat('sv-SE', {
      ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
    });
    return nextDues(read(expression), new Date(after), { periods, timeZone }, count).map((due) => clock.format(due));
  }

  it('leaves the hour on the wall as it is, in London', () => {
    // The clocks go forward on 29 March 2026 and back on 25 October 2026.
    expect(shown(usual, '2026-03-22T00:00:00Z', 'Europe/London', 4)).to.deep.equal([
      '2026-03-23 08:00',
      '2026-03-30 08:00',
      '2026-04-01 08:00',
      '2026-04-01 16:00',
    ]);
    expect(dues(usual, '2026-03-22T00:00:00Z', 2, { timeZone: 'Europe/London' })).to.deep.equal([
      '2026-03-23 08:00',
      '2026-03-30 07:00',
    ]);
    expect(dues(usual, '2026-10-18T00:00:00Z', 2, { timeZone: 'Europe/London' })).to.deep.equal([
      '2026-10-19 07:00',
      '2026-10-26 08:00',
    ]);
  });

  it('moves a time that does not exist to the end of the gap, once', () => {
    const periods = [{ name: 'P', start: '2026-03-01', end: '2026-03-28' }];
    // 01:00 becomes 02:00: neither 1:15 nor 1:45 exist, and 2:00 is there anyway.
    expect(
      dues('close calendar day 1 at 0:30, 1:15, 1:45 and 2:00', '2026-03-28T12:00:00Z', 4, {
        ...{ timeZone: 'Europe/London', periods },
      }),
      // After it the months of the calendar count, of which April is the first whole one.
    ).to.deep.equal(['2026-03-29 00:30', '2026-03-29 01:00', '2026-04-30 23:30', '2026-05-01 00:15']);
    // New York, 8 March 2026: 02:00 becomes 03:00.
    const american = [{ name: 'P', start: '2026-02-08', end: '2026-03-07' }];
    expect(
      dues('close calendar day 1 and 2 at 2:30', '2026-03-07T12:00:00Z', 3, {
        ...{ timeZone: 'America/New_York', periods: american },
      }),
    ).to.deep.equal(['2026-03-08 07:00', '2026-03-09 06:30', '2026-05-01 06:30']);
  });

  it('comes once where a time exists twice', () => {
    // New York, 1 November 2026: 1:30 is shown at 05:30 UTC and again at 06:30 UTC. October’s close begins that day.
    const options = { timeZone: 'America/New_York' };
    expect(dues('close calendar day 1 to 2 at 1:30', '2026-10-31T12:00:00Z', 2, options)).to.deep.equal([
      '2026-11-01 05:30',
      '2026-11-02 06:30',
    ]);
    // Asked between the two, it is over.
    expect(dues('close calendar day 1 to 2 at 1:30', '2026-11-01T06:00:00Z', 1, options)).to.deep.equal([
      '2026-11-02 06:30',
    ]);
  });

  it('counts in zones of half an hour, and where the clocks move by half an hour', () => {
    expect(dues('close day 1 at 8:00', '2026-02-28T00:00:00Z', 1, { timeZone: 'Asia/Kolkata' })).to.deep.equal([
      '2026-03-02 02:30',
    ]);
    // Adelaide, UTC+10:30 until 5 April 2026 and +9:30 from then on.
    expect(
      dues('close day 1 to 4 at 8:00', '2026-03-31T12:00:00Z', 4, { timeZone: 'Australia/Adelaide' }),
    ).to.deep.equal(['2026-03-31 21:30', '2026-04-01 21:30', '2026-04-02 21:30', '2026-04-05 22:30']);
    // Lord Howe: 2:00 becomes 2:30 on 4 October 2026, and 2:00 becomes 1:30 on 5 April 2026.
    const lordHowe = 'Australia/Lord_Howe';
    expect(instantOf('2026-10-04', 2 * 60 + 15, lordHowe).toISOString()).to.equal('2026-10-03T15:30:00.000Z');
    expect(instantOf('2026-10-04', 2 * 60 + 30, lordHowe).toISOString()).to.equal('2026-10-03T15:30:00.000Z');
    expect(instantOf('2026-04-05', 1 * 60 + 45, lordHowe).toISOString()).to.equal('2026-04-04T14:45:00.000Z');
  });

  it('finds midnight where the clocks jump over it, and a day that was left out', () => {
    // Cairo, 24 April 2026: 00:00 becomes 01:00.
    expect(instantOf('2026-04-24', 0, 'Africa/Cairo').toISOString()).to.equal('2026-04-23T22:00:00.000Z');
    // Samoa had no 30 December 2011.
    expect(instantOf('2011-12-30', 8 * 60, 'Pacific/Apia').toISOString()).to.equal('2011-12-30T10:00:00.000Z');
    expect(localDate(new Date('2011-12-30T10:00:00Z'), 'Pacific/Apia')).to.equal('2011-12-31');
  });

  for (const timeZone of [
    'Europe/London',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'Pacific/Chatham',
  ]) {
    it(`comes as often as it says all year in ${timeZone}, each later than the one before`, () => {
      const all = nextDues(
        read('close calendar day 1 to 31 at 1:30 and 2:30'),
        new Date('2026-01-01T00:00:00Z'),
        { periods: [...months(2025, 12), ...of2026], timeZone },
        2 * 360,
      );
      const byDay = Map.groupBy(all, (due) => localDate(due, timeZone));
      const days = [...byDay.entries()].slice(1, -1);
      for (const [day, times] of days) expect(times.length, day).to.equal(2);
      expect(all.every((due, index) => index === 0 || due > (all[index - 1] as Date))).to.equal(true);
      expect(days.length).to.be.greaterThan(350);
    });
  }
});

describe('the period of a summary', () => {
  const at = (moment: string, expression = usual, periods = of2026) =>
    periodAt(read(expression), new Date(moment), { periods, timeZone: 'Europe/London' });

  it('is the one that is being closed until its last close day, weekends between included', () => {
    expect(at('2026-03-02T08:00:00Z')).to.deep.equal({ period: of2026[1], closing: true });
    expect(at('2026-03-01T08:00:00Z').period).to.equal(of2026[1]);
    expect(at('2026-03-06T23:00:00Z').closing).to.equal(true);
    expect(at('2026-03-07T08:00:00Z')).to.deep.equal({ period: of2026[2], closing: false });
    // In July in London the day begins at 23:00 UTC of the day before.
    expect(at('2026-06-30T23:30:00Z').period).to.equal(of2026[5]);
    expect(at('2026-06-30T23:30:00Z').closing).to.equal(true);
    expect(at('2026-06-30T22:30:00Z')).to.deep.equal({ period: of2026[5], closing: false });
  });

  it('is the current one by a cron expression, and a calendar month where there is none', () => {
    expect(at('2026-03-02T08:00:00Z', '0 8 * * *').period).to.equal(of2026[2]);
    expect(at('2027-05-20T08:00:00Z').period).to.include({ start: '2027-05-01', end: '2027-05-31' });
    expect(at('2026-03-02T08:00:00Z', usual, []).period).to.include({ start: '2026-02-01', end: '2026-02-28' });
  });
});

describe('the periods that are closed', () => {
  it('are those that follow on one another, whatever else is kept', () => {
    const others = [
      { name: 'Quarter Ended March 2026', start: '2026-01-01', end: '2026-03-31' },
      { name: 'Year Ended 2026', start: '2026-01-01', end: '2026-12-31' },
      { name: 'Month To Date', start: '2026-11-01', end: '2026-11-21' },
      { name: 'Budget May', start: '2026-05-01', end: '2026-05-31' },
      { name: 'Today', start: '2026-11-21', end: '2026-11-21' },
      { name: 'Mid-month', start: '2026-06-15', end: '2026-07-14' },
    ];
    const kept = closePeriods([...others, ...of2026]);
    expect(kept.map(({ start, end }) => [start, end])).to.deep.equal(of2026.map(({ start, end }) => [start, end]));
  });

  it('are kept from a year back on, however many are set up ahead', () => {
    const decades = Array.from({ length: 30 }, (_, index) => months(2020 + index)).flat();
    const kept = periodsAround(decades, '2026-11-21');
    expect(kept).to.have.length(60);
    expect(kept[0]).to.include({ end: '2025-11-30' });
    expect(kept.some(({ start }) => start === '2026-11-01')).to.equal(true);
  });

  it('are called by their month where they are one', () => {
    expect(periodWords({ name: 'Month Ended March 2026', start: '2026-03-01', end: '2026-03-31' })).to.equal(
      'March 2026',
    );
    expect(periodWords({ name: 'P3', start: '2026-03-01', end: '2026-04-04' })).to.equal('P3');
  });
});
