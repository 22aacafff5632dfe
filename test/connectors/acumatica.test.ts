import type { ActionName } from '../../app/domain/document.ts';
import { acumatica } from '../../connectors/acumatica/index.ts';
import type { FaultInput } from '../../sandbox/acumatica/index.ts';
import { startSite } from './acumatica-site.ts';
import { type ConnectorFixture, describeConnector, type Misbehaviour } from './conformance.ts';

const faults: Record<Misbehaviour, FaultInput> = {
  'rate limit': { kind: '429-text', match: { path: '/entity/' } },
  'server error': { kind: '500-html', match: { path: '/entity/' } },
  'web page': { kind: '302-error-page', match: { path: '/entity/' } },
  truncated: { kind: 'truncated-json', match: { path: '/entity/' } },
  empty: { kind: 'nothing-done', match: { path: '/entity/' } },
  'lost answer': { kind: 'drop-after', match: { method: 'POST', path: '/Bill/' }, times: 1 },
};

const shownAs: Record<ActionName, string> = {
  approve: 'Balanced',
  reject: 'Rejected',
  release: 'Open',
  hold: 'On Hold',
  unhold: 'Pending Approval',
};

async function start(): Promise<ConnectorFixture> {
  const { site, credentials, asked, close } = await startSite();
  const refOf = (key: string) => key.split('|')[1] ?? '';
  return {
    credentials: { ...credentials, page_size: 10 },
    wrongCredentials: [
      { field: 'login', credentials: { password: 'wrong-password' } },
      { field: 'client_id', credentials: { client_secret: 'wrong-secret' } },
      { field: 'version', credentials: { version: '17.200.001' } },
      { field: 'endpoint', credentials: { endpoint: 'Other' } },
      { field: 'rights', credentials: { username: 'warehouse', password: 'sandbox-warehouse' } },
      { field: 'site', credentials: { site: `${String(credentials.site)}/deeper` } },
    ],
    actions: ['approve', 'reject', 'release', 'hold', 'unhold'],
    addDocuments(count) {
      for (let index = 0; index < count; index += 1) site.addBill();
    },
    misbehave(how) {
      site.setFault(faults[how]);
    },
    behave: () => site.clearFaults(),
    requests: () => asked.length,
    expireTokens: () => site.expireAccessTokens(),
    tokensIssued: () => site.counters.tokens.issued,
    prepare(action) {
      const status = action === 'release' ? 'Balanced' : action === 'unhold' ? 'On Hold' : 'Pending Approval';
      return `Bill|${site.addBill({ status, steps: ['amara.okafor'] }).ref}`;
    },
    forbid(key, action) {
      if (action === 'approve' || action === 'reject') site.changeSettings({ serviceAccountApproves: 'never' });
      else site.editBill(refOf(key), { status: 'Closed' });
    },
    hasHappened: (key, action) => site.bill(refOf(key))?.status === shownAs[action],
    people: () => [
      ...site.people.employees().map(({ code }) => `employee ${code}`),
      ...site.people.contacts().map(({ number }) => `contact ${number}`),
    ],
    close,
  };
}

describeConnector({ connector: acumatica, start });
