import { z } from 'zod';
import type { Json } from '../model.ts';
import { richText } from './rich-text.ts';
import { blockId } from './text.ts';

const rawText = z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) });
const rawNumber = z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().min(1) });
const cell = z.discriminatedUnion('type', [rawText, rawNumber, richText]);

/** The characters that a table shows, which is what its size limit counts. */
function tableCharacters(node: unknown): number {
  if (Array.isArray(node)) return node.reduce<number>((sum, child) => sum + tableCharacters(child), 0);
  if (typeof node !== 'object' || node === null) return 0;
  const { text, elements } = node as Json;
  return (typeof text === 'string' ? text.length : 0) + tableCharacters(elements);
}

const fits = (max: number) => (rows: unknown[]) => tableCharacters(rows) <= max;

/** 100 rows of 20 cells and 10,000 characters; an empty cell is refused. */
export const table = z.strictObject({
  type: z.literal('table'),
  block_id: blockId,
  rows: z
    .array(z.array(cell).min(1).max(20))
    .min(1)
    .max(100)
    .refine(fits(10_000), 'table exceeds the maximum of 10000 characters'),
  column_settings: z
    .array(
      z
        .strictObject({ align: z.enum(['left', 'center', 'right']).optional(), is_wrapped: z.boolean().optional() })
        .nullable(),
    )
    .max(20)
    .optional(),
});

/** A table with a header row (never rich text), a caption and pages. */
export const dataTable = z.strictObject({
  type: z.literal('data_table'),
  block_id: blockId,
  caption: z.string().min(1),
  rows: z
    .array(z.array(cell).min(1).max(20))
    .min(2)
    .max(201)
    .refine((rows) => rows.every((row) => row.length === rows[0]?.length), 'rows must be of equal length')
    .refine((rows) => !rows[0]?.some((head) => head.type === 'rich_text'), 'header cells cannot be rich_text')
    .refine(fits(20_000), 'data_table exceeds the maximum of 20000 characters'),
  page_size: z.int().min(1).max(100).optional(),
  row_header_column_index: z.int().min(0).optional(),
});
