import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'winston';
import { ReconnectError, RetryableError } from '../domain/errors.ts';
import type { ProcessLease } from '../queue/lease.ts';
import { wake } from '../queue/wake.ts';
import type { Budget } from './budget.ts';
import { type DeliverDeps, deliver, type Turn } from './deliver.ts';
import { claimLane, collapseBursts, type Lane, parkLane, releaseLane } from './lane-rows.ts';
import { paceMs } from './records.ts';
import { takeWork, type Work } from './work.ts';

export interface LaneRunner {
  /** Serves the lane if it is free; returns at once, the work goes on in this process. */
  wake(laneId: string): Promise<void>;
  /** Takes no more work, waits for what is in flight, gives all lanes back. */
  stop(): Promise<void>;
}

export interface LaneRunnerDeps extends DeliverDeps {
  lease: ProcessLease;
  budgets: { post: Budget; update: Budget };
  /** The workspace's access is gone: stop its lanes. */
  onDisconnected: (installationId: string, error: ReconnectError) => Promise<void>;
  log: Logger;
}

/** How long before a message is due its newest state is read. */
const leadMs = 250;
const longestWaitMs = 5 * 60_000;

interface Nudge {
  nudged: boolean;
  wakeUp: () => void;
}

/** Serves lanes in this process: each is a loop that holds the lane's lease, one message at a time and at its pace. */
export function createLaneRunner(deps: LaneRunnerDeps): LaneRunner {
  const { db, lease, log } = deps;
  const running = new Map<string, { nudge: Nudge; end: Promise<void> }>();
  const stopping = new AbortController();

  async function wakeLane(laneId: string): Promise<void> {
    const known = running.get(laneId);
    if (known) {
      known.nudge.nudged = true;
      known.nudge.wakeUp();
      return;
    }
    if (stopping.signal.aborted) return;
    const nudge: Nudge = { nudged: false, wakeUp: () => undefined };
    const entry = { nudge, end: Promise.resolve() };
    running.set(laneId, entry);
    entry.end = serve(laneId, nudge).finally(() => {
      running.delete(laneId);
      if (nudge.nudged && !stopping.signal.aborted) void wakeLane(laneId);
    });
  }

  async function serve(laneId: string, nudge: Nudge): Promise<void> {
    try {
      const claim = await claimLane(db, laneId, lease.id);
      if (claim.state === 'waiting') await wake(db, 'deliver-lane', laneId, claim.forMs);
      if (claim.state === 'held') await serveHeld(claim.lane, nudge);
    } catch (error) {
      // The row still says what is to be done; the sweep or the next wake-up comes back to it.
      log.warn('lane left', { lane: laneId, error });
    }
  }

  async function serveHeld(lane: Lane, nudge: Nudge): Promise<void> {
    try {
      await work(lane, nudge);
    } catch (error) {
      const problem = error instanceof Error ? error : new Error(String(error));
      const waitMs = waitFor(problem, lane.attempts);
      await parkLane(db, lane, lease.id, waitMs, problem.message);
      if (problem instanceof ReconnectError) return deps.onDisconnected(lane.installationId, problem);
      await wake(db, 'deliver-lane', lane.id, waitMs);
      const expected = problem instanceof RetryableError ? {} : { error: problem };
      log.log(lane.attempts === 0 ? 'warn' : 'debug', 'lane waits', {
        channel: lane.channel,
        problem: problem.message,
        waitMs: Math.round(waitMs),
        ...expected,
      });
    }
  }

  async function work(lane: Lane, nudge: Nudge): Promise<void> {
    const pace = { dueAt: performance.now() + lane.sendInMs };
    await collapseBursts(db, lane, lease.id);
    while (!stopping.signal.aborted && lease.isGood()) {
      const postWaitMs = Math.max(pace.dueAt - performance.now(), deps.budgets.post.waitMs(lane.installationId));
      const updateWaitMs = deps.budgets.update.waitMs(lane.installationId);
      const may = { post: postWaitMs <= leadMs, update: updateWaitMs <= 0 };
      const next = await takeWork(db, lane, lease.id, may);
      if (next) {
        await deliverOne(lane, next, pace);
      } else if (!may.post || !may.update) {
        await pause(Math.min(may.post ? Infinity : postWaitMs - leadMs, may.update ? Infinity : updateWaitMs), nudge);
      } else if (!nudge.nudged) {
        const { released, wakes } = await releaseLane(db, lane, lease.id);
        if (released) return;
        lane.wakes = wakes;
        await collapseBursts(db, lane, lease.id);
      }
      if (nudge.nudged) {
        nudge.nudged = false;
        await collapseBursts(db, lane, lease.id);
      }
    }
    await db('lanes').where({ id: lane.id, lease_owner: lease.id }).update({ lease_owner: null });
  }

  async function deliverOne(lane: Lane, next: Work, pace: { dueAt: number }): Promise<void> {
    const budget = next.work === 'update' ? deps.budgets.update : deps.budgets.post;
    const turn: Turn = {
      async due() {
        if (next.work !== 'update') await sleepUntil(pace.dueAt);
        if (!lease.isGood()) throw new RetryableError('This process was away for too long and gave the channel up.');
        budget.spend(lane.installationId);
      },
      answered() {
        pace.dueAt = performance.now() + paceMs;
      },
    };
    try {
      await deliver(deps, lane, next, turn);
      lane.attempts = 0;
    } catch (error) {
      const retryAfterMs = error instanceof RetryableError ? error.retryAfterMs : undefined;
      if (next.work !== 'update' || retryAfterMs === undefined) throw error;
      // Redraws share a limit of the whole workspace: wait for it with all lanes, and let new cards go on.
      budget.pause(lane.installationId, retryAfterMs);
    }
  }

  async function pause(forMs: number, nudge: Nudge): Promise<void> {
    const woken = new AbortController();
    nudge.wakeUp = () => woken.abort();
    if (!nudge.nudged) {
      await sleep(Math.max(1, forMs), undefined, { signal: AbortSignal.any([woken.signal, stopping.signal]) }).catch(
        () => undefined,
      );
    }
    nudge.wakeUp = () => undefined;
  }

  return {
    wake: wakeLane,
    async stop() {
      stopping.abort();
      await Promise.all([...running.values()].map(({ end }) => end));
    },
  };
}

async function sleepUntil(dueAt: number): Promise<void> {
  const waitMs = dueAt - performance.now();
  if (waitMs > 0) await sleep(waitMs);
}

function waitFor(error: Error, attempts: number): number {
  const asked = error instanceof RetryableError ? error.retryAfterMs : undefined;
  const backoff = Math.min(longestWaitMs, 1_000 * 2 ** Math.min(attempts, 12));
  return asked ?? backoff * (0.8 + 0.4 * Math.random());
}
