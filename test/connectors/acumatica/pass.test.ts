import { expect } from 'chai';
import { parseCursor } from '../../../connectors/acumatica/cursor.ts';
import type { Stamp } from '../../../connectors/acumatica/document.ts';
import { readByPages } from '../../../connectors/acumatica/pages.ts';
import { Pass, type PassPage } from '../../../connectors/acumatica/pass.ts';
import type { Slice } from '../../../connectors/acumatica/queries.ts';
import { readByWindows } from '../../../connectors/acumatica/windows.ts';
import type { Cursor } from '../../../connectors/connector.ts';

const begin = Date.parse('2025-03-01T00:00:00Z');
const clock = Date.parse('2025-03-10T00:00:00Z');
const pageSize = 10;

interface Row {
  stamp: Stamp;
}
const row = (number: number, modifiedAt: number): Row => ({
  stamp: { id: `id-${number}`, type: 'Bill', reference: String(number), modifiedAt },
});

/** A list that answers slices as the ERP does; `order` may answer differently each time, `between` runs after each. */
class FakeList {
  rows: Row[];
  slices: Slice[] = [];
  order: (rows: Row[]) => Row[] = (rows) => rows;
  between: (request: number) => void = () => {};

  constructor(rows: Row[]) {
    this.rows = rows;
  }

  fetch = async (slice: Slice) => {
    this.slices.push(slice);
    const inside = this.rows.filter(
      ({ stamp: { modifiedAt } }) => modifiedAt >= slice.since && (slice.before === null || modifiedAt < slice.before),
    );
    const end = slice.top === null ? undefined : slice.skip + slice.top;
    const rows = this.order(inside).slice(slice.skip, end);
    this.between(this.slices.length);
    return { rows, clock };
  };
}

async function* run(list: FakeList, cursor: Cursor | null): AsyncGenerator<PassPage<Row>> {
  const { state, position } = parseCursor(cursor ?? { since: new Date(begin).toISOString() });
  const pass = new Pass<Row>(state, pageSize, list.fetch);
  if (position.by === 'windows') yield* readByWindows(pass, position.from);
  else if (!(yield* readByPages(pass, position))) yield* readByWindows(pass, state.since);
}

async function readAll(list: FakeList, cursor: Cursor | null = null): Promise<PassPage<Row>[]> {
  const pages: PassPage<Row>[] = [];
  for await (const page of run(list, cursor)) pages.push(page);
  return pages;
}

const idsOf = (pages: PassPage<Row>[]) => pages.flatMap(({ rows }) => rows.map(({ stamp }) => stamp.id));
const many = (count: number, stepMs = 60_000) =>
  Array.from({ length: count }, (_, index) => row(index, begin + 1 + index * stepMs));
const expectAllOnce = (pages: PassPage<Row>[], rows: Row[]) => {
  expect(idsOf(pages).sort()).to.deep.equal(rows.map(({ stamp }) => stamp.id).sort());
};

