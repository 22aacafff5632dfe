import { z } from 'zod';
import type { Choice } from '../../people/set-by-hand.ts';
import { personInput } from '../ids.ts';

export const longestQuery = 80;

/** What the form carries along: what is looked at, and what was drawn of each person. Ids only; 3,000 characters at most. */
const metadataSchema = z.object({
  connection: z.uuid(),
  show: z.enum(['unmatched', 'all']),
  query: z.string().max(longestQuery),
  page: z.int().min(0),
  drawn: z.array(z.tuple([z.string().regex(/^\d{1,18}$/), z.int(), z.string().nullable()])).max(50),
});
export type PeopleMetadata = z.infer<typeof metadataSchema>;

/** Undefined for the form of another version of the app. */
export function readPeopleMetadata(text: string): PeopleMetadata | undefined {
  try {
    return metadataSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What is filled in, as a payload has it. */
export type FormValues = Record<string, Record<string, { selected_users?: string[] | undefined }>>;

/** What is chosen now and differs from what was drawn. */
export function changedChoices({ drawn }: PeopleMetadata, values: FormValues): Choice[] {
  return drawn.flatMap(([id, version, slackUser]) => {
    const state = values[personInput.blockId({ id, version })]?.[personInput.actionId];
    if (!state) return [];
    const chosen = state.selected_users?.[0] ?? null;
    return chosen === slackUser ? [] : [{ id, version, slackUser, chosen }];
  });
}
