import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import { openHome } from '../../app/home/row.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';

/** Somebody opened the app's Home: their row is stored, a job publishes it. The Messages tab needs nothing. */
export function appHomeOpened({ db, installations }: ListenerDeps) {
  return async ({ event, context }: SlackEventMiddlewareArgs<'app_home_opened'> & AllMiddlewareArgs): Promise<void> => {
    if (event.tab !== 'home') return;
    const key = workspaceOf(context);
    const orgWide = context.isEnterpriseInstall;
    const id = await installations.idOf({
      ...(orgWide ? { enterpriseId: key } : { teamId: key }),
      isEnterpriseInstall: orgWide,
    });
    if (id) await openHome(db, { installationId: id, person: event.user });
  };
}
