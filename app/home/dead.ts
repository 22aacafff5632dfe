import type { Knex } from 'knex';
import type { Text } from '../cards/card.ts';
import { actionWords } from '../domain/actions.ts';
import type { ActionName, DocumentKind } from '../domain/document.ts';
import { documentName } from '../domain/kinds.ts';
import type { HomeAsked } from './content.ts';
import { type Paged, paged } from './paging.ts';

const pageSize = 5;
const readMost = 100;

/** What cannot go on without a person, and what *Replay* would try again. */
export interface DeadItem {
  /** Names it in the button: `lane.<id>` or `document.<id>`. */
  ticket: string;
  channel: string | null;
  words: Text;
  why: string;
}

/** Dead decisions that replay would open again: those that were decided on since are history. */
const deadDecisions = `from decisions x join documents d on d.id = x.document_id join connections n on n.id = d.connection_id
  where x.state = 'dead' and n.installation_id = :installationId
    and not exists (select 1 from decisions y where y.document_id = x.document_id and (
      (y.state = 'done' and y.id > x.id) or (y.state in ('stored', 'acting') and y.person = x.person and y.action = x.action)))
    and not exists (select 1 from decisions z where z.document_id = x.document_id and z.person = x.person
      and z.action = x.action and z.state = 'dead' and z.id > x.id)`;

export async function countDead(db: Knex, installationId: string): Promise<{ cards: number; decisions: number }> {
  const { rows } = await db.raw<{ rows: [{ cards: number; decisions: number }] }>(
    `select (select count(*)::int from cards c join lanes l on l.id = c.lane_id
         where c.state = 'dead' and l.installation_id = :installationId) as cards,
       (select count(*)::int ${deadDecisions}) as decisions`,
    { installationId },
  );
  return rows[0];
}

/** Dead cards by channel and reason, then dead decisions, newest first. */
export async function readDead(
  db: Knex,
  { installationId, pages }: HomeAsked,
): Promise<Paged<DeadItem> & { cards: number; decisions: number }> {
  const lanes: Array<{ lane_id: string; channel: string; reason: string | null; cards: number }> = await db(
    'cards as c',
  )
    .join('lanes as l', 'l.id', 'c.lane_id')
    .where({ 'c.state': 'dead', 'l.installation_id': installationId })
    .groupBy('l.id', 'c.dead_reason')
    .orderBy('cards', 'desc')
    .limit(readMost)
    .select('l.id as lane_id', 'l.channel', 'c.dead_reason as reason', db.raw('count(*)::int as cards'));
  const decisions = await db.raw<{ rows: DeadDecision[] }>(
    `select x.document_id, x.action, x.person, x.message, x.finished_at, d.kind, d.reference, d.data ->> 'type' as type
     ${deadDecisions} order by x.id desc limit ${readMost}`,
    { installationId },
  );
  const items: DeadItem[] = [
    ...lanes.map((row) => ({
      ticket: `lane.${row.lane_id}`,
      channel: row.channel,
      words: [row.cards === 1 ? '1 card for ' : `${row.cards} cards for `],
      why: row.reason ?? 'The reason was not kept.',
    })),
    ...decisions.rows.map((row) => ({
      ticket: `document.${row.document_id}`,
      channel: null,
      words: [
        `To ${actionWords[row.action].infinitive} ${documentName(row)}, by `,
        { person: row.person },
        ...(row.finished_at ? [' ', { instant: row.finished_at.toISOString() }] : []),
      ],
      why: row.message ?? 'The reason was not kept.',
    })),
  ];
  return { ...paged(items, pages.dead, pageSize), ...(await countDead(db, installationId)) };
}

interface DeadDecision {
  document_id: string;
  action: ActionName;
  person: string;
  message: string | null;
  finished_at: Date | null;
  kind: DocumentKind;
  reference: string;
  type: string;
}
