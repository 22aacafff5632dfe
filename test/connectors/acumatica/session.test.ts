import { expect } from 'chai';
import type { SettingsChange } from '../../../sandbox/acumatica/index.ts';
import { errorOf, startHttp } from '../../outbound/servers.ts';
import { createMemoryState } from '../memory-state.ts';
import { type Bench, documentsOf, openBench, readAll, signal } from './support.ts';

describe('being signed in to Acumatica', () => {
  let bench: Bench;
  afterEach(() => bench.close());
  const open = async (settings: SettingsChange = {}, options: Parameters<typeof openBench>[1] = {}) => {
    bench = await openBench({ seedBills: 3, settings }, options);
    return bench;
  };

  it('takes one seat for any number of processes and keeps it when one of them closes', async () => {
    const { connect, site } = await open();
    for (const connection of [connect(), connect(), connect()]) {
      await readAll(connection);
      await connection.close();
    }
    expect(site.counters.sessions).to.include({ open: 1, opened: 1 });
    expect(site.counters.tokens.issued).to.equal(1);
  });

  it('gives the seat back on signing out, and signs in anew when it is used again', async () => {
    const { connect, site, state } = await open();
    const connection = connect();
    await readAll(connection);
    await connection.signOut?.(signal);
    expect(site.counters.sessions.open).to.equal(0);
    expect(state.stored).to.not.have.property('token');
    expect(documentsOf(await readAll(connection)).length).to.equal(3);
  });

  it('refreshes before the token expires, and keeps the rotated refresh token', async () => {
    let nowMs = Date.now();
    const { connect, site } = await open({}, { now: () => nowMs });
    const connection = connect();
    for (let round = 0; round < 3; round += 1) {
      await connection.test(signal);
      nowMs += 3_590_000;
    }
    expect(site.counters.tokens).to.include({ refreshed: 2, killedFamilies: 0 });
    expect(bench.requests('token')).to.equal(3);
  });

  for (const deadRefreshBody of ['invalid_grant', 'text'] as const)
    it(`signs in with the password when the refresh token is dead (${deadRefreshBody})`, async () => {
      const { connect, site } = await open({ deadRefreshBody });
      const connection = connect();
      await readAll(connection);
      site.revokeGrants();
      expect(documentsOf(await readAll(connection)).length).to.equal(3);
    });

  it('lives without refresh tokens', async () => {
    const { connect, site } = await open({ refreshTokens: 'none' });
    const connection = connect();
    await readAll(connection);
    site.expireAccessTokens();
    expect(documentsOf(await readAll(connection)).length).to.equal(3);
  });

  it('carries on after a restart of the site', async () => {
    const { connect, site } = await open();
    const connection = connect();
    await readAll(connection);
    site.closeSessions();
    expect(documentsOf(await readAll(connection)).length).to.equal(3);
  });

  it('does not use the token of other credentials', async () => {
    const { connect, site } = await open();
    await readAll(connect());
    const error = await errorOf(readAll(connect({ password: 'changed-in-the-meantime' })));
    expect(error).to.include({ name: 'ReconnectError', field: 'login' });
    expect(site.counters.tokens.issued).to.equal(1);
  });

  it('gives up on a site that accepts the sign-in but no call, after one try more', async () => {
    const { connect, site, state } = await open();
    site.setFault({ kind: '401', match: { path: '/entity/Default' } });
    expect(await errorOf(readAll(connect()))).to.include({ name: 'ReconnectError', field: 'login' });
    expect(bench.asked.filter((line) => line.includes('/entity/Default'))).to.have.length(2);
    expect(state.stored).to.not.have.property('token');
  });

  for (const kind of ['429-text', '429-login-limit'] as const)
    it(`asks to try again later when no seat is free (${kind})`, async () => {
      const { connect, site } = await open();
      site.setFault({ kind, match: { path: '/identity' } });
      const error = await errorOf(readAll(connect()));
      expect(error).to.include({ name: 'RetryableError' });
      expect(error.retryAfterMs).to.be.greaterThan(0);
    });

  it('asks to try again later when the licence has no seat left', async () => {
    const { connect, site } = await open({ apiUsers: 1 });
    await readAll(connect({ username: 'amara.okafor', password: 'sandbox-amara' }, createMemoryState()));
    expect(await errorOf(readAll(connect()))).to.include({ name: 'RetryableError' });
    expect(site.counters.sessions.open).to.equal(1);
  });

  it('names the address when something else answers there', async () => {
    const { connect } = await open();
    for (const handle of [
      (_: unknown, response: { end(text: string): void }) => response.end('<html>Welcome</html>'),
      (_: unknown, response: { writeHead(status: number): { end(): void } }) => response.writeHead(404).end(),
    ]) {
      const other = await startHttp(handle as Parameters<typeof startHttp>[0]);
      const error = await errorOf(connect({ site: other.url }, createMemoryState()).test(signal));
      await other.close();
      expect(error).to.include({ name: 'ReconnectError', field: 'site' });
    }
  });
});

