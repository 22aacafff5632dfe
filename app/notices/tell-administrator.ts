import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import type { Surface } from '../cards/surface.ts';
import { PermanentError, UnclearError } from '../domain/errors.ts';

/** Whoever was named an administrator hears of it, once: claimed in the row before it is sent. */
export async function tellAdministrator(
  { db, surface }: { db: Knex; surface: Surface },
  installationId: string,
  person: string,
): Promise<void> {
  const row = { installation_id: installationId, person };
  const claimed = await db('administrators').where(row).whereNull('told_at').update({ told_at: db.fn.now() });
  if (claimed === 0) return;
  try {
    await surface.tell(installationId, person, words);
  } catch (error) {
    if (error instanceof UnclearError) return;
    if (!(error instanceof PermanentError)) {
      await db('administrators').where(row).update({ told_at: null });
      throw error;
    }
    const data = { reason: error.message };
    await recordEvents(db, [{ kind: 'person.not_told', installationId, actor: person, data }]);
  }
}

const words =
  'You were named an administrator of Countersign in this workspace. My Home tab has a page “Administration” for you now: how reading and posting do, who is who, and what is stuck.';
