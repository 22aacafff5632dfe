import { z } from 'zod';
import { formatDate } from './dates.ts';
import { moneySchema } from './document.ts';
import { defaultLocale } from './locale.ts';
import { formatMoney } from './money.ts';

export const figureSchema = z.union([z.object({ money: moneySchema }), z.object({ date: z.iso.date() })]);
export const figuredSchema = z.union([z.string(), z.array(z.union([z.string(), figureSchema]))]);

/** An amount or a calendar date, to be written as its reader writes them. */
export type Figure = z.infer<typeof figureSchema>;
/** Words in which amounts and dates are left open. */
export type Figured = z.infer<typeof figuredSchema>;

/** The words for a reader of that locale; the words themselves are the same in each. */
export function written(words: Figured, locale: string = defaultLocale): string {
  if (typeof words === 'string') return words;
  return words.map((part) => (typeof part === 'string' ? part : writtenFigure(part, locale))).join('');
}

export function writtenFigure(figure: Figure, locale: string): string {
  return 'money' in figure ? formatMoney(figure.money, locale) : formatDate(figure.date, locale);
}
