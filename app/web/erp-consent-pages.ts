import type { Completed } from '../accounts/complete.ts';
import { escapeHtml, page } from './page.ts';

/** Why nobody was linked or connected, in words for the person in front of the browser. */
export interface ConsentFailure {
  /** For the log. */
  reason: string;
  status: number;
  title: string;
  happened: string;
  next: string;
}

const freshLink = 'Go back to Slack and ask for a new link there: in the app’s Home, or by pressing the button again.';

const failures = {
  unknown_link: {
    status: 404,
    title: 'This link leads nowhere',
    happened: 'Nobody was given this link, or a newer one took its place.',
    next: freshLink,
  },
  used: {
    status: 410,
    title: 'This link was used already',
    happened: 'A link counts once, so that nobody can use it a second time.',
    next: `If all went well the first time, you can close this page. Otherwise: ${freshLink}`,
  },
  expired: {
    status: 410,
    title: 'This took too long',
    happened: 'A link is good for ten minutes, and so is the sign-in after it.',
    next: freshLink,
  },
  incomplete: {
    status: 400,
    title: 'This address is not complete',
    happened: 'The ERP sends people here with a code, and this address has none that could be right.',
    next: freshLink,
  },
  other_browser: {
    status: 400,
    title: 'This was not started here',
    happened:
      'It was started in another browser, or a newer attempt took its place. So that nobody can slip somebody else’s account in, it ends here.',
    next: `${freshLink} Stay in one browser until the end; cookies have to be allowed for this address.`,
  },
  denied: {
    status: 403,
    title: 'Nothing was linked',
    happened: 'You did not consent on the ERP’s page.',
    next: 'You can close this page. Ask for a new link in Slack whenever you like.',
  },
  refused_by_erp: {
    status: 502,
    title: 'The ERP did not accept this app',
    happened: 'The ERP refused what the app asks for. This is not about you.',
    next: 'An administrator looks at the connected application in the ERP: its flow, its redirect address, and the scopes api, offline_access, openid and profile.',
  },
  code_refused: {
    status: 400,
    title: 'The sign-in is over already',
    happened: 'The ERP gives a code that works once, and it did not take this one.',
    next: freshLink,
  },
  wrong_client: {
    status: 502,
    title: 'The ERP does not know this app',
    happened: 'Client ID, client secret and tenant of the connection do not fit together.',
    next: 'An administrator compares them with the connected application in the ERP. Nothing was linked.',
  },
  unreachable: {
    status: 502,
    title: 'The ERP did not answer',
    happened: 'You consented, but the app could not reach the ERP to complete it.',
    next: `Wait a minute. ${freshLink}`,
  },
  not_admin: {
    status: 403,
    title: 'Only administrators connect the app',
    happened: 'You are not among those who look after the app any more, so nothing was connected.',
    next: 'Ask whoever installed the app, or a workspace admin.',
  },
  taken: {
    status: 409,
    title: 'Somebody else uses this account',
    happened: 'This ERP user is linked to another person here, and two people behind one user would count as one.',
    next: 'Sign in to the ERP as yourself. If that is your user, ask an administrator who else linked it.',
  },
  not_kept: {
    status: 500,
    title: 'This could not be completed',
    happened: 'Something went wrong on the app’s side, and nothing was linked.',
    next: `${freshLink} If it stays so, tell whoever runs the app the time of day: its log says more.`,
  },
} satisfies Record<string, Omit<ConsentFailure, 'reason'>>;

export type ConsentFailureReason = keyof typeof failures;

export function consentFailure(reason: ConsentFailureReason): ConsentFailure {
  return { reason, ...failures[reason] };
}

export function renderConsentFailure({ title, happened, next }: ConsentFailure): string {
  return page(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(happened)}</p>
<h2>What to do</h2>
<p>${escapeHtml(next)}</p>`,
  );
}

/** Says both names, so that nobody who was sent a stranger’s link takes it for their own. */
export function renderConsentDone({ erp, connection, user, outcome }: Completed, workspace: string): string {
  const who = user ?? 'The user that you signed in as';
  const connected = outcome === 'connected';
  const title = connected ? `${erp} is connected` : `Your ${erp} account is linked`;
  const words = connected
    ? `${who} in ${erp} is what the connection “${connection}” of ${workspace} reads with from now on. It is being read now.`
    : `${who} in ${erp} decides from now on when you decide in Slack (${workspace}, connection “${connection}”).`;
  const next = connected
    ? 'If you meant another user, press Connect in the app’s Home once more.'
    : 'Go back to Slack and press the button again. If somebody sent you this link, or this is not your Slack workspace, tell your administrator: it can be unlinked in the app’s Home.';
  return page(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(words)}</p>
<h2>What comes next</h2>
<p>${escapeHtml(next)}</p>
<p class="small">You can close this page.</p>`,
  );
}
