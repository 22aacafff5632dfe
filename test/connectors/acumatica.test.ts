import type { ActionName, DocumentKind } from '../../app/domain/document.ts';
import { acumatica } from '../../connectors/acumatica/index.ts';
import type { Collection, FaultInput } from '../../sandbox/acumatica/index.ts';
import { startSite } from './acumatica-site.ts';
import { type ConnectorFixture, describeConnector, type Misbehaviour } from './conformance.ts';

const faults: Record<Misbehaviour, FaultInput> = {
  'rate limit': { kind: '429-text', match: { path: '/entity/' } },
  'server error': { kind: '500-html', match: { path: '/entity/' } },
  'web page': { kind: '302-error-page', match: { path: '/entity/' } },
  truncated: { kind: 'truncated-json', match: { path: '/entity/' } },
  empty: { kind: 'nothing-done', match: { path: '/entity/' } },
  'lost answer': { kind: 'drop-after', match: { method: 'POST', path: '/entity/' }, times: 1 },
};

interface Side {
  collection: Collection;
  type: string;
  actions: readonly ActionName[];
  /** Where approval and release lead, and a state in which nothing can be done. */
  approved: string;
  released: string;
  ended: string;
}

const all = ['approve', 'reject', 'release', 'hold', 'unhold'] as const;
const sides: Partial<Record<DocumentKind, Side>> = {
  bill: { collection: 'bills', type: 'Bill', actions: all, approved: 'Balanced', released: 'Open', ended: 'Closed' },
  purchase_order: {
    collection: 'purchase-orders',
    type: 'Normal',
    actions: ['approve', 'reject', 'hold', 'unhold'],
    approved: 'Open',
    released: '',
    ended: 'Closed',
  },
  payment: {
    collection: 'checks',
    type: 'Payment',
    actions: all,
    approved: 'Balanced',
    released: 'Open',
    ended: 'Closed',
  },
  customer_payment: {
    collection: 'payments',
    type: 'Payment',
    actions: ['release', 'hold', 'unhold'],
    approved: 'Balanced',
    released: 'Open',
    ended: 'Closed',
  },
  journal: {
    collection: 'journals',
    type: 'GL',
    actions: all,
    approved: 'Balanced',
    released: 'Posted',
    ended: 'Void',
  },
};

async function start(kind: DocumentKind): Promise<ConnectorFixture> {
  const { site, credentials, asked, close } = await startSite({ seedBills: 6, seedOthers: true });
  const side = sides[kind];
  if (!side) throw new Error(`The simulated Acumatica has no ${kind}`);
  const { collection, type, actions, approved, released, ended } = side;
  const form = site.form(collection);
  const refOf = (key: string) => key.split('|')[1] ?? '';
  const isApproved = actions.includes('approve');
  const before: Record<ActionName, string> = {
    approve: 'Pending Approval',
    reject: 'Pending Approval',
    release: 'Balanced',
    hold: isApproved ? 'Pending Approval' : 'Balanced',
    unhold: 'On Hold',
  };
  const after: Record<ActionName, string> = {
    approve: approved,
    reject: 'Rejected',
    release: released,
    hold: 'On Hold',
    unhold: isApproved ? 'Pending Approval' : approved,
  };
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
    unknownKey: `${type}|1`,
    addDocuments(count) {
      for (let index = 0; index < count; index += 1) form.add();
    },
    misbehave(how) {
      site.setFault(faults[how]);
    },
    behave: () => site.clearFaults(),
    requests: () => asked.length,
    expireTokens: () => site.expireAccessTokens(),
    tokensIssued: () => site.counters.tokens.issued,
    beside: {
      note: (key) => form.find(refOf(key), type)?.note ?? '',
      writeNote: (key, note) => void form.edit(refOf(key), { note }),
      files: (key) => form.files(refOf(key)),
      remove: (key) => form.remove(refOf(key)),
      loseAnswer: () => void site.setFault({ kind: 'drop-after', match: { method: 'PUT' }, times: 1 }),
    },
    people: () => [
      ...site.people.employees().map(({ code }) => `employee ${code}`),
      ...site.people.contacts().map(({ number }) => `contact ${number}`),
    ],
    prepare(action) {
      const { ref } = form.add({ type, status: before[action], amount: '1250.00', steps: ['amara.okafor'] });
      return `${type}|${ref}`;
    },
    forbid(key, action) {
      if (action === 'approve' || action === 'reject') site.changeSettings({ serviceAccountApproves: 'never' });
      else form.edit(refOf(key), { status: ended });
    },
    hasHappened: (key, action) => form.find(refOf(key), type)?.status === after[action],
    close,
  };
}

describeConnector({
  connector: acumatica,
  start,
  offers: { people: true, notes: true },
  actionsOf: (kind) => sides[kind]?.actions ?? [],
});
