import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import { recordEvents } from '../../app/audit/record.ts';
import { actInHome } from '../../app/home/row.ts';
import { type Upkeep, upkeep } from '../../app/home/upkeep.ts';
import { isAdmin } from '../../app/people/admins.ts';
import type { ListenerDeps } from '../deps.ts';
import { type HomeClick, installationOf, readHomeClick } from './home-click.ts';

const notForYou =
  'Only administrators may do this, so nothing was done. Ask whoever installed the app, or a workspace admin.';
const failed = 'That did not work just now. Try again in a minute; asking twice does no harm.';

/**
 * What administrators do in Home. Whether they are one is asked anew at each click; asking Slack may take longer than a
 * click may wait, so it is acknowledged first, and the Home says what came of it.
 */
export function homeAdminClicked(deps: ListenerDeps, what: Upkeep) {
  return async ({ ack, body, context }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const click = readHomeClick(body, context);
    if (click) deps.later(carryOut(deps, what, click));
  };
}

async function carryOut(deps: ListenerDeps, what: Upkeep, { workspace, person, value }: HomeClick): Promise<void> {
  const { db, log } = deps;
  const installationId = await installationOf(db, workspace);
  if (!installationId) return;
  const owner = { installationId, person };
  if (!(await isAdmin(deps, installationId, person))) {
    await recordEvents(db, [{ kind: 'administration.refused', installationId, actor: person, data: { asked: what } }]);
    return actInHome(db, owner, { notice: notForYou });
  }
  const notice = await upkeep(db, owner, what, value).catch((error) => {
    log.error('an administrator’s click was not carried out', { what, error });
    return failed;
  });
  await actInHome(db, owner, { notice });
  if (what === 'remove') await deps.setup.signOut(installationId, value);
}
