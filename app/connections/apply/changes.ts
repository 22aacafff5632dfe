import type { Knex } from 'knex';
import { type AuditEvent, recordEvents } from '../../audit/record.ts';

/** One step of setting up: what it says to people, what the audit record keeps, what it does. Nothing holds a secret. */
export interface Change {
  lines: string[];
  event: AuditEvent;
  run(trx: Knex.Transaction): Promise<void>;
}

export function event(kind: string, connectionId: string, name: string, lines: string[]): AuditEvent {
  return { kind, connectionId, data: { name, changes: lines } };
}

/** Everyone who sets up does so one after the other, in the file or in Slack; to be called before the state is read. */
export async function lockSetUp(trx: Knex.Transaction): Promise<void> {
  await trx.raw(`select pg_advisory_xact_lock(hashtext('countersign apply'))`);
}

/** Makes the changes, records each as done by `actor`, and tells the running processes. */
export async function makeChanges(trx: Knex.Transaction, changes: readonly Change[], actor: string): Promise<void> {
  for (const change of changes) await change.run(trx);
  await recordEvents(
    trx,
    changes.map(({ event }) => ({ ...event, actor })),
  );
  if (changes.length > 0) await trx.raw(`select pg_notify('countersign_schedule', '')`);
}

/** `field before → after` for every field that differs. */
export function differences(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields
    .filter((field) => shown(before[field]) !== shown(after[field]))
    .map((field) => `${field} ${shown(before[field])} → ${shown(after[field])}`);
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'none';
  if (Array.isArray(value)) return value.length > 0 ? value.map(shown).join(', ') : 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
