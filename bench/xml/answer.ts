import { type Authentication, type GatewayFunction, requestXml } from '../../connectors/intacct/gateway/request.ts';
import { allOf, atLeast as from, query } from '../../connectors/intacct/query.ts';
import { readXml, textOf, type XmlElement } from '../../connectors/intacct/xml/read.ts';
import { element } from '../../connectors/intacct/xml/write.ts';
import { startSandbox } from '../../sandbox/start.ts';

const fields =
  'RECORDNO RECORDID STATE VENDORID VENDORNAME DOCNUMBER TERMNAME WHENCREATED WHENDUE TRX_TOTALENTERED TRX_TOTALDUE CURRENCY DESCRIPTION AUWHENCREATED WHENMODIFIED RECORD_URL';

/** A page of so many bills as the simulated gateway writes it. */
export async function pageOfBills(rows: number): Promise<string> {
  const sandbox = await startSandbox({
    scenario: { clockRuns: false, acumatica: { seedBills: 0 }, intacct: { seedBills: 0 } },
  });
  try {
    const { intacct } = sandbox;
    for (let made = 0; made < rows; made += 1) intacct.maker.bill({ state: 'S', quiet: true });
    const site = intacct.describe();
    const user = site.users.find(({ role }) => role === 'service');
    const sender = { id: site.senderId, password: site.senderPassword };
    const post = async (url: string, authentication: Authentication, asked: GatewayFunction) => {
      const body = requestXml(sender, authentication, [asked]);
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/xml' }, body });
      return response.text();
    };
    const login = {
      companyId: site.companyId,
      userId: user?.userId ?? '',
      password: user?.password ?? '',
      entity: null,
    };
    const session = readXml(await post(site.url, { login }, { name: 'getAPISession', xml: element('getAPISession') }));
    const api = found(session, 'api');
    const asked = query({
      object: 'APBILL',
      fields: fields.split(' '),
      filter: allOf(from('RECORDNO', '0')),
      pageSize: rows,
      showPrivate: true,
    });
    return await post(textOf(api, 'endpoint') ?? site.url, { sessionId: textOf(api, 'sessionid') ?? '' }, asked);
  } finally {
    await sandbox.stop();
  }
}

function found(element: XmlElement, name: string): XmlElement | undefined {
  if (element.name === name) return element;
  for (const each of element.children) {
    const within = found(each, name);
    if (within) return within;
  }
  return undefined;
}
