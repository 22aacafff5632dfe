import type { SiteDescription } from '../../sandbox/acumatica/index.ts';

export const shape =
  '$select=Type,ReferenceNbr,Status,Vendor,VendorRef,Amount,CurrencyID,Date,DueDate,Description,Terms,BranchID,LastModifiedDateTime,' +
  'Details/Account,Details/Amount,Details/Description,Details/ExtendedCost,Details/Qty,Details/TransactionDescription&$expand=Details';

export type Bill = { Type: { value: string }; ReferenceNbr: { value: string } };

/** The least that a program can do to sign in to the simulated ERP. */
export async function signIn(site: SiteDescription): Promise<{ base: string; headers: Record<string, string> }> {
  const service = site.users.find((user) => user.role === 'service');
  const body = new URLSearchParams({
    grant_type: 'password',
    client_id: site.clientId,
    client_secret: site.clientSecret,
    username: service?.username ?? '',
    password: service?.password ?? '',
    scope: 'api',
  });
  const response = await fetch(`${site.url}/identity/connect/token`, { method: 'POST', body });
  const { access_token: token } = (await response.json()) as { access_token: string };
  const version = site.versions.at(-1);
  return {
    base: `${site.url}/entity/Default/${version}`,
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
  };
}

/** Pages of bills as the app asks for them, fetched and parsed and nothing more. */
export async function* fetchPages(site: SiteDescription, pageSize: number): AsyncGenerator<Bill[]> {
  const { base, headers } = await signIn(site);
  for (let skip = 0; ; skip += pageSize) {
    const response = await fetch(`${base}/Bill?${shape}&$top=${pageSize}&$skip=${skip}`, { headers });
    const page = (await response.json()) as Bill[];
    yield page;
    if (page.length < pageSize) return;
  }
}
