import type { Knex } from 'knex';
import * as installations from './01-installations.ts';
import * as connections from './02-connections.ts';
import * as documents from './03-documents.ts';
import * as cards from './04-cards.ts';
import * as decisions from './05-decisions.ts';
import * as audit from './06-audit.ts';
import * as administrators from './07-administrators.ts';
import * as introduced from './08-introduced.ts';
import * as home from './09-home.ts';
import * as versions from './10-versions.ts';
import * as setupDrafts from './11-setup-drafts.ts';
import * as routeForm from './12-route-form.ts';
import * as digests from './13-digests.ts';
import * as people from './14-people.ts';
import * as erpAccounts from './15-erp-accounts.ts';
import * as messageParts from './16-message-parts.ts';
import * as notes from './17-notes.ts';
import * as kinds from './18-kinds.ts';
import * as pushes from './19-pushes.ts';
import * as controlTotals from './20-control-totals.ts';
import * as guards from './21-guards.ts';
import * as customFields from './22-custom-fields.ts';
import * as calls from './23-calls.ts';
import * as exceptions from './24-exceptions.ts';
import * as summaries from './25-summaries.ts';
import * as paid from './26-paid.ts';
import * as routeDrawings from './28-route-drawings.ts';

const migrations: Record<string, Knex.Migration> = {
  '01-installations': installations,
  '02-connections': connections,
  '03-documents': documents,
  '04-cards': cards,
  '05-decisions': decisions,
  '06-audit': audit,
  '07-administrators': administrators,
  '08-introduced': introduced,
  '09-home': home,
  '10-versions': versions,
  '11-setup-drafts': setupDrafts,
  '12-route-form': routeForm,
  '13-digests': digests,
  '14-people': people,
  '15-erp-accounts': erpAccounts,
  '16-message-parts': messageParts,
  '17-notes': notes,
  '18-kinds': kinds,
  '19-pushes': pushes,
  '20-control-totals': controlTotals,
  '21-guards': guards,
  '22-custom-fields': customFields,
  '23-calls': calls,
  '24-exceptions': exceptions,
  '25-summaries': summaries,
  '26-paid': paid,
  '28-route-drawings': routeDrawings,
};

/** The database step by step, in order; a released step is never edited. */
export const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: () => Promise.resolve(Object.keys(migrations)),
  getMigrationName: (name) => name,
  getMigration: (name) => {
    const migration = migrations[name];
    return migration
      ? Promise.resolve(migration)
      : Promise.reject(new Error(`The database has a migration "${name}" that this version does not know.`));
  },
};
