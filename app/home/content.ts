import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { BudgetOf } from '../metering/used.ts';
import { type AccountLink, readAccounts } from './accounts.ts';
import { type Administration, type Glance, readAdministration, readGlance } from './administration.ts';
import { type Decisions, readDecisions } from './decisions.ts';
import type { Paged } from './paging.ts';
import type { HomeOwner, HomeTab, Pages } from './row.ts';

/** What a person's Home says, in the order in which it says it. */
export interface HomeContent {
  notice: string | null;
  tab: HomeTab;
  /** Whether all is well; null for those whose business it is not. */
  glance: Glance | null;
  /** Null while the other tab is open. */
  decisions: Decisions | null;
  /** Null while the other tab is open. */
  accounts: Paged<AccountLink> | null;
  /** Null while the other tab is open, and always for those who are no administrators. */
  administration: Administration | null;
  /** When it was read, an ISO instant. */
  readAt: string;
}

export interface HomeAsked extends HomeOwner {
  tab: HomeTab;
  pages: Pages;
  notice: string | null;
  isAdmin: boolean;
  /** How this person writes amounts and dates. */
  locale: string;
  erpTitle: (connector: string) => string;
  /** Whether an ERP can push. */
  canPush: (connector: string) => boolean;
  /** What an ERP that bills by the call may be asked. */
  budgetOf: BudgetOf;
  /** Whether a connection with these settings lets people link accounts of their own. */
  linksAccounts: (connector: string, settings: Record<string, unknown>) => boolean;
  now: Date;
}

/** Reads what a person's Home says now; a tab that they may not see is the other one. */
export async function readHome(db: Knex, asked: HomeAsked): Promise<HomeContent> {
  const tab = asked.isAdmin ? asked.tab : 'decisions';
  const glance = asked.isAdmin ? await readGlance(db, asked) : null;
  return {
    notice: asked.notice,
    tab,
    glance,
    decisions: tab === 'decisions' ? await readDecisions(db, asked) : null,
    accounts: tab === 'decisions' ? await readAccounts(db, asked) : null,
    administration: tab === 'administration' ? await readAdministration(db, asked) : null,
    readAt: asked.now.toISOString(),
  };
}

/** Two Homes with the same hash say the same, whenever they were read. */
export function contentHash(content: HomeContent): string {
  const { readAt: _, ...said } = content;
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url').slice(0, 22);
}
