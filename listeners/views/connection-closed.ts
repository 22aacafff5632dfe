import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewClosedAction } from '@slack/bolt';
import { installationOf } from '../actions/home-click.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { readMetadata } from './connection-metadata.ts';

/** The form of a connection was closed: what was typed is forgotten, what is being tested is not saved. */
export function connectionClosed({ db, setup, later }: ListenerDeps) {
  return async ({
    ack,
    body,
    context,
    view,
  }: SlackViewMiddlewareArgs<ViewClosedAction> & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const metadata = readMetadata(view.private_metadata);
    if (!metadata) return;
    const close = async () => {
      const installationId = await installationOf(db, workspaceOf(context));
      if (installationId) await setup.close({ installationId, person: body.user.id }, metadata);
    };
    later(close());
  };
}
