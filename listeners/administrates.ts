import { recordEvents } from '../app/audit/record.ts';
import { isAdmin } from '../app/people/admins.ts';
import { installationOf } from './actions/home-click.ts';
import type { ListenerDeps } from './deps.ts';

/**
 * The installation that this person administers now, asked anew at each act; undefined, and recorded, where they do not.
 * `asked` says in a word what they tried.
 */
export async function administrates(
  deps: ListenerDeps,
  { workspace, person, asked }: { workspace: string; person: string; asked: string },
): Promise<string | undefined> {
  const installationId = await installationOf(deps.db, workspace);
  if (!installationId) return undefined;
  if (await isAdmin(deps, installationId, person)) return installationId;
  await recordEvents(deps.db, [{ kind: 'administration.refused', installationId, actor: person, data: { asked } }]);
  return undefined;
}
