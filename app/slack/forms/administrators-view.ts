import type { KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { type Administrators, adminsMost } from '../../people/name-admins.ts';
import { type Line, lines } from '../home-parts.ts';
import { administratorsInput, viewIds } from '../ids.ts';

const metadataSchema = z.object({ version: z.int() });

/** The version of the list that the form was drawn from; undefined for the form of another version of the app. */
export function readAdministratorsVersion(text: string): number | undefined {
  try {
    return metadataSchema.safeParse(JSON.parse(text)).data?.version;
  } catch {
    return undefined;
  }
}

/** Who looks after the app besides the installer and Slack's own admins. */
export function administratorsView({ installer, named, version }: Administrators, notice: Line[] = []): ModalView {
  const always: Line = installer
    ? ['Always: ', { person: installer }, ', who installed the app, and the workspace’s admins and owners.']
    : ['Always: the workspace’s admins and owners.'];
  return {
    type: 'modal',
    callback_id: viewIds.administrators,
    private_metadata: JSON.stringify({ version }),
    title: { type: 'plain_text', text: 'Administrators' },
    submit: { type: 'plain_text', text: 'Save' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      ...(notice.length > 0
        ? [{ ...lines(notice), block_id: 'notice' } as KnownBlock, { type: 'divider' as const }]
        : []),
      lines([['Administrators set up connections and routes, match people, pause, resume and replay.'], always]),
      {
        type: 'input',
        // With the version: where somebody else has changed the list, it is drawn as it is now.
        block_id: `${administratorsInput.blockId}_${version}`,
        optional: true,
        label: { type: 'plain_text', text: 'And these people' },
        hint: {
          type: 'plain_text',
          text: 'Whoever is new is told in a direct message. Only members of the workspace, no guests and no apps.',
        },
        element: {
          type: 'multi_users_select',
          action_id: administratorsInput.actionId,
          max_selected_items: adminsMost,
          placeholder: { type: 'plain_text', text: 'Nobody else' },
          ...(named.length > 0 ? { initial_users: named } : {}),
        },
      },
    ],
  };
}
