import { expect } from 'chai';
import pg from 'pg';
import { applyChanges, planChanges } from '../../app/connections/apply/apply.ts';
import { exportFile } from '../../app/connections/apply/export.ts';
import { type ApplyFileError, readApplyFile } from '../../app/connections/apply/file.ts';
import { loadRoutes } from '../../app/connections/routes.ts';
import { createKeyring } from '../../app/storage/keyring.ts';
import { type FreshDatabase, freshDatabase, testKeyring } from '../support/database.ts';
import { waitUntil } from '../support/wait.ts';
import { connectors, fileText, installed } from './fixtures.ts';

const env = { LEDGER_PASSWORD: 'a secret word', TREASURY_PASSWORD: 'a secret word' };
const keyring = testKeyring();

describe('applying a file', () => {
  let fresh: FreshDatabase;
  beforeEach(async () => {
    fresh = await freshDatabase();
    await installed(fresh.db, keyring);
  });
  afterEach(() => fresh.drop());

  const read = (text: string, given = env) => readApplyFile(text, given, connectors);
  const apply = (text: string, given = env) => applyChanges(fresh.db, keyring, read(text, given));
  const problemOf = (work: Promise<unknown>) =>
    work.then(
      () => '',
      (error: ApplyFileError) => error.lines.join('\n'),
    );

  it('adds what is new, and a second time changes nothing', async () => {
    const planned = await planChanges(fresh.db, keyring, read(fileText()));
    expect(await fresh.db('connections')).to.deep.equal([]);
    expect(await apply(fileText()))
      .to.deep.equal(planned)
      .and.to.deep.equal([
        'add connection treasury (ledger)',
        'add route large bills of treasury: bill to C0123',
        'add route all bills of treasury: bill to C0456',
      ]);
    expect(await apply(fileText())).to.deep.equal([]);
  });

  it('stores what the rest of the app reads', async () => {
    await apply(fileText());
    const connection = await fresh.db('connections').first();
    expect(connection).to.include({
      name: 'treasury',
      connector: 'ledger',
      time_zone: 'Europe/London',
      status: 'active',
    });
    expect(connection.settings).to.deep.equal({ site: 'https://erp.example.com', pages: 10, login: 'countersign' });
    const secrets = JSON.parse(keyring.decrypt(connection.secret, `connections:${connection.id}:secret`));
    expect(secrets).to.deep.equal({ password: 'a secret word' });
    const [route, second] = await loadRoutes(fresh.db, connection.id);
    expect(route).to.deep.include({
      channel: 'C0123',
      conditions: { amountAtLeast: '25000', amountBelow: '1000000.5', currency: 'GBP', vendors: ['REFINITIV'] },
      deciders: [{ user: 'U1' }, { user: 'U2', upTo: { value: '50000', currency: 'GBP' } }],
      actions: ['approve', 'reject'],
    });
    expect(second).to.deep.include({ channel: 'C0456', conditions: {}, actions: ['approve', 'hold'], burst: 5 });
  });

  it('says field by field what changes', async () => {
    await apply(fileText());
    const changed = fileText(
      ['amount_at_least: 25000', 'amount_at_least: 50000'],
      ['up_to: 50000', 'up_to: 75000'],
      ['time_zone: Europe/London', 'time_zone: UTC'],
      ['login: countersign', 'login: other'],
      ['*/1 * * * *', '*/2 * * * *'],
    );
    expect(await apply(changed)).to.deep.equal([
      'change connection treasury: time_zone Europe/London → UTC',
      'change connection treasury: login countersign → other',
      'change feed bill of treasury: cadence */1 * * * * → */2 * * * *',
      'change route large bills of treasury: amount_at_least 25000 → 50000',
      'change route large bills of treasury: deciders U1, U2 up to 50000 GBP → U1, U2 up to 75000 GBP',
    ]);
    expect(await apply(changed)).to.deep.equal([]);
  });

  it('makes a route gather, changes its cadence, and lets it post cards again', async () => {
    const gathering = (cadence: string) => fileText(['burst: 5', `burst: 5\n        digest: "${cadence}"`]);
    const stored = async () => (await fresh.db('routes').where({ name: 'all bills' }).first()).digest_cadence;
    await apply(fileText());
    const title = 'change route all bills of treasury: digest';
    expect(await apply(gathering('0 8 * * 1-5'))).to.deep.equal([`${title} none → 0 8 * * 1-5`]);
    expect(await stored()).to.equal('0 8 * * 1-5');
    expect(await apply(gathering('0 8 * * 1-5'))).to.deep.equal([]);
    expect(await apply(gathering('0 17 * * *'))).to.deep.equal([`${title} 0 8 * * 1-5 → 0 17 * * *`]);
    const exported = await exportFile(fresh.db, keyring, connectors);
    expect(exported).to.contain('digest: 0 17 * * *');
    expect(await apply(fileText())).to.deep.equal([`${title} 0 17 * * * → none`]);
    expect(await stored()).to.equal(null);
  });

  it('changes a secret without saying what it is, makes the connection active and keeps the cursor', async () => {
    await apply(fileText());
    await fresh.db('connections').update({ status: 'broken', problem: 'login refused', shared_state: 'old tokens' });
    await fresh.db('feeds').update({ cursor: { at: 1 }, attempts: 7, next_attempt_at: fresh.db.fn.now() });
    const before = await fresh.db('connections').first();
    const lines = await apply(fileText(), { ...env, LEDGER_PASSWORD: 'another word' });
    expect(lines).to.deep.equal(['change secret password of treasury']);
    const after = await fresh.db('connections').first();
    expect(after).to.include({ status: 'active', problem: null, shared_state: null });
    expect(after.updated_at.getTime()).to.be.greaterThan(before.updated_at.getTime());
    expect(await fresh.db('feeds').first()).to.deep.include({ cursor: { at: 1 }, attempts: 0, next_attempt_at: null });
    const events = JSON.stringify(await fresh.db('audit_events'));
    expect(events).to.contain('change secret password').and.not.contain('secret word').and.not.contain('another word');
  });

  it('leaves a broken connection broken when only a route changes', async () => {
    await apply(fileText());
    await fresh.db('connections').update({ status: 'broken', problem: 'login refused', shared_state: 'tokens' });
    await apply(fileText(['burst: 5', 'burst: 6']));
    expect(await fresh.db('connections').first()).to.include({ status: 'broken', shared_state: 'tokens' });
  });

  it('retires routes and pauses connections that the file does not name, and takes them up again', async () => {
    await apply(fileText());
    const one = fileText().split('      - name: all bills')[0] ?? '';
    expect(await apply(one)).to.deep.equal(['retire route all bills of treasury']);
    expect(await apply('connections: []')).to.deep.equal(['pause connection treasury: the file does not name it']);
    expect(await apply('connections: []')).to.deep.equal([]);
    expect(await fresh.db('connections').pluck('status')).to.deep.equal(['paused']);
    expect(await apply(fileText(['burst: 5', 'burst: 6']))).to.deep.equal([
      'resume connection treasury',
      'take up route all bills of treasury again',
      'change route all bills of treasury: burst 5 → 6',
    ]);
    expect(await fresh.db('routes').whereNotNull('retired_at')).to.deep.equal([]);
    expect(await fresh.db('connections').pluck('status')).to.deep.equal(['active']);
  });

  it('keeps the order of the routes as it is in the file', async () => {
    await apply(fileText());
    await apply(
      fileText(
        ['name: large bills', 'name: x'],
        ['name: all bills', 'name: large bills'],
        ['name: x', 'name: all bills'],
      ),
    );
    const { id } = await fresh.db('connections').first('id');
    const names = await fresh.db('routes').where({ connection_id: id }).orderBy('position').pluck('name');
    expect(names).to.deep.equal(['all bills', 'large bills']);
  });

  it('records each change and tells the running processes', async () => {
    const listener = new pg.Client(fresh.url);
    await listener.connect();
    let told = 0;
    listener.on('notification', () => {
      told += 1;
    });
    await listener.query('listen countersign_schedule');
    await apply(fileText());
    await waitUntil(() => told > 0, { what: 'the notification' });
    await listener.end();
    const events = await fresh.db('audit_events').orderBy('id');
    expect(events.map(({ kind, actor }) => `${kind} by ${actor}`)).to.deep.equal([
      'connection.added by command line',
      'route.added by command line',
      'route.added by command line',
    ]);
    expect(events.every((event) => event.installation_id && event.connection_id)).to.equal(true);
  });

  it('changes nothing when one connection of the file does not fit', async () => {
    const second = fileText()
      .replace('connections:\n', '')
      .replace('name: treasury', 'name: payables\n    workspace: T0OTHER');
    expect(await problemOf(apply(fileText() + second))).to.contain(
      'connection payables: the app is not installed in T0OTHER',
    );
    expect(await fresh.db('connections')).to.deep.equal([]);
  });

  it('asks which workspace when there are several', async () => {
    await installed(fresh.db, keyring, 'T0SOUTHWIND');
    expect(await problemOf(apply(fileText())))
      .to.contain('say which workspace')
      .and.contain('T0SOUTHWIND');
    const named = fileText(['name: treasury', 'name: treasury\n    workspace: T0SOUTHWIND']);
    expect(await apply(named)).to.have.length(3);
  });

  it('asks to install the app first', async () => {
    await fresh.db('installations').update({ state: 'uninstalled' });
    expect(await problemOf(apply(fileText()))).to.contain('install the app in a Slack workspace first');
  });

  it('replaces secrets whose key is lost', async () => {
    await apply(fileText());
    const other = createKeyring(`other:${Buffer.alloc(32, 9).toString('base64')}`);
    const lines = await applyChanges(fresh.db, other, read(fileText()));
    expect(lines).to.deep.equal(['replace all secrets of treasury: the stored ones cannot be opened']);
    expect(await applyChanges(fresh.db, other, read(fileText()))).to.deep.equal([]);
  });

  it('is carried out once when two run at the same time', async () => {
    const [first, second] = await Promise.all([apply(fileText()), apply(fileText())]);
    expect([first.length, second.length].sort()).to.deep.equal([0, 3]);
  });

  it('has decisions noted in the ERP where a route says so', async () => {
    await apply(fileText());
    const noted = fileText(['burst: 5', 'burst: 5\n        note_decisions: true']);
    expect(await apply(noted)).to.deep.equal(['change route all bills of treasury: note_decisions no → yes']);
    const rows = await fresh.db('routes').orderBy('position').select('note_decisions');
    expect(rows.map((row) => row.note_decisions)).to.deep.equal([false, true]);
  });

  describe('exported again', () => {
    it('is a file that changes nothing, with no secret in it', async () => {
      await apply(
        fileText(['login: countersign', `login: "we$\${ird"`], ['burst: 5', 'burst: 5\n        note_decisions: true']),
      );
      const text = await exportFile(fresh.db, keyring, connectors);
      expect(text).to.contain(`password: \${TREASURY_PASSWORD}`).and.not.contain('secret word');
      expect(await apply(text)).to.deep.equal([]);
      expect(await exportFile(fresh.db, keyring, connectors)).to.equal(text);
    });

    it('leaves out what is paused or retired, and says so of what is paused', async () => {
      await apply(fileText());
      await apply('connections: []');
      expect(await exportFile(fresh.db, keyring, connectors)).to.equal(
        '# Paused and left out: treasury\n\nconnections: []\n',
      );
    });
  });

  it('has a route’s cards show custom fields, and has those that stand read again', async () => {
    await apply(fileText());
    const { id } = await fresh.db('connections').first('id');
    const fields = fileText(['burst: 5', 'burst: 5\n        custom_fields: [Document.UsrProject]']);
    expect(await apply(fields)).to.deep.equal([
      'change route all bills of treasury: custom_fields none → Document.UsrProject',
    ]);
    const [, route] = await loadRoutes(fresh.db, id);
    expect(route?.customFields).to.deep.equal(['Document.UsrProject']);
    const text = await exportFile(fresh.db, keyring, connectors);
    expect(await apply(text, { ...env, TREASURY_PASSWORD: 'a secret word' })).to.deep.equal([]);
  });

  it('takes a branch as a condition and a person as a place, and writes both out again', async () => {
    const text = fileText(['channel: C0456', 'channel: U0456\n        when: { branches: [MAIN, NORTH] }']);
    expect(await apply(text)).to.include('add route all bills of treasury: bill to U0456');
    const { id } = await fresh.db('connections').first('id');
    const [, route] = await loadRoutes(fresh.db, id);
    expect(route).to.deep.include({ channel: 'U0456', conditions: { branches: ['MAIN', 'NORTH'] } });
    expect(
      await apply(await exportFile(fresh.db, keyring, connectors), { ...env, TREASURY_PASSWORD: 'a secret word' }),
    ).to.deep.equal([]);
    const changed = text.replace('[MAIN, NORTH]', '[MAIN]');
    expect(await apply(changed)).to.deep.equal(['change route all bills of treasury: branches MAIN, NORTH → MAIN']);
  });
});
