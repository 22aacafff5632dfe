import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { ActOutcome, ActRequest, ErpConnection } from '../../connectors/connector.ts';
import type { Account, Accounts } from '../accounts/accounts.ts';
import { endPausedSession } from '../accounts/farewells.ts';
import { markBroken } from '../connections/health.ts';
import { type ConnectionPool, type ConnectionRow, releasedApart } from '../connections/open.ts';
import { loadRoutes } from '../connections/routes.ts';
import { redrawGone } from '../documents/gone.ts';
import { redrawDocument } from '../documents/redraw.ts';
import { storeDocuments } from '../documents/store.ts';
import { describeChanges, substanceHash } from '../domain/changes.ts';
import { describeFieldChanges, sawSubstance, seenOf, shownFields } from '../domain/custom.ts';
import type { ErpDocument } from '../domain/document.ts';
import { NextStepError, PermanentError, ReconnectError, UnclearError } from '../domain/errors.ts';
import type { Figured } from '../domain/figures.ts';
import { mayDecide } from '../domain/policy.ts';
import { readSeen } from '../domain/seen.ts';
import { BudgetUsedUp } from '../metering/meter.ts';
import { forAPerson } from '../metering/purpose.ts';
import { lookAtParty, type PartyLook } from '../parties/look.ts';
import { slackUserOfName } from '../people/find.ts';
import type { ProcessLease } from '../queue/lease.ts';
import type { Keyring } from '../storage/keyring.ts';
import { claimDecision, clearIntent, type Decision, type End, finish, postpone, recordIntent } from './rows.ts';
import * as words from './words.ts';

export interface DecideDeps {
  db: Knex;
  lease: ProcessLease;
  connections: ConnectionPool;
  keyring: Keyring;
  accounts: Accounts;
  erpTitle: (connector: string) => string;
  log: Logger;
}

const triesMost = 20;
const longestWaitMs = 60_000;
/** How often the ERP is read after an unclear answer before its silence counts (1 + 2 + 4 + 8 s). */
const readsBeforeVerdict = 4;
/** After this long without an end the card says that the decision is on its way. */
const showAfterMs = 1_500;

/**
 * Carries out the open decisions of one document, one after the other: read anew, check, ask the ERP once, read back.
 * Whatever happens meanwhile, a decision ends as done, refused or dead with a reason, or stays open for another try.
 */
export async function decide(deps: DecideDeps, documentId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && deps.lease.isGood()) {
    const decision = await claimDecision(deps.db, documentId, deps.lease.id);
    if (!decision) return;
    const slow = setTimeout(() => void redrawDocument(deps.db, documentId).catch(() => undefined), showAfterMs);
    const attempt: Attempt = { row: null };
    try {
      await forAPerson(() => carryOut(deps, decision, attempt, signal), { isUnderWay: decision.before !== null });
    } catch (error) {
      await fail(deps, decision, attempt, error, signal);
      return;
    } finally {
      clearTimeout(slow);
    }
  }
}

/** The connection as one try opened it: what went wrong is said of that, and not of one that was set up anew meanwhile. */
interface Attempt {
  row: ConnectionRow | null;
}

async function carryOut(deps: DecideDeps, decision: Decision, attempt: Attempt, signal: AbortSignal): Promise<void> {
  const { erp, row, connector } = await deps.connections.open(decision.connectionId);
  attempt.row = row;
  const erpName = deps.erpTitle(row.connector);
  const isPaused = row.status === 'paused';
  if (isPaused && !decision.before) return end(deps, decision, null, pausedEnd(row.name));
  // A settlement signs in although the connection is paused: that session is not to stay.
  if (isPaused) await endPausedSession(deps.db, decision.connectionId);
  const [fresh, party] = await Promise.all([
    erp.get(decision.document.kind, decision.document.key, signal),
    lookAtVendor(deps, decision, erp, signal),
  ]);
  if (!fresh) return end(deps, decision, 'gone', refused('document_gone', words.gone(erpName)));
  if (decision.before && (await settle(deps, decision, decision.before, erp, fresh))) return;
  const creator = fresh.createdBy ? await slackUserOfName(deps.db, decision.connectionId, fresh.createdBy) : null;
  const refusal = isPaused ? pausedEnd(row.name) : check(decision, fresh, { erpName, creator, party });
  if (refusal) return end(deps, decision, fresh, refusal);
  const account = await ownAccount(deps, decision, connector.feeds[decision.document.kind]?.actsOnlyAsPerson ?? false);
  if (account === 'missing') return end(deps, decision, fresh, accountNeeded(words.accountNeeded(erpName)));
  await act(deps, decision, { erp, erpName, account }, fresh, signal);
}

