import { z } from 'zod';
import { parseMoney } from '../money.ts';
import type { DocumentRecord } from './document.ts';

export const decimal = z.union([z.string(), z.number()]).transform((value, context) => {
  try {
    return parseMoney(value);
  } catch {
    context.addIssue('not a decimal');
    return z.NEVER;
  }
});
export const day = z.iso.date().transform((text) => Date.parse(`${text}T00:00:00Z`));
export const text = z.string().nullable();
export const moment = z.union([z.number(), z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso))]);

/** What can be said of any document from outside the API: true to what another program or a person could do. */
export const commonChanges = {
  description: text.optional(),
  /** Null is written as an empty field. */
  amount: decimal.nullable().optional(),
  currency: z.string().optional(),
  date: day.nullable().optional(),
  branch: z.string().optional(),
  note: z.string().optional(),
  custom: z.record(z.string(), z.string()).optional(),
  /** User names of the assignees, one per step. */
  steps: z.array(z.string()).optional(),
  createdBy: z.string().optional(),
  /** Who makes the change. */
  by: z.string().optional(),
  /** False: the change leaves LastModifiedDateTime alone. */
  touch: z.boolean().optional(),
  /** Moved to the archive: lists and keys find it only where a request asks for archived records. */
  archived: z.boolean().optional(),
};

/** The keys of a document that is added; without a number it gets the next one. */
export const newKeys = <T extends [string, ...string[]]>(types: T) => ({
  type: z.enum(types).optional(),
  ref: z.string().min(1).optional(),
  modifiedAt: moment.optional(),
});

type Changes = z.output<z.ZodObject<typeof commonChanges>> & { status?: string | undefined } & Record<string, unknown>;

/** Sets what was given; a document that is made to wait for approval starts its approval anew. */
export function applyChanges(document: DocumentRecord, changes: Changes, map: readonly string[]): void {
  const { note, custom, archived, by: _, touch: __, ...plain } = changes;
  for (const [name, value] of Object.entries(plain))
    if (value !== undefined) Object.assign(document, { [name]: value });
  if (plain.status === 'Pending Approval') {
    document.steps = plain.steps ?? map;
    document.decisions = [];
  }
  const told = Object.fromEntries(
    Object.entries({ note, custom, archived }).filter(([, value]) => value !== undefined),
  );
  if (Object.keys(told).length > 0) document.extras = { ...document.extras, ...told };
}
