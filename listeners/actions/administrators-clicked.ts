import { readAdministrators } from '../../app/people/name-admins.ts';
import { administratorsView } from '../../app/slack/forms/administrators-view.ts';
import { onlyAdministrators, plainView } from '../../app/slack/forms/plain-view.ts';
import { administrates } from '../administrates.ts';
import type { ListenerDeps } from '../deps.ts';
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
