import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createBudget } from '../../app/cards/budget.ts';
import { type PublishDeps, publishHome } from '../../app/home/publish.ts';
import { actInHome, openHome } from '../../app/home/row.ts';
import { createLog } from '../../app/log.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

describe('Publishing one Home from several processes', () => {
  let fresh: FreshDatabase;
  const owner = { installationId: randomUUID(), person: 'U0FINDIR01' };
  before(async () => {
    fresh = await freshDatabase();
    await fresh.db('installations').insert({ id: owner.installationId, slack_key: 'T1', name: 'Team', secret: 'none' });
  });
  after(() => fresh.drop());

  /** A process with its lease, on a Slack that remembers what was published, in order. */
  async function startProcess(published: string[], during: () => Promise<void> = async () => undefined) {
    const id = randomUUID();
    const soon = new Date(Date.now() + 60_000);
    await fresh.db('processes').insert({ id, host: 'test', pid: 1, alive_until: soon });
    const budget = createBudget(
      () => 6_000,
      () => 1,
    );
    const deps: PublishDeps = {
      db: fresh.db,
      lease: { id, isGood: () => true, processes: () => 1, stop: async () => undefined },
      roles: { isWorkspaceAdmin: async () => false },
      locales: { localeOf: async () => 'en-GB' },
      erpTitle: (connector) => connector,
      canPush: () => false,
      budgetOf: () => null,
      linksAccounts: () => false,
      budgets: { acts: budget, news: budget },
      onDisconnected: async () => undefined,
      log: createLog({ level: 'error', format: 'text' }),
      surface: {
        publish: async (_, content) => {
          await during();
          published.push(content.notice ?? 'nothing');
          return { viewHash: String(published.length) };
        },
      },
    };
    return { id, publish: () => publishHome(deps, owner) };
  }

  it('publishes once, however many of them are woken', async () => {
    const published: string[] = [];
    const processes = [await startProcess(published), await startProcess(published), await startProcess(published)];
    await openHome(fresh.db, owner);
    await Promise.all(processes.map(({ publish }) => publish()));
    expect(published).to.deep.equal(['nothing']);
  });

  it('shows last what was wanted last, though it was wanted while an older one was on its way', async () => {
    const published: string[] = [];
    const late = await startProcess(published);
    const early = await startProcess(published, async () => {
      await actInHome(fresh.db, owner, { notice: 'newer' });
      await late.publish();
    });
    await actInHome(fresh.db, owner, { notice: 'older' });
    await early.publish();
    expect(published).to.deep.equal(['older']);
    await late.publish();
    expect(published).to.deep.equal(['older', 'newer']);
    const row = await fresh.db('home_views').where({ person: owner.person }).first();
    expect(row).to.include({ wanted: row.published, view_hash: '2', lease_owner: null });
  });

  it('is taken over from a process that died in the middle', async () => {
    const published: string[] = [];
    const [dead, alive] = [await startProcess(published), await startProcess(published)];
    await actInHome(fresh.db, owner, { notice: 'left behind' });
    await fresh.db('home_views').where({ person: owner.person }).update({ lease_owner: dead.id });
    await alive.publish();
    expect(published).to.deep.equal([]);
    await fresh
      .db('processes')
      .where({ id: dead.id })
      .update({ alive_until: new Date(0) });
    await alive.publish();
    expect(published).to.deep.equal(['left behind']);
  });
});