/** Whose account acts: the person's own, or null for the connection's. */
async function ownAccount(
  { accounts }: DecideDeps,
  decision: Decision,
  onlyAsPerson: boolean,
): Promise<Account | null | 'missing'> {
  const actAs = onlyAsPerson ? 'person' : decision.route.actAs;
  if (actAs === 'service') return null;
  const linked = await accounts.find(decision.connectionId, decision.person);
  return linked ?? (actAs === 'person' ? 'missing' : null);
}

/** Why this decision may not be carried out on the document as it is now; asked before every act, a repeated one too. */
function check(
  decision: Decision,
  fresh: ErpDocument,
  { erpName, creator, party }: { erpName: string; creator: string | null; party: PartyLook | null },
): End | null {
  const verdict = mayDecide(decision.person, decision.action, fresh, decision.route, creator);
  if (verdict.reason !== 'allowed') return refused(verdict.reason, verdict.message);
  if (decision.action === 'approve' && decision.gaveStep) return refused('gave_a_step', words.gaveStep);
  const shown = shownFields(fresh, decision.route.customFields);
  const { substance, partyVersion } = readSeen(decision.seen);
  if (seenOf(substanceHash(fresh), shown) !== substance) {
    const seen = decision.shown && sawSubstance(substance, substanceHash(decision.shown)) ? decision.shown : null;
    const before = seen && shownFields(seen, decision.route.customFields);
    const changes = seen ? [...describeChanges(seen, fresh), ...describeFieldChanges(before ?? [], shown)] : [];
    return refused('changed_since', words.changedSince(erpName, changes));
  }
  if (party && (partyVersion === null ? party.changedNow : party.version !== partyVersion))
    return refused('party_changed', words.partyChanged(erpName));
  if (fresh.actions.includes(decision.action)) return null;
  return refused('not_possible_now', words.notPossibleNow(erpName, fresh, decision.action));
}

/** Where the money would go, for what leads on to paying; what stops it needs no such look. */
async function lookAtVendor(
  deps: DecideDeps,
  decision: Decision,
  erp: ErpConnection,
  signal: AbortSignal,
): Promise<PartyLook | null> {
  const { kind, vendor } = decision.document;
  const leadsOn = decision.action === 'approve' || decision.action === 'release';
  if (!leadsOn || !vendor || (kind !== 'bill' && kind !== 'payment')) return null;
  return lookAtParty(deps, decision, erp, vendor.code, signal);
}

async function act(
  deps: DecideDeps,
  decision: Decision,
  { erp, erpName, account }: { erp: ErpConnection; erpName: string; account: Account | null },
  before: ErpDocument,
  signal: AbortSignal,
): Promise<void> {
  if (account) await deps.accounts.use(account.id);
  decision.actedAs = account && (account.user ?? words.unnamedAccount);
  await recordIntent(deps.db, decision, before);
  decision.before = before;
  const request: ActRequest = { document: before, action: decision.action, reason: decision.reason };
  const outcome = account
    ? await actAsPerson(deps, account, () => erp.act(request, signal, account.state))
    : await erp.act(request, signal);
  if ('linkEnded' in outcome) {
    await clearIntent(deps.db, decision);
    decision.before = null;
    return end(deps, decision, before, accountNeeded(words.linkEnded(erpName, outcome.linkEnded)));
  }
  if (outcome.result === 'refused') {
    return end(deps, decision, outcome.document ?? before, refused('refused_by_erp', outcome.message));
  }
  return end(deps, decision, outcome.document, done(decision, before, outcome.document, outcome.complete));
}

/** Acts in a session of the person's, which is given back soon after. An account that the ERP takes no more is told, not retried. */
async function actAsPerson(
  { accounts }: DecideDeps,
  account: Account,
  run: () => Promise<ActOutcome>,
): Promise<ActOutcome | { linkEnded: string }> {
  try {
    const outcome = await run();
    await accounts.note(account.id, null);
    return outcome;
  } catch (error) {
    if (!(error instanceof ReconnectError && error.field === 'account')) throw error;
    await accounts.note(account.id, error.message);
    return { linkEnded: error.message };
  } finally {
    await accounts.use(account.id);
  }
}

