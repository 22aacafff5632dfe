import { scopes } from '../slack/scopes.ts';
import { escapeHtml, page } from './page.ts';

const slackMark = `<svg viewBox="0 0 122.8 122.8" aria-hidden="true"><path fill="#e01e5a" d="M25.8 77.6c0 7.1-5.8 12.9-12.9 12.9S0 84.7 0 77.6s5.8-12.9 12.9-12.9h12.9v12.9zm6.5 0c0-7.1 5.8-12.9 12.9-12.9s12.9 5.8 12.9 12.9v32.3c0 7.1-5.8 12.9-12.9 12.9s-12.9-5.8-12.9-12.9V77.6z"/><path fill="#36c5f0" d="M45.2 25.8c-7.1 0-12.9-5.8-12.9-12.9S38.1 0 45.2 0s12.9 5.8 12.9 12.9v12.9H45.2zm0 6.5c7.1 0 12.9 5.8 12.9 12.9s-5.8 12.9-12.9 12.9H12.9C5.8 58.1 0 52.3 0 45.2s5.8-12.9 12.9-12.9h32.3z"/><path fill="#2eb67d" d="M97 45.2c0-7.1 5.8-12.9 12.9-12.9s12.9 5.8 12.9 12.9-5.8 12.9-12.9 12.9H97V45.2zm-6.5 0c0 7.1-5.8 12.9-12.9 12.9s-12.9-5.8-12.9-12.9V12.9C64.7 5.8 70.5 0 77.6 0s12.9 5.8 12.9 12.9v32.3z"/><path fill="#ecb22e" d="M77.6 97c7.1 0 12.9 5.8 12.9 12.9s-5.8 12.9-12.9 12.9-12.9-5.8-12.9-12.9V97h12.9zm0-6.5c-7.1 0-12.9-5.8-12.9-12.9s5.8-12.9 12.9-12.9h32.3c7.1 0 12.9 5.8 12.9 12.9s-5.8 12.9-12.9 12.9H77.6z"/></svg>`;

/** What a person sees before Slack's own question: what the app is, what it will be able to do and why. */
export function renderInstallPage(addToSlackUrl: string): string {
  const rights = Object.entries(scopes)
    .map(([scope, why]) => `<div><dt>${escapeHtml(scope)}</dt><dd>${escapeHtml(sentence(why))}</dd></div>`)
    .join('\n');
  return page(
    'Add Countersign to Slack',
    `<h1>Add Countersign to Slack</h1>
<p class="lead">Bills, orders, payments and journals from your ERP become live cards in Slack, and what people decide there is carried back into the ERP.</p>
<p><a class="button" href="${escapeHtml(addToSlackUrl)}">${slackMark}<span>Add to Slack</span></a></p>
<p class="small">Slack asks you once more before anything is installed. Where your workspace wants an administrator’s consent, Slack asks them.</p>
<h2>What it will be able to do, and why</h2>
<dl>
${rights}
</dl>
<h2>Good to know</h2>
<p>The app runs on your company’s own server. It keeps its access to your workspace there, encrypted, and loses it when you remove the app in Slack.</p>
<p>Whoever installs it hears from it in private when something needs a person.</p>
<p class="small">Press the button within ten minutes of opening this page, in this browser. After that, load the page again.</p>`,
  );
}

/** Where the app has no address of its own, Slack has nowhere to send a person back to. */
export function renderNoInstallPage(): string {
  return page(
    'Countersign cannot be installed from here yet',
    `<h1>Countersign cannot be installed from here yet</h1>
<p class="lead">The app does not know the address at which your browser reaches it, so Slack could not send you back to it.</p>
<h2>What to do</h2>
<p>Whoever runs the app sets <code>PUBLIC_URL</code> to that address and starts it anew. The address has to be reachable from your browser only, not from the internet.</p>`,
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
