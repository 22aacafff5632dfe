import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { reasonInput, viewIds } from '../../app/slack/ids.ts';

/** What the form carries along: which card, what it showed, where it stands (nowhere in particular from Home). Ids only. */
export const reasonMetadata = z.object({
  cardKey: z.uuid(),
  seen: z.string().min(1).max(64),
  channel: z.string().min(1).nullable(),
  messageId: z.string().min(1).nullable(),
});

export function reasonView(metadata: z.infer<typeof reasonMetadata>): ModalView {
  return {
    type: 'modal',
    callback_id: viewIds.reason,
    private_metadata: JSON.stringify(metadata),
    title: { type: 'plain_text', text: 'Reject this document' },
    submit: { type: 'plain_text', text: 'Reject' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      {
        type: 'input',
        block_id: reasonInput.blockId,
        label: { type: 'plain_text', text: 'Why?' },
        hint: {
          type: 'plain_text',
          text: 'The reason goes into the ERP with the rejection, and into the card’s thread.',
        },
        element: {
          type: 'plain_text_input',
          action_id: reasonInput.actionId,
          multiline: true,
          max_length: 1_000,
          focus_on_load: true,
          placeholder: { type: 'plain_text', text: 'For example: the price differs from the order' },
        },
      },
    ],
  };
}
