/** How long a feed's polling leans on pushes after one came. */
export const trustMinutes = 30;

/** How seldom a feed is polled while pushes tell of its changes. */
const backstopMinutes = 5;

/**
 * SQL: a poll found something (at the time in `column`) that no push has told of since, though one had a minute to come.
 * An hour later pushes get another chance.
 */
export function isMissing(column: string): string {
  return `(coalesce(${column} between clock_timestamp() - interval '1 hour' and clock_timestamp() - interval '1 minute', false))`;
}

/** SQL over a row of `feeds`: it was read lately, and pushes tell of what changed since. */
export const pushesSuffice = `(coalesce(push_trusted_until > clock_timestamp(), false) and not ${isMissing('push_missed_at')}
  and coalesce(last_read_at > clock_timestamp() - interval '${backstopMinutes} minutes', false))`;
