import type { Knex } from 'knex';
import { offeredFields } from '../connections/learn-fields.ts';
import { customNameSchema } from '../domain/custom.ts';
import type { DocumentKind } from '../domain/document.ts';
import type { Choice } from './route-choices.ts';
import { loadRouteConnection } from './route-connections.ts';

/** Slack takes 100 options; one is left for what was typed. */
const offeredMost = 99;
const patienceMs = 1_500;

/** The custom fields that the ERP offers for a kind, and what was typed where the ERP does not tell what it has. */
export async function suggestFields(
  db: Knex,
  installationId: string,
  connectionId: string,
  kind: DocumentKind,
  typed: string,
): Promise<Choice[]> {
  const connection = await loadRouteConnection(db, installationId, connectionId);
  if (!connection?.hasCustomFields) return [];
  const offered = await offeredFields(db, connection.id, kind, patienceMs);
  const sought = typed.trim();
  const holds = (text: string) => text.toLowerCase().includes(sought.toLowerCase());
  const choices = (offered ?? [])
    .filter(({ name, label }) => holds(name) || holds(label))
    .slice(0, offeredMost)
    .map(({ name, label }) => ({ value: name, label: `${label} · ${name}` }));
  const isNew = customNameSchema.safeParse(sought).success && !choices.some(({ value }) => value === sought);
  return isNew ? [...choices, { value: sought, label: `“${sought}”, as typed` }] : choices;
}
