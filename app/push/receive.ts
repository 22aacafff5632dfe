import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Push, PushNotice } from '../../connectors/connector.ts';
import type { DocumentKind } from '../domain/document.ts';
import { isMissing, trustMinutes } from '../queue/push-trust.ts';
import { wake } from '../queue/wake.ts';
import type { PushSource } from './endpoint.ts';

/** A document that is reported as gone may come back in the next notice, as one half of an update. */
const goneAfterMs = 3_000;

/**
 * Stores what was pushed and wakes whoever reads; the same notice again changes nothing. Nothing in it is believed: the
 * feed is read from its cursor, and what is said to be gone is looked at one by one. `notice` is null where it was too
 * large to be taken in: then only the reading is woken. `apartMs`: readings that pushes wake begin so far apart at least.
 */
export async function receivePush(
  db: Knex,
  source: PushSource,
  kind: DocumentKind,
  { body, notice, push, apartMs = 0 }: { body: string; notice: PushNotice | null; push: Push; apartMs?: number },
): Promise<'taken' | 'known' | 'of_another_company'> {
  const { connectionId } = source;
  const isForeign = notice?.company && !push.isOfCompany(notice.company, source.settings);
  return db.transaction(async (trx) => {
    await trx('push_endpoints')
      .where({ id: connectionId })
      .update({ last_push_at: trx.raw('clock_timestamp()'), problem: isForeign ? foreign(notice.company) : null });
    if (isForeign) return 'of_another_company';
    if (notice) {
      const digest = createHash('sha256')
        .update(`${kind}\n${notice.id ?? ''}\n${body}`)
        .digest('base64url');
      const [known] = await trx('pushes')
        .insert({ connection_id: connectionId, digest, kind, stamp: notice.stamp })
        .onConflict(['connection_id', 'digest'])
        .ignore()
        .returning('digest');
      if (!known) return 'known';
      await wantChecks(trx, connectionId, kind, notice.gone, goneAfterMs);
    }
    if (source.isActive) await ask(trx, connectionId, kind, notice?.kinds ?? [], apartMs);
    return 'taken';
  });
}

const foreign = (company: string | null) =>
  `Pushes come from the company “${(company ?? '').slice(0, 80)}”, which is not the one that this connection reads. Correct the destination in the ERP.`;

/**
 * The feeds are wanted read: now, or once more where they are being read at this moment. The cadence is slowed down only
 * for the kind that is pushed: of the others pushes may tell part.
 */
async function ask(
  trx: Knex.Transaction,
  connectionId: string,
  kind: DocumentKind,
  others: readonly string[],
  apartMs: number,
): Promise<void> {
  const waitMs = trx.raw(
    `ceil(greatest(0, ? - coalesce(extract(epoch from clock_timestamp() - last_started_at) * 1000, 1e9)))::float as wait`,
    [apartMs],
  );
  const asked: Array<{ id: string; wait: number }> = await trx('feeds')
    .where({ connection_id: connectionId, kind })
    .update({
      asked_at: trx.raw('clock_timestamp()'),
      push_trusted_until: trx.raw(`clock_timestamp() + interval '${trustMinutes} minutes'`),
      push_missed_at: trx.raw(`case when ${isMissing('push_missed_at')} then push_missed_at end`),
    })
    .returning(['id', waitMs]);
  const alongside: Array<{ id: string; wait: number }> = await trx('feeds')
    .where({ connection_id: connectionId })
    .whereIn('kind', others)
    .whereNot({ kind })
    .update({ asked_at: trx.raw('clock_timestamp()') })
    .returning(['id', waitMs]);
  for (const { id, wait } of [...asked, ...alongside]) await wake(trx, 'read-feed', String(id), wait);
}

/**
 * SQL for `insert into document_checks`: what waits to be looked at anyway keeps its time. The microsecond tells whoever is
 * looking at it at this moment that it is wanted again: what they read may be older than what asked for it.
 */
export const wantedAgain =
  "on conflict (connection_id, kind, key) do update set due_at = document_checks.due_at - interval '1 microsecond'";

/** Has documents looked at one by one, `delayMs` from now; what waits to be looked at anyway keeps its time. */
export async function wantChecks(
  trx: Knex.Transaction,
  connectionId: string,
  kind: DocumentKind,
  keys: readonly string[],
  delayMs: number,
): Promise<void> {
  if (keys.length === 0) return;
  await trx.raw(
    `insert into document_checks (connection_id, kind, key, due_at)
     select ?, ?, key, clock_timestamp() + ? * interval '1 ms' from unnest(?::text[]) as key order by key
     ${wantedAgain}`,
    [connectionId, kind, delayMs, [...new Set(keys)]],
  );
  await wake(trx, 'check-documents', connectionId, delayMs + 50);
}

/** Notices older than the ERP's longest memory of them (two days) can no longer come again. */
export async function forgetOldPushes(db: Knex): Promise<void> {
  await db('pushes').where('received_at', '<', db.raw(`clock_timestamp() - interval '3 days'`)).delete();
}
