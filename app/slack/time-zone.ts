import type { Clients } from './clients.ts';

/** The time zone that a person has set in Slack (users.info), a good guess at their company's; UTC where it is not known. */
export async function timeZoneOf(clients: Clients, installationId: string, person: string): Promise<string> {
  try {
    const client = await clients.of(installationId);
    const { user } = await client.users.info({ user: person });
    return user?.tz ?? 'UTC';
  } catch {
    return 'UTC';
  }
}
