import type { ActionName, DocumentKind } from '../../app/domain/document.ts';
import { intacct } from '../../connectors/intacct/index.ts';
import type { FaultInput, IntacctSite } from '../../sandbox/intacct/index.ts';
import { type ConnectorFixture, describeConnector, type Misbehaviour } from './conformance.ts';
import { payBills, startIntacct } from './intacct-site.ts';

const faults: Record<Misbehaviour, FaultInput> = {
  'rate limit': { kind: '429' },
  'server error': { kind: '503-xml' },
  'web page': { kind: '503-html' },
  truncated: { kind: 'truncated-xml' },
  empty: { kind: 'offline-in-200' },
  'lost answer': { kind: 'drop-after', times: 1 },
};

interface Side {
  object: string;
  actions: readonly ActionName[];
  /** What only requests that decide hold. */
  decides?: string;
  add(site: IntacctSite): { RECORDNO: number };
  /** Codes of the states that a decision leads to. */
  after: Partial<Record<ActionName, string>>;
}

const sides: Partial<Record<DocumentKind, Side>> = {
  bill: {
    object: 'APBILL',
    actions: ['approve', 'reject'],
    decides: '<APBILL>',
    add: (site) => site.maker.bill({ state: 'S' }),
    after: { approve: 'A', reject: 'U' },
  },
  payment: {
    object: 'APPYMT',
    actions: ['approve', 'reject'],
    decides: '_appaymentrequest>',
    add: (site) => payBills(site),
    after: { approve: 'A', reject: 'U' },
  },
  journal: { object: 'GLBATCH', actions: [], add: (site) => site.maker.entry({ state: 'P' }), after: {} },
  exception: { object: 'GLBATCH', actions: [], add: (site) => site.maker.entry({ state: 'R' }), after: {} },
};

async function start(kind: DocumentKind): Promise<ConnectorFixture> {
  const { site, credentials, asked, close } = await startIntacct();
  const side = sides[kind];
  if (!side) throw new Error(`Intacct has no ${kind}`);
  site.changeSettings({ billApprovals: true });
  const approver = site.describe().users.find(({ role }) => role === 'approver');
  return {
    credentials: { ...credentials, page_size: 10, read_from_days: 400, bill_decisions: 'on' },
    wrongCredentials: [
      { field: 'sender_id', credentials: { sender_password: 'wrong-sender-password' } },
      { field: 'login', credentials: { password: 'wrong-password' } },
      { field: 'login', credentials: { company_id: 'Elsewhere' } },
      { field: 'entity', credentials: { entity: 'E999' } },
      { field: 'gateway', credentials: { gateway: `${String(credentials.gateway)}/deeper` } },
    ],
    account: { login: { user_id: approver?.userId, password: approver?.password } },
    unknownKey: kind === 'exception' ? 'GLBATCH 999999 declined' : '999999',
    addDocuments(count) {
      for (let index = 0; index < count; index += 1) side.add(site);
    },
    misbehave(how) {
      site.setFault({ ...faults[how], ...(how === 'lost answer' ? { match: side.decides } : {}) });
    },
    behave: () => site.clearFaults(),
    // What hangs on what was read is asked for in a second one.
    requestsWhenQuiet: kind === 'exception' ? 2 : 1,
    requests: () => asked.length,
    expireTokens: () => void site.expireSessions(),
    tokensIssued: () => asked.filter((body) => body.includes('<getAPISession')).length,
    prepare: () => String(side.add(site).RECORDNO),
    forbid() {
      site.changeSettings({ paymentApprovers: [['jonas.weber']], billApprovers: ['jonas.weber'] });
    },
    hasHappened: (key, action) => site.hand.row(side.object, Number(key)).STATE === side.after[action],
    close,
  };
}

describeConnector({
  connector: intacct,
  start,
  offers: { people: false, notes: false },
  actionsOf: (kind) => sides[kind]?.actions ?? [],
});
