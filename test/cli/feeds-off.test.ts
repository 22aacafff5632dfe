import { expect } from 'chai';
import { applyChanges } from '../../app/connections/apply/apply.ts';
import { exportFile } from '../../app/connections/apply/export.ts';
import { type ApplyFileError, readApplyFile } from '../../app/connections/apply/file.ts';
import type { Connector } from '../../connectors/connector.ts';
import { type FreshDatabase, freshDatabase, testKeyring } from '../support/database.ts';
import { connectors, fileText, installed } from './fixtures.ts';

const env = { LEDGER_PASSWORD: 'a secret word', TREASURY_PASSWORD: 'a secret word' };
const keyring = testKeyring();
const journals = { title: 'Journals', cadence: '*/7 * * * *' };
const both = connectors.map(
  (connector): Connector => ({ ...connector, feeds: { ...connector.feeds, journal: journals } }),
);
const bill = 'bill: { cadence: "*/1 * * * *" }';
const off = (word: string) => fileText([bill, `${bill}\n      journal: ${word}`]);

describe('a kind that is switched off', () => {
  let fresh: FreshDatabase;
  beforeEach(async () => {
    fresh = await freshDatabase();
    await installed(fresh.db, keyring);
  });
  afterEach(() => fresh.drop());

  const read = (text: string) => readApplyFile(text, env, both);
  const apply = (text: string) => applyChanges(fresh.db, keyring, read(text));
  const kinds = () => fresh.db('feeds').orderBy('kind').pluck('kind');

  for (const word of ['off', 'false'])
    it(`is not read from the start (${word})`, async () => {
      await apply(off(word));
      expect(await kinds()).to.deep.equal(['bill']);
    });

  it('is read no more, while the others keep how far they are read; and is read again when asked for', async () => {
    await apply(fileText());
    expect(await kinds()).to.deep.equal(['bill', 'journal']);
    await fresh.db('feeds').update({ cursor: { at: 1 } });
    const { version } = await fresh.db('connections').first();
    expect(await apply(off('off'))).to.deep.equal(['read journal of treasury no more']);
    expect(await kinds()).to.deep.equal(['bill']);
    expect(await fresh.db('feeds').first()).to.deep.include({ cursor: { at: 1 } });
    expect((await fresh.db('connections').first()).version).to.be.greaterThan(version);
    expect(await fresh.db('audit_events').orderBy('id', 'desc').first()).to.include({ kind: 'feed.removed' });
    expect(await apply(off('off'))).to.deep.equal([]);
    expect(await apply(fileText())).to.deep.equal(['add feed journal to treasury: cadence */7 * * * *']);
    expect(await fresh.db('feeds').where({ kind: 'journal' }).first()).to.include({ cursor: null });
  });

  it('stays so when exported and applied', async () => {
    await apply(off('off'));
    const text = await exportFile(fresh.db, keyring, both);
    expect(text).to.contain('journal: off');
    expect(await apply(text)).to.deep.equal([]);
  });

  const problems = (text: string) => {
    try {
      read(text);
    } catch (error) {
      return (error as ApplyFileError).lines;
    }
    return [];
  };

  it('cannot be one that a route posts, nor the last one', () => {
    const routed = off('off').replace('kind: bill', 'kind: journal');
    expect(problems(routed)).to.deep.equal([
      'connections[0].routes[0].kind: "journal" is off under feeds, so nothing would come by this route',
    ]);
    expect(problems(off('off').replace(bill, 'bill: off'))[0]).to.equal(
      'connections[0].feeds: every kind is off; leave one that is read',
    );
    expect(problems(off('never'))).to.deep.equal([
      'connections[0].feeds.journal: must be `off` or { cadence: "*/5 * * * *" }',
    ]);
  });
});
