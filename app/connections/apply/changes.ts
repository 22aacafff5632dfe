import type { Knex } from 'knex';
import type { AuditEvent } from '../../audit/record.ts';

/** One step of an `apply`: what it says to people, what the audit record keeps, what it does. Nothing holds a secret. */
export interface Change {
  lines: string[];
  event: AuditEvent;
  run(trx: Knex.Transaction): Promise<void>;
}

const changedBy = 'command line';

export function event(kind: string, connectionId: string, name: string, lines: string[]): AuditEvent {
  return { kind, connectionId, actor: changedBy, data: { name, changes: lines } };
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
