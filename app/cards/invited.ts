import type { Knex } from 'knex';
import { wake } from '../queue/wake.ts';
import { revive } from './replay.ts';

/**
 * The app was let into a channel: what died there because it was not in is delivered now, and whoever set up a route to
 * that channel hears that it works. Doing it twice does it once. Gives how many cards come back.
 */
export async function deliverWhereInvited(
  db: Knex,
  { installationId, channel, inviter }: { installationId: string; channel: string; inviter: string | null },
): Promise<number> {
  return db.transaction(async (trx) => {
    const lane = trx('lanes').where({ installation_id: installationId, channel }).select('id');
    const dead = () => trx('cards').where({ state: 'dead', dead_code: 'uninvited' }).whereIn('lane_id', lane.clone());
    const lines = trx('thread_lines')
      .where({ state: 'dead' })
      .whereIn('lane_id', lane.clone())
      .whereIn('last_error', dead().distinct('dead_reason'));
    const { cards } = await revive(trx, inviter, dead(), lines);
    const told = await trx.raw<{ rows: Array<{ id: string }> }>(
      `select distinct on (coalesce(r.set_up_by, i.installer_user_id)) r.id::text as id
       from routes r join connections n on n.id = r.connection_id join installations i on i.id = n.installation_id
       where i.id = :installationId and r.channel = :channel and r.retired_at is null and (r.set_up_by is not null or :cards > 0)
       order by coalesce(r.set_up_by, i.installer_user_id), r.id`,
      { installationId, channel, cards: cards.length },
    );
    await wake(
      trx,
      'tell',
      told.rows.map(({ id }) => `channel-joined/${id}.${cards.length}`),
    );
    return cards.length;
  });
}
