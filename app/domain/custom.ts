import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Change } from './changes.ts';

/** A card stays a card: no route shows more of them. */
export const customFieldsMost = 10;

/** How an ERP calls a field that its customers added to a form: `View.Field`. */
export const customNameSchema = z
  .string()
  .trim()
  .max(75)
  .regex(/^[A-Za-z_]\w*\.[A-Za-z_]\w*$/, 'must be a custom field like Document.UsrProject');

/** The custom fields that the cards of a route show, in their order. */
export const customFieldsSchema = z
  .array(customNameSchema)
  .max(customFieldsMost, `names more than ${customFieldsMost} custom fields`)
  .refine((names) => new Set(names).size === names.length, 'names a custom field twice');

/** A field that an ERP's customers added, with its value in words; null where it is empty. */
export const customFieldSchema = z.object({ name: z.string(), label: z.string(), value: z.string().nullable() });
export type CustomField = z.infer<typeof customFieldSchema>;

/** A custom field that a site offers. */
export interface CustomFieldOffered {
  name: string;
  label: string;
}

interface WithCustom {
  custom?: readonly CustomField[] | undefined;
}

/** What of a document's custom fields a route shows, in the route's order; what was not read yet is left out. */
export function shownFields({ custom = [] }: WithCustom, names: readonly string[] = []): CustomField[] {
  return names.flatMap((name) => custom.find((field) => field.name === name) ?? []);
}

/**
 * Identifies what a person saw on a card: the substance of its document and the custom fields that the card showed. The
 * substance alone where it showed none.
 */
export function seenOf(substance: string, shown: readonly CustomField[]): string {
  if (shown.length === 0) return substance;
  const values = JSON.stringify(shown.map(({ name, value }) => [name, value]));
  return `${substance}-${createHash('sha256').update(values).digest('base64url').slice(0, 12)}`;
}

/** Whether `seen` was made of this substance, whatever custom fields stood on the card. */
export const sawSubstance = (seen: string, substance: string) => seen === substance || seen.startsWith(`${substance}-`);

/** What is different between the custom fields of a card and those of the document as it is now. */
export function describeFieldChanges(before: readonly CustomField[], after: readonly CustomField[]): Change[] {
  return after.flatMap(({ name, label, value }): Change[] => {
    const was = before.find((field) => field.name === name);
    if (was && was.value === value) return [];
    const figures = { from: dayOf(was?.value), to: dayOf(value) };
    const words = { field: label, from: was ? (was.value ?? 'none') : 'not shown', to: value ?? 'none' };
    return [figures.from || figures.to ? { ...words, figures } : words];
  });
}

/** A value that is a calendar date, to be written as its reader writes them. Free text may merely look like one. */
export function dayOf(value: string | null | undefined): { date: string } | undefined {
  return z.iso.date().safeParse(value).success ? { date: value as string } : undefined;
}
