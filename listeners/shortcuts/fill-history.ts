import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { WebAPIPlatformError } from '@slack/web-api';
import { historySentence } from '../../app/slack/messages/history.ts';
import type { ListenerDeps } from '../deps.ts';

const failed = 'That did not work just now. Close this and try again in a minute; asking twice does no harm.';

/** Fills in a form that is open. One that the person has closed meanwhile is let be. */
export async function fillHistory(
  { log }: Pick<ListenerDeps, 'log'>,
  client: WebClient,
  viewId: string | undefined,
  draw: () => Promise<ModalView>,
): Promise<void> {
  if (!viewId) return;
  const view = await draw().catch((error) => {
    log.error('a history was not drawn', { error });
    return historySentence(failed);
  });
  try {
    await client.views.update({ view_id: viewId, view });
  } catch (error) {
    const closed = error instanceof WebAPIPlatformError && error.data.error === 'not_found';
    if (!closed) throw error;
  }
}
