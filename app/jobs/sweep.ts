import type { Knex } from 'knex';
import { wakeComparing } from '../control/due.ts';
import { redrawDated } from '../documents/redraw.ts';
import { wakeRouteRedraws } from '../documents/redraw-route.ts';
import { wakePartyReadings } from '../parties/run.ts';
import { wakeMatching } from '../people/run.ts';
import { leaseIsFree } from '../queue/lease.ts';
import { wakeSql } from '../queue/wake.ts';

/**
 * Finds rows that nobody is working on and wakes someone. It repairs whatever a killed process or a lost wake-up left
 * behind, so nothing else has to be perfect. Wakes nothing that waits for its time or that someone holds.
 */
export async function sweep(db: Knex): Promise<void> {
  await db.raw(
    `select ${wakeSql('deliver-lane', 'l.id')}
     from lanes l join installations i on i.id = l.installation_id and i.state = 'active'
     where l.id in (
       select lane_id from cards where state in ('pending', 'posting', 'uncertain') or (state = 'posted' and posted_version < desired_version)
       union
       select t.lane_id from thread_lines t join cards c on c.id = t.card_id and c.state = 'posted' where t.state in ('pending', 'posting', 'uncertain')
     ) and l.next_attempt_at <= clock_timestamp() and ${leaseIsFree('l.lease_owner')}`,
  );
  await db.raw(
    `select ${wakeSql('decide', 'document_id')} from (
       select distinct document_id from decisions
       where state in ('stored', 'acting') and (next_attempt_at is null or next_attempt_at <= clock_timestamp())
         and (lease_owner is null or ${leaseIsFree('lease_owner')})
     ) as open_decisions`,
  );
  await db.raw(
    `select ${wakeSql('read-feed', 'id')} from feeds
     where kind <> 'summary' and ((lease_owner is not null and ${leaseIsFree('lease_owner')}) or (attempts > 0 and next_attempt_at <= clock_timestamp())
       or (asked_at is not null and lease_owner is null and next_attempt_at is null))`,
  );
  await db.raw(
    `select ${wakeSql('check-documents', 'connection_id')} from (
       select distinct connection_id from document_checks where due_at <= clock_timestamp()
     ) as due_checks`,
  );
  await db.raw(
    `select ${wakeSql('digest', 'r.id')} from routes r join connections n on n.id = r.connection_id
     join installations i on i.id = n.installation_id and i.state = 'active'
     where r.retired_at is null and (
       (r.digest_cadence is not null and n.status <> 'paused'
         and not exists (select 1 from route_digests t where t.route_id = r.id
           and t.plan = r.digest_cadence || ' ' || n.time_zone and t.due_at > clock_timestamp()))
       or (r.digest_cadence is null
         and exists (select 1 from cards c where c.route_id = r.id and c.state = 'digested' and c.digest_id is null)))`,
  );
  await db.raw(
    `select ${wakeSql('tell', `('summary/' || id)`)} from summary_runs
     where finished_at < clock_timestamp() - interval '30 seconds' and asked <> '[]'`,
  );
  await db.raw(
    `select ${wakeSql('record-notes', 'document_id')} from (
       select distinct document_id from notes
       where state in ('stored', 'acting') and (next_attempt_at is null or next_attempt_at <= clock_timestamp())
         and (lease_owner is null or ${leaseIsFree('lease_owner')})
     ) as open_notes`,
  );
  await db.raw(
    `select ${wakeSql('tell', `('note/' || id)`)} from notes
     where finished_at < clock_timestamp() - interval '30 seconds' and message is not null and told_at is null`,
  );
  await db.raw(
    `select ${wakeSql('preview-links', 'id')} from shared_links
     where state = 'stored' and created_at < clock_timestamp() - interval '30 seconds'`,
  );
  await db.raw(
    `select ${wakeSql('tell', `('decision/' || id)`)} from decisions
     where finished_at < clock_timestamp() - interval '30 seconds' and message is not null and told_at is null`,
  );
  await db.raw(
    `select ${wakeSql('tell', `('administrator-named/' || a.installation_id || '/' || a.person)`)} from administrators a
     join installations i on i.id = a.installation_id and i.state = 'active'
     where a.named_at < clock_timestamp() - interval '30 seconds' and a.told_at is null`,
  );
  await db.raw(
    `select ${wakeSql('sign-out', 'id')} from (
       select 'account/' || id as id from erp_accounts
       where unlinked_at is not null or (session_since is not null and used_at < clock_timestamp() - interval '2 minutes')
       union all select 'farewell/' || id from erp_farewells where created_at < clock_timestamp() - interval '2 minutes'
     ) as sessions_left`,
  );
  await redrawDated(db);
  await wakeRouteRedraws(db);
  await wakePartyReadings(db);
  await wakeMatching(db);
  await wakeComparing(db);
  await db.raw(`select ${wakeSql('catch-up-route', 'route_id')} from route_catch_ups`);
}
