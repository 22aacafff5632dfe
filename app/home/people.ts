import type { Knex } from 'knex';
import type { Unmatched } from '../domain/matching.ts';
import type { PersonSort } from '../domain/person.ts';
import { type Counts, countPeople, isUnmatched } from '../people/count.ts';
import { clampPage, type Paged } from './paging.ts';

/** What of a connection's people is looked at. */
export interface Asked {
  installationId: string;
  connectionId: string;
  /** Employees without a match, or everybody who is active. */
  show: 'unmatched' | 'all';
  /** Part of a name; then everybody is looked through. */
  query: string;
  page: number;
}

export interface ListedPerson {
  id: string;
  version: number;
  sort: PersonSort;
  key: string;
  name: string;
  email: string | null;
  slackUser: string | null;
  matchedBy: 'email' | 'hand' | null;
  unmatched: Unmatched | null;
  /** Who set it by hand. */
  setBy: string | null;
}

export interface PeopleList {
  asked: Asked;
  connection: { name: string; connector: string };
  counts: Counts;
  /** Whether the app may see e-mail addresses in Slack. */
  seesEmails: boolean;
  /** ISO instant of the last matching; null before the first. */
  matchedAt: string | null;
  isRunning: boolean;
  problem: string | null;
  people: Paged<ListedPerson>;
}

export const peopleOnPage = 15;

/** One page of a connection's people; undefined where the installation has no such connection. */
export async function listPeople(db: Knex, asked: Asked): Promise<PeopleList | undefined> {
  const { installationId, connectionId, show, query } = asked;
  const row = await db('connections as n')
    .join('installations as i', 'i.id', 'n.installation_id')
    .leftJoin('people_runs as r', 'r.connection_id', 'n.id')
    .where({ 'n.id': connectionId, 'n.installation_id': installationId })
    .first(
      'n.name',
      'n.connector',
      db.raw(`'users:read.email' = any(i.scopes) as sees_emails`),
      'r.matched_at',
      'r.last_error',
      db.raw(`r.lease_owner is not null or r.wanted_at > coalesce(r.matched_at, '-infinity') as running`),
    );
  if (!row) return undefined;
  const found = () => {
    const people = db('people').where({ connection_id: connectionId, active: true });
    if (query !== '') return people.whereRaw(`name ilike ?`, [`%${query.replace(/[\\%_]/g, '\\$&')}%`]);
    return show === 'unmatched' ? people.whereRaw(isUnmatched) : people;
  };
  const counted = await found().count('* as total').first();
  const total = Number(counted?.total ?? 0);
  const { page, pages } = clampPage(asked.page, total, peopleOnPage);
  const rows = await found()
    .orderByRaw(`sort desc, lower(name), id`)
    .limit(peopleOnPage)
    .offset(page * peopleOnPage);
  return {
    asked: { ...asked, page },
    connection: { name: row.name, connector: row.connector },
    counts: await countPeople(db, connectionId),
    seesEmails: row.sees_emails,
    matchedAt: row.matched_at?.toISOString() ?? null,
    isRunning: row.running === true,
    problem: row.last_error ?? null,
    people: { items: rows.map(toListed), total, page, pages, size: peopleOnPage },
  };
}

interface Row {
  id: string;
  version: number;
  sort: PersonSort;
  key: string;
  name: string;
  email: string | null;
  slack_user: string | null;
  matched_by: ListedPerson['matchedBy'];
  unmatched: Unmatched | null;
  set_by: string | null;
}

function toListed(row: Row): ListedPerson {
  const { id, version, sort, key, name, email, unmatched } = row;
  const rest = { slackUser: row.slack_user, matchedBy: row.matched_by, setBy: row.set_by };
  return { id: String(id), version, sort, key, name, email, unmatched, ...rest };
}
