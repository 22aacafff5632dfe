import { expect } from 'chai';
import { contentHash, type HomeContent } from '../../app/home/content.ts';
import { type PublishDeps, publishHome } from '../../app/home/publish.ts';
import { openHome } from '../../app/home/row.ts';
import { createLog } from '../../app/log.ts';
import { house } from '../decisions/house.ts';
import { freshDatabase } from '../support/database.ts';

describe('A Home that somebody else published meanwhile', () => {
  it('is remembered as what was published then, so that a change back is shown', async () => {
    const { db, drop } = await freshDatabase();
    try {
      const { installationId, connectionId } = await house(db);
      const owner = { installationId, person: 'U1' };
      const shown: HomeContent[] = [];
      let isForeign = true;
      const free = { waitMs: () => 0, spend: () => undefined, pause: () => undefined };
      const deps = {
        db,
        lease: { id: '00000000-0000-4000-8000-000000000009', isGood: () => true },
        surface: {
          async publish(_owner: unknown, content: HomeContent) {
            if (isForeign) {
              isForeign = false;
              await db('connections').where({ id: connectionId }).update({ status: 'paused' });
              return 'conflict';
            }
            shown.push(content);
            return { viewHash: `hash ${shown.length}` };
          },
        },
        roles: { isWorkspaceAdmin: async () => true },
        locales: { localeOf: async () => 'en-GB' },
        erpTitle: (id: string) => id,
        canPush: () => false,
        budgetOf: () => null,
        linksAccounts: () => false,
        budgets: { acts: free, news: free },
        onDisconnected: async () => undefined,
        log: createLog({ level: 'error', format: 'text', stream: process.stderr }),
      } as unknown as PublishDeps;
      await openHome(db, owner);
      await db('home_views').update({ tab: 'administration' });
      await publishHome(deps, owner);
      const stored = await db('home_views').first();
      expect(stored.last_error).to.equal(null);
      expect(shown).to.have.length(1);
      expect(stored.content_hash).to.equal(contentHash(shown[0] as HomeContent));
      await db('connections').where({ id: connectionId }).update({ status: 'active' });
      await db('home_views').update({ wanted: db.raw('wanted + 1'), next_publish_at: '-infinity' });
      await publishHome(deps, owner);
      expect(shown, 'the connection goes on').to.have.length(2);
    } finally {
      await drop();
    }
  });
});
