import { z } from 'zod';

/** Whom an ERP knows: who works there, and the contacts of the companies it deals with. */
export const personSorts = ['employee', 'contact'] as const;
export type PersonSort = (typeof personSorts)[number];

/** A person as the ERP has them. */
export const personSchema = z.object({
  sort: z.enum(personSorts),
  /** The ERP's own key, unique within (connection, sort) and stable. */
  key: z.string().min(1),
  name: z.string().min(1),
  /** As it is written there; null where there is none. */
  email: z.string().min(1).nullable(),
  /** False for who has left or is switched off. */
  active: z.boolean(),
});
export type ErpPerson = z.infer<typeof personSchema>;

/** Two addresses that differ in letters' case or in blanks around them are one. */
export function sameEmail(email: string): string {
  return email.trim().toLowerCase();
}
