import type { ActionName, DocumentKind } from '../../app/domain/document.ts';
import { intacct } from '../../connectors/intacct/index.ts';
import type { FaultInput, IntacctSite } from '../../sandbox/intacct/index.ts';
import { type ConnectorFixture, describeConnector, type Misbehaviour } from './conformance.ts';
import { payBills, startIntacct } from './intacct-site.ts';

const decides = '_appaymentrequest>';
const faults: Record<Misbehaviour, FaultInput> = {
  'rate limit': { kind: '429' },
  'server error': { kind: '503-xml' },
  'web page': { kind: '503-html' },
  truncated: { kind: 'truncated-xml' },
  empty: { kind: 'offline-in-200' },
  'lost answer': { kind: 'drop-after', match: decides, times: 1 },
};

interface Side {
  object: string;
  actions: readonly ActionName[];
  add(site: IntacctSite): { RECORDNO: number };
  /** Codes of the states that a decision leads to. */
  after: Partial<Record<ActionName, string>>;
}

const sides: Partial<Record<DocumentKind, Side>> = {
  bill: { object: 'APBILL', actions: [], add: (site) => site.maker.bill({ state: 'S' }), after: {} },
  payment: {
    object: 'APPYMT',
    actions: ['approve', 'reject'],
    add: (site) => payBills(site),
    after: { approve: 'A', reject: 'U' },
  },
  journal: { object: 'GLBATCH', actions: [], add: (site) => site.maker.entry({ state: 'P' }), after: {} },
};

async function start(kind: DocumentKind): Promise<ConnectorFixture> {
  const { site, credentials, asked, close } = await startIntacct();
  const side = sides[kind];
  if (!side) throw new Error(`Intacct has no ${kind}`);
  const approver = site.describe().users.find(({ role }) => role === 'approver');
  return {
    credentials: { ...credentials, page_size: 10, read_from_days: 400 },
    wrongCredentials: [
      { field: 'sender_id', credentials: { sender_password: 'wrong-sender-password' } },
      { field: 'login', credentials: { password: 'wrong-password' } },
      { field: 'login', credentials: { company_id: 'Elsewhere' } },
      { field: 'entity', credentials: { entity: 'E999' } },
      { field: 'gateway', credentials: { gateway: `${String(credentials.gateway)}/deeper` } },
    ],
    actions: side.actions,
    account: { login: { user_id: approver?.userId, password: approver?.password } },
    unknownKey: '999999',
    addDocuments(count) {
      for (let index = 0; index < count; index += 1) side.add(site);
    },
    misbehave(how) {
      site.setFault(faults[how]);
    },
    behave: () => site.clearFaults(),
    requests: () => asked.length,
    expireTokens: () => void site.expireSessions(),
    tokensIssued: () => asked.filter((body) => body.includes('<getAPISession')).length,
    prepare: () => String(side.add(site).RECORDNO),
    forbid() {
      site.changeSettings({ paymentApprovers: [['jonas.weber']] });
    },
    hasHappened: (key, action) => site.hand.row(side.object, Number(key)).STATE === side.after[action],
    close,
  };
}

describeConnector({ connector: intacct, start });
