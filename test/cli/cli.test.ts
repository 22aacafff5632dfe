import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { recordEvents } from '../../app/audit/record.ts';
import { sealEvents } from '../../app/audit/seal.ts';
import { createLog } from '../../app/log.ts';
import { openStorage } from '../../app/storage/storage.ts';
import { type FreshDatabase, freshDatabase, testKeyring, testKeys } from '../support/database.ts';
import { installed } from './fixtures.ts';
import { type CliResult, runCli } from './run-cli.ts';

const keyring = testKeyring();
const file = `
connections:
  - name: treasury
    connector: acumatica
    credentials:
      site: https://erp.example.com/AcumaticaERP
      tenant: MAIN
      client_id: 0A1B@MAIN
      client_secret: \${ACU_CLIENT_SECRET}
      username: countersign
      password: \${ACU_PASSWORD}
    routes:
      - { name: bills, channel: C0123, deciders: [{ user: U1 }] }
`;
const secrets = { ACU_CLIENT_SECRET: 'client words', ACU_PASSWORD: 'pass words' };

describe('the command line', () => {
  let fresh: FreshDatabase;
  let folder: string;
  let path: string;
  before(async () => {
    fresh = await freshDatabase();
    folder = await mkdtemp(join(tmpdir(), 'cli-files-'));
    path = join(folder, 'countersign.yaml');
    await writeFile(path, file);
    await installed(fresh.db, keyring);
  });
  after(async () => {
    await fresh.drop();
    await rm(folder, { recursive: true });
  });
  const run = (args: string[], env: NodeJS.ProcessEnv = {}) => runCli(args, { DATABASE_URL: fresh.url, ...env });
  const expectOk = ({ code, out, err }: CliResult) => {
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    return out;
  };

  it('applies a file: first only saying what, then doing it, then finding nothing to do', async () => {
    const added = 'add connection treasury (acumatica)\nadd route bills of treasury: bill to C0123\n';
    expect(expectOk(await run(['apply', path, '--dry-run'], secrets))).to.equal(
      `${added}\n2 changes, not made (--dry-run).\n`,
    );
    expect(expectOk(await run(['apply', path], secrets))).to.equal(`${added}\n2 changes made.\n`);
    expect(expectOk(await run(['apply', path], secrets))).to.equal('Nothing to change.\n');
  });

  it('exports what was applied, without secrets', async () => {
    const out = expectOk(await run(['export']));
    expect(out).to.contain(`password: \${TREASURY_PASSWORD}`).and.not.contain('words');
    const exported = join(folder, 'exported.yaml');
    await writeFile(exported, out);
    const env = { TREASURY_CLIENT_SECRET: secrets.ACU_CLIENT_SECRET, TREASURY_PASSWORD: secrets.ACU_PASSWORD };
    expect(expectOk(await run(['apply', exported], env))).to.equal('Nothing to change.\n');
  });

  it('says what is wrong with a file, and ends with 1', async () => {
    expect(await run(['apply', path])).to.deep.equal({
      code: 1,
      out: '',
      err: 'ACU_CLIENT_SECRET is not set in the environment, but the file names it.\nACU_PASSWORD is not set in the environment, but the file names it.\n',
    });
    const absent = await run(['apply', join(folder, 'absent.yaml')]);
    expect(absent).to.deep.include({ code: 1, err: `The file ${join(folder, 'absent.yaml')} cannot be read.\n` });
  });

  it('ends with 2 when it is used wrongly or the settings are not complete', async () => {
    const wrong = await Promise.all([run(['aply']), run(['apply']), run(['status'], { ENCRYPTION_KEYS: '' })]);
    expect(wrong.map(({ code }) => code)).to.deep.equal([2, 2, 2]);
    expect(wrong[0]?.err).to.contain(`unknown command 'aply'`);
    expect(wrong[2]?.err).to.equal('ENCRYPTION_KEYS is missing.\n');
  });

  it('says plainly that the database cannot be reached', async () => {
    const { code, err } = await runCli(['status'], { DATABASE_URL: 'postgres://u:pass-word@127.0.0.1:1/x' });
    expect(code).to.equal(1);
    expect(err).to.contain('ECONNREFUSED 127.0.0.1:1').and.not.contain('pass-word');
  });

  it('verifies the audit record, exports it and verifies the export', async () => {
    await sealEvents(fresh.db);
    const head = (await fresh.db('audit_seals').orderBy('id', 'desc').first()).hash;
    expect(expectOk(await run(['audit', 'verify', '--head', head]))).to.contain(`Head      ${head}\nProblems  none\n`);
    const out = join(folder, 'audit.jsonl');
    expectOk(await run(['audit', 'export', '--out', out]));
    expect(expectOk(await run(['audit', 'export']))).to.equal(await readFile(out, 'utf8'));
    expect(expectOk(await runCli(['audit', 'verify', '--file', out], { ENCRYPTION_KEYS: '' }))).to.contain(
      'Problems  none',
    );
    await writeFile(out, (await readFile(out, 'utf8')).replace('"actor":"command line"', '"actor":"somebody"'));
    const changed = await runCli(['audit', 'verify', '--file', out], {});
    expect(changed.code).to.equal(1);
    expect(changed.out).to.contain('An event was changed in seal 1');
  });

  it('tells a record that was tampered with, and ends with 1', async () => {
    await recordEvents(fresh.db, [{ kind: 'to be changed' }]);
    await sealEvents(fresh.db);
    await fresh.db.raw(
      `alter table audit_events disable trigger all; update audit_events set actor = 'X' where kind = 'to be changed'; alter table audit_events enable trigger all`,
    );
    const { code, out } = await run(['audit', 'verify']);
    expect(code).to.equal(1);
    expect(out).to.contain('An event was changed in seal');
  });

  it('encrypts all secrets anew with the first key, so that the old one can go', async () => {
    const { id } = await fresh.db('connections').first('id');
    const sealed = keyring.encrypt('{"token":"t"}', `connections:${id}:shared_state`);
    await fresh.db('connections').update({ shared_state: sealed });
    const recent = `2027:${Buffer.alloc(32, 8).toString('base64')}`;
    const both = { ENCRYPTION_KEYS: `${recent},${testKeys}` };
    expect(expectOk(await run(['keys', 'rotate'], both))).to.equal(
      'Encrypted anew with the key "2027": 3\nUse the key "2027": 3\nNo stored secret needs any other key now.\n',
    );
    expect(expectOk(await run(['keys', 'rotate'], both))).to.contain('Encrypted anew with the key "2027": 0\n');
    const only = { ENCRYPTION_KEYS: recent };
    expect(expectOk(await run(['apply', path], { ...only, ...secrets }))).to.equal('Nothing to change.\n');
    const back = await run(['keys', 'rotate']);
    expect(back.code).to.equal(1);
    expect(back.out)
      .to.contain('Use the key "2027": 3')
      .and.contain(`connections ${id}, secret: A stored secret is encrypted with the key "2027"`);
  });

  it('works on the embedded database, with and without an app that runs on it', async () => {
    const dataDir = join(folder, 'data');
    await chmod(folder, 0o711);
    expect(expectOk(await run(['status'], { DATABASE_URL: '', DATA_DIR: dataDir }))).to.contain('Audit record');
    const log = createLog({ level: 'error', format: 'text', stream: process.stderr });
    const app = await openStorage({ dataDir, databaseUrl: undefined }, log);
    await installed(app.db, keyring);
    expect(expectOk(await run(['status'], { DATABASE_URL: '', DATA_DIR: dataDir }))).to.contain('T0NORTHWIND');
    expect(await app.db('installations').pluck('slack_key')).to.deep.equal(['T0NORTHWIND']);
    await app.stop();
  });
});
