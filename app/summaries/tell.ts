import type { Knex } from 'knex';
import { z } from 'zod';
import { recordEvents } from '../audit/record.ts';
import type { Surface, Told } from '../cards/surface.ts';
import { PermanentError, RetryableError, UnclearError } from '../domain/errors.ts';
import { periodWords } from '../domain/periods.ts';
import { wake } from '../queue/wake.ts';

const askedSchema = z.object({ person: z.string(), channel: z.string().nullable() });

/** A card that is not posted by then is told of as being on its way. */
const waitMs = 60_000;
const waitsMs = { look: 500, retry: 1_000 };
const namedMost = 5;

interface CardRow {
  state: string;
  channel: string;
  message_id: string | null;
}

/** Whoever asked for a summary hears where it stands, or why there is none. */
export async function tellSummary({ db, surface }: { db: Knex; surface: Surface }, id: string): Promise<void> {
  const run = await db('summary_runs as r')
    .join('feeds as f', 'f.id', 'r.feed_id')
    .join('connections as n', 'n.id', 'f.connection_id')
    .leftJoin('documents as d', 'd.id', 'r.document_id')
    .where('r.id', id)
    .first('r.state', 'r.message', 'r.document_id', 'n.name', 'n.installation_id', 'd.data')
    .select(db.raw(`r.finished_at < clock_timestamp() - ? * interval '1 ms' as late`, [waitMs]));
  if (!run || run.state === 'open') return;
  const cards: CardRow[] = run.document_id
    ? await db('cards as c')
        .join('lanes as l', 'l.id', 'c.lane_id')
        .where('c.document_id', run.document_id)
        .orderBy('c.id')
        .select('c.state', 'l.channel', 'c.message_id')
    : [];
  const onTheWay = cards.some(({ state }) => state === 'pending' || state === 'posting' || state === 'uncertain');
  if (onTheWay && !run.late) return wake(db, 'tell', `summary/${id}`, waitsMs.look);
  const words = run.state === 'failed' ? notMade(run) : made(run, cards);
  for (let who = await claim(db, id); who; who = await claim(db, id)) {
    try {
      await surface.tell(run.installation_id, who.person, words, who.channel ?? undefined);
    } catch (error) {
      if (error instanceof UnclearError) continue;
      if (!(error instanceof PermanentError)) {
        await db.raw('update summary_runs set asked = asked || ?::jsonb where id = ?', [JSON.stringify([who]), id]);
        if (!(error instanceof RetryableError) || run.late) throw error;
        return wake(db, 'tell', `summary/${id}`, error.retryAfterMs ?? waitsMs.retry);
      }
      const data = { reason: error.message };
      const event = { kind: 'person.not_told', installationId: run.installation_id, actor: who.person, data };
      await recordEvents(db, [event]);
    }
  }
}

/** Takes the next who is to be told, before they are: a word that is lost does less harm than one said twice. */
async function claim(db: Knex, id: string): Promise<z.output<typeof askedSchema> | undefined> {
  const { rows } = await db.raw<{ rows: Array<{ who: unknown }> }>(
    `with next as (select id, asked -> 0 as who from summary_runs where id = ? and state <> 'open' and asked <> '[]' for update)
     update summary_runs r set asked = r.asked - 0 from next where r.id = next.id returning next.who`,
    [id],
  );
  return rows[0] && askedSchema.parse(rows[0].who);
}

function notMade({ name, message }: { name: string; message: string }): Told[] {
  return [`“${name}”: no summary was made. ${message}`];
}

function made(
  { name, data }: { name: string; data: { summary: { period: { name: string; start: string; end: string } } } },
  cards: CardRow[],
): Told[] {
  const what = `“${name}”: the posting summary of ${periodWords(data.summary.period)}`;
  const posted = cards.filter(({ message_id }) => message_id !== null);
  if (posted.length > 0) {
    const places = posted
      .slice(0, namedMost)
      .flatMap<Told>(({ channel, message_id }, index) => [
        index === 0 ? '' : ', ',
        { channel, ...(message_id ? { messageId: message_id } : {}) },
      ]);
    return [`${what} stands in `, ...places, '.'];
  }
  const dead = cards.filter(({ state }) => state === 'dead');
  const [first] = dead;
  if (first) {
    const why = ' and could not be posted. The Home tab says why, under Administration; mend that, then replay it.';
    return [`${what} is made for `, { channel: first.channel }, why];
  }
  if (cards.length > 0)
    return [`${what} is made. It comes with the next digest, or when its channel takes messages again.`];
  return [`${what} is made, but no route takes it as it is: look at what the routes for summaries ask for.`];
}