/** A repeatable shuffle, another one at each call. */
function createShuffle() {
  let seed = 7;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  return (rows: Row[]) =>
    rows
      .map((one) => ({ one, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
}

describe('a pass over the changes', () => {
  it('reads by pages that overlap by one row, while the order holds', async () => {
    const list = new FakeList(many(35));
    expectAllOnce(await readAll(list), list.rows);
    expect(list.slices.map(({ skip }) => skip)).to.deep.equal([0, 9, 18, 27]);
  });

  it('ends on a page that holds nothing but the overlap', async () => {
    const list = new FakeList(many(10));
    expectAllOnce(await readAll(list), list.rows);
    expect(list.slices.length).to.equal(2);
  });

  it('asks once when nothing changed, and moves on by the clock of the ERP, less an overlap', async () => {
    const pages = await readAll(new FakeList([]));
    expect(pages).to.deep.equal([{ rows: [], cursor: { since: '2025-03-09T23:58:00.000Z' } }]);
  });

  it('goes backwards with the clock of the ERP, but not by more than a day', async () => {
    const hoursAhead = (hours: number) => new Date(clock + hours * 3_600_000).toISOString();
    const next = async (since: string) => (await readAll(new FakeList([]), { since })).at(-1)?.cursor;
    expect(await next(hoursAhead(1))).to.deep.equal({ since: '2025-03-09T23:58:00.000Z' });
    expect(await next(hoursAhead(25))).to.deep.equal({ since: hoursAhead(25) });
  });

  it('moves on by the latest change where the ERP tells no time', async () => {
    const list = new FakeList(many(3));
    const silent = new FakeList([]);
    silent.fetch = async (slice) => ({ ...(await list.fetch(slice)), clock: null as never });
    expect((await readAll(silent)).at(-1)?.cursor).to.deep.equal({ since: new Date(begin + 1).toISOString() });
  });

  for (const [what, change] of [
    ['a row before the seam vanishes', (list: FakeList) => list.rows.splice(2, 1)],
    ['a row comes in before the seam', (list: FakeList) => list.rows.splice(2, 0, row(1000, begin + 5))],
    [
      'a row that was read moves to the end',
      (list: FakeList) => list.rows.push(row(2, clock), ...list.rows.splice(2, 1).slice(1)),
    ],
  ] as const)
    it(`loses nothing when ${what} between two pages`, async () => {
      const list = new FakeList(many(35));
      const before = list.rows.map(({ stamp }) => stamp.id);
      list.between = (request) => {
        if (request === 2) change(list);
      };
      const read = new Set(idsOf(await readAll(list)));
      for (const id of before) expect(read.has(id), id).to.equal(true);
    });

  it('loses nothing when every answer is in another order', async () => {
    for (const count of [11, 35, 120]) {
      const list = new FakeList(many(count));
      list.order = createShuffle();
      expectAllOnce(await readAll(list), list.rows);
    }
  });

  it('loses nothing when rows change places around a seam that holds', async () => {
    const list = new FakeList(many(25));
    list.between = (request) => {
      if (request !== 1) return;
      const [read, unread] = [list.rows[3], list.rows[12]];
      if (read && unread) Object.assign(list.rows, { 3: unread, 12: read });
    };
    expectAllOnce(await readAll(list), list.rows);
  });

  it('loses nothing when many rows of one moment are in another order each time', async () => {
    const burst = Array.from({ length: 500 }, (_, index) => row(1000 + index, begin + 777_777));
    const list = new FakeList([...many(30), ...burst]);
    list.order = createShuffle();
    const pages = await readAll(list);
    expectAllOnce(pages, list.rows);
    expect(list.slices.some(({ top }) => top === null)).to.equal(true);
    for (const { rows } of pages) expect(rows.length).to.be.at.most(pageSize);
  });

  it('needs a bounded number of requests for windows', async () => {
    const list = new FakeList(many(1000));
    list.order = createShuffle();
    expectAllOnce(await readAll(list), list.rows);
    expect(list.slices.length).to.be.lessThan(400);
  });

  it('yields a row again when it changed during the pass', async () => {
    const list = new FakeList(many(25));
    list.between = (request) => {
      if (request === 1) list.rows.push(row(3, clock), ...list.rows.splice(3, 1).slice(1));
    };
    const versions = (await readAll(list)).flatMap(({ rows }) => rows).filter(({ stamp }) => stamp.id === 'id-3');
    expect(versions.map(({ stamp }) => stamp.modifiedAt)).to.include(clock);
  });

  for (const order of ['kept', 'shuffled'] as const)
    it(`resumes at every cursor, order ${order}, and loses nothing`, async () => {
      const rows = many(47);
      const started = new FakeList(rows);
      if (order === 'shuffled') started.order = createShuffle();
      const pages = await readAll(started);
      for (const [index, { cursor }] of pages.entries()) {
        const resumed = new FakeList(rows);
        if (order === 'shuffled') resumed.order = createShuffle();
        const later = await readAll(resumed, cursor);
        const read = new Set([...idsOf(pages.slice(0, index + 1)), ...idsOf(later)]);
        expect([...read].sort()).to.deep.equal(rows.map(({ stamp }) => stamp.id).sort());
        if (order === 'kept' && index < pages.length - 1)
          expect(idsOf(later).length).to.equal(rows.length - idsOf(pages.slice(0, index + 1)).length);
      }
    });

  it('falls back to windows when it resumes at a seam that is not there any more', async () => {
    const rows = many(47);
    const [, second] = await readAll(new FakeList(rows));
    const changed = new FakeList(rows.slice(3));
    const read = idsOf(await readAll(changed, second?.cursor ?? null));
    expect(new Set(read)).to.deep.equal(new Set(changed.rows.map(({ stamp }) => stamp.id)));
  });

  it('keeps the start of its pass over a crash', async () => {
    const pages = await readAll(new FakeList(many(47)));
    const resumed = new FakeList(many(47));
    resumed.fetch = async (slice) => ({ ...(await new FakeList(many(47)).fetch(slice)), clock: clock + 3_600_000 });
    expect((await readAll(resumed, pages[1]?.cursor ?? null)).at(-1)?.cursor).to.deep.equal({
      since: '2025-03-09T23:58:00.000Z',
    });
  });

  it('refuses a cursor of somebody else', () => {
    expect(() => parseCursor({ offset: 3 })).to.throw('cannot be read');
  });
});
