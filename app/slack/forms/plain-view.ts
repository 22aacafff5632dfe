import type { ModalView } from '@slack/types';
import { context } from '../home-parts.ts';

/** A form that only says something: that it is being filled in, or why there is nothing in it. */
export function plainView(title: string, text: string): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: title },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [context(text)],
  };
}

export const loading = 'One moment …';
export const onlyAdministrators =
  'Only administrators may do this, so nothing was done. Ask whoever installed the app, or a workspace admin.';
export const connectionGone = 'This connection is not there any more, so nothing was done.';
export const formOutdated = 'This form belongs to another version of the app. Close it and open it again.';
export const failed = 'That did not work just now. Close this form and open it again; it shows what is saved.';
