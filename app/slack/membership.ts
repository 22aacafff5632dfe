import { WebAPIPlatformError, type WebClient } from '@slack/web-api';

/**
 * Where the app stands in a channel: `member`; `public`, where it may post without being in; `uninvited`, where it may
 * not; `archived`; `unknown`, where Slack does not tell (the scopes channels:read and groups:read are not granted yet).
 */
export type Membership = 'member' | 'public' | 'uninvited' | 'archived' | 'person' | 'unknown';

/** Asks conversations.info. A private channel that the app is not in is channel_not_found (docs.slack.dev). */
export async function askMembership(client: WebClient, channel: string): Promise<Membership> {
  if (/^[UW]/.test(channel)) return 'person';
  try {
    const { channel: found } = await client.conversations.info({ channel });
    if (found?.is_archived) return 'archived';
    if (found?.is_member) return 'member';
    return found?.is_private ? 'uninvited' : 'public';
  } catch (error) {
    const code = error instanceof WebAPIPlatformError ? error.data.error : '';
    return code === 'channel_not_found' ? 'uninvited' : 'unknown';
  }
}
