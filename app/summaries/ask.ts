import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import { wake } from '../queue/wake.ts';

export interface Asking {
  installationId: string;
  connectionId: string;
  person: string;
  /** Where they asked, and so are told; null: in a direct message. */
  channel: string | null;
}

/**
 * `asked`: it is being made. `running`: it was being made already. `made`: one was made a moment ago, and they are told
 * where it stands. Else why none is made.
 */
export type Asked = 'asked' | 'running' | 'made' | 'paused' | 'no_summaries' | 'no_route' | 'unknown';

/** Whoever asks within that time means the summary that was just made: a double click, or two people at once. */
const same = `interval '20 seconds'`;
const askersMost = 20;

/** Has a summary made now, once: whoever asks while one is being made shares it. */
export function askForSummary(db: Knex, asking: Asking): Promise<Asked> {
  const { installationId, connectionId, person, channel } = asking;
  return db.transaction(async (trx) => {
    const connection = await trx('connections')
      .where({ id: connectionId, installation_id: installationId })
      .first('name', 'status');
    if (!connection) return 'unknown';
    // The feed's row is what everybody who asks waits for.
    const feed = await trx('feeds').where({ connection_id: connectionId, kind: 'summary' }).forUpdate().first('id');
    if (!feed) return 'no_summaries';
    if (connection.status === 'paused') return 'paused';
    const route = await trx('routes')
      .where({ connection_id: connectionId, kind: 'summary', retired_at: null })
      .first('id');
    if (!route) return 'no_route';
    const who = JSON.stringify([{ person, channel }]);
    const { rows } = await trx.raw<{ rows: Array<{ id: string; state: 'open' | 'done' }> }>(
      `update summary_runs set asked = case when asked @> ?::jsonb or jsonb_array_length(asked) >= ${askersMost} then asked else asked || ?::jsonb end
       where id = (select id from summary_runs where feed_id = ? and (state = 'open'
           or (state = 'done' and not scheduled and finished_at > clock_timestamp() - ${same}))
         order by id desc limit 1)
       returning id, state`,
      [who, who, feed.id],
    );
    const known = rows[0];
    if (known?.state === 'done') {
      await wake(trx, 'tell', `summary/${known.id}`);
      return 'made';
    }
    // What waits after an error is tried now.
    await trx('feeds').where({ id: feed.id }).update({ next_attempt_at: null });
    await wake(trx, 'summarise', feed.id);
    if (known) return 'running';
    await trx.raw(
      `insert into summary_runs (feed_id, key, due_at, scheduled, asked)
       select ?, to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' asked', t, false, ?::jsonb
       from (select clock_timestamp() as t) as now`,
      [feed.id, who],
    );
    const data = { name: connection.name };
    await recordEvents(trx, [{ kind: 'summary.asked', installationId, connectionId, actor: person, data }]);
    return 'asked';
  });
}

/** What became of the asking, for whoever asked; `name` is the connection's, `where` they are told. */
export function askedWords(asked: Asked, name: string, where: 'here' | 'in a direct message'): string {
  const told = `You are told ${where} when it stands in its channel.`;
  switch (asked) {
    case 'asked':
      return `“${name}”: the summary is being made … ${told}`;
    case 'running':
      return `“${name}”: the summary is being made already. ${told}`;
    case 'made':
      return `“${name}”: the summary was made just now, so it is not made again. You are told ${where} where it stands.`;
    case 'paused':
      return `“${name}” is paused, so nothing is read there and no summary was made. Resume it first.`;
    case 'no_summaries':
      return `“${name}” has no posting summaries, so nothing was done.`;
    case 'no_route':
      return `No route of “${name}” takes posting summaries, so none was made. Add a route for them in the Home tab, then run it again.`;
    case 'unknown':
      return 'That connection is not there any more, so nothing was done.';
  }
}