describe('what an Acumatica site offers', () => {
  let bench: Bench;
  afterEach(() => bench.close());
  const open = async (settings: SettingsChange = {}, options: Parameters<typeof openBench>[1] = {}) => {
    bench = await openBench({ seedBills: 3, settings }, options);
    return bench;
  };

  it('is asked for once and shared by all processes', async () => {
    const { connect, requests, state } = await open();
    await readAll(connect());
    await readAll(connect());
    expect(requests('versions')).to.equal(1);
    expect(requests('schema')).to.equal(1);
    expect(state.stored?.site).to.include({ build: '25.093.0036', version: '25.200.001' });
    expect(state.stored?.site).to.have.deep.nested.property('actions.bill.names', {
      approve: 'Approve',
      reject: 'Reject',
      release: 'ReleaseBill',
      hold: 'PutOnHold',
      unhold: 'ReleaseFromHold',
    });
  });

  it('names the versions that exist when the one asked for does not', async () => {
    const { connect } = await open({ versions: ['22.200.001', '24.200.001'] });
    const { host } = new URL(bench.url);
    expect(await errorOf(connect({ version: '23.200.001' }).test(signal))).to.include({
      name: 'ReconnectError',
      field: 'version',
      message: `${host} has no version 23.200.001 of the endpoint "Default"; it has: 22.200.001, 24.200.001.`,
    });
  });

  it('uses the version asked for', async () => {
    const { connect, asked } = await open();
    await readAll(connect({ version: '22.200.001' }));
    expect(asked.some((line) => line.includes('/entity/Default/22.200.001/Bill?'))).to.equal(true);
  });

  it('is asked again after an upgrade took a version away', async () => {
    const { connect, site, asked } = await open();
    const connection = connect();
    await readAll(connection);
    site.changeSettings({ versions: ['24.200.001', '26.200.001'] });
    expect(documentsOf(await readAll(connection)).length).to.equal(3);
    expect(asked.at(-1)).to.contain('/entity/Default/26.200.001/');
  });

  it('does not take a bill for gone when its version is', async () => {
    const { connect, site } = await open();
    const connection = connect({ version: '25.200.001' });
    const key = documentsOf(await readAll(connection))[0]?.key ?? '';
    site.changeSettings({ versions: ['26.200.001'] });
    expect(await errorOf(connection.get('bill', key, signal))).to.include({ name: 'ReconnectError', field: 'version' });
  });

  it('is used from memory while the site does not tell anew', async () => {
    let nowMs = Date.now();
    const { connect, site } = await open({ expiresInSeconds: 3_000_000 }, { now: () => nowMs });
    await readAll(connect());
    nowMs += 25 * 3_600_000;
    site.setFault({ kind: '500-html', match: { path: '$adHocSchema' } });
    expect(documentsOf(await readAll(connect())).length).to.equal(3);
  });
});
