import { PermanentError } from '../domain/errors.ts';
import type { Clients } from './clients.ts';
import { fromSlack } from './errors.ts';

const keepMs = 10 * 60_000;
const keepMost = 5_000;

/** People's names (users.info, scope users:read), kept for ten minutes; their id where Slack does not tell. */
export function createNames(clients: Clients, now: () => number = Date.now) {
  const kept = new Map<string, { until: number; name: string }>();
  return async (installationId: string, person: string): Promise<string> => {
    const key = `${installationId}:${person}`;
    const known = kept.get(key);
    if (known && known.until > now()) return known.name;
    const name = await ask(clients, installationId, person);
    if (kept.size >= keepMost) kept.clear();
    kept.set(key, { until: now() + keepMs, name });
    return name;
  };
}

async function ask(clients: Clients, installationId: string, person: string): Promise<string> {
  const client = await clients.of(installationId);
  try {
    const { user } = await client.users.info({ user: person });
    return user?.profile?.real_name || user?.real_name || user?.name || person;
  } catch (error) {
    const meaning = fromSlack(error, 'users.info');
    if (meaning instanceof PermanentError) return person;
    throw meaning;
  }
}
