import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { approversOf } from '../domain/approvals.ts';
import type { ErpDocument } from '../domain/document.ts';
import { PermanentError, RetryableError, UnclearError } from '../domain/errors.ts';
import { slackUsersOf } from '../people/find.ts';
import type { CardContent } from './card.ts';
import { drawCard } from './content.ts';
import { drawDigest } from './digest.ts';
import { loadDigest } from './digest-figures.ts';
import type { Lane } from './lane-rows.ts';
import * as records from './records.ts';
import { type Batch, mayStandTwice, recordBatch, takeBatch } from './replies.ts';
import type { PermanentReason, Posted, Surface } from './surface.ts';
import { drawThreadLine, isForChannel } from './thread.ts';
import type { Work } from './work.ts';

export interface DeliverDeps {
  db: Knex;
  surface: Surface;
  /** The ERP's name for people, by connector id. */
  erpTitle: (connector: string) => string;
  /** Where a document opens by what its connection is set to now; null: where it opened when it was read. */
  linkOf?: (connector: string, settings: Record<string, unknown>, document: ErpDocument) => string | null;
  /** How amounts and dates are written where many read. */
  cardLocale: string;
}

/** When a lane may send. */
export interface Turn {
  /** Waits for the channel's second and the workspace's budget, just before something is sent. */
  due(): Promise<void>;
  /** The answer is here: the channel's next second runs from now, while the row is still being written. */
  answered(): void;
}

const settleMs = 3_000;
const lookBackMs = 5_000;
/** So many posts of one card may go without a clear answer: where their traces can be looked for, and where not. */
const unclearMost = { looked: 8, unseen: 2 };

/**
 * Brings one row from desired to shown. Throws what the lane has to wait for (RetryableError, ReconnectError); everything
 * else ends in the row.
 */
export async function deliver(deps: DeliverDeps, lane: Lane, work: Work, turn: Turn): Promise<void> {
  if (work.work === 'reply') return deliverReply(deps, lane, work, turn);
  try {
    if (work.work === 'update') return await deliverUpdate(deps, lane, work, turn);
    if (work.messageId !== null) return await recordFound(deps, lane, work, turn, { messageId: work.messageId });
    if (work.state !== 'pending') return await settlePost(deps, lane, work, turn);
    return await deliverPost(deps, lane, work, turn);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    await records.recordDead(deps.db, lane, work, error.reason as PermanentReason, error.message);
  }
}

async function deliverPost(deps: DeliverDeps, lane: Lane, work: Work, turn: Turn): Promise<void> {
  const card = await draw(deps, work);
  await turn.due();
  let posted: Posted;
  try {
    posted = await deps.surface.post(lane, card, work.key);
  } catch (error) {
    if (error instanceof UnclearError) {
      await records.recordUnclear(deps.db, work, error.message);
      throw new RetryableError(error.message, {
        retryAfterMs: settleMs * 2 ** Math.min(work.unclearPosts, 6),
        cause: error,
      });
    }
    await records.recordNotPosted(deps.db, work, error instanceof Error ? error.message : String(error));
    throw error;
  }
  turn.answered();
  await records.recordPosted(deps.db, lane, work, {
    ...posted,
    version: work.desiredVersion,
    shownHash: hash(card),
    how: 'posted',
  });
}

/** An earlier try may stand in the channel: look for it by its key before posting again. */
async function settlePost(deps: DeliverDeps, lane: Lane, work: Work, turn: Turn): Promise<void> {
  const triedAt = work.triedAt ?? new Date();
  const found = await deps.surface.find(lane, work.key, new Date(triedAt.getTime() - lookBackMs));
  if (typeof found === 'object') return recordFound(deps, lane, work, turn, found);
  const unseen = found === 'cannot_look';
  if (work.unclearPosts >= (unseen ? unclearMost.unseen : unclearMost.looked)) {
    const problem = unseen
      ? 'Posting this card got no clear answer twice, and the app may not read the channel to see whether it stands there. Look there, invite the app, then replay.'
      : 'Posting this card got no clear answer again and again. Look whether it stands in the channel, then replay it.';
    throw new PermanentError('content', problem);
  }
  const problem = 'An earlier post got no answer and the channel may not be read, so it may stand there twice.';
  await records.recordNotPosted(deps.db, work, unseen ? problem : null);
}

