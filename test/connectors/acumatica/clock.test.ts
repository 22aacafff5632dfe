import { expect } from 'chai';
import type { Cursor, ErpConnection } from '../../../connectors/connector.ts';
import { type Bench, documentsOf, openBench, readAll } from './support.ts';

const minuteMs = 60_000;

/** A site whose clock goes wrong by ten minutes, read again and again as time goes by. */
describe('A clock that differs from the site’s by ten minutes', () => {
  let bench: Bench;
  let now: number;
  afterEach(() => bench?.close());

  const open = async (clockAheadMinutes: number) => {
    now = Date.now();
    bench = await openBench({ seedBills: 0, now: () => now, settings: { clockAheadMinutes } }, { now: () => now });
  };

  /** Reads on from the cursor; gives the references that came. */
  async function readOn(connection: ErpConnection, cursor: Cursor | null) {
    const pages = await readAll(connection, cursor);
    return { refs: documentsOf(pages).map(({ reference }) => reference), cursor: pages.at(-1)?.cursor ?? null };
  }

  for (const ahead of [10, -10]) {
    for (const days of [0, 30]) {
      const where = `${Math.abs(ahead)} minutes ${ahead > 0 ? 'ahead' : 'behind'}, read from ${days} days back`;
      it(`misses nothing: the site ${where}`, async () => {
        await open(ahead);
        const connection = bench.connect({ read_from_days: days });
        const missed = new Set<string>();
        let { refs, cursor } = await readOn(connection, null);
        for (let minute = 0; minute < 25; minute += 1) {
          now += minuteMs / 2;
          const added = bench.site.addBill();
          missed.add(added.ref);
          now += minuteMs / 2;
          ({ refs, cursor } = await readOn(connection, cursor));
          for (const ref of refs) missed.delete(ref);
          expect([...missed], `in minute ${minute}`).to.deep.equal([]);
        }
        expect(refs, 'and what was read is not read again and again').to.have.length.lessThan(6);
      });
    }
  }

  it('misses nothing when the site’s clock is put back by ten minutes', async () => {
    await open(10);
    const connection = bench.connect();
    let { cursor } = await readOn(connection, null);
    bench.site.changeSettings({ clockAheadMinutes: 0 });
    ({ cursor } = await readOn(connection, cursor));
    const added = bench.site.addBill();
    now += minuteMs;
    const { refs } = await readOn(connection, cursor);
    expect(refs).to.deep.equal([added.ref]);
  });
});
