import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { createLog } from '../../app/log.ts';
import { reachableCopy } from '../../app/storage/embedded/binaries.ts';
import { closedFolder, serverUser } from '../../app/storage/embedded/server-user.ts';

describe("the server's binaries", () => {
  let folder: string;
  let native: string;
  const lines: string[] = [];
  const stream = new PassThrough().on('data', (chunk) => lines.push(String(chunk)));
  const log = createLog({ level: 'info', format: 'text', stream });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'binaries-'));
    native = join(folder, 'native');
    await mkdir(join(native, 'bin'), { recursive: true, mode: 0o700 });
    await mkdir(join(native, 'lib'));
    await writeFile(join(native, 'bin', 'postgres'), '#!/bin/sh\ncat "$(dirname "$0")/../lib/libpq.so.5"', {
      mode: 0o700,
    });
    await writeFile(join(native, 'lib', 'libpq.so.5.18'), 'found', { mode: 0o600 });
    await symlink('libpq.so.5.18', join(native, 'lib', 'libpq.so.5'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are used where they are when nobody else is to run them', async () => {
    expect(await reachableCopy(native, 'unused', null, log)).to.equal(native);
  });

  it('are copied, with their links, to where the server user can reach and run them, once', async function () {
    const user = await serverUser(log);
    if (!user) return this.skip();
    const version = `test-${process.pid}`;
    expect(await closedFolder(join(native, 'bin'), user)).to.equal(folder);
    const copy = await reachableCopy(native, version, user, log);
    try {
      expect(lines.join()).to.contain('runs from a copy of its binaries').and.contain(copy);
      expect(await closedFolder(join(copy, 'bin'), user)).to.equal(null);
      expect(execFileSync(join(copy, 'bin', 'postgres'), { ...user, cwd: '/', encoding: 'utf8' })).to.equal('found');
      await rm(native, { recursive: true });
      await mkdir(join(native, 'bin'), { recursive: true });
      expect(await reachableCopy(native, version, user, log)).to.equal(copy);
    } finally {
      await rm(copy, { recursive: true });
    }
  });

  it('are reachable where every folder on the way is open', async () => {
    const user = await serverUser(log);
    await chmod(folder, 0o711);
    expect(await closedFolder(folder, user)).to.equal(null);
  });
});
