import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import { endPausedSession, leaveSession } from '../../accounts/farewells.ts';
import { type Keyring, KeyringError } from '../../storage/keyring.ts';
import { type Change, differences, event } from './changes.ts';
import type { CurrentConnection } from './current.ts';
import type { DesiredConnection } from './file.ts';
import { planRoutes } from './plan-routes.ts';

/** A connection as it is to be, its routes aside. */
export type DesiredSetup = Omit<DesiredConnection, 'workspace' | 'routes'>;

/** A connection as it is, its routes aside. */
export type CurrentSetup = Omit<CurrentConnection, 'installation_id' | 'workspace' | 'connector' | 'routes'>;

/** The credentials were tried just now and work; `state` is what their sessions left, to go on with. */
export interface Tested {
  state: Record<string, unknown> | null;
}

export const secretOf = (id: string) => `connections:${id}:secret`;
export const sharedStateOf = (id: string) => `connections:${id}:shared_state`;

/** A connection that the database does not have yet, with its routes. */
export function planNew(desired: DesiredConnection, installationId: string, keyring: Keyring): Change[] {
  const id = randomUUID();
  const added = planNewSetup({ id, installationId }, desired, keyring);
  return [...added, ...planRoutes({ id, name: desired.name, routes: [] }, desired.routes)];
}

/** The same without routes. */
export function planNewSetup(
  { id, installationId }: { id: string; installationId: string },
  desired: DesiredSetup,
  keyring: Keyring,
  tested?: Tested,
): Change[] {
  const { name, connector, timeZone, settings, secrets, feeds } = desired;
  const lines = [`add connection ${name} (${connector})`];
  const added: Change = {
    lines,
    event: event('connection.added', id, name, lines),
    run: async (trx) => {
      await trx('connections').insert({
        id,
        installation_id: installationId,
        name,
        connector,
        time_zone: timeZone,
        settings,
        secret: keyring.encrypt(JSON.stringify(secrets), secretOf(id)),
        shared_state: sealState(id, keyring, tested),
      });
      const rows = Object.entries(feeds).map(([kind, cadence]) => ({ connection_id: id, kind, cadence }));
      await trx('feeds').insert(rows);
    },
  };
  return [added];
}

/** What brings a connection to what the file wants, with its routes; a paused one is taken up again. */
export function planExisting(current: CurrentConnection, desired: DesiredConnection, keyring: Keyring): Change[] {
  return [...planSetup(current, desired, keyring, { resume: true }), ...planRoutes(current, desired.routes)];
}

/** The lines that say which credentials differ; never a secret. */
export function credentialLines(
  current: CurrentSetup,
  desired: Pick<DesiredSetup, 'name' | 'settings' | 'secrets'>,
  keyring: Keyring,
): string[] {
  const settings = differences(current.settings, desired.settings);
  return [
    ...settings.map((difference) => `change connection ${desired.name}: ${difference}`),
    ...secretLines(current, desired, keyring),
  ];
}

/** What brings a connection to what is wanted, its routes aside. Changed or tested credentials mend it; its cursors stay. */
export function planSetup(
  current: CurrentSetup,
  desired: DesiredSetup,
  keyring: Keyring,
  { resume, tested }: { resume: boolean; tested?: Tested | undefined },
): Change[] {
  const title = `connection ${desired.name}`;
  const credentials = credentialLines(current, desired, keyring);
  const secretsDiffer = secretLines(current, desired, keyring).length > 0;
  const resumed = resume && current.status === 'paused';
  const mended = tested !== undefined && current.status === 'broken' && credentials.length === 0;
  const own = differences(
    { name: current.name, time_zone: current.time_zone },
    { name: desired.name, time_zone: desired.timeZone },
  );
  const lines = [
    ...(resumed ? [`resume ${title}`] : []),
    ...own.map((difference) => `change ${title}: ${difference}`),
    ...credentials,
    ...(mended ? [`sign ${title} in anew`] : []),
  ];
  const active = resumed || (current.status !== 'paused' && (credentials.length > 0 || mended));
  const anew = credentials.length > 0 || mended;
  const change: Change = {
    lines,
    event: event(resumed ? 'connection.resumed' : 'connection.changed', current.id, desired.name, lines),
    run: async (trx) => {
      const now = trx.raw('clock_timestamp()');
      const { name, timeZone, settings, secrets } = desired;
      await trx('connections').where({ id: current.id }).update({ name, time_zone: timeZone, updated_at: now });
      if (!active && !anew) return;
      const secret = keyring.encrypt(JSON.stringify(secrets), secretOf(current.id));
      // Whoever has tested them ends the session of the old ones, too.
      if (credentials.length > 0 && !tested) await leaveSession(trx, keyring, current.id);
      await trx('connections')
        .where({ id: current.id })
        .update({
          ...(active ? { status: 'active', problem: null, problem_field: null, problem_since: null } : {}),
          ...(anew ? { settings, secret } : {}),
          // Whether what is kept still fits other settings, its connector knows: a consent outlives a page size.
          ...(tested || secretsDiffer ? { shared_state: sealState(current.id, keyring, tested) } : {}),
        });
      await trx('feeds')
        .where({ connection_id: current.id })
        .update({ attempts: 0, next_attempt_at: null, last_error: null, problem_scope: null });
    },
  };
  return [...(lines.length > 0 ? [change] : []), ...planFeeds(current, desired)];
}

