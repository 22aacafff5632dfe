import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import type { Surface } from '../cards/surface.ts';
import { PermanentError } from '../domain/errors.ts';
import { documentName } from '../domain/kinds.ts';
import { introduce } from './introduce.ts';
import { tellAdministrator } from './tell-administrator.ts';

export interface TellDeps {
  db: Knex;
  surface: Surface;
  erpTitle: (connector: string) => string;
}

/** Tells whoever needs to know, in private; `id` is a subject and a row: `decision/42`, `connection-broken/<uuid>`. */
export async function tell(deps: TellDeps, id: string): Promise<void> {
  const [subject, row = '', person = ''] = id.split('/');
  switch (subject) {
    case 'decision':
      return tellDecision(deps, row);
    case 'connection-broken':
      return tellConnection(deps, row, true);
    case 'connection-working':
      return tellConnection(deps, row, false);
    case 'lane-dead':
      return tellDeadLane(deps, row);
    case 'installed':
      return introduce(deps, row);
    case 'administrator-named':
      return tellAdministrator(deps, row, person);
  }
}

/** The person who decided hears why it did not happen. */
async function tellDecision({ db, surface }: TellDeps, id: string): Promise<void> {
  const row = await db('decisions as x')
    .join('cards as c', 'c.id', 'x.card_id')
    .join('lanes as l', 'l.id', 'c.lane_id')
    .join('documents as d', 'd.id', 'x.document_id')
    .where('x.id', id)
    .first(
      'x.person',
      'x.message',
      'x.told_at',
      'l.installation_id',
      'l.channel',
      'd.reference',
      'd.data',
      'c.id as card_id',
    );
  if (!row?.message || row.told_at !== null) return;
  try {
    await surface.tell(row.installation_id, row.person, `${documentName(row.data)}: ${row.message}`, row.channel);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    const data = { reason: error.message };
    await recordEvents(db, [
      { kind: 'person.not_told', installationId: row.installation_id, decisionId: id, actor: row.person, data },
    ]);
  }
  await db('decisions').where({ id }).update({ told_at: db.fn.now() });
}

/** Whoever installed the app hears that a connection stopped working, and that it works again. */
async function tellConnection({ db, surface, erpTitle }: TellDeps, id: string, broken: boolean): Promise<void> {
  const row = await db('connections as n')
    .join('installations as i', 'i.id', 'n.installation_id')
    .where('n.id', id)
    .first('n.name', 'n.connector', 'n.status', 'n.problem', 'n.installation_id', 'i.installer_user_id');
  // News that is no longer true is no news.
  if (!row?.installer_user_id || (row.status === 'broken') !== broken) return;
  const what = `${erpTitle(row.connector)}, connection “${row.name}”`;
  const text = broken
    ? `${what}, has stopped: ${row.problem} It is tried again every five minutes; nothing is lost meanwhile.`
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
    'Cards for the channel ',
    { channel: lane.channel },
    ` could not be posted or redrawn. ${reasons}`,
  ]);
}
