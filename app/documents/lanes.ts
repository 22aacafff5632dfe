import type { Knex } from 'knex';

/** The lane of each channel that the routes name, made where it is new. */
export async function ensureLanes(
  db: Knex,
  { installationId, routes }: { installationId: string; routes: readonly { channel: string }[] },
): Promise<Map<string, string>> {
  const channels = [...new Set(routes.map((route) => route.channel))].sort();
  const known = await db('lanes')
    .where({ installation_id: installationId })
    .whereIn('channel', channels)
    .select('id', 'channel');
  const lanes = new Map(known.map((row) => [String(row.channel), String(row.id)]));
  const missing = channels.filter((channel) => !lanes.has(channel));
  if (missing.length > 0) {
    // "do update" and not "do nothing": another process may have made the lane, and its id must come back too.
    const made = await db('lanes')
      .insert(missing.map((channel) => ({ installation_id: installationId, channel })))
      .onConflict(['installation_id', 'channel'])
      .merge(['channel'])
      .returning(['id', 'channel']);
    for (const row of made) lanes.set(String(row.channel), String(row.id));
  }
  return lanes;
}
