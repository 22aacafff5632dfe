import { escapeHtml, page } from './page.ts';

/** Why an installation did not happen, in words for the person in front of the browser. */
export interface InstallFailure {
  /** For the log. */
  reason: string;
  status: number;
  title: string;
  happened: string;
  next: string;
  /** Whether starting once more may help. */
  again: boolean;
}

const stateLifeMs = 600_000;

const denied: InstallFailure = {
  reason: 'denied',
  status: 403,
  title: 'Nothing was installed',
  happened: 'You pressed Cancel on Slack’s page, or an administrator has to consent first.',
  next: 'Start again whenever you like. Where your workspace wants an administrator’s consent, ask them to install it from this same address.',
  again: true,
};

const otherBrowser: InstallFailure = {
  reason: 'no_state',
  status: 400,
  title: 'This installation was not started here',
  happened:
    'It was started in another browser or by another link, a newer attempt replaced it, or it is over already. So that nobody can slip somebody else’s installation in, it ends here.',
  next: 'If Countersign is in your workspace already, all is well. Otherwise start again, and stay in this browser until the end. Cookies have to be allowed for this address.',
  again: true,
};

const expired: InstallFailure = {
  reason: 'expired',
  status: 400,
  title: 'This took too long',
  happened: 'More than ten minutes went by between opening the install page and coming back from Slack.',
  next: 'Start again; nothing was installed.',
  again: true,
};

const incomplete: InstallFailure = {
  reason: 'incomplete',
  status: 400,
  title: 'This address is not complete',
  happened: 'Slack sends people here with a code, and this address has none.',
  next: 'Start again from the install page.',
  again: true,
};

const used: InstallFailure = {
  reason: 'code_used',
  status: 400,
  title: 'This installation is over already',
  happened: 'Slack gives a code that works once, and this one was used or has run out.',
  next: 'If Countersign is in your workspace, all is well and you can close this page. Otherwise start again.',
  again: true,
};

const wrongTeam: InstallFailure = {
  reason: 'wrong_team',
  status: 403,
  title: 'Not in this workspace',
  happened: 'Slack does not let this app into the workspace that you chose.',
  next: 'Start again and choose, at the top right of Slack’s page, the workspace in which the app was made. For other workspaces, whoever made the app first turns on its public distribution in Slack.',
  again: true,
};

const misconfigured: InstallFailure = {
  reason: 'client_refused',
  status: 500,
  title: 'Slack does not know this app',
  happened: 'Slack refused the app’s own identity or its address. This is not about you or your workspace.',
  next: 'Whoever runs the app compares its client ID, client secret and address with those on Slack’s page about the app. Nothing was installed.',
  again: false,
};

const unreachable: InstallFailure = {
  reason: 'slack_unreachable',
  status: 502,
  title: 'Slack did not answer',
  happened: 'You consented, but the app could not reach Slack to complete the installation.',
  next: 'Wait a minute and start again. If it stays so, whoever runs the app checks that its server reaches slack.com.',
  again: true,
};

const notKept: InstallFailure = {
  reason: 'not_completed',
  status: 500,
  title: 'The installation could not be completed',
  happened: 'Slack gave its consent, but something went wrong on the app’s side and it could not keep it.',
  next: 'Start again in a minute. If it stays so, tell whoever runs the app the time of day: its log says more.',
  again: true,
};

/** Slack's own codes, from the way back (`error=`) and from `oauth.v2.access`. */
const byCode: Record<string, InstallFailure> = {
  access_denied: denied,
  invalid_team_for_non_distributed_app: wrongTeam,
  code_already_used: used,
  invalid_code: used,
  invalid_client_id: misconfigured,
  bad_client_secret: misconfigured,
  bad_redirect_uri: misconfigured,
};

const unanswered = ['slack_webapi_request_error', 'slack_webapi_http_error', 'slack_webapi_rate_limited_error'];

/** What went wrong, from what the OAuth library throws and the address that Slack sent the browser to. */
export function explainInstallFailure(error: unknown, address: URL, now = Date.now()): InstallFailure {
  const { code, data } = error as { code?: string; data?: { error?: string } };
  const said = address.searchParams.get('error') ?? data?.error;
  if (said && Object.hasOwn(byCode, said)) return byCode[said] ?? notKept;
  if (address.searchParams.has('error'))
    return { ...denied, reason: 'refused_by_slack', happened: 'Slack did not consent to the installation.' };
  switch (code) {
    case 'slack_oauth_missing_code':
    case 'slack_oauth_missing_state':
      return incomplete;
    case 'slack_oauth_invalid_state':
      return isOld(address.searchParams.get('state') ?? '', now) ? expired : otherBrowser;
    default:
      return code && unanswered.includes(code) ? unreachable : notKept;
  }
}

/** When a state was made; it was not verified, so it only chooses between words. */
function isOld(state: string, now: number): boolean {
  try {
    const claims: unknown = JSON.parse(Buffer.from(state.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const madeAt =
      typeof claims === 'object' && claims !== null && 'now' in claims ? Date.parse(String(claims.now)) : Number.NaN;
    return now - madeAt > stateLifeMs;
  } catch {
    return false;
  }
}

export function renderFailurePage({ title, happened, next, again }: InstallFailure): string {
  return page(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(happened)}</p>
<h2>What to do</h2>
<p>${escapeHtml(next)}</p>
${again ? '<p><a class="button" href="install">Start again</a></p>' : ''}`,
  );
}
