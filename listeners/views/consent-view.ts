import type { ModalView } from '@slack/types';
import { plainButton } from '../../app/slack/home-parts.ts';
import { accountIds, viewIds } from '../../app/slack/ids.ts';
import type { ConsentPurpose } from '../../connectors/connector.ts';

/** A link to an ERP's consent page, for one person and ten minutes. */
export function consentView(
  { url, erp, connection }: { url: string; erp: string; connection: string },
  purpose: ConsentPurpose,
): ModalView {
  const text =
    purpose === 'account'
      ? `Sign in to ${erp} as yourself and allow the app to act for you. From then on, what you decide here for “${connection}” is done there in your name.`
      : `Sign in to ${erp} as the user that the connection “${connection}” is to read with, and allow the app to do so.`;
  return {
    type: 'modal',
    callback_id: viewIds.consent,
    title: { type: 'plain_text', text: purpose === 'account' ? 'Link my account' : 'Connect' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [
      { type: 'section', text: { type: 'plain_text', text, emoji: false } },
      {
        type: 'actions',
        elements: [{ ...plainButton(accountIds.follow, `Go to ${erp}`, purpose), url, style: 'primary' }],
      },
      {
        type: 'context',
        elements: [
          {
            type: 'plain_text',
            text: 'The link is yours alone and works once, within ten minutes. Do not pass it on.',
            emoji: false,
          },
        ],
      },
    ],
  };
}
