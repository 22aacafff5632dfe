import { createHash } from 'node:crypto';
import { expect } from 'chai';

import { createErpHttp } from '../../../app/outbound/erp-http.ts';
import { createHeldState } from '../../../app/setup/held-state.ts';
import { acumatica } from '../../../connectors/acumatica/index.ts';
import type { ConsentPurpose, SharedState } from '../../../connectors/connector.ts';
import type { SettingsChange } from '../../../sandbox/acumatica/index.ts';
import { errorOf } from '../../outbound/servers.ts';
import { createMemoryState } from '../memory-state.ts';
import { type Bench, documentsOf, openBench, readAll, signal } from './support.ts';

let bench: Bench;
let nowMs = Date.now();
const open = async (settings: SettingsChange = {}, options: Parameters<typeof openBench>[1] = {}) => {
  nowMs = Date.now();
  bench = await openBench({ seedBills: 3, settings }, { now: () => nowMs, ...options });
  return bench;
};
const seats = () => bench.site.counters.sessions.open;

describe('a cookie session of Acumatica', () => {
  afterEach(() => bench.close());
  const byCookie = { sign_in: 'cookie', client_id: '', client_secret: '' };

  it('is one for any number of processes, and needs no connected application', async () => {
    const { connect, site, requests } = await open();
    const processes = [connect(byCookie), connect(byCookie), connect(byCookie)];
    await Promise.all(processes.map((process) => readAll(process)));
    for (const process of processes) await process.close();
    expect(site.counters.sessions).to.deep.include({ open: 1, opened: 1 });
    expect([requests('login'), requests('token')]).to.deep.equal([1, 0]);
  });

  it('is taken over from a process that crashed: it leaves no other seat', async () => {
    const { connect, requests } = await open();
    await readAll(connect(byCookie));
    expect(documentsOf(await readAll(connect(byCookie))).length).to.equal(3);
    expect([seats(), requests('login')]).to.deep.equal([1, 1]);
  });

  it('is opened anew once by whoever is told first that it ended, for all', async () => {
    const { connect, site, requests } = await open();
    const processes = [connect(byCookie), connect(byCookie), connect(byCookie)];
    for (const process of processes) await readAll(process);
    site.closeSessions();
    await Promise.all(processes.map((process) => readAll(process)));
    expect([seats(), requests('login')]).to.deep.equal([1, 2]);
  });

  it('gives its seat back before it takes another, even when the refusal was no end', async () => {
    const { connect, site } = await open({ apiUsers: 1 });
    const connection = connect(byCookie);
    await readAll(connection);
    site.setFault({ kind: '401', match: { path: '/Bill' }, times: 1 });
    expect(documentsOf(await readAll(connection)).length).to.equal(3);
    expect(seats()).to.equal(1);
  });

  it('is given back on signing out', async () => {
    const { connect, state } = await open();
    const connection = connect(byCookie);
    await readAll(connection);
    await connection.signOut?.(signal);
    expect([seats(), state.stored?.token]).to.deep.equal([0, undefined]);
    expect(documentsOf(await readAll(connection)).length).to.equal(3);
  });

  it('acts: approves a bill', async () => {
    const { connect, site } = await open();
    const connection = connect(byCookie);
    const { ref } = site.addBill({ status: 'Pending Approval', modifiedAt: Date.now() - 60_000 });
    const document = await connection.get('bill', `Bill|${ref}`, signal);
    if (!document) throw new Error('gone');
    expect(await connection.act({ document, action: 'approve', reason: null }, signal)).to.include({ result: 'done' });
  });

  it('meets the login limit with a wait that grows and that all processes keep', async () => {
    const { connect, site, requests } = await open({ apiUsers: 1 });
    const other = connect({ ...byCookie, username: 'amara.okafor', password: 'sandbox-amara' }, createMemoryState());
    await readAll(other);
    const processes = [connect(byCookie), connect(byCookie), connect(byCookie)];
    const tryAll = async () => {
      const errors = await Promise.all(processes.map((process) => errorOf(readAll(process))));
      for (const error of errors) expect(error).to.include({ name: 'RetryableError' });
      return errors[0];
    };
    const first = await tryAll();
    expect(first?.message).to.match(/no free API session left \(licence limit\).*tried again in 1 minute\./);
    expect(first?.retryAfterMs).to.be.within(59_000, 60_000);
    expect(requests('login')).to.equal(2);
    nowMs += 59_000;
    await tryAll();
    expect(requests('login'), 'not before its time').to.equal(2);
    nowMs += 2_000;
    expect((await tryAll())?.message).to.contain('in 2 minutes');
    expect(requests('login')).to.equal(3);
    nowMs += 119_000;
    await tryAll();
    expect(requests('login')).to.equal(3);
    await other.signOut?.(signal);
    nowMs += 2_000;
    for (const process of processes) expect(documentsOf(await readAll(process)).length).to.equal(3);
    expect(bench.state.stored).to.not.have.property('heldBack');
    expect(site.counters.sessions.open).to.equal(1);
  });

  it('waits after a login whose answer was lost, for it may have taken a seat', async () => {
    const { connect, site, requests } = await open({}, { timeoutMs: 300 });
    site.setFault({ kind: 'drop-after', match: { path: '/auth/login' }, times: 1 });
    expect(await errorOf(readAll(connect(byCookie)))).to.include({ name: 'RetryableError' });
    expect(await errorOf(readAll(connect(byCookie)))).to.include({ name: 'RetryableError' });
    expect(requests('login')).to.equal(1);
  });

  for (const [what, entered, settings, field] of [
    ['a wrong password', { password: 'no' }, {}, 'login'],
    ['an unknown tenant', { tenant: 'NOWHERE' }, {}, 'tenant'],
    ['a site that signs in to another tenant than named', { tenant: 'NOWHERE' }, { singleTenant: true }, 'tenant'],
    ['a user without rights', { username: 'warehouse', password: 'sandbox-warehouse' }, {}, 'rights'],
  ] as const)
    it(`names the field of ${what}`, async () => {
      const { connect } = await open(settings);
      const error = await errorOf(connect({ ...byCookie, ...entered }).test(signal));
      expect(error).to.include({ name: 'ReconnectError', field });
      expect(seats()).to.equal(field === 'rights' ? 1 : 0);
    });
});

