import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import type { DocumentKind } from '../domain/document.ts';
import { wake } from '../queue/wake.ts';

export interface Expanded {
  /** How many cards are on their way; 0 where they have been asked for before. */
  cards: number;
  kind: DocumentKind;
}

/** Brings the cards of a digest into the channel one by one. Undefined where there is no such digest. */
export async function expandDigest(
  db: Knex,
  click: { workspace: string; cardKey: string; person: string },
): Promise<Expanded | undefined> {
  return db.transaction(async (trx) => {
    const digest = await trx('cards as c')
      .join('lanes as l', 'l.id', 'c.lane_id')
      .join('routes as r', 'r.id', 'c.route_id')
      .join('installations as i', 'i.id', 'l.installation_id')
      .where({ 'c.key': click.cardKey, 'i.slack_key': click.workspace, 'c.document_id': null })
      .first('c.id', 'c.lane_id', 'r.kind', 'l.installation_id');
    if (!digest) return undefined;
    const cards = await trx('cards').where({ digest_id: digest.id, state: 'digested' }).update({ state: 'pending' });
    await trx('cards').where({ id: digest.id }).increment('desired_version', 1);
    await recordEvents(trx, [
      {
        kind: 'digest.expanded',
        installationId: digest.installation_id,
        cardId: String(digest.id),
        actor: click.person,
        data: { cards },
      },
    ]);
    await wake(trx, 'deliver-lane', String(digest.lane_id));
    return { cards, kind: digest.kind };
  });
}
