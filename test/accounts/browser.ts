import type { Product } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

/** One answer of the app to a browser. */
export interface Seen {
  status: number;
  html: string;
  headers: Headers;
}

export async function open(address: string, cookie = '', headers: Record<string, string> = {}): Promise<Seen> {
  const response = await fetch(address, { headers: { ...headers, ...(cookie ? { cookie } : {}) }, redirect: 'manual' });
  return { status: response.status, html: await response.text(), headers: response.headers };
}

export const titleOf = ({ html }: Seen): string => /<h1>([^<]*)<\/h1>/.exec(html)?.[1] ?? html.slice(0, 200);

/** The link in the form that a person has open in Slack. */
export async function linkInForm(product: Product, user: string): Promise<string> {
  const view = await waitUntil(() => product.sandbox.slack.openViews(user)[0], {
    what: () => `the form of ${user}; the log says:\n${product.logLines.slice(-10).join('')}`,
  });
  const url = /"url":"([^"]+)"/.exec(JSON.stringify(view.definition))?.[1];
  if (!url) throw new Error(`No link in ${JSON.stringify(view.definition)}`);
  await product.sandbox.slack.closeView(user, view.id);
  return url;
}

/** Opens a link as a browser does: the ERP's consent page, and the cookie that ties the way back to this browser. */
export async function follow(link: string): Promise<{ authorize: URL; cookie: string; seen: Seen }> {
  const seen = await open(link);
  const location = seen.headers.get('location');
  if (seen.status !== 302 || !location) throw new Error(`The link was not followed: ${seen.status} ${titleOf(seen)}`);
  return { seen, authorize: new URL(location), cookie: seen.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}

/** Signs in and allows as one of the ERP's users, or denies; gives the address that the ERP sends the browser back to. */
export async function decideInErp(authorize: URL, decision: { as: string } | { decision: 'deny' }): Promise<string> {
  const body = new URLSearchParams([...authorize.searchParams, ...Object.entries(decision)]);
  const response = await fetch(`${authorize.origin}${authorize.pathname}`, {
    method: 'POST',
    body,
    redirect: 'manual',
  });
  const back = response.headers.get('location');
  if (!back) throw new Error(`The ERP answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
  return back;
}

/** The whole way from a link to the app's last page. */
export async function consentAs(link: string, as: string): Promise<Seen> {
  const { authorize, cookie } = await follow(link);
  return open(await decideInErp(authorize, { as }), cookie);
}
