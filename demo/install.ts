/**
 * Installs the app as a person would in a browser: install page, Slack's consent page, back to the app. Every hop is
 * real; only the clicks are ours. The state cookie is `Secure`, which browsers send to this machine over http too.
 */
export async function install(appUrl: string): Promise<void> {
  const page = await fetch(`${appUrl}/slack/install`);
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const authorize = /href="([^"]*\/oauth\/v2\/authorize[^"]*)"/.exec(await page.text())?.[1]?.replaceAll('&amp;', '&');
  if (!authorize) throw new Error('The install page has no "Add to Slack" link.');

  const consent = await fetch(authorize);
  const html = await consent.text();
  const fields = new URLSearchParams();
  for (const [input] of html.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    if (name) fields.set(name, unescapeHtml(/value="([^"]*)"/.exec(input)?.[1] ?? ''));
  }
  const allow = /<button[^>]*name="([^"]*)"[^>]*value="(allow)"/.exec(html);
  if (allow?.[1] && allow[2]) fields.set(allow[1], allow[2]);
  const target = new URL(unescapeHtml(/<form[^>]*action="([^"]*)"/.exec(html)?.[1] ?? ''), authorize);
  const allowed = await fetch(target, { method: 'POST', body: fields, redirect: 'manual' });
  const back = allowed.headers.get('location');
  if (!back) throw new Error(`Slack's consent page answered ${allowed.status} instead of sending us back.`);

  const done = await fetch(back, { headers: { cookie } });
  if (!done.ok)
    throw new Error(`The app answered ${done.status} to the installation: ${(await done.text()).slice(0, 300)}`);
}

function unescapeHtml(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
