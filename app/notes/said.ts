import { z } from 'zod';
import { cleanText } from '../domain/text.ts';

/** The database takes no text that is not well formed. */
const words = (most: number) => z.string().max(most).transform(cleanText);

export const saidFileSchema = z.object({
  id: z.string().min(1).max(60),
  name: words(1_000),
  type: words(200),
  /** Bytes, as the surface says. */
  size: z.number().nonnegative(),
  /** Where its content is; null where the surface does not hold it itself. */
  url: words(3_000).nullable(),
});
export type SaidFile = z.infer<typeof saidFileSchema>;

/** What somebody wrote in a card's thread, as the surface has it. */
export const saidSchema = z.object({
  author: z.string().min(1),
  /** An ISO instant in UTC. */
  at: z.iso.datetime(),
  /** In the surface's own markup. */
  text: words(100_000),
  files: z.array(saidFileSchema).max(20),
});
export type Said = z.infer<typeof saidSchema>;
