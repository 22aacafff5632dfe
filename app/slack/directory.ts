import { setTimeout as sleep } from 'node:timers/promises';
import { type UsersListResponse, WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { Knex } from 'knex';
import { RetryableError } from '../domain/errors.ts';
import type { Directory, SlackPerson, Standing } from '../people/directory.ts';
import type { Clients } from './clients.ts';
import { fromSlack } from './errors.ts';

type Member = NonNullable<UsersListResponse['members']>[number];

/** The workspace or organization that an installation is of. */
interface Place {
  team_id: string | null;
  enterprise_id: string | null;
  is_enterprise_install: boolean;
}

export interface DirectoryOptions {
  clients: Clients;
  db: Knex;
  /** Accounts a page; Slack advises 200 at most. */
  pageSize?: number;
  /** Between two pages: users.list takes some twenty calls a minute (tier 2). */
  paceMs?: number;
}

const longestWaitMs = 120_000;
const triesMost = 6;

/** The workspace's people by users.list and users.info (docs.slack.dev/reference/methods). */
export function createDirectory({ clients, db, pageSize = 200, paceMs = 3_000 }: DirectoryOptions): Directory {
  async function placeOf(installationId: string): Promise<Place> {
    const place = await db('installations')
      .where({ id: installationId })
      .first('team_id', 'enterprise_id', 'is_enterprise_install');
    return place ?? { team_id: null, enterprise_id: null, is_enterprise_install: false };
  }

  /** One call; where Slack asks for patience it is asked again after that. */
  async function patiently<T>(method: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await call();
      } catch (error) {
        const known = fromSlack(error, method);
        const waitMs = known instanceof RetryableError ? known.retryAfterMs : undefined;
        if (waitMs === undefined || waitMs > longestWaitMs || tries >= triesMost) throw known;
        await sleep(waitMs, undefined, { signal });
      }
    }
  }

  /** Pages of one method's answers, by cursor and at its pace. */
  async function* pages<T extends { response_metadata?: { next_cursor?: string } }>(
    method: string,
    signal: AbortSignal,
    call: (cursor: { cursor?: string }) => Promise<T>,
  ): AsyncGenerator<T> {
    for (let cursor = ''; ; ) {
      const began = performance.now();
      const answer = await patiently(method, signal, () => call(cursor === '' ? {} : { cursor }));
      yield answer;
      cursor = answer.response_metadata?.next_cursor ?? '';
      if (cursor === '') return;
      await sleep(Math.max(0, paceMs - (performance.now() - began)), undefined, { signal });
    }
  }

  /** An org-wide token names the workspace that it asks about; any other has only one. */
  async function workspacesOf(client: WebClient, place: Place, signal: AbortSignal): Promise<Array<string | null>> {
    if (!place.is_enterprise_install) return [null];
    const ids: string[] = [];
    const list = (cursor: object) => client.auth.teams.list({ limit: pageSize, ...cursor });
    for await (const { teams } of pages('auth.teams.list', signal, list)) ids.push(...idsOf(teams ?? []));
    return ids;
  }

  return {
    async *everyone(installationId, signal) {
      const client = await clients.of(installationId);
      const place = await placeOf(installationId);
      for (const team of await workspacesOf(client, place, signal)) {
        const list = (cursor: object) =>
          client.users.list({ limit: pageSize, ...(team === null ? {} : { team_id: team }), ...cursor });
        for await (const { members } of pages('users.list', signal, list))
          yield (members ?? []).map((member) => toPerson(member, place));
      }
    },
    async one(installationId, person) {
      const client = await clients.of(installationId);
      const place = await placeOf(installationId);
      try {
        const { user } = await client.users.info({ user: person });
        return user ? toPerson(user, place) : null;
      } catch (error) {
        if (error instanceof WebAPIPlatformError && unknownPerson.has(error.data.error)) return null;
        throw fromSlack(error, 'users.info');
      }
    },
  };
}

const unknownPerson = new Set(['user_not_found', 'user_not_visible', 'users_not_found']);

const idsOf = (teams: Array<{ id?: string }>) => teams.flatMap(({ id }) => id ?? []);

function toPerson(member: Member, place: Place): SlackPerson {
  const { id = '', profile, real_name: realName, name } = member;
  return {
    id,
    name: profile?.display_name || realName || profile?.real_name || name || id,
    email: profile?.email?.trim() || null,
    standing: standingOf(member, place),
  };
}

/** Slackbot is the one bot that does not say so. */
const slackbot = 'USLACKBOT';

function standingOf(member: Member, place: Place): Standing {
  if (!member.id || member.deleted) return 'gone';
  if (member.is_bot || member.id === slackbot) return 'bot';
  if (('is_stranger' in member && member.is_stranger) || !isOurs(member, place)) return 'stranger';
  return member.is_restricted || member.is_ultra_restricted ? 'guest' : 'member';
}

/** Somebody seen through a shared channel belongs to another workspace and, in an organization, to another one. */
function isOurs({ team_id: team, enterprise_user: user }: Member, place: Place): boolean {
  if (!team || team === place.team_id) return true;
  return place.enterprise_id !== null && (team === place.enterprise_id || user?.enterprise_id === place.enterprise_id);
}
