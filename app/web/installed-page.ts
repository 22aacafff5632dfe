import type { Installation } from '@slack/oauth';
import { escapeHtml, page } from './page.ts';

/** What a person sees once the app is installed: where, and what comes next. */
export function renderInstalledPage(installation: Installation): string {
  const orgWide = installation.isEnterpriseInstall ?? false;
  const name = (orgWide ? installation.enterprise?.name : installation.team?.name) ?? 'your workspace';
  const next = orgWide
    ? 'It is installed for the whole organization. In Slack’s organization settings, add it to the workspaces that are to have it.'
    : 'In Slack, invite it into every channel that is to get cards: type /invite and its name there.';
  return page(
    `Countersign is installed in ${name}`,
    `<h1>Countersign is installed in ${escapeHtml(name)}</h1>
<p class="lead">After a first installation it sends you a direct message with the next step.</p>
${links(installation)}
<h2>What comes next</h2>
<ol>
<li>${next}</li>
<li>Whoever runs the app says which documents go to which channel, and who may decide there.</li>
</ol>
<p class="small">You can close this page.</p>`,
  );
}

function links({ isEnterpriseInstall, team, appId, enterpriseUrl }: Installation): string {
  if (isEnterpriseInstall) {
    if (!enterpriseUrl?.startsWith('https://') || !appId) return '';
    const address = `${enterpriseUrl}manage/organization/apps/profile/${encodeURIComponent(appId)}/workspaces/add`;
    return `<p><a class="button" href="${escapeHtml(address)}">Add it to workspaces</a></p>`;
  }
  if (!team) return '';
  const id = encodeURIComponent(team.id);
  const app = appId ? `&amp;id=${encodeURIComponent(appId)}` : '';
  return `<p><a class="button" href="slack://app?team=${id}${app}">Open Slack</a><a class="button plain" href="https://app.slack.com/client/${id}">Open Slack in the browser</a></p>`;
}
