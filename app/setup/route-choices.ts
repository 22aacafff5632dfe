import type { Knex } from 'knex';
import type { DocumentKind } from '../domain/document.ts';
import type { RouteConnection } from './route-connections.ts';
import type { ListedCondition } from './route-draft.ts';

export interface Choice {
  value: string;
  label: string;
}

/** Slack takes 100 options; one is left for what was typed. */
const offeredMost = 99;
const longest = 75;
/** Values are looked for among so many of the newest documents, and no longer than a person waits. */
const lookedAt = 100_000;
const patienceMs = 1_500;

const columns: Record<ListedCondition, { value: string; name: string }> = {
  vendors: {
    value: `coalesce(data #>> '{vendor,code}', data #>> '{customer,code}')`,
    name: `coalesce(data #>> '{vendor,name}', data #>> '{customer,name}')`,
  },
  statuses: { value: 'status', name: 'null' },
  types: { value: `data ->> 'type'`, name: 'null' },
  branches: { value: `data ->> 'branch'`, name: 'null' },
};

/**
 * What a condition can ask for: what the connector declares and what documents of the kind really have, the most frequent
 * first; and what was typed, as it was typed, for a vendor or branch that no document has shown yet.
 */
export async function suggestValues(
  db: Knex,
  connection: RouteConnection,
  { kind, list, typed }: { kind: DocumentKind; list: ListedCondition; typed: string },
): Promise<Choice[]> {
  const sought = typed.trim();
  const feed = connection.feeds.find((each) => each.kind === kind);
  const declared = (list === 'statuses' ? feed?.statuses : list === 'types' ? feed?.types : undefined) ?? [];
  const holds = (text: string) => text.toLowerCase().includes(sought.toLowerCase());
  const seen = await seenValues(db, connection.id, kind, list, sought.toLowerCase());
  const known = new Map<string, Choice>();
  for (const value of declared) if (holds(value)) known.set(value, { value, label: value });
  for (const { value, name } of seen) {
    if (value.length > longest || known.has(value)) continue;
    known.set(value, { value, label: name && name !== value ? `${value} · ${name}` : value });
  }
  const offered = [...known.values()].slice(0, offeredMost);
  const isNew = sought !== '' && sought.length <= longest && !known.has(sought);
  return isNew ? [...offered, { value: sought, label: `“${sought}”, as typed` }] : offered;
}

interface Seen {
  value: string;
  name: string | null;
}

/** Without an answer in time there are no suggestions, and what is typed can be chosen all the same. */
async function seenValues(
  db: Knex,
  connectionId: string,
  kind: DocumentKind,
  list: ListedCondition,
  sought: string,
): Promise<Seen[]> {
  const { value, name } = columns[list];
  try {
    return await db.transaction(async (trx) => {
      await trx.raw(`set local statement_timeout = ${patienceMs}`);
      const { rows } = await trx.raw<{ rows: Seen[] }>(
        `select value, name from (
           select ${value} as value, ${name} as name from documents
           where connection_id = :connectionId and kind = :kind order by id desc limit ${lookedAt}
         ) as newest
         where value <> '' and (strpos(lower(value), :sought) > 0 or strpos(lower(name), :sought) > 0)
         group by value, name order by starts_with(lower(value), :sought) desc, count(*) desc, value limit ${offeredMost}`,
        { connectionId, kind, sought },
      );
      return rows;
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '57014') return [];
    throw error;
  }
}
