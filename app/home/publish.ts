import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { Budget } from '../cards/budget.ts';
import { PermanentError, ReconnectError, RetryableError, UnclearError } from '../domain/errors.ts';
import type { BudgetOf } from '../metering/used.ts';
import { isAdmin } from '../people/admins.ts';
import type { ReaderLocales, WorkspaceRoles } from '../people/slack-roles.ts';
import type { ProcessLease } from '../queue/lease.ts';
import { contentHash, type HomeAsked, type HomeContent, readHome } from './content.ts';
import { type ClaimedHome, claimHome, endHome, type HomeOwner, postponeHome, readViewHash } from './row.ts';
import type { HomeSurface } from './surface.ts';

export interface PublishDeps {
  db: Knex;
  lease: ProcessLease;
  surface: HomeSurface;
  roles: WorkspaceRoles;
  locales: ReaderLocales;
  erpTitle: (connector: string) => string;
  /** Whether an ERP can push. */
  canPush: (connector: string) => boolean;
  budgetOf: BudgetOf;
  linksAccounts: HomeAsked['linksAccounts'];
  /** How fast a workspace's Homes are published: for what people do there, and for news. */
  budgets: Record<'acts' | 'news', Budget>;
  /** Slack no longer accepts the installation's token. */
  onDisconnected: (installationId: string, error: ReconnectError) => Promise<void>;
  log: Logger;
}

/** News reach a Home this often at most; what a person does there themself is shown at once, and its outcome soon. */
const paceMs = 3_000;
const paceAfterActMs = 1_000;
const longestWaitMs = 60_000;
const triesMost = 8;
const newTokenMs = 1_000;

/** Publishes a person's Home if it is due and not yet as it should be. One process does so at a time. */
export async function publishHome(deps: PublishDeps, owner: HomeOwner): Promise<void> {
  const { db, lease } = deps;
  if (!lease.isGood()) return;
  const home = await claimHome(db, owner, lease.id);
  if (!home) return;
  const waitMs = budgetOf(deps, home).waitMs(owner.installationId);
  if (waitMs > 0) return postponeHome(db, home, lease.id, { waitMs, problem: null, viewHash: home.viewHash });
  try {
    const { content, hash, admin } = await draw(deps, home);
    const pace = home.contentHash === null ? paceAfterActMs : paceMs;
    const end = { contentHash: hash, isAdmin: admin, lastError: null };
    if (hash === home.contentHash)
      return await endHome(db, home, lease.id, { ...end, viewHash: home.viewHash }, paceMs);
    const shown = await show(deps, home, { content, hash });
    await endHome(db, home, lease.id, { ...end, contentHash: shown.hash, viewHash: shown.viewHash }, pace);
  } catch (error) {
    await fail(deps, home, error);
  }
}

/** What the person did themself goes before news, so a flood of news never keeps a click waiting. */
function budgetOf({ budgets }: PublishDeps, home: ClaimedHome): Budget {
  return home.contentHash === null ? budgets.acts : budgets.news;
}

async function draw({ db, roles, locales, ...deps }: PublishDeps, home: ClaimedHome) {
  const { erpTitle, canPush, budgetOf, linksAccounts } = deps;
  const admin = await isAdmin({ db, roles }, home.installationId, home.person);
  const locale = await locales.localeOf(home.installationId, home.person);
  const asked = { ...home, isAdmin: admin, locale, erpTitle, canPush, budgetOf, linksAccounts, now: new Date() };
  const content = await readHome(db, asked);
  return { content, hash: contentHash(content), admin };
}

interface Shown {
  viewHash: string | null;
  /** Of the content that is shown now. */
  hash: string;
}

/** Where something else is shown than was thought, what is published is read anew, so that old never covers new. */
async function show(
  deps: PublishDeps,
  home: ClaimedHome,
  { content, hash }: { content: HomeContent; hash: string },
): Promise<Shown> {
  const { surface, db, lease } = deps;
  const budget = budgetOf(deps, home);
  budget.spend(home.installationId);
  const first = await surface.publish(home, content, home.viewHash);
  if (first !== 'conflict') return { viewHash: first.viewHash, hash };
  const known = await readViewHash(db, home);
  if (!lease.isGood()) throw new RetryableError('Another process may be publishing this Home.');
  budget.spend(home.installationId);
  const again = await draw(deps, home);
  const second = await surface.publish(home, again.content, known === home.viewHash ? null : known);
  if (second === 'conflict') throw new RetryableError('Slack shows another Home than the one published last.');
  return { viewHash: second.viewHash, hash: again.hash };
}

async function fail(deps: PublishDeps, home: ClaimedHome, error: unknown): Promise<void> {
  const { db, lease, budgets, log } = deps;
  const { installationId, person } = home;
  const problem = error instanceof Error ? error.message : String(error);
  if (error instanceof ReconnectError) {
    // Where access has ended the Home waits for the next install; where there is a new token already, for that.
    await deps.onDisconnected(installationId, error);
    return postponeHome(db, home, lease.id, { waitMs: newTokenMs, problem, viewHash: null });
  }
  const hopeless = error instanceof PermanentError || home.attempts + 1 >= triesMost;
  if (hopeless) {
    log.warn('Home not published; it is tried again when it is opened or changes', { installationId, person, error });
    const end = { contentHash: null, viewHash: null, isAdmin: false, lastError: problem };
    await endHome(db, home, lease.id, end, longestWaitMs);
    return;
  }
  const told = error instanceof RetryableError ? error.retryAfterMs : undefined;
  if (told) for (const budget of Object.values(budgets)) budget.pause(installationId, told);
  const waitMs = told ?? Math.min(longestWaitMs, 1_000 * 2 ** home.attempts);
  log.debug('Home waits', { installationId, person, waitMs, problem });
  const viewHash = error instanceof UnclearError ? null : home.viewHash;
  await postponeHome(db, home, lease.id, { waitMs, problem, viewHash });
}
