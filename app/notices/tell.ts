import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import type { Surface, ToldButton } from '../cards/surface.ts';
import { tellDifferences } from '../control/tell.ts';
import { PermanentError } from '../domain/errors.ts';
import { written } from '../domain/figures.ts';
import { documentName } from '../domain/kinds.ts';
import type { BudgetOf } from '../metering/used.ts';
import type { ReaderLocales } from '../people/slack-roles.ts';
import { tellSummary } from '../summaries/tell.ts';
import { introduce } from './introduce.ts';
import { tellAdministrator } from './tell-administrator.ts';
import { tellBudget } from './tell-budget.ts';

export interface TellDeps {
  db: Knex;
  surface: Surface;
  erpTitle: (connector: string) => string;
  budgetOf: BudgetOf;
  locales: ReaderLocales;
}

/** Tells whoever needs to know, in private; `id` is a subject and a row: `decision/42`, `connection-broken/<uuid>`. */
export async function tell(deps: TellDeps, id: string): Promise<void> {
  const [subject, row = '', person = ''] = id.split('/');
  switch (subject) {
    case 'decision':
      return tellDecision(deps, row);
    case 'note':
      return tellNote(deps, row);
    case 'connection-broken':
      return tellConnection(deps, row, true);
    case 'connection-working':
      return tellConnection(deps, row, false);
    case 'connection-differed':
      return tellDifferences(deps, row, person);
    case 'lane-dead':
      return tellDeadLane(deps, row);
    case 'channel-joined':
      return tellJoined(deps, row);
    case 'summary':
      return tellSummary(deps, row);
    case 'installed':
      return introduce(deps, row);
    case 'administrator-named':
      return tellAdministrator(deps, row, person);
    case 'budget':
      return tellBudget(deps, row, person);
  }
}

/** The person who decided hears why it did not happen. */
async function tellDecision({ db, surface, erpTitle, locales }: TellDeps, id: string): Promise<void> {
  const row = await db('decisions as x')
    .join('cards as c', 'c.id', 'x.card_id')
    .join('lanes as l', 'l.id', 'c.lane_id')
    .join('documents as d', 'd.id', 'x.document_id')
    .join('connections as n', 'n.id', 'd.connection_id')
    .where('x.id', id)
    .first(
      'x.person',
      'x.message',
      'x.message_parts',
      'x.told_at',
      'l.installation_id',
      'l.channel',
      'd.reference',
      'd.data',
      'd.connection_id',
      'x.outcome',
      'n.connector',
    );
  if (!row?.message || row.told_at !== null) return;
  const link: ToldButton = {
    label: `Link my ${erpTitle(row.connector)} account`,
    linkTo: { connectionId: row.connection_id },
  };
  const locale = await locales.localeOf(row.installation_id, row.person);
  try {
    await surface.tell(
      row.installation_id,
      row.person,
      `${documentName(row.data)}: ${written(row.message_parts ?? row.message, locale)}`,
      row.channel,
      row.outcome === 'account_needed' ? link : undefined,
    );
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    const data = { reason: error.message };
    await recordEvents(db, [
      { kind: 'person.not_told', installationId: row.installation_id, decisionId: id, actor: row.person, data },
    ]);
  }
  await db('decisions').where({ id }).update({ told_at: db.fn.now() });
}

/** The person who wanted something recorded hears why it was not. */
async function tellNote({ db, surface }: TellDeps, id: string): Promise<void> {
  const row = await db('notes as o')
    .join('cards as c', 'c.id', 'o.card_id')
    .join('lanes as l', 'l.id', 'c.lane_id')
    .join('documents as d', 'd.id', 'o.document_id')
    .where('o.id', id)
    .first('o.person', 'o.message', 'o.told_at', 'l.installation_id', 'l.channel', 'd.reference', 'd.data');
  if (!row?.message || row.told_at !== null) return;
  const { installation_id: installationId, person, channel } = row;
  try {
    await surface.tell(installationId, person, `${row.data.type} ${row.reference}: ${row.message}`, channel);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    const data = { reason: error.message };
    await recordEvents(db, [{ kind: 'person.not_told', installationId, actor: person, data }]);
  }
  await db('notes').where({ id }).update({ told_at: db.fn.now() });
}

/** Whoever installed the app hears that a connection stopped working, and that it works again. */
async function tellConnection({ db, surface, erpTitle }: TellDeps, id: string, broken: boolean): Promise<void> {
  const row = await db('connections as n')
    .join('installations as i', 'i.id', 'n.installation_id')
    .where('n.id', id)
    .first(
      'n.name',
      'n.connector',
      'n.status',
      'n.problem',
      'n.problem_field',
      'n.installation_id',
      'i.installer_user_id',
    );
  // News that is no longer true is no news.
  if (!row?.installer_user_id || (row.status === 'broken') !== broken) return;
  const what = `${erpTitle(row.connector)}, connection “${row.name}”`;
  const next =
    row.problem_field === 'consent'
      ? 'My Home tab has the button, under Administration; nothing is lost meanwhile.'
      : 'It is tried again every five minutes; nothing is lost meanwhile.';
  const text = broken
    ? `${what}, has stopped: ${row.problem} ${next}`
    : `${what}, works again. What changed meanwhile is being read now.`;
  await surface.tell(row.installation_id, row.installer_user_id, text);
}

async function tellDeadLane({ db, surface }: TellDeps, id: string): Promise<void> {
  const lane = await db('lanes as l')
    .join('installations as i', 'i.id', 'l.installation_id')
    .where('l.id', id)
    .first('l.installation_id', 'l.channel', 'i.installer_user_id');
  const dead = await db('cards')
    .where({ lane_id: id, state: 'dead' })
    .groupBy('dead_reason')
    .count('* as cards')
    .select('dead_reason');
  if (!lane?.installer_user_id || dead.length === 0) return;
  const reasons = dead.map((row) => `${row.cards} because: ${row.dead_reason}`).join(' ');
  await surface.tell(lane.installation_id, lane.installer_user_id, [
    'Cards for ',
    { channel: lane.channel },
    ` could not be posted or redrawn. ${reasons}`,
  ]);
}

/** Whoever set a route up hears that the app is in its channel now; `id` is the route and how many cards that brings. */
async function tellJoined({ db, surface }: TellDeps, id: string): Promise<void> {
  const [routeId = '', cards = '0'] = id.split('.');
  const row = await db('routes as r')
    .join('connections as n', 'n.id', 'r.connection_id')
    .join('installations as i', 'i.id', 'n.installation_id')
    .where('r.id', routeId)
    .first('r.name', 'r.channel', 'r.set_up_by', 'i.id as installation_id', 'i.installer_user_id');
  const person = row?.set_up_by ?? row?.installer_user_id;
  if (!person) return;
  const waited =
    cards === '0' ? '' : cards === '1' ? ' The card that waited for that' : ` The ${cards} cards that waited for that`;
  const coming = waited && `${waited} ${cards === '1' ? 'is' : 'are'} on the way.`;
  await surface.tell(row.installation_id, person, [
    'I was invited to ',
    { channel: row.channel },
    `, so the route “${row.name}” works there.${coming}`,
  ]);
}
