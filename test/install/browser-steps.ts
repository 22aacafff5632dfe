/** One answer of the app to a browser. */
export interface Seen {
  status: number;
  html: string;
  headers: Headers;
}

export interface Start extends Seen {
  /** Slack's page that "Add to Slack" leads to. */
  authorize: URL;
  cookie: string;
}

/** Opens the install page and keeps its cookie, as a browser does on this machine. */
export async function openInstallPage(appUrl: string): Promise<Start> {
  const seen = await open(`${appUrl}/slack/install`);
  const href = /class="button" href="([^"]+)"/.exec(seen.html)?.[1] ?? '';
  const cookie = seen.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { ...seen, cookie, authorize: new URL(href.replaceAll('&amp;', '&')) };
}

/** Allows or cancels on Slack's page; gives the address that Slack sends the browser back to. */
export async function decideOnSlack(authorize: URL, decision: 'allow' | 'cancel', user?: string): Promise<string> {
  const body = new URLSearchParams(authorize.searchParams);
  body.set('decision', decision);
  if (user) body.set('user', user);
  const address = new URL(authorize.pathname, authorize.origin);
  const response = await fetch(address, { method: 'POST', body, redirect: 'manual' });
  const back = response.headers.get('location');
  if (!back) throw new Error(`Slack answered ${response.status} and sends nobody back.`);
  return back;
}

export async function open(address: string, cookie = ''): Promise<Seen> {
  const response = await fetch(address, { headers: cookie ? { cookie } : {}, redirect: 'manual' });
  return { status: response.status, html: await response.text(), headers: response.headers };
}

/** The whole way, as whoever `user` is. */
export async function installAs(appUrl: string, user?: string): Promise<Seen> {
  const { authorize, cookie } = await openInstallPage(appUrl);
  return open(await decideOnSlack(authorize, 'allow', user), cookie);
}
