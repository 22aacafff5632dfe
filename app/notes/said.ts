import { z } from 'zod';

export const saidFileSchema = z.object({
  id: z.string().min(1).max(60),
  name: z.string().max(1_000),
  type: z.string().max(200),
  /** Bytes, as the surface says. */
  size: z.number().nonnegative(),
  /** Where its content is; null where the surface does not hold it itself. */
  url: z.string().max(3_000).nullable(),
});
export type SaidFile = z.infer<typeof saidFileSchema>;

/** What somebody wrote in a card's thread, as the surface has it. */
export const saidSchema = z.object({
  author: z.string().min(1),
  /** An ISO instant in UTC. */
  at: z.iso.datetime(),
  /** In the surface's own markup. */
  text: z.string().max(100_000),
  files: z.array(saidFileSchema).max(20),
});
export type Said = z.infer<typeof saidSchema>;