/** The card stands in the channel. What it shows is not known for sure: version 0 makes the lane redraw it at once. */
async function recordFound(deps: DeliverDeps, lane: Lane, work: Work, turn: Turn, found: Posted): Promise<void> {
  turn.answered();
  await records.recordPosted(deps.db, lane, work, { ...found, version: 0, shownHash: '', how: 'found' });
}

async function deliverUpdate(deps: DeliverDeps, lane: Lane, work: Work, turn: Turn): Promise<void> {
  const card = await draw(deps, work);
  const shownHash = hash(card);
  if (shownHash === work.shownHash || work.messageId === null) {
    await records.recordUnchanged(deps.db, work);
    return;
  }
  await turn.due();
  try {
    await deps.surface.update(lane, work.messageId, card, work.key);
    for (const copy of work.copies) await deps.surface.update(lane, copy, card, work.key).catch(ignoreGone);
  } catch (error) {
    if (error instanceof UnclearError) throw new RetryableError(error.message, { cause: error });
    if (!(error instanceof PermanentError && error.reason === 'message')) throw error;
    await records.recordLost(deps.db, work, error.message);
    return;
  }
  await records.recordPosted(deps.db, lane, work, {
    messageId: work.messageId,
    version: work.desiredVersion,
    shownHash,
    how: 'updated',
  });
}

/** A copy that somebody deleted needs no redraw. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof PermanentError)) throw error;
}

async function deliverReply(deps: DeliverDeps, lane: Lane, work: Work, turn: Turn): Promise<void> {
  const { db, surface } = deps;
  const batch = await takeBatch(db, work);
  if (!batch || work.messageId === null) return;
  if (batch.mayStand) {
    const found = await surface.find(lane, batch.id, new Date(batch.triedAt.getTime() - lookBackMs), work.messageId);
    const stands = typeof found === 'object';
    if (stands) turn.answered();
    const absent = found === 'cannot_look' ? { problem: mayStandTwice } : {};
    const end = stands
      ? { state: 'posted' as const, messageId: found.messageId }
      : { state: 'pending' as const, ...absent };
    await recordBatch(db, lane, work, batch, end);
    return;
  }
  const { mentions, severity } = work.route;
  const reader = { erp: deps.erpTitle(work.connector), locale: deps.cardLocale, mentions, severity };
  const lines = batch.lines.map((line) => drawThreadLine(line, reader));
  const inChannel = batch.lines.some((line) => isForChannel(line, reader));
  await turn.due();
  try {
    const { messageId } = await surface.reply(lane, work.messageId, lines, batch.id, { inChannel });
    turn.answered();
    await recordBatch(db, lane, work, batch, { state: 'posted', messageId });
  } catch (error) {
    if (error instanceof PermanentError) turn.answered();
    await failReply(deps, lane, work, batch, error);
  }
}

async function failReply({ db }: DeliverDeps, lane: Lane, work: Work, batch: Batch, error: unknown): Promise<void> {
  const problem = error instanceof Error ? error.message : String(error);
  if (error instanceof UnclearError && batch.repeated) {
    await recordBatch(db, lane, work, batch, { state: 'dead', problem: mayStandTwice });
    return;
  }
  if (error instanceof UnclearError) {
    await recordBatch(db, lane, work, batch, { state: 'uncertain', problem });
    throw new RetryableError(problem, { retryAfterMs: settleMs, cause: error });
  }
  if (error instanceof PermanentError) {
    await recordBatch(db, lane, work, batch, { state: 'dead', problem });
    return;
  }
  await recordBatch(db, lane, work, batch, { state: 'pending', problem });
  throw error;
}

async function draw({ db, erpTitle, linkOf, cardLocale: locale }: DeliverDeps, work: Work): Promise<CardContent> {
  const { key, company, document: read, substance, version } = work;
  const erp = erpTitle(work.connector);
  const link = read && linkOf?.(work.connector, work.settings, read);
  const document = read && link ? { ...read, link } : read;
  if (!document || !substance || version === null) {
    const { kind, route, cardId, connectionId } = work;
    return drawDigest({
      key,
      kind,
      route,
      erp,
      company,
      locale,
      ...(await loadDigest(db, cardId, route.actions, connectionId)),
    });
  }
  const { gone, route, decision, facts } = work;
  const approvers = await slackUsersOf(db, work.connectionId, approversOf(document));
  const about = { erp, company, approvers, locale };
  return drawCard({ key, document, substance, version, gone, route, decision, facts, ...about });
}

function hash(card: CardContent): string {
  return createHash('sha256').update(JSON.stringify(card)).digest('base64url').slice(0, 22);
}
