import { connectionFormView } from '../../app/slack/forms/connection-form.ts';
import { connectionGone, plainView } from '../../app/slack/forms/plain-view.ts';
import type { ListenerDeps } from '../deps.ts';
import { type HomeClick, installationOf } from './home-click.ts';
import { openAndFillIn } from './open-form.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The buttons in Home: the form of a new connection, or of one that there is. */
export function connectionFormAsked(deps: ListenerDeps, what: 'add' | 'edit') {
  const title = what === 'add' ? 'Add a connection' : 'Edit a connection';
  return openAndFillIn(deps, title, async ({ workspace, person, value }: HomeClick) => {
    const installationId = await installationOf(deps.db, workspace);
    const connectionId = what === 'edit' ? value : null;
    if (!installationId || (connectionId !== null && !uuid.test(connectionId))) return plainView(title, connectionGone);
    const opened = await deps.setup.open({ installationId, person }, connectionId);
    return 'form' in opened ? connectionFormView(opened.form) : plainView(title, opened.refused);
  });
}