/** Consents as a user of the site; gives what the ERP sends back. */
async function consentTo(purpose: ConsentPurpose, as: string, entered: Record<string, unknown>, state: SharedState) {
  const credentials = acumatica.credentials.parse({ ...bench.credentials, ...entered });
  const verifier = 'a-verifier-of-some-forty-three-characters-here';
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const redirectUri = 'http://localhost:9/erp/callback';
  const { consent } = acumatica;
  if (!consent) throw new Error('no consent');
  const page = new URL(consent.authorizeUrl({ credentials, purpose, redirectUri, state: 'state', challenge }));
  const body = new URLSearchParams([...page.searchParams, ['as', as]]);
  const answer = await fetch(page.href.split('?')[0] ?? '', { method: 'POST', body, redirect: 'manual' });
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const http = createErpHttp();
  const now = () => nowMs;
  return consent
    .exchange({ credentials, purpose, code, verifier, redirectUri, http, state, now, signal })
    .finally(() => http.close());
}

describe('a consent to Acumatica', () => {
  afterEach(() => bench.close());
  const byConsent = { sign_in: 'consent', username: '', password: '' };

  it('is waited for without a request', async () => {
    const { connect, requests } = await open();
    const error = await errorOf(connect(byConsent).test(signal));
    expect(error).to.include({ name: 'ReconnectError', field: 'consent' });
    expect(error.message).to.match(/^Not connected yet: press Connect/);
    expect(requests('token')).to.equal(0);
  });

  it('is refreshed with rotation, once for all processes, and keeps its seat', async () => {
    const { connect, site, state } = await open();
    expect(await consentTo('connection', 'countersign', byConsent, state)).to.deep.equal({ user: 'countersign' });
    const processes = [connect(byConsent), connect(byConsent)];
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(processes.map((process) => readAll(process)));
      site.expireAccessTokens();
    }
    expect(site.counters.tokens).to.include({ refreshed: 2, killedFamilies: 0 });
    expect(seats()).to.equal(1);
  });

  it('outlives signing out, calls that are refused, and an application that is not known for a while', async () => {
    const { connect, site, state } = await open();
    await consentTo('connection', 'countersign', byConsent, state);
    const connection = connect(byConsent);
    await readAll(connection);
    await connection.signOut?.(signal);
    expect(seats()).to.equal(0);
    site.setFault({ kind: '401', match: { path: '/entity/Default' } });
    expect(await errorOf(readAll(connection))).to.include({ name: 'ReconnectError', field: 'consent' });
    site.clearFaults();
    site.expireAccessTokens();
    expect(await errorOf(readAll(connect({ ...byConsent, client_secret: 'wrong' })))).to.include({
      field: 'client_id',
    });
    for (const kind of ['404-version', '500-html', '429-text'] as const) {
      site.setFault({ kind, match: { path: '/identity' }, times: 1 });
      await errorOf(readAll(connect(byConsent)));
      nowMs += 120_000;
    }
    expect(documentsOf(await readAll(connection)).length).to.equal(3);
  });

  for (const deadRefreshBody of ['invalid_grant', 'text'] as const)
    it(`ends with a dead refresh token, and is not tried again (${deadRefreshBody})`, async () => {
      const { connect, site, state, requests } = await open({ deadRefreshBody });
      await consentTo('connection', 'countersign', byConsent, state);
      const connection = connect(byConsent);
      await readAll(connection);
      site.revokeGrants();
      const error = await errorOf(readAll(connection));
      expect(error).to.include({ name: 'ReconnectError', field: 'consent' });
      expect(error.message).to.contain('connect again');
      const asked = requests('token');
      expect((await errorOf(readAll(connect(byConsent)))).message).to.equal(error.message);
      expect(requests('token')).to.equal(asked);
    });

  it('is not kept where the client secret is wrong, and names it', async () => {
    const { state } = await open({ scopes: ['api', 'offline_access', 'openid', 'profile'] });
    const exchange = (entered: object) =>
      errorOf(consentTo('connection', 'countersign', { ...byConsent, ...entered }, state));
    expect(await exchange({ client_secret: 'wrong' })).to.include({ name: 'ReconnectError', field: 'client_id' });
    expect(state.stored).to.equal(null);
  });
});

