import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { expect } from 'chai';
import { exportAudit } from '../../app/audit/export.ts';
import { recordEvents } from '../../app/audit/record.ts';
import { sealEvents } from '../../app/audit/seal.ts';
import { verifyAudit, verifyExport } from '../../app/audit/verify.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

describe('verifying the audit record', () => {
  let fresh: FreshDatabase;
  let folder: string;
  let head: string | null;

  beforeEach(async () => {
    fresh = await freshDatabase();
    folder = await mkdtemp(join(tmpdir(), 'audit-'));
    await recordEvents(
      fresh.db,
      Array.from({ length: 9 }, (_, n) => ({
        kind: 'card.posted',
        actor: 'ends with a comma, and a "quote",',
        data: { n, amount: 1.5, text: ',"data":{"x":1}}\u2028 ✓' },
      })),
    );
    ({ head } = await sealEvents(fresh.db, { batch: 3 }));
    await recordEvents(fresh.db, [{ kind: 'not sealed yet' }]);
  });
  afterEach(async () => {
    await fresh.drop();
    await rm(folder, { recursive: true });
  });

  const exported = async () => {
    const file = join(folder, 'audit.jsonl');
    const out = createWriteStream(file);
    await exportAudit(fresh.db, out);
    out.end();
    await finished(out);
    return file;
  };

  it('finds nothing in an untouched record, in the database and in its export', async () => {
    const expected = { events: 10, seals: 3, unsealed: 1, head, problems: [] };
    expect(await verifyAudit(fresh.db)).to.deep.equal(expected);
    expect(await verifyExport(await exported())).to.deep.equal(expected);
  });

  it('exports lines that are JSON, with the data as an object', async () => {
    const lines = (await readFile(await exported(), 'utf8')).trim().split('\n');
    const [header, event] = lines.map((line) => JSON.parse(line));
    expect(header).to.deep.equal({ type: 'countersign audit', version: 1 });
    expect(event).to.include({ type: 'event', id: '1', kind: 'card.posted' });
    expect(event.data).to.deep.equal({ n: 0, amount: 1.5, text: ',"data":{"x":1}}\u2028 ✓' });
    expect(JSON.parse(lines.at(-1) ?? '')).to.deep.equal({ type: 'end', events: 10, seals: 3 });
  });

  it('knows the head that was noted elsewhere, and misses one that is gone', async () => {
    const noted = head ?? '';
    expect((await verifyAudit(fresh.db, { head: noted })).problems).to.deep.equal([]);
    expect((await verifyExport(await exported(), { head: noted })).problems).to.deep.equal([]);
    await tamper('delete from audit_seals where id = 3', 'audit_seals');
    expect((await verifyAudit(fresh.db)).problems).to.deep.equal([]);
    expect((await verifyAudit(fresh.db, { head: noted })).problems.join()).to.contain('seals were removed at the end');
  });

  const tamper = async (statement: string, table = 'audit_events') => {
    await fresh.db.raw(`alter table ${table} disable trigger all`);
    await fresh.db.raw(statement);
    await fresh.db.raw(`alter table ${table} enable trigger all`);
  };

  // What someone with the rights of the owner did, and what verifying says, in the database and offline alike.
  const cases: [string, string, string, RegExp][] = [
    [
      'a changed actor',
      'audit_events',
      `update audit_events set actor = 'X' where id = 2`,
      /^An event was changed in seal 1 /,
    ],
    [
      'a changed time',
      'audit_events',
      `update audit_events set at = at + interval '1 microsecond' where id = 2`,
      /^An event was changed in seal 1 /,
    ],
    [
      'changed data',
      'audit_events',
      `update audit_events set data = '{}' where id = 5`,
      /^An event was changed in seal 2 /,
    ],
    ['a removed event', 'audit_events', 'delete from audit_events where id = 6', /^An event was removed from seal 2 /],
    [
      'a removed chunk',
      'audit_events',
      'delete from audit_events where id between 4 and 6',
      /^3 events were removed from seal 2 /,
    ],
    [
      'a removed event with another in its place',
      'audit_events',
      `delete from audit_events where id = 6; insert into audit_events (id, kind) overriding system value values (6, 'x')`,
      /^An event was changed in seal 2 /,
    ],
    ['a changed seal', 'audit_seals', 'update audit_seals set events = 2 where id = 2', /^Seal 2 was changed\./],
    ['a removed seal', 'audit_seals', 'delete from audit_seals where id = 2', /^Seal 2 is missing/],
    ['a removed first seal', 'audit_seals', 'delete from audit_seals where id = 1', /^Seal 1 is missing/],
    [
      'a changed link',
      'audit_seals',
      `update audit_seals set previous_hash = repeat('0', 64) where id = 3`,
      /^Seal 3 does not follow/,
    ],
  ];
  for (const [what, table, statement, problem] of cases) {
    it(`shows ${what}`, async () => {
      await tamper(statement, table);
      const { problems } = await verifyAudit(fresh.db);
      expect(problems[0]).to.match(problem);
      expect((await verifyExport(await exported())).problems).to.deep.equal(problems);
    });
  }

  it('shows an event that was slipped into a sealed range', async () => {
    const left = await fresh.db.transaction();
    await recordEvents(left, [{ kind: 'rolled back' }, { kind: 'rolled back' }]);
    await left.rollback();
    await recordEvents(fresh.db, [{ kind: 'after the gap' }]);
    await sealEvents(fresh.db);
    expect((await verifyAudit(fresh.db)).problems).to.deep.equal([]);
    await fresh.db.raw(`insert into audit_events (id, kind) overriding system value values (11, 'slipped in')`);
    expect((await verifyAudit(fresh.db)).problems[0]).to.match(/^An event was inserted into seal 4 /);
  });

  it('shows an event before the first', async () => {
    await fresh.db.raw(`insert into audit_events (id, kind) overriding system value values (0, 'slipped in')`);
    expect((await verifyAudit(fresh.db)).problems[0]).to.contain('inserted');
  });

  it('shows a file that was cut short, edited or is something else', async () => {
    const file = await exported();
    const text = await readFile(file, 'utf8');
    const check = async (changed: string) => {
      await writeFile(file, changed);
      return (await verifyExport(file)).problems.join();
    };
    expect(await check(text.slice(0, -80))).to.contain('ends early');
    expect(await check(text.replace('"n": 4', '"n": 5'))).to.contain('An event was changed in seal 2');
    expect(await check(text.replace('"kind":"card.posted"', '"kind":"card.updated"'))).to.contain('changed in seal 1');
    const lines = text.split('\n');
    expect(await check([...lines.slice(0, 3), lines[2], ...lines.slice(3)].join('\n'))).to.contain('twice');
    const other = await check('{"type":"other"}').catch((error: Error) => error.message);
    expect(other).to.contain('is not an audit export');
  });
});
