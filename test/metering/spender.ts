import { createMeter } from '../../app/metering/meter.ts';
import { openDatabase } from '../../app/storage/database.ts';

/** A process of its own that spends call by call until the budget refuses; says how many it was allowed. */
const [url = '', id = '', most = '0', at = ''] = process.argv.slice(2);
const db = openDatabase(url, { max: 4 });
const budget = { callsPerDay: null, callsPerMonth: Number(most) };
const meter = createMeter(db, { id, time_zone: 'UTC' }, budget, () => new Date(at));
let allowed = 0;
const spend = async (): Promise<void> => {
  for (;;) {
    await meter.spend(1);
    allowed += 1;
  }
};
await Promise.allSettled([spend(), spend(), spend()]);
process.stdout.write(`${allowed}`);
await db.destroy();