describe('a person’s own account of Acumatica', () => {
  afterEach(() => bench.close());
  const own = { account_client_id: '', account_client_secret: '' };
  const withClient = () => ({
    ...own,
    account_client_id: bench.credentials.client_id,
    account_client_secret: bench.credentials.client_secret,
  });
  const waiting = async (steps = ['amara.okafor']) => {
    const { ref } = bench.site.addBill({ status: 'Pending Approval', steps, modifiedAt: Date.now() - 60_000 });
    const document = await bench.connect(withClient()).get('bill', `Bill|${ref}`, signal);
    if (!document) throw new Error('gone');
    return { document, action: 'approve' as const, reason: null };
  };

  it('is offered where there is an application that may ask for consent', async () => {
    await open();
    const { consent, credentials } = acumatica;
    const offers = (entered: object) => consent?.linksAccounts(credentials.parse({ ...bench.credentials, ...entered }));
    expect([offers(own), offers(withClient()), offers({ sign_in: 'consent' })]).to.deep.equal([false, true, true]);
  });

  it('acts as that person, while reading stays with the connection', async () => {
    const { connect, site } = await open();
    const account = createHeldState();
    expect(await consentTo('account', 'amara.okafor', withClient(), account)).to.deep.equal({ user: 'amara.okafor' });
    site.changeSettings({ serviceAccountApproves: 'never' });
    const request = await waiting();
    const connection = connect(withClient());
    expect(await connection.act(request, signal)).to.include({ result: 'refused' });
    const outcome = await connection.act(request, signal, account);
    expect(outcome).to.include({ result: 'done', complete: true });
    expect(site.bill(request.document.reference)?.modifiedBy).to.equal('amara.okafor');
    const users = site.counters.sessions.list.map(({ user }) => user);
    expect(users.sort()).to.deep.equal(['amara.okafor', 'countersign']);
    await connection.signOut?.(signal, account);
    expect(site.counters.sessions.list.map(({ user }) => user)).to.deep.equal(['countersign']);
    expect(account.held()).to.have.property('token');
  });

  it('is refreshed once for two acts at the same time', async () => {
    const { connect, site } = await open();
    const account = createMemoryState();
    await consentTo('account', 'amara.okafor', withClient(), account);
    const requests = [await waiting(), await waiting()];
    site.expireAccessTokens();
    const outcomes = await Promise.all(requests.map((request) => connect(withClient()).act(request, signal, account)));
    expect(outcomes.map(({ result }) => result)).to.deep.equal(['done', 'done']);
    expect(site.counters.tokens.killedFamilies).to.equal(0);
  });

  it('that is not taken any more is told as the account’s, before anything is done, not as the connection’s', async () => {
    const { connect, site } = await open();
    const account = createHeldState();
    await consentTo('account', 'amara.okafor', withClient(), account);
    const request = await waiting();
    site.revokeGrants();
    const connection = connect(withClient());
    const error = await errorOf(connection.act(request, signal, account));
    expect(error).to.include({ name: 'ReconnectError', field: 'account' });
    expect(error.message).to.contain('link it again');
    expect(site.bill(request.document.reference)?.status).to.equal('Pending Approval');
    expect(documentsOf(await readAll(connection)).length).to.be.greaterThan(0);
    for (const state of [createHeldState(), createHeldState({ token: { accessToken: 'x' } })])
      expect(await errorOf(connection.act(request, signal, state))).to.include({ field: 'account' });
  });
});
