import { createHash } from 'node:crypto';

const style = `
:root { color-scheme: light dark; --ink: #1d1c1d; --soft: #55545a; --paper: #fff; --ground: #f4f2f5; --line: #dcd8de; --accent: #4a154b; --on-accent: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #f2f0f3; --soft: #bdb9c1; --paper: #232127; --ground: #17161a; --line: #403d45; --accent: #e6d3f2; --on-accent: #2b0d2c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 40rem; margin: 6vh auto; padding: 2.5rem; background: var(--paper); border: 1px solid var(--line); border-radius: 14px; }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; line-height: 1.25; text-wrap: balance; }
h2 { margin: 2rem 0 .25rem; font-size: 1.05rem; }
p { margin: .6rem 0; }
.lead { font-size: 1.1rem; color: var(--soft); }
.small { font-size: .9rem; color: var(--soft); }
.button { display: inline-flex; align-items: center; gap: .75rem; margin: 1rem .75rem .4rem 0; padding: .75rem 1.4rem; border: 2px solid var(--accent); border-radius: 8px; background: var(--accent); color: var(--on-accent); font-weight: 650; text-decoration: none; }
.button:hover { filter: brightness(1.12); }
.button.plain { background: transparent; color: var(--accent); }
.button svg { width: 1.25rem; height: 1.25rem; padding: .15rem; box-sizing: content-box; background: #fff; border-radius: 5px; }
a { color: var(--accent); }
a:focus-visible { outline: 3px solid #1264a3; outline-offset: 3px; }
dl { margin: .5rem 0 0; }
dl div { padding: .6rem 0; border-top: 1px solid var(--line); }
dt, code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .88rem; overflow-wrap: anywhere; }
dt { font-weight: 650; }
dd { margin: .1rem 0 0; }
ol { padding-left: 1.3rem; }
li { margin: .35rem 0; }
@media (max-width: 30rem) { main { margin: 0; min-height: 100vh; padding: 1.5rem; border: 0; border-radius: 0; } .button { width: 100%; justify-content: center; } }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing is loaded from anywhere, nothing runs, nobody frames it, and no address that it was reached by is passed on. */
export const pageHeaders: Record<string, string> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** A whole page of the app; `title` is plain text and `body` is HTML that has been escaped. */
export function page(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
