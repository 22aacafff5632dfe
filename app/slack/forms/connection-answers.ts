import type { KnownBlock, ModalView } from '@slack/types';
import type { FormMetadata } from '../../setup/form.ts';
import { actions, context, type Line, lines, plainButton } from '../home-parts.ts';
import { accountIds, homeIds, setupIds, viewIds } from '../ids.ts';
import { plainText } from './inputs.ts';

function modal(title: string, blocks: KnownBlock[], metadata?: FormMetadata): ModalView {
  return {
    type: 'modal',
    callback_id: viewIds.connection,
    title: plainText(title, 24),
    close: plainText('Close', 24),
    ...(metadata ? { private_metadata: JSON.stringify(metadata), notify_on_close: true } : {}),
    blocks,
  };
}

/** While the ERP is being asked; closing it, or going back, saves nothing. */
export function checkingView(metadata: FormMetadata): ModalView {
  const blocks = [
    lines([
      [{ bold: '⏳ Checking …' }],
      ['The ERP is being asked whether it can be signed in to and read. This form shows what it says.'],
    ]),
    context('If nothing comes for more than a minute, go back and send it off again: what you entered is kept.'),
    actions('checking', [plainButton(setupIds.back, 'Back to the form', 'back')]),
  ];
  return modal('Checking …', blocks, metadata);
}

/** Something on our side did not work after the form was sent off. */
export function failedView(metadata: FormMetadata): ModalView {
  const blocks = [
    lines([
      [{ bold: '⚠️ That did not work just now, and nothing was saved.' }],
      ['What you entered is kept. Go back to the form and send it off again in a minute.'],
    ]),
    actions('failed', [plainButton(setupIds.back, 'Back to the form', 'back')]),
  ];
  return modal('Not saved', blocks, metadata);
}

export interface SavedConnection {
  connectionId: string;
  name: string;
  /** What answered; null where nothing had to be asked. */
  summary: string | null;
  isNew: boolean;
  isPaused: boolean;
  /** Somebody has to consent on the ERP's page before it is read. */
  toConnect: boolean;
  /** When summaries come, in words; null where there are none. */
  coming?: string | null;
}

/** What was saved, what answered, and the next step. */
export function savedView(saved: SavedConnection): ModalView {
  const { connectionId, name, summary, isNew, isPaused, toConnect, coming } = saved;
  const text: Line[] = [[{ bold: `✅ “${name}” is saved.` }]];
  if (summary) text.push([summary]);
  if (coming) text.push([`Posting summaries. ${coming}`]);
  if (isPaused) text.push(['It is paused as before: Resume in the Home tab has it read again.']);
  if (toConnect) {
    text.push([
      'The next step: press Connect, and sign in as the user that it is to read with. Then it is read at once.',
    ]);
    const connect = plainButton(accountIds.connect, 'Connect', connectionId);
    return modal('Connection saved', [lines(text), actions('saved', [{ ...connect, style: 'primary' }])]);
  }
  const next = 'It is being read from now on. The next step: say which documents go to which channel.';
  if (isNew) text.push([next]);
  const button = plainButton(homeIds.addRoute, 'Add a route', connectionId);
  return modal('Connection saved', [lines(text), actions('saved', [isNew ? { ...button, style: 'primary' } : button])]);
}
