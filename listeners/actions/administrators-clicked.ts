import { readAdministrators } from '../../app/people/name-admins.ts';
import { administrates } from '../administrates.ts';
import type { ListenerDeps } from '../deps.ts';
import { administratorsView } from '../views/administrators-view.ts';
import { onlyAdministrators, plainView } from '../views/plain-view.ts';
import { openAndFillIn } from './open-form.ts';

const title = 'Administrators';

/** The button in Home: the form in which administrators are named. */
export function administratorsClicked(deps: ListenerDeps) {
  return openAndFillIn(deps, title, async ({ workspace, person }) => {
    const installationId = await administrates(deps, { workspace, person, asked: 'name administrators' });
    if (!installationId) return plainView(title, onlyAdministrators);
    return administratorsView(await readAdministrators(deps.db, installationId));
  });
}
