import type { Knex } from 'knex';
import { actionNames, type DocumentKind, type ErpDocument } from '../domain/document.ts';
import type { GuardFacts } from '../domain/guards/guards.ts';
import type { Route } from '../domain/routing.ts';
import { guardFactsSql } from '../guards/facts.ts';
import { prepared } from '../storage/prepared.ts';
import type { DecisionShown } from './card.ts';
import type { Lane } from './lane-rows.ts';

/** The next thing to bring from desired to shown in a lane, with the newest state of all that is drawn. */
export interface Work {
  work: 'post' | 'update' | 'reply';
  cardId: string;
  key: string;
  /** As it was before it was taken: `posting` or `uncertain` means that an earlier try may stand in the channel. */
  state: 'pending' | 'posting' | 'uncertain' | 'posted';
  attempts: number;
  /** How many posts of this card got no clear answer. */
  unclearPosts: number;
  triedAt: Date | null;
  desiredVersion: number;
  messageId: string | null;
  copies: string[];
  shownHash: string | null;
  routeId: string;
  /** What the route is for, and so what a digest is of. */
  kind: DocumentKind;
  route: Pick<Route, 'deciders' | 'actions' | 'mentions' | 'severity' | 'customFields'>;
  documentId: string | null;
  document: ErpDocument | null;
  substance: string | null;
  version: number | null;
  gone: boolean;
  connectionId: string;
  connector: string;
  /** The connection's settings that are not secret. */
  settings: Record<string, unknown>;
  company: string;
  decision: DecisionShown | null;
  /** What stands around the document; null where nothing is drawn. */
  facts: GuardFacts | null;
}

/** What a thread line gives way to: the news of a decision to nothing, what people asked for to older cards, news of the ERP to every card. */
const rankOfLine = `case t.line ->> 'type' when 'decided' then 1 when 'changed' then 3 when 'paid' then 3 else 2 end`;

/**
 * Takes the lane's next work: redraws first (they are not paced and somebody waits for them), then the news of a decision,
 * then the oldest of new cards and of answers to people, and changes in the ERP last: a mass process makes thousands of
 * them, and each card shows the newest state anyway. A new card is marked as being posted in the same statement: the intent comes before the act.
 */
export async function takeWork(
  db: Knex,
  lane: Lane,
  owner: string,
  may: { post: boolean; update: boolean },
): Promise<Work | undefined> {
  const result = await prepared<{ rows: WorkRow[] }>(db, 'take work', takeSql, {
    lane: lane.id,
    owner,
    mayPost: may.post,
    mayUpdate: may.update,
  });
  const row = result.rows[0];
  return row && toWork(row);
}

const takeSql = `
  with pick as (
    select work, id from (
      (select 'update' as work, id, 0 as rank, wanted_at from cards
       where lane_id = :lane and state = 'posted' and posted_version < desired_version and :mayUpdate
       order by wanted_at limit 1)
      union all
      (select 'post', id, 2, wanted_at from cards
       where lane_id = :lane and state in ('pending', 'posting', 'uncertain') and :mayPost
       order by id limit 1)
      union all
      (select 'reply', t.card_id, ${rankOfLine}, t.wanted_at
       from thread_lines t join cards c on c.id = t.card_id and c.state = 'posted'
       where t.lane_id = :lane and t.state in ('pending', 'posting', 'uncertain') and :mayPost
       order by ${rankOfLine}, t.id limit 1)
    ) as candidates
    where exists (select 1 from lanes where id = :lane and lease_owner = :owner)
    order by rank, wanted_at limit 1
  ), marked as (
    update cards set state = 'posting', attempts = attempts + 1, attempt_started_at = clock_timestamp()
    from pick where cards.id = pick.id and pick.work = 'post' and cards.state = 'pending'
  )
  select pick.work, c.id, c.key, c.state, c.attempts, c.unclear_posts, c.attempt_started_at, c.desired_version, c.message_id, c.copies,
    c.shown_hash, c.route_id, r.kind, case when r.retired_at is null then r.deciders else '[]' end as deciders, r.actions, r.mentions, r.custom_fields, r.severity,
    c.document_id, d.data, d.substance, d.version, d.gone_at is not null as gone,
    n.id as connection_id, n.connector, n.settings, n.name as company,
    x.action, x.state as decision_state, x.person, x.reason, x.message, coalesce(x.finished_at, x.created_at) as decided_at, x.outcome, x.acted_as,
    case when pick.work <> 'reply' then ${guardFactsSql('n.time_zone')} end as facts
  from pick
  join cards c on c.id = pick.id
  join routes r on r.id = c.route_id
  join connections n on n.id = r.connection_id
  left join documents d on d.id = c.document_id
  left join lateral (
    select * from decisions where document_id = c.document_id and state <> 'refused'
    order by state in ('stored', 'acting') desc, id desc limit 1
  ) x on true`;

interface WorkRow {
  work: Work['work'];
  id: string;
  key: string;
  state: Work['state'];
  attempts: number;
  unclear_posts: number;
  attempt_started_at: Date | null;
  desired_version: number;
  message_id: string | null;
  copies: string[];
  shown_hash: string | null;
  route_id: string;
  kind: DocumentKind;
  deciders: Route['deciders'];
  actions: string[];
  mentions: string[];
  severity: Route['severity'];
  custom_fields: string[];
  document_id: string | null;
  data: ErpDocument | null;
  substance: string | null;
  version: number | null;
  gone: boolean;
  connection_id: string;
  connector: string;
  settings: Record<string, unknown>;
  company: string;
  action: DecisionShown['action'] | null;
  decision_state: DecisionShown['state'];
  person: string;
  reason: string | null;
  message: string | null;
  decided_at: Date;
  outcome: string | null;
  acted_as: string | null;
  facts: GuardFacts | null;
}

function toWork(row: WorkRow): Work {
  return {
    work: row.work,
    cardId: row.id,
    key: row.key,
    state: row.state,
    attempts: row.attempts,
    unclearPosts: row.unclear_posts,
    triedAt: row.attempt_started_at,
    desiredVersion: row.desired_version,
    messageId: row.message_id,
    copies: row.copies,
    shownHash: row.shown_hash,
    routeId: row.route_id,
    kind: row.kind,
    route: {
      deciders: row.deciders,
      actions: actionNames.filter((name) => row.actions.includes(name)),
      mentions: row.mentions,
      severity: row.severity,
      customFields: row.custom_fields,
    },
    documentId: row.document_id,
    document: row.data,
    substance: row.substance,
    version: row.version,
    gone: row.gone,
    connectionId: row.connection_id,
    connector: row.connector,
    settings: row.settings,
    company: row.company,
    decision: row.action && {
      action: row.action,
      state: row.decision_state,
      person: row.person,
      reason: row.reason,
      message: row.message,
      at: row.decided_at.toISOString(),
      complete: row.outcome !== 'step_approved',
      actedAs: row.acted_as,
    },
    facts: row.facts,
  };
}
