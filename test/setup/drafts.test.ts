import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import {
  type Draft,
  deleteDraft,
  endAttempt,
  findDraft,
  readDraft,
  takeDraft,
  writeDraft,
} from '../../app/setup/drafts.ts';
import { createKeyring } from '../../app/storage/keyring.ts';
import { rotateKeys } from '../../app/storage/rotate-keys.ts';
import { installed } from '../cli/fixtures.ts';
import { type FreshDatabase, freshDatabase, testKeyring, testKeys } from '../support/database.ts';

const keyring = testKeyring();

describe('What was typed into a form of set-up', () => {
  let fresh: FreshDatabase;
  let owner: { installationId: string; person: string };
  before(async () => {
    fresh = await freshDatabase();
    owner = { installationId: await installed(fresh.db, keyring), person: 'U0ADMIN006' };
  });
  after(() => fresh.drop());

  const draft = (secret: string, connectionId: string | null = null): Draft => ({
    ...{ id: randomUUID(), connectionId, version: 0, since: '0' },
    entered: { connector: 'c', name: 'n', timeZone: 'UTC', cadences: {}, values: {}, secrets: { password: secret } },
  });
  const write = (given: Draft, attempt: string | null = null, who = owner) =>
    writeDraft(fresh.db, keyring, who, given, attempt);

  it('is stored encrypted, and opens in its own row alone', async () => {
    const [one, two] = [draft('a secret word'), draft('another')];
    await write(one);
    await write(two);
    const row = await fresh.db('setup_drafts').where({ id: one.id }).first();
    expect(JSON.stringify(row)).to.not.contain('secret word');
    expect(await readDraft(fresh.db, keyring, owner, one.id)).to.deep.equal(one);
    await fresh.db('setup_drafts').where({ id: two.id }).update({ payload: row.payload });
    expect(await readDraft(fresh.db, keyring, owner, two.id)).to.equal(null);
  });

  it('belongs to its person in its installation: nobody else reads, changes or deletes it', async () => {
    const mine = draft('mine');
    expect(await write(mine, randomUUID())).to.equal(true);
    const elsewhere = await installed(fresh.db, keyring, `T${Date.now()}`);
    for (const other of [
      { ...owner, person: 'U0BUYER005' },
      { ...owner, installationId: elsewhere },
    ]) {
      expect(await readDraft(fresh.db, keyring, other, mine.id)).to.equal(null);
      expect(await write({ ...draft('theirs'), id: mine.id }, null, other)).to.equal(false);
      expect(await endAttempt(fresh.db, other, mine.id)).to.equal(false);
      expect(await deleteDraft(fresh.db, other, mine.id)).to.equal(false);
    }
    expect((await readDraft(fresh.db, keyring, owner, mine.id))?.entered.secrets).to.deep.equal({ password: 'mine' });
  });

  it('is found again by what it is about, the newest first', async () => {
    const connection = randomUUID();
    await write(draft('older', connection));
    const newer = draft('newer', connection);
    await write(newer);
    expect((await findDraft(fresh.db, keyring, owner, connection))?.id).to.equal(newer.id);
    expect(await findDraft(fresh.db, keyring, owner, randomUUID())).to.equal(null);
  });

  it('is saved by the newest attempt alone, and once', async () => {
    const [given, first, second] = [draft('x'), randomUUID(), randomUUID()];
    await write(given, first);
    await write(given, second);
    const take = (attempt: string) => fresh.db.transaction((trx) => takeDraft(trx, owner, given.id, attempt));
    expect(await take(first)).to.equal(false);
    expect(await Promise.all([take(second), take(second)])).to.have.members([true, false]);
  });

  it('is encrypted anew with the other secrets when keys rotate', async () => {
    const given = draft('rotates');
    await write(given);
    const recent = createKeyring(`2027:${Buffer.alloc(32, 8).toString('base64')},${testKeys}`);
    await rotateKeys(fresh.db, recent);
    const only = createKeyring(`2027:${Buffer.alloc(32, 8).toString('base64')}`);
    expect(await readDraft(fresh.db, only, owner, given.id)).to.deep.equal(given);
  });
});
