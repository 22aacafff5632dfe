import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import type { Opened } from '../../app/setup/connection-setup.ts';
import type { DraftOwner } from '../../app/setup/drafts.ts';
import type { Entered } from '../../app/setup/entered.ts';
import type { FormMetadata } from '../../app/setup/form.ts';
import { connectionFormView } from '../../app/slack/forms/connection-form.ts';
import { readConnectionState } from '../../app/slack/forms/connection-state.ts';
import { plainView } from '../../app/slack/forms/plain-view.ts';
import { connectorById } from '../../connectors/index.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { readMetadata } from '../views/connection-metadata.ts';
import { installationOf } from './home-click.ts';

const clickSchema = z.object({
  user: z.object({ id: z.string().min(1) }),
  view: z.object({
    id: z.string().min(1),
    type: z.literal('modal'),
    private_metadata: z.string(),
    state: z.object({ values: z.unknown() }),
  }),
  actions: z.array(z.object({ selected_option: z.object({ value: z.string().max(255) }).nullish() })).min(1),
});

export interface FormClick {
  metadata: FormMetadata;
  entered: Entered;
  /** What was chosen, where something can be. */
  chosen: string;
}

/** A control inside the form of a connection: the form is drawn anew with what `run` gives. */
export function connectionFormClicked(
  deps: ListenerDeps,
  run: (owner: DraftOwner, click: FormClick) => Promise<Opened>,
) {
  return async ({ ack, body, client, context }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const parsed = clickSchema.safeParse(body);
    const metadata = readMetadata(parsed.data?.view.private_metadata);
    const connector = metadata && connectorById(metadata.connector);
    if (!parsed.success || !metadata || !connector) return;
    const { user, view, actions } = parsed.data;
    const entered = readConnectionState(view.state.values, connector);
    if (!entered) return;
    const show = async () => {
      const installationId = await installationOf(deps.db, workspaceOf(context));
      if (!installationId) return;
      const owner = { installationId, person: user.id };
      const opened = await run(owner, { metadata, entered, chosen: actions[0]?.selected_option?.value ?? '' });
      const next = 'refused' in opened ? plainView('Not possible', opened.refused) : connectionFormView(opened.form);
      await client.views.update({ view_id: view.id, view: next });
    };
    deps.later(show());
  };
}
