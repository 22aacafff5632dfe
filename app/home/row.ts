import type { Knex } from 'knex';
import { leaseIsFree } from '../queue/lease.ts';
import { wake } from '../queue/wake.ts';

export type HomeTab = 'decisions' | 'administration';

/** The lists that are paged. */
export const pagedLists = ['waiting', 'accounts', 'connections', 'routes', 'dead'] as const;
export type PagedList = (typeof pagedLists)[number];
export type Pages = Partial<Record<PagedList, number>>;

/** Whose Home: a person of an installation. */
export interface HomeOwner {
  installationId: string;
  person: string;
}

/** What a person did in their Home, as far as it changes what is shown there. */
export interface HomeAct {
  tab?: HomeTab;
  pages?: Pages;
  /** Said at the top until they do something else. */
  notice?: string;
}

/** A Home that this process is about to publish. */
export interface ClaimedHome extends HomeOwner {
  tab: HomeTab;
  pages: Pages;
  notice: string | null;
  wanted: string;
  contentHash: string | null;
  viewHash: string | null;
  attempts: number;
}

export const homeTask = ({ installationId, person }: HomeOwner) => `${installationId}/${person}`;

/** The person opened their Home, for the first time or again: it is published now, whatever it showed. */
export async function openHome(db: Knex, owner: HomeOwner): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw(
      `insert into home_views (installation_id, person) values (:installationId, :person)
       on conflict (installation_id, person) do update set wanted = home_views.wanted + 1, content_hash = null, notice = null,
         opened_at = clock_timestamp(), next_publish_at = ${soon}`,
      { ...owner },
    );
    await wake(trx, 'publish-home', homeTask(owner));
  });
}

/** The person did something in their Home: it is published at once with what came of it. */
export async function actInHome(db: Knex, owner: HomeOwner, act: HomeAct = {}): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw(
      `insert into home_views (installation_id, person, tab, pages, notice)
       values (:installationId, :person, coalesce(:tab, 'decisions'), :pages::jsonb, :notice)
       on conflict (installation_id, person) do update set wanted = home_views.wanted + 1, content_hash = null,
         tab = coalesce(:tab, home_views.tab), pages = home_views.pages || excluded.pages, notice = excluded.notice,
         opened_at = clock_timestamp(), next_publish_at = ${soon}`,
      { ...owner, tab: act.tab ?? null, pages: JSON.stringify(act.pages ?? {}), notice: act.notice ?? null },
    );
    await wake(trx, 'publish-home', homeTask(owner));
  });
}

/** What a person does is not held back by the pace for news; a wait that Slack asked for stands. */
const soon = `case when home_views.attempts > 0 then home_views.next_publish_at else '-infinity' end`;

/** Takes a Home that is due, if nobody else is at it. */
export async function claimHome(db: Knex, owner: HomeOwner, process: string): Promise<ClaimedHome | undefined> {
  const { rows } = await db.raw<{ rows: ClaimRow[] }>(
    `update home_views v set lease_owner = :process from installations i
     where v.installation_id = :installationId and v.person = :person and i.id = v.installation_id and i.state = 'active'
       and v.wanted > v.published and v.next_publish_at <= clock_timestamp()
       and (v.lease_owner = :process or ${leaseIsFree('v.lease_owner')})
     returning v.tab, v.pages, v.notice, v.wanted, v.content_hash, v.view_hash, v.attempts`,
    { ...owner, process },
  );
  const row = rows[0];
  if (!row) return undefined;
  const { content_hash: contentHash, view_hash: viewHash, wanted, ...rest } = row;
  return { ...owner, ...rest, wanted: String(wanted), contentHash, viewHash };
}

interface ClaimRow extends Pick<ClaimedHome, 'tab' | 'pages' | 'notice' | 'wanted' | 'attempts'> {
  content_hash: string | null;
  view_hash: string | null;
}

/** Slack's hash as the newest publisher left it. */
export async function readViewHash(db: Knex, { installationId, person }: HomeOwner): Promise<string | null> {
  const row = await db('home_views').where({ installation_id: installationId, person }).first('view_hash');
  return row?.view_hash ?? null;
}

export interface HomeEnd {
  contentHash: string | null;
  viewHash: string | null;
  isAdmin: boolean;
  lastError: string | null;
}

/** What was wanted is shown, or is given up until the next change; what was wanted meanwhile follows after `paceMs`. */
export async function endHome(
  db: Knex,
  home: ClaimedHome,
  process: string,
  end: HomeEnd,
  paceMs: number,
): Promise<void> {
  const { rows } = await db.raw<{ rows: Array<{ more: boolean; due: boolean }> }>(
    `update home_views set published = :wanted, lease_owner = null, attempts = 0, last_error = :lastError, is_admin = :isAdmin,
       view_hash = :viewHash, published_at = clock_timestamp(),
       content_hash = case when wanted = :wanted then :contentHash else content_hash end,
       next_publish_at = case when wanted > :wanted and next_publish_at = '-infinity' then next_publish_at
         else clock_timestamp() + :paceMs * interval '1 ms' end
     where installation_id = :installationId and person = :person and lease_owner = :process
     returning wanted > published as more, next_publish_at = '-infinity' as due`,
    { ...end, installationId: home.installationId, person: home.person, wanted: home.wanted, process, paceMs },
  );
  if (rows[0]?.more) await wake(db, 'publish-home', homeTask(home), rows[0].due ? 0 : paceMs + 5);
}

/** Not published now: to be tried again after `waitMs`. `viewHash` is null where what Slack shows is not known. */
export async function postponeHome(
  db: Knex,
  home: ClaimedHome,
  process: string,
  { waitMs, problem, viewHash }: { waitMs: number; problem: string | null; viewHash: string | null },
): Promise<void> {
  await db('home_views')
    .where({ installation_id: home.installationId, person: home.person, lease_owner: process })
    .update({
      lease_owner: null,
      attempts: db.raw('attempts + ?', [problem === null ? 0 : 1]),
      last_error: problem,
      view_hash: viewHash,
      next_publish_at: db.raw(`clock_timestamp() + ? * interval '1 ms'`, [waitMs]),
    });
  await wake(db, 'publish-home', homeTask(home), waitMs + 5);
}
