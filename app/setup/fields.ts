import type { z } from 'zod';

/** One field of a form, as a connector's schema declares it. */
export interface FormField {
  name: string;
  title: string;
  help: string | null;
  secret: boolean;
  /** Whether it may be left empty. */
  optional: boolean;
  input: FieldInput;
  /** What it is where it is left empty; null: nothing. */
  preset: string | boolean | null;
  /** `field`s of errors that belong here besides the name. */
  problems: string[];
}

export type FieldInput =
  | { type: 'text' }
  | { type: 'number'; min: number | null; max: number | null; decimals: boolean }
  | { type: 'choice'; choices: Array<{ value: string; title: string }> }
  | { type: 'yes_no' };

/** More choices than a select can hold are typed in. */
const choicesMost = 100;
const longestChoice = 75;

/** The fields of a schema's object, in its order. Knows zod's own types only: nothing of any ERP. */
export function formFields(schema: z.ZodObject): FormField[] {
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => {
    const meta = field.meta() ?? {};
    const left = field.safeParse(undefined);
    const input = meta.secret === true ? ({ type: 'text' } as const) : inputOf(field, record(meta.titles));
    return {
      name,
      title: typeof meta.title === 'string' ? meta.title : name,
      help: typeof meta.description === 'string' ? meta.description : null,
      secret: meta.secret === true,
      optional: left.success || input.type === 'yes_no',
      input,
      preset: left.success ? presetOf(left.data) : null,
      problems: Array.isArray(meta.problems) ? meta.problems.map(String) : [],
    };
  });
}

/** The part of zod's definitions that says what a person enters. */
interface Definition {
  type: string;
  innerType?: z.ZodType;
  in?: z.ZodType;
  out?: z.ZodType;
  options?: readonly z.ZodType[];
  entries?: Record<string, unknown>;
  values?: readonly unknown[];
}

const definitionOf = (schema: z.ZodType) => schema.def as unknown as Definition;

/** What stands before a transformation is what is entered; what a preprocessing hands on is, too. */
function entered(schema: z.ZodType): z.ZodType {
  const { innerType, in: first, out } = definitionOf(schema);
  if (innerType) return entered(innerType);
  if (first && out) return entered(definitionOf(first).type === 'transform' ? out : first);
  return schema;
}

function inputOf(field: z.ZodType, titles: Record<string, unknown>): FieldInput {
  const schema = entered(field);
  const values = choicesOf(schema);
  if (values && values.length <= choicesMost && values.every((value) => value.length <= longestChoice))
    return { type: 'choice', choices: values.map((value) => ({ value, title: String(titles[value] ?? value) })) };
  const { type } = definitionOf(schema);
  if (type === 'boolean') return { type: 'yes_no' };
  if (type !== 'number') return { type: 'text' };
  const { minValue, maxValue, format } = schema as z.ZodNumber;
  const bound = (value: number | null) => (value !== null && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : null);
  return {
    type: 'number',
    min: bound(minValue),
    max: bound(maxValue),
    decimals: !(format === 'safeint' || format === 'int32' || format === 'uint32'),
  };
}

/** The texts that an enum, a literal or a union of literals takes; null where it is none of them. */
function choicesOf(schema: z.ZodType): string[] | null {
  const { type, entries, values, options } = definitionOf(schema);
  if (type === 'enum') return texts(Object.values(entries ?? {}));
  if (type === 'literal') return texts(values ?? []);
  if (type !== 'union') return null;
  const parts = (options ?? []).map((option) => choicesOf(entered(option)));
  return parts.every((part) => part !== null) ? parts.flat() : null;
}

function texts(values: readonly unknown[]): string[] | null {
  return values.length > 0 && values.every((value) => typeof value === 'string' && value !== '')
    ? (values as string[])
    : null;
}

function presetOf(value: unknown): string | boolean | null {
  if (typeof value === 'boolean') return value;
  return value === undefined || value === null ? null : String(value);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
