import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import type { Surface } from '../cards/surface.ts';
import { PermanentError, UnclearError } from '../domain/errors.ts';
import { defaultLocale } from '../domain/locale.ts';
import { wake } from '../queue/wake.ts';
import { controlResult } from './result.ts';
import { controlWords } from './words.ts';

/** Whoever installed the app and whoever was named an administrator hear what differed. */
export async function wakeNotices(db: Knex, runId: string): Promise<void> {
  const { rows } = await db.raw<{ rows: Array<{ person: string }> }>(
    `with concerned as (
       select i.id, i.installer_user_id from control_runs r
       join connections n on n.id = r.connection_id join installations i on i.id = n.installation_id where r.id = ?
     )
     select installer_user_id as person from concerned where installer_user_id is not null
     union select a.person from concerned c join administrators a on a.installation_id = c.id`,
    [runId],
  );
  await wake(
    db,
    'tell',
    rows.map(({ person }) => `connection-differed/${runId}/${person}`),
  );
}

/** One administrator hears it once: claimed in a row before it is sent. */
export async function tellDifferences(
  { db, surface, erpTitle }: { db: Knex; surface: Surface; erpTitle: (connector: string) => string },
  runId: string,
  person: string,
): Promise<void> {
  const result = await controlResult(db, runId);
  const row = await db('control_runs as r')
    .join('connections as n', 'n.id', 'r.connection_id')
    .where('r.id', runId)
    .first('n.name', 'n.connector', 'n.installation_id');
  if (!result || !row || result.differed === 0) return;
  const mine = { run_id: runId, person };
  const [claimed] = await db('control_notices')
    .insert(mine)
    .onConflict(['run_id', 'person'])
    .ignore()
    .returning('person');
  if (!claimed) return;
  const { installation_id: installationId } = row;
  try {
    await surface.tell(installationId, person, noticeOf(result, erpTitle(row.connector), row.name));
  } catch (error) {
    if (error instanceof UnclearError) return;
    if (!(error instanceof PermanentError)) {
      await db('control_notices').where(mine).delete();
      throw error;
    }
    const data = { reason: error.message };
    await recordEvents(db, [{ kind: 'person.not_told', installationId, actor: person, data }]);
  }
}

function noticeOf(result: Parameters<typeof controlWords>[0], erp: string, connection: string): string {
  const next =
    result.unlikely.length > 0
      ? `See that the app’s user may still see all branches in ${erp}; the cards were left as they are.`
      : result.still > 0
        ? `Look at what still differs in ${erp}. It is compared again every night.`
        : 'The cards are correct again; nothing is left to do.';
  return `${erp}, connection “${connection}”, was compared with what the cards show: ${controlWords(result, defaultLocale)}. ${next}`;
}
