import type { Knex } from 'knex';
import { cleanText } from '../domain/text.ts';
import { wakeSql } from '../queue/wake.ts';

/** Links that somebody shared in a message, from an event whose signature has been checked. */
export interface SharedLinks {
  /** The installation's key: team or enterprise. */
  workspace: string;
  /** The same for every delivery of one event. */
  eventId: string;
  channel: string;
  messageId: string;
  person: string;
  /** In the app's own direct message with this person. */
  direct: boolean;
  /** As the event has them. */
  links: string[];
}

/** So many links of one message are looked at, and no longer ones. */
const linksMost = 20;
const longestLink = 2_000;

/**
 * Stores what a job will look at, and wakes it; once for each event. Slack tells of links in every conversation: those
 * where no card can stand are not even stored.
 */
export async function storeSharedLinks(db: Knex, shared: SharedLinks): Promise<void> {
  const links = [...new Set(shared.links)]
    .filter((link) => link.length <= longestLink && cleanText(link) === link)
    .slice(0, linksMost);
  if (links.length === 0) return;
  await db.raw(
    `with stored as (
       insert into shared_links (installation_id, event_id, channel, message_id, person, links)
       select i.id, :eventId, :channel, :messageId, :person, :links::text[] from installations i
       where i.slack_key = :workspace and i.state = 'active' and (:direct
         or exists (select 1 from lanes l where l.installation_id = i.id and l.channel = :channel)
         or exists (select 1 from routes r join connections n on n.id = r.connection_id
                    where n.installation_id = i.id and r.channel = :channel and r.retired_at is null))
       on conflict do nothing
       returning id
     )
     select ${wakeSql('preview-links', 'id')} from stored`,
    { ...shared, links },
  );
}

/** Slack sends an event again for a day at most; after that its row is of no use. */
export async function forgetSharedLinks(db: Knex): Promise<void> {
  await db.raw(`delete from shared_links where created_at < clock_timestamp() - interval '3 days'`);
}
