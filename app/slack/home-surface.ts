import type { HomeView } from '@slack/types';
import { WebAPIPlatformError } from '@slack/web-api';
import { PermanentError } from '../domain/errors.ts';
import type { HomeOwner } from '../home/row.ts';
import type { HomeSurface } from '../home/surface.ts';
import type { Clients } from './clients.ts';
import { fromSlack } from './errors.ts';
import { toHomeView, toPlainHomeView } from './home-blocks.ts';

/** Slack's Home tab. `hash` is what views.publish checks; no method says which one is current, only its answers do. */
export function createHomeSurface(clients: Clients): HomeSurface {
  async function publish({ installationId, person }: HomeOwner, view: HomeView, hash: string | null) {
    const client = await clients.of(installationId);
    try {
      const answer = await client.views.publish({ user_id: person, view, ...(hash ? { hash } : {}) });
      return { viewHash: answer.view?.hash ?? null };
    } catch (error) {
      const code = error instanceof WebAPIPlatformError ? error.data.error : '';
      if (code === 'hash_conflict') return 'conflict';
      if (code === 'not_enabled') {
        const words = 'The Home tab is switched off in the app’s Slack settings. Switch it on there (App Home).';
        throw new PermanentError('place', words, { cause: error });
      }
      throw fromSlack(error, 'views.publish');
    }
  }

  return {
    async publish(owner, content, hash) {
      try {
        return await publish(owner, toHomeView(content), hash);
      } catch (error) {
        if (!(error instanceof PermanentError && error.reason === 'content')) throw error;
        return publish(owner, toPlainHomeView(), hash);
      }
    },
  };
}
