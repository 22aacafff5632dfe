import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { defaultLocale, knownLocale } from '../domain/locale.ts';

/** What the workspace itself says of its people. */
export interface WorkspaceRoles {
  /** Whether Slack calls this person an admin or owner there; false when Slack cannot be asked. */
  isWorkspaceAdmin(installationId: string, person: string): Promise<boolean>;
}

export interface ReaderLocales {
  /**
   * How this person's Slack writes amounts and dates. Waits a second at most; what was known before, else en-GB, where
   * Slack cannot be asked or is slow.
   */
  localeOf(installationId: string, person: string): Promise<string>;
}

/** What was said of somebody; times are when it was asked. */
interface Known {
  at: number;
  isAdmin: boolean;
  locale: string;
}

const roleMs = 30_000;
const localeMs = 3_600_000;
const afterFailureMs = 30_000;
const keepMost = 5_000;

/**
 * Asks users.info (scope users:read), once for both: a role is believed for half a minute, a locale for an hour. A role
 * that could not be asked is asked anew; a locale after half a minute.
 */
export function createWorkspaceRoles(
  clients: { of(installationId: string): Promise<Pick<WebClient, 'users'>> },
  now: () => number = Date.now,
  waitMs = 1_000,
): WorkspaceRoles & ReaderLocales {
  const kept = new Map<string, Known>();
  const failedAt = new Map<string, number>();
  const asking = new Map<string, Promise<Known | undefined>>();

  async function ask(key: string, installationId: string, person: string): Promise<Known | undefined> {
    try {
      const client = await clients.of(installationId);
      const { user } = await client.users.info({ user: person, include_locale: true });
      // An admin of another company, seen through a shared channel, is a stranger here.
      const outside = user?.deleted || user?.is_bot || user?.is_stranger || user?.is_restricted;
      const isAdmin = !outside && Boolean(user?.is_admin || user?.is_owner || user?.is_primary_owner);
      const known = { at: now(), isAdmin, locale: knownLocale(user?.locale) ?? defaultLocale };
      if (kept.size >= keepMost) kept.clear();
      kept.set(key, known);
      return known;
    } catch {
      if (failedAt.size >= keepMost) failedAt.clear();
      failedAt.set(key, now());
      return undefined;
    }
  }

  /** One question at a time for each person. */
  function askOnce(key: string, installationId: string, person: string): Promise<Known | undefined> {
    const underWay = asking.get(key);
    if (underWay !== undefined) return underWay;
    const question = ask(key, installationId, person).finally(() => asking.delete(key));
    asking.set(key, question);
    return question;
  }

  return {
    async isWorkspaceAdmin(installationId, person) {
      const key = `${installationId}:${person}`;
      const known = kept.get(key);
      if (known && known.at + roleMs > now()) return known.isAdmin;
      return (await askOnce(key, installationId, person))?.isAdmin ?? false;
    },
    async localeOf(installationId, person) {
      const key = `${installationId}:${person}`;
      const known = kept.get(key);
      if (known && known.at + localeMs > now()) return known.locale;
      const otherwise = known?.locale ?? defaultLocale;
      const failed = failedAt.get(key);
      if (failed !== undefined && failed + afterFailureMs > now()) return otherwise;
      const waited = new AbortController();
      const tooLong = sleep(waitMs, undefined, { ref: false, signal: waited.signal }).catch(() => undefined);
      const answer = await Promise.race([askOnce(key, installationId, person), tooLong]);
      waited.abort();
      return answer?.locale ?? otherwise;
    },
  };
}
