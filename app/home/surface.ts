import type { HomeContent } from './content.ts';
import type { HomeOwner } from './row.ts';

/** Where Homes are shown. Errors are those of `app/domain/errors.ts`; nothing here retries. */
export interface HomeSurface {
  /**
   * Puts this in place of what the person's Home shows, if that is still what `viewHash` names (null: whatever it is).
   * Gives the hash of what is shown now, or `conflict` where something else was shown and stays.
   */
  publish(
    owner: HomeOwner,
    content: HomeContent,
    viewHash: string | null,
  ): Promise<{ viewHash: string | null } | 'conflict'>;
}