function sealState(id: string, keyring: Keyring, tested: Tested | undefined): string | null {
  return tested?.state ? keyring.encrypt(JSON.stringify(tested.state), sharedStateOf(id)) : null;
}

/** A connection that the file no longer names: it is read no more, and keeps all it has. */
export function planPause(current: CurrentConnection): Change[] {
  if (current.status === 'paused') return [];
  const lines = [`pause connection ${current.name}: the file does not name it`];
  return [
    {
      lines,
      event: event('connection.paused', current.id, current.name, lines),
      run: async (trx) => {
        await trx('connections').where({ id: current.id }).update({ status: 'paused', updated_at: trx.fn.now() });
        await endPausedSession(trx, current.id);
      },
    },
  ];
}

function secretLines(
  current: CurrentSetup,
  desired: Pick<DesiredSetup, 'name' | 'secrets'>,
  keyring: Keyring,
): string[] {
  let stored: Record<string, unknown>;
  try {
    stored = JSON.parse(keyring.decrypt(current.secret, secretOf(current.id)));
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error;
    return [`replace all secrets of ${desired.name}: the stored ones cannot be opened`];
  }
  const names = [...new Set([...Object.keys(stored), ...Object.keys(desired.secrets)])];
  return names
    .filter((name) => !isDeepStrictEqual(stored[name], desired.secrets[name]))
    .map((name) => `change secret ${name} of ${desired.name}`);
}

function planFeeds(current: CurrentSetup, desired: DesiredSetup): Change[] {
  const left = current.feeds.filter(({ kind }) => !Object.hasOwn(desired.feeds, kind));
  return [...planKept(current, desired), ...left.map(({ id, kind }) => planUnread(current, desired, { id, kind }))];
}

/** A kind that is to be read no more: its documents and cards stay, and it is read from the start when it comes back. */
function planUnread(current: CurrentSetup, desired: DesiredSetup, feed: { id: string; kind: string }): Change {
  const lines = [`read ${feed.kind} of ${desired.name} no more`];
  return {
    lines,
    event: event('feed.removed', current.id, feed.kind, lines),
    run: async (trx) => {
      await trx('feeds').where({ id: feed.id }).delete();
      await countVersion(trx, current, desired);
    },
  };
}

/** Counts a version of the connection: a form that is open on it shows its cadences. */
async function countVersion(trx: Knex.Transaction, { id }: CurrentSetup, { timeZone }: DesiredSetup): Promise<void> {
  await trx('connections').where({ id }).update({ time_zone: timeZone });
}

function planKept(current: CurrentSetup, desired: DesiredSetup): Change[] {
  return Object.entries(desired.feeds).flatMap(([kind, cadence]) => {
    const feed = current.feeds.find((candidate) => candidate.kind === kind);
    if (feed?.cadence === cadence) return [];
    const what = feed ? `change feed ${kind} of ${desired.name}: cadence ${feed.cadence} → ${cadence}` : null;
    const lines = [what ?? `add feed ${kind} to ${desired.name}: cadence ${cadence}`];
    return {
      lines,
      event: event(feed ? 'feed.changed' : 'feed.added', current.id, kind, lines),
      run: async (trx) => {
        await trx('feeds')
          .insert({ connection_id: current.id, kind, cadence })
          .onConflict(['connection_id', 'kind'])
          .merge(['cadence']);
        await countVersion(trx, current, desired);
      },
    };
  });
}
