import type { ActionName, DocumentKind } from '../../app/domain/document.ts';
import { intacct } from '../../connectors/intacct/index.ts';
import type { FaultInput } from '../../sandbox/intacct/index.ts';
import { type ConnectorFixture, describeConnector, type Misbehaviour } from './conformance.ts';
import { startIntacct } from './intacct-site.ts';

const faults: Record<Misbehaviour, FaultInput> = {
  'rate limit': { kind: '429' },
  'server error': { kind: '503-xml' },
  'web page': { kind: '503-html' },
  truncated: { kind: 'truncated-xml' },
  empty: { kind: 'offline-in-200' },
  'lost answer': { kind: 'drop-after', match: '_appaymentrequest>', times: 1 },
};

async function start(kind: DocumentKind): Promise<ConnectorFixture> {
  const { site, credentials, asked, close } = await startIntacct();
  const actions: readonly ActionName[] = [];
  return {
    credentials: { ...credentials, page_size: 10, read_from_days: 400 },
    wrongCredentials: [
      { field: 'sender_id', credentials: { sender_password: 'wrong-sender-password' } },
      { field: 'login', credentials: { password: 'wrong-password' } },
      { field: 'login', credentials: { company_id: 'Elsewhere' } },
      { field: 'entity', credentials: { entity: 'E999' } },
      { field: 'gateway', credentials: { gateway: `${String(credentials.gateway)}/deeper` } },
    ],
    actions,
    unknownKey: '999999',
    addDocuments(count) {
      for (let index = 0; index < count; index += 1) {
        if (kind === 'bill') site.maker.bill({ state: 'S' });
      }
    },
    misbehave(how) {
      site.setFault(faults[how]);
    },
    behave: () => site.clearFaults(),
    requests: () => asked.length,
    expireTokens: () => void site.expireSessions(),
    tokensIssued: () => asked.filter((body) => body.includes('<getAPISession')).length,
    prepare() {
      throw new Error('There is no action');
    },
    forbid() {},
    hasHappened: () => false,
    close,
  };
}

describeConnector({ connector: intacct, start });
