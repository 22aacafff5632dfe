import type { Knex } from 'knex';
import type { HomeAsked } from './content.ts';
import { clampPage, type Paged } from './paging.ts';

const pageSize = 5;

/** Whether and as whom a person acts in the ERP of one connection as themselves. */
export interface AccountLink {
  connectionId: string;
  connection: string;
  erp: string;
  /** Null where no account is linked. `user`: as the ERP names them, where it does. */
  linked: { user: string | null; since: string; problem: string | null } | null;
}

/** A person's links to ERP accounts, one for each connection that lets people link theirs. */
export async function readAccounts(db: Knex, asked: HomeAsked): Promise<Paged<AccountLink>> {
  const { installationId, person, pages, erpTitle, linksAccounts } = asked;
  const rows = await db('connections as n')
    .leftJoin('erp_accounts as a', (join) => {
      join.on('a.connection_id', 'n.id').andOnVal('a.person', person).andOnNull('a.unlinked_at');
    })
    .where('n.installation_id', installationId)
    .orderByRaw('lower(n.name)')
    .select('n.id', 'n.name', 'n.connector', 'n.settings', 'a.id as account', 'a.erp_user', 'a.linked_at', 'a.problem');
  const all = rows.filter((row) => row.account || linksAccounts(row.connector, row.settings));
  const { page, pages: count } = clampPage(pages.accounts, all.length, pageSize);
  const items = all.slice(page * pageSize, (page + 1) * pageSize).map(
    (row): AccountLink => ({
      connectionId: row.id,
      connection: row.name,
      erp: erpTitle(row.connector),
      linked: row.account ? { user: row.erp_user, since: row.linked_at.toISOString(), problem: row.problem } : null,
    }),
  );
  return { items, total: all.length, page, pages: count, size: pageSize };
}
