import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { createLog } from '../../app/log.ts';
import { openDatabase } from '../../app/storage/database.ts';
import { connectToRunning, DataFolderInUseError, startEmbeddedPostgres } from '../../app/storage/embedded-postgres.ts';
import { waitUntil } from '../support/wait.ts';

describe('the embedded PostgreSQL', () => {
  let dataDir: string;
  let lines: string[];
  const children: ChildProcess[] = [];

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'embedded-'));
    await chmod(dataDir, 0o711);
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(dataDir, { recursive: true });
  });

  const start = (folder = dataDir, waitMs = 0) => {
    lines = [];
    const stream = new PassThrough().on('data', (chunk) => lines.push(String(chunk)));
    return startEmbeddedPostgres({
      dataDir: folder,
      log: createLog({ level: 'info', format: 'text', stream }),
      waitMs,
    });
  };

  /** Another process on the folder; resolves with the server's address or what it said in vain. */
  const startApp = async (folder = dataDir) => {
    const child = spawn(process.execPath, [resolve('test/storage/embedded-app.ts'), folder]);
    children.push(child);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    await waitUntil(() => out.includes('\n') || child.exitCode !== null, { what: 'the other process' });
    return { child, url: out.trim(), err };
  };

  const query = async (url: string, sql: string) => {
    const db = openDatabase(url);
    try {
      return (await db.raw(sql)).rows;
    } finally {
      await db.destroy();
    }
  };
  const kill = async (child: ChildProcess, signal: NodeJS.Signals) => {
    child.kill(signal);
    await once(child, 'exit');
  };
  const postmaster = async (folder = join(dataDir, 'postgres')) =>
    Number((await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0]);

  it('keeps its data when it is stopped and started again', async () => {
    await mkdir(join(dataDir, 'postgres.new-99999999'));
    const first = await start();
    await query(first.url, `create table kept as select 'still here' as text`);
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'select text from kept')).to.deep.equal([{ text: 'still here' }]);
    await second.stop();
    expect(await readdir(dataDir)).to.have.members(['postgres', 'postgres.log', 'postgres.password']);
  });

  it('listens on this machine only, wants its password and is durable', async () => {
    const server = await start();
    const [settings] = await query(
      server.url,
      `select current_setting('listen_addresses') as address, current_setting('unix_socket_directories') as sockets,
         current_setting('fsync') as fsync, current_setting('max_connections') as connections`,
    );
    expect(settings).to.deep.equal({ address: '127.0.0.1', sockets: '', fsync: 'on', connections: '200' });
    const wrong = await query(server.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1').catch((error) => error.code);
    expect(wrong).to.equal('28P01');
    expect((await stat(join(dataDir, 'postgres.password'))).mode & 0o777).to.equal(0o600);
    await server.stop();
  });

  it('tells a second app plainly who uses the folder, and the command line where the server is', async () => {
    const { child, url } = await startApp();
    const refused = await start().catch((error) => error);
    expect(refused).to.be.instanceOf(DataFolderInUseError);
    expect(refused.message)
      .to.contain(`in use by another Countersign (process ${child.pid})`)
      .and.contain('DATABASE_URL');
    expect(await connectToRunning(dataDir)).to.deep.equal({ url });
    await kill(child, 'SIGTERM');
    expect(await connectToRunning(dataDir)).to.equal(null);
  });

  it('is adopted from an app that was killed', async () => {
    const { child, url } = await startApp();
    const pid = await postmaster();
    await kill(child, 'SIGKILL');
    const server = await start(dataDir, 5000);
    expect(lines.join()).to.contain('Took over the running PostgreSQL');
    expect([server.url, await postmaster()]).to.deep.equal([url, pid]);
    await server.stop();
    expect(await connectToRunning(dataDir)).to.equal(null);
  });

  it('starts again after the app and the server were killed', async () => {
    const { child } = await startApp();
    const pid = await postmaster();
    await kill(child, 'SIGKILL');
    process.kill(pid, 'SIGKILL');
    const server = await start(dataDir, 5000);
    expect(await query(server.url, 'select text from kept')).to.deep.equal([{ text: 'still here' }]);
    await server.stop();
  });

  it('is not misled by a stale lock file whose process number another program has now', async () => {
    const lockFile = join(dataDir, 'postgres', 'postmaster.pid');
    await writeFile(
      lockFile,
      `${process.pid}\n${join(dataDir, 'postgres')}\n1700000000\n5432\n\n127.0.0.1\n  1  2\nready   \n`,
    );
    const server = await start();
    expect(await query(server.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
    await server.stop();
  });

  it('comes back on the same address when the server dies under the app, which only sees failed queries', async () => {
    const server = await start();
    const db = openDatabase(server.url);
    const pid = await postmaster();
    await db.raw('select 1');
    const underWay = db.raw('select pg_sleep(60)').then(
      () => 'answered',
      () => 'failed',
    );
    await waitUntil(
      async () => (await db.raw(`select 1 from pg_stat_activity where query like 'select pg_sleep%'`)).rowCount,
      {
        what: 'the slow query',
      },
    );
    process.kill(pid, 'SIGKILL');
    expect(await underWay).to.equal('failed');
    await waitUntil(() => db.raw('select 1').then(Boolean, () => false), { what: 'the server comes back' });
    await waitUntil(async () => (await postmaster().catch(() => pid)) !== pid, { what: 'another server' });
    await waitUntil(() => lines.join().includes('PostgreSQL is back'), { what: 'the word that it is back' });
    await db.destroy();
    await server.stop();
  });

  it('has one owner when two apps start at the same moment on a new folder', async () => {
    const folder = join(dataDir, 'both');
    const [one, two] = await Promise.all([startApp(folder), startApp(folder)]);
    const [owner, other] = one.url ? [one, two] : [two, one];
    expect(owner.url).to.match(/^postgres:\/\/countersign:/);
    expect(other.url).to.equal('');
    expect(other.err).to.contain(`in use by another Countersign (process ${owner.child.pid})`);
    await kill(owner.child, 'SIGTERM');
  });

  it('says that data of another PostgreSQL version does not fit', async () => {
    const versionFile = join(dataDir, 'postgres', 'PG_VERSION');
    const version = await readFile(versionFile, 'utf8');
    await writeFile(versionFile, '12\n');
    const problem = await start().catch((error: Error) => error.message);
    await writeFile(versionFile, version);
    expect(problem).to.contain('is of PostgreSQL 12').and.contain('Dump it');
  });

  it('says that the password file is missing', async () => {
    const file = join(dataDir, 'postgres.password');
    const password = await readFile(file);
    await rm(file);
    const problem = await start().catch((error: Error) => error.message);
    await writeFile(file, password, { mode: 0o600 });
    expect(problem).to.contain('password file').and.contain(file);
  });

  it('as root, is kept elsewhere when its user may not enter the data folder, and says so', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const closed = join(dataDir, 'closed');
    const folder = join(closed, 'data');
    await mkdir(closed, { mode: 0o700 });
    const first = await start(folder);
    expect(lines.join()).to.contain('The database is kept elsewhere').and.contain(closed);
    await query(first.url, 'create table kept as select 1 as one');
    await first.stop();
    const elsewhere = (await readFile(join(folder, 'postgres.location'), 'utf8')).trim();
    const second = await start(folder);
    expect(await query(second.url, 'select one from kept')).to.deep.equal([{ one: 1 }]);
    await second.stop();
    await rm(dirname(elsewhere), { recursive: true });
  });

  it('as root, does not start an empty database when the folder of a full one was closed', async function () {
    if (process.getuid?.() !== 0) this.skip();
    await chmod(dataDir, 0o700);
    const problem = await start().catch((error: Error) => error.message);
    await chmod(dataDir, 0o711);
    expect(problem).to.contain('may not enter').and.contain(dataDir);
  });
});
