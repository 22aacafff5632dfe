import { expect } from 'chai';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

describe('the database', () => {
  let fresh: FreshDatabase;
  before(async () => {
    fresh = await freshDatabase();
  });
  after(() => fresh.drop());

  it('gives bigints and amounts as text, dates as written, jsonb parsed', async () => {
    const { rows } = await fresh.db.raw(
      `select 9007199254740993::bigint as big, 12.30::numeric as amount, '2026-03-31'::date as day, '{"a": [1]}'::jsonb as data`,
    );
    expect(rows).to.deep.equal([{ big: '9007199254740993', amount: '12.30', day: '2026-03-31', data: { a: [1] } }]);
  });

  it('keeps values out of the message of a failed statement', async () => {
    const failed = await fresh
      .db('processes')
      .insert({ id: 'xoxb-secret' })
      .then(
        () => null,
        (error: Error) => error,
      );
    expect(failed?.message).to.contain('insert into "processes"').and.not.contain("values ('xoxb-secret");
  });
});
