import type { WebClient } from '@slack/web-api';

/** What the workspace itself says of its people. */
export interface WorkspaceRoles {
  /** Whether Slack calls this person an admin or owner there; false when Slack cannot be asked. */
  isWorkspaceAdmin(installationId: string, person: string): Promise<boolean>;
}

const keepMs = 30_000;
const keepMost = 5_000;

/** Asks users.info (scope users:read) and keeps a clear answer for half a minute; a failed question is asked anew. */
export function createWorkspaceRoles(
  clients: { of(installationId: string): Promise<Pick<WebClient, 'users'>> },
  now: () => number = Date.now,
): WorkspaceRoles {
  const kept = new Map<string, { until: number; isAdmin: boolean }>();
  return {
    async isWorkspaceAdmin(installationId, person) {
      const key = `${installationId}:${person}`;
      const known = kept.get(key);
      if (known && known.until > now()) return known.isAdmin;
      try {
        const client = await clients.of(installationId);
        const { user } = await client.users.info({ user: person });
        // An admin of another company, seen through a shared channel, is a stranger here.
        const outside = user?.deleted || user?.is_bot || user?.is_stranger || user?.is_restricted;
        const isAdmin = !outside && Boolean(user?.is_admin || user?.is_owner || user?.is_primary_owner);
        if (kept.size >= keepMost) kept.clear();
        kept.set(key, { until: now() + keepMs, isAdmin });
        return isAdmin;
      } catch {
        return false;
      }
    },
  };
}
