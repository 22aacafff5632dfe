import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import { wake } from '../queue/wake.ts';

export const adminsMost = 50;

/** Who looks after the app besides the workspace's own admins. */
export interface Administrators {
  installer: string | null;
  /** Oldest first. */
  named: string[];
  version: number;
  /** Who named or removed somebody last. */
  changedBy: string | null;
}

export async function readAdministrators(db: Knex, installationId: string): Promise<Administrators> {
  const row = await db('installations')
    .where({ id: installationId })
    .first('installer_user_id', 'administrators_version', 'administrators_changed_by');
  const named = await db('administrators')
    .where({ installation_id: installationId })
    .orderBy(['named_at', 'person'])
    .pluck('person');
  return {
    installer: row?.installer_user_id ?? null,
    named,
    version: row?.administrators_version ?? 1,
    changedBy: row?.administrators_changed_by ?? null,
  };
}

export type Named = { result: 'saved'; added: string[]; removed: string[] } | { result: 'conflict' };

/**
 * Brings the named administrators to this list, unless somebody else has changed them since `version`. Whoever is new is
 * told. `actor` is an administrator, as was checked.
 */
export function nameAdministrators(
  db: Knex,
  { installationId, actor }: { installationId: string; actor: string },
  { people, version }: { people: readonly string[]; version: number },
): Promise<Named> {
  return db.transaction(async (trx): Promise<Named> => {
    const locked = await trx('installations').where({ id: installationId }).forNoKeyUpdate().first('id');
    if (!locked) return { result: 'conflict' };
    const now = await readAdministrators(trx, installationId);
    const added = people.filter((person) => !now.named.includes(person));
    const removed = now.named.filter((person) => !people.includes(person));
    if (added.length + removed.length === 0) return { result: 'saved', added, removed };
    if (now.version !== version) return { result: 'conflict' };
    await trx('administrators').where({ installation_id: installationId }).whereIn('person', removed).delete();
    if (added.length > 0) {
      const rows = added.map((person) => ({ installation_id: installationId, person, named_by: actor }));
      await trx('administrators').insert(rows);
    }
    await trx('installations')
      .where({ id: installationId })
      .update({ administrators_version: now.version + 1, administrators_changed_by: actor });
    const events = (kind: string, list: string[]) =>
      list.map((person) => ({ kind, installationId, actor, data: { person } }));
    await recordEvents(trx, [...events('administrator.named', added), ...events('administrator.removed', removed)]);
    await wake(
      trx,
      'tell',
      added.map((person) => `administrator-named/${installationId}/${person}`),
    );
    return { result: 'saved', added, removed };
  });
}
