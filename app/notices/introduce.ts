import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import type { Surface } from '../cards/surface.ts';
import { PermanentError, UnclearError } from '../domain/errors.ts';

/**
 * The first word to whoever installed the app, with the next step. Claimed in the row before it is sent, so it never
 * comes twice, whatever runs or is installed again; given back where Slack surely did not take it, to be tried again.
 */
export async function introduce({ db, surface }: { db: Knex; surface: Surface }, id: string): Promise<void> {
  const [row] = await db('installations')
    .where({ id, state: 'active' })
    .whereNotNull('installer_user_id')
    .whereNull('introduced_at')
    .update({ introduced_at: db.fn.now() })
    .returning(['installer_user_id']);
  if (!row) return;
  try {
    await surface.tell(id, row.installer_user_id, firstWord);
  } catch (error) {
    if (error instanceof UnclearError) return;
    if (!(error instanceof PermanentError)) {
      await db('installations').where({ id }).update({ introduced_at: null });
      throw error;
    }
    const data = { reason: error.message };
    await recordEvents(db, [{ kind: 'person.not_told', installationId: id, actor: row.installer_user_id, data }]);
  }
}

const firstWord = [
  'Hello, I am Countersign. I put the bills, orders, payments and journals of your ERP into channels here as cards, and carry what people decide on them back into the ERP.',
  'You installed me, so I tell you here when a connection stops working or a card cannot be posted.',
  'The next step is in my Home tab: open Administration there and press “Add a connection”. You need the address of your ERP and a user of it for me; I test what you enter before I save it.',
  'Then say which documents go to which channel, invite me into those channels with /invite, and the first cards come by themselves.',
  'My Home tab also shows what waits for a decision and how all is doing. Who prefers a file in version control sets all of it up with “npm run countersign -- apply FILE” on the server instead; the README shows such a file.',
].join('\n');