/**
 * The ERP was asked before and the end is not known: what it says now decides. False where it surely did nothing: then
 * the decision is as if it had never been asked.
 */
async function settle(
  deps: DecideDeps,
  decision: Decision,
  before: ErpDocument,
  erp: ErpConnection,
  fresh: ErpDocument,
): Promise<boolean> {
  const request: ActRequest = { document: before, action: decision.action, reason: decision.reason };
  const happened = erp.settle(request, fresh);
  if (happened === 'yes') {
    await end(deps, decision, fresh, done(decision, before, fresh, fresh.status !== before.status));
    return true;
  }
  if (decision.attempts < readsBeforeVerdict) throw new UnclearError(words.stillUnclear);
  if (happened === 'unknown') {
    await end(deps, decision, fresh, dead('unclear', words.unclear(fresh, decision.action)));
    return true;
  }
  await clearIntent(deps.db, decision);
  decision.before = null;
  decision.actedAt = null;
  return false;
}

async function end(deps: DecideDeps, decision: Decision, now: ErpDocument | 'gone' | null, ending: End): Promise<void> {
  const isRead = now !== null && now !== 'gone';
  const apart = isRead
    ? releasedApart((await deps.connections.open(decision.connectionId)).connector)
    : new Set<never>();
  await deps.db.transaction(async (trx) => {
    if (now === 'gone') {
      await trx('documents').where({ id: decision.documentId }).update({ gone_at: trx.fn.now() });
      await redrawGone(trx, decision.connectionId, [{ id: decision.documentId, before: decision.document }]);
    } else if (now) {
      const { installationId, connectionId } = decision;
      const routes = await loadRoutes(trx, connectionId);
      const scope = { installationId, connectionId, routes, releasedApart: apart };
      // A decision that was carried out tells the change itself; any other reading is told as what it is.
      await storeDocuments(trx, scope, [now], ending.state === 'done' ? { decisionId: decision.id } : undefined);
    }
    await finish(trx, decision, ending);
  });
  deps.log.info('decision ended', { decision: decision.id, action: decision.action, outcome: ending.outcome });
}

async function fail(
  deps: DecideDeps,
  decision: Decision,
  { row }: Attempt,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  const problem = error instanceof Error ? error : new Error(String(error));
  const nothingDone = problem instanceof NextStepError && !(problem instanceof UnclearError);
  if (decision.before && nothingDone && !signal.aborted && !decision.actedAt) {
    // Asked in this very try, and the error says that nothing was done: no intent is left to settle.
    await clearIntent(deps.db, decision);
  }
  // Nothing was asked yet, and this lasts: the person hears it now instead of waiting for what does not come.
  if (problem instanceof BudgetUsedUp && !decision.before)
    return end(deps, decision, null, refused('budget_used_up', problem.message));
  const hopeless = problem instanceof PermanentError || decision.attempts + 1 >= triesMost;
  if (hopeless && !signal.aborted) {
    const message = problem instanceof PermanentError ? problem.message : words.gaveUp(problem.message);
    return end(deps, decision, null, dead(problem instanceof PermanentError ? problem.reason : 'gave_up', message));
  }
  const waitMs = Math.min(longestWaitMs, 1_000 * 2 ** Math.min(decision.attempts, 10));
  await postpone(deps.db, decision, signal.aborted ? 0 : waitMs, problem.message);
  deps.log.warn('decision waits', {
    decision: decision.id,
    problem: problem.message,
    attempts: decision.attempts + 1,
    waitMs,
  });
  if (problem instanceof ReconnectError && row) await markBroken(deps.db, row, problem, decision.document.kind);
}

const refused = (outcome: string, message: Figured): End => ({ state: 'refused', outcome, message, line: null });
const accountNeeded = (message: string): End => refused('account_needed', message);
const pausedEnd = (connection: string): End => refused('connection_paused', words.paused(connection));
const dead = (outcome: string, message: string): End => ({ state: 'dead', outcome, message, line: null });

function done(decision: Decision, before: ErpDocument, after: ErpDocument, complete: boolean): End {
  const { action, person, reason } = decision;
  return {
    state: 'done',
    outcome: complete ? `${action}_done` : 'step_approved',
    message: null,
    line: {
      type: 'decided',
      action,
      person,
      reason,
      from: before.status,
      to: after.status,
      complete,
      as: decision.actedAs,
      at: new Date().toISOString(),
    },
  };
}
