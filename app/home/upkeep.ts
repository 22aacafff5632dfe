import type { Knex } from 'knex';
import { type Replayed, type ReplayScope, replay } from '../cards/replay.ts';
import { type Paused, pauseConnection, resumeConnection } from '../connections/pause.ts';
import { retireRoute } from '../setup/route-save.ts';
import { askedWords, askForSummary } from '../summaries/ask.ts';
import type { HomeOwner } from './row.ts';

/** What administrators do in Home. */
export type Upkeep = 'pause' | 'resume' | 'run_summary' | 'remove' | 'replay' | 'replay_all' | 'retire_route';

const gone = 'That is not there any more, so nothing was done.';

/** Does it and says what came of it. `value` is what the button carries; doing it twice does it once. */
export async function upkeep(db: Knex, owner: HomeOwner, what: Upkeep, value: string): Promise<string> {
  switch (what) {
    case 'pause':
    case 'resume':
    case 'remove':
      return changeConnection(db, owner, what, value);
    case 'run_summary':
      return runSummary(db, owner, value);
    case 'replay': {
      const scope = await scopeOf(db, owner.installationId, value);
      return scope ? replayed(await replay(db, owner.person, scope)) : gone;
    }
    case 'retire_route':
      return retire(db, owner, value);
    case 'replay_all':
      return replayed(await replay(db, owner.person, { installationId: owner.installationId }));
  }
}

async function retire(db: Knex, { installationId, person }: HomeOwner, routeId: string): Promise<string> {
  if (!/^\d{1,18}$/.test(routeId)) return gone;
  const retired = await retireRoute(db, { installationId, routeId, actor: person });
  if (retired.outcome === 'unknown') return gone;
  return retired.outcome === 'retired'
    ? `“${retired.name}” is retired: nothing new comes by it, and nobody can decide on its cards any more.`
    : `“${retired.name}” was retired already.`;
}

async function changeConnection(
  db: Knex,
  { installationId, person }: HomeOwner,
  what: 'pause' | 'resume' | 'remove',
  connectionId: string,
): Promise<string> {
  if (!/^[0-9a-f-]{36}$/.test(connectionId)) return gone;
  const row = await db('connections').where({ id: connectionId, installation_id: installationId }).first('name');
  if (!row) return gone;
  const subject = { installationId, connectionId, actor: person };
  const run = what === 'resume' ? resumeConnection : pauseConnection;
  return said[what][await run(db, subject)](row.name);
}

async function runSummary(db: Knex, { installationId, person }: HomeOwner, connectionId: string): Promise<string> {
  if (!/^[0-9a-f-]{36}$/.test(connectionId)) return gone;
  const row = await db('connections').where({ id: connectionId, installation_id: installationId }).first('name');
  if (!row) return gone;
  const asked = await askForSummary(db, { installationId, connectionId, person, channel: null });
  return askedWords(asked, row.name, 'in a direct message');
}

const said: Record<'pause' | 'resume' | 'remove', Record<Paused, (name: string) => string>> = {
  pause: {
    changed: (name) =>
      `“${name}” is paused: it is not read, and no decision on it is carried out, until it is resumed.`,
    already: (name) => `“${name}” was paused already.`,
    unknown: () => gone,
  },
  resume: {
    changed: (name) => `“${name}” goes on from where it was; what changed meanwhile is being read now.`,
    already: (name) => `“${name}” was not paused.`,
    unknown: () => gone,
  },
  remove: {
    changed: (name) =>
      `“${name}” is removed: it is not read any more and signs out of the ERP. Its cards and its audit record stay, and Resume takes it up again.`,
    already: (name) => `“${name}” was not read any more already.`,
    unknown: () => gone,
  },
};

async function scopeOf(db: Knex, installationId: string, ticket: string): Promise<ReplayScope | undefined> {
  const [kind, id = ''] = ticket.split('.');
  if (!/^\d{1,18}$/.test(id)) return undefined;
  if (kind === 'document') return { installationId, documentIds: [id] };
  const lane =
    kind === 'lane' ? await db('lanes').where({ id, installation_id: installationId }).first('channel') : null;
  return lane ? { installationId, channel: lane.channel } : undefined;
}

function replayed({ cards, threadLines, decisions, notes }: Replayed): string {
  const parts = [
    count(cards, 'card', 'cards'),
    count(threadLines, 'line in a thread', 'lines in threads'),
    count(decisions, 'decision', 'decisions'),
    count(notes, 'note', 'notes'),
  ].filter((part) => part !== null);
  if (parts.length === 0) return 'Nothing was stuck there any more.';
  const single = parts.length === 1 && cards + threadLines + decisions + notes === 1;
  return `${parts.join(' and ')} ${single ? 'is' : 'are'} being tried again. What fails again comes back here with its cause.`;
}

function count(number: number, one: string, many: string): string | null {
  return number === 0 ? null : `${number} ${number === 1 ? one : many}`;
}
