import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Connector } from '../../connectors/connector.ts';
import type { ReportingPeriod } from '../domain/periods.ts';
import { comingInWords } from './coming.ts';
import { type Entered, noProblems, type Problems } from './entered.ts';
import { type FormField, formFields } from './fields.ts';
import type { OthersChange } from './others-changes.ts';
import type { StoredConnection } from './stored.ts';

/** What a form carries along in Slack: ids only. Which of them a person may use is looked at when it comes back. */
export const formMetadata = z.object({
  draft: z.uuid(),
  connection: z.uuid().nullable(),
  connector: z.string().max(50),
  version: z.int().min(0),
  since: z.string().regex(/^\d{1,18}$/),
});
export type FormMetadata = z.output<typeof formMetadata>;

/** The form of a connection, as plain data. It never holds a secret. */
export interface ConnectionForm {
  metadata: FormMetadata;
  /** Part of the block ids, new with each form: what Slack keeps of an older one never covers what this one says. */
  key: string;
  erps: Array<{ id: string; title: string }>;
  erp: string;
  name: string;
  timeZone: string;
  feeds: Array<{
    kind: string;
    title: string;
    cadence: string;
    /** When it is due next, in words; null where the cadence says it well enough. */
    coming: string | null;
  }>;
  credentials: Array<{
    field: FormField;
    value: string | boolean | null;
    /** Where a secret is that need not be typed again. */
    kept: 'stored' | 'typed' | null;
  }>;
  problems: Problems;
  /** What others changed since the form was opened; sending it off again saves over that. Null: nothing. */
  conflict: OthersChange[] | null;
  /** It brings back what was entered before. */
  isRestored: boolean;
}

export interface FormGiven {
  metadata: FormMetadata;
  connectors: readonly Connector[];
  connector: Connector;
  entered: Entered;
  /** Secrets that are stored with the connection, by field. */
  stored?: Record<string, unknown>;
  problems?: Problems;
  conflict?: OthersChange[] | null;
  isRestored?: boolean;
  /** The ERP's reporting periods, as far as they are known. */
  periods?: readonly ReportingPeriod[];
}

export function buildForm({
  metadata,
  connectors,
  connector,
  entered,
  stored = {},
  ...said
}: FormGiven): ConnectionForm {
  const keptAt = (name: string) => {
    if (Object.hasOwn(entered.secrets, name)) return 'typed';
    return Object.hasOwn(stored, name) ? 'stored' : null;
  };
  return {
    metadata,
    key: randomBytes(4).toString('hex'),
    erps: connectors.map(({ id, title }) => ({ id, title })),
    erp: connector.title,
    name: entered.name,
    timeZone: entered.timeZone,
    feeds: Object.entries(connector.feeds).map(([kind, { title, cadence: preset }]) => {
      const cadence = entered.cadences[kind] ?? (metadata.connection ? '' : preset);
      return { kind, title, cadence, coming: comingInWords(kind, cadence, entered.timeZone, said.periods ?? []) };
    }),
    credentials: formFields(connector.credentials).map((field) => ({
      field,
      value: field.secret ? null : (entered.values[field.name] ?? null),
      kept: field.secret ? keptAt(field.name) : null,
    })),
    problems: said.problems ?? noProblems(),
    conflict: said.conflict ?? null,
    isRestored: said.isRestored ?? false,
  };
}

/** A form in which nothing is entered yet holds the connector's own presets. */
export function presetsOf(connector: Connector, { name = '', timeZone = 'UTC' } = {}): Entered {
  const fields = formFields(connector.credentials).filter(({ secret, preset }) => !secret && preset !== null);
  return {
    ...{ connector: connector.id, name, timeZone, secrets: {} },
    cadences: Object.fromEntries(Object.entries(connector.feeds).map(([kind, feed]) => [kind, feed.cadence])),
    values: Object.fromEntries(fields.map(({ name: field, preset }) => [field, preset ?? ''])),
  };
}

/** What would have had to be entered for the connection to be as it is stored. */
export function enteredOf(connector: Connector, stored: StoredConnection): Entered {
  const fields = formFields(connector.credentials).filter(
    ({ secret, name }) => !secret && stored.settings[name] != null,
  );
  const asEntered = (value: unknown) => (typeof value === 'boolean' ? value : String(value));
  return {
    ...{ connector: connector.id, name: stored.name, timeZone: stored.time_zone, secrets: {} },
    cadences: Object.fromEntries(stored.feeds.map(({ kind, cadence }) => [kind, cadence])),
    values: Object.fromEntries(fields.map(({ name }) => [name, asEntered(stored.settings[name])])),
  };
}
