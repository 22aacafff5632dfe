import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Keyring, KeyringError } from '../../storage/keyring.ts';
import { type Change, differences, event } from './changes.ts';
import type { CurrentConnection } from './current.ts';
import type { DesiredConnection } from './file.ts';
import { planRoutes } from './plan-routes.ts';

const secretOf = (id: string) => `connections:${id}:secret`;

/** A connection that the database does not have yet. */
export function planNew(desired: DesiredConnection, installationId: string, keyring: Keyring): Change[] {
  const id = randomUUID();
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
      });
      const rows = Object.entries(feeds).map(([kind, cadence]) => ({ connection_id: id, kind, cadence }));
      await trx('feeds').insert(rows);
    },
  };
  return [added, ...planRoutes({ id, name, routes: [] }, desired.routes)];
}

/** What brings a connection to what the file wants. Changed credentials make it active again and keep its cursors. */
export function planExisting(current: CurrentConnection, desired: DesiredConnection, keyring: Keyring): Change[] {
  const title = `connection ${desired.name}`;
  const credentials = [
    ...differences(current.settings, desired.settings).map((difference) => `change ${title}: ${difference}`),
    ...secretLines(current, desired, keyring),
  ];
  const resumed = current.status === 'paused';
  const zone = differences({ time_zone: current.time_zone }, { time_zone: desired.timeZone });
  const lines = [
    ...(resumed ? [`resume ${title}`] : []),
    ...zone.map((difference) => `change ${title}: ${difference}`),
    ...credentials,
  ];
  const change: Change = {
    lines,
    event: event(resumed ? 'connection.resumed' : 'connection.changed', current.id, desired.name, lines),
    run: async (trx) => {
      const now = trx.raw('clock_timestamp()');
      await trx('connections').where({ id: current.id }).update({ time_zone: desired.timeZone, updated_at: now });
      if (!resumed && credentials.length === 0) return;
      const secret = keyring.encrypt(JSON.stringify(desired.secrets), secretOf(current.id));
      await trx('connections')
        .where({ id: current.id })
        .update({
          ...{ status: 'active', problem: null, problem_field: null, problem_since: null },
          ...(credentials.length > 0 ? { settings: desired.settings, secret, shared_state: null } : {}),
        });
      await trx('feeds')
        .where({ connection_id: current.id })
        .update({ attempts: 0, next_attempt_at: null, last_error: null });
    },
  };
  return [
    ...(lines.length > 0 ? [change] : []),
    ...planFeeds(current, desired),
    ...planRoutes(current, desired.routes),
  ];
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
      },
    },
  ];
}

function secretLines(current: CurrentConnection, desired: DesiredConnection, keyring: Keyring): string[] {
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

function planFeeds(current: CurrentConnection, desired: DesiredConnection): Change[] {
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
      },
    };
  });
}
