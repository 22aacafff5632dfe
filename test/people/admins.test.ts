import type { WebClient } from '@slack/web-api';
import { expect } from 'chai';
import { type AdminDeps, isAdmin } from '../../app/people/admins.ts';
import { createWorkspaceRoles } from '../../app/people/slack-roles.ts';
import { type House, house } from '../decisions/house.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

/** users.info as Slack would answer it; a person who is not named is not found. */
function slackOf(users: Record<string, Record<string, unknown>>) {
  const asked: string[] = [];
  const info = async ({ user }: { user: string }) => {
    asked.push(user);
    if (!users[user]) throw new Error('user_not_found');
    return { ok: true, user: users[user] };
  };
  const client = { users: { info } } as unknown as Pick<WebClient, 'users'>;
  return { asked, users, clients: { of: async () => client } };
}

describe('an administrator', () => {
  let fresh: FreshDatabase;
  let here: House;
  before(async () => {
    fresh = await freshDatabase();
    here = await house(fresh.db, 'U0INSTALLER');
  });
  after(() => fresh.drop());
  const deps = (slack = slackOf({})): AdminDeps => ({ db: fresh.db, roles: createWorkspaceRoles(slack.clients) });

  it('is who installed the app, there and nowhere else, without asking Slack', async () => {
    const slack = slackOf({});
    expect(await isAdmin(deps(slack), here.installationId, 'U0INSTALLER')).to.equal(true);
    expect(slack.asked).to.deep.equal([]);
    const elsewhere = await house(fresh.db);
    expect(await isAdmin(deps(), elsewhere.installationId, 'U0INSTALLER')).to.equal(false);
  });

  it('is who was named, until they are no longer', async () => {
    const row = { installation_id: here.installationId, person: 'U0NAMED' };
    expect(await isAdmin(deps(), here.installationId, 'U0NAMED')).to.equal(false);
    await fresh.db('administrators').insert({ ...row, named_by: 'U0INSTALLER' });
    expect(await isAdmin(deps(), here.installationId, 'U0NAMED')).to.equal(true);
    expect(await isAdmin(deps(), (await house(fresh.db)).installationId, 'U0NAMED')).to.equal(false);
    await fresh.db('administrators').where(row).delete();
    expect(await isAdmin(deps(), here.installationId, 'U0NAMED')).to.equal(false);
  });

  for (const [what, user, expected] of [
    ['an admin', { is_admin: true }, true],
    ['an owner', { is_owner: true }, true],
    ['the primary owner', { is_primary_owner: true }, true],
    ['a member', { is_admin: false }, false],
    ['an admin of another company in a shared channel', { is_admin: true, is_stranger: true }, false],
    ['an admin who left', { is_admin: true, deleted: true }, false],
    ['a guest', { is_admin: true, is_restricted: true }, false],
    ['a bot', { is_admin: true, is_bot: true }, false],
  ] as const) {
    it(`${expected ? 'is' : 'is not'} ${what} of the workspace`, async () => {
      const slack = slackOf({ U0ONE: { id: 'U0ONE', ...user } });
      expect(await isAdmin(deps(slack), here.installationId, 'U0ONE')).to.equal(expected);
    });
  }

  it('is only who is stored when Slack cannot be asked, and Slack is asked again the next time', async () => {
    const slack = slackOf({});
    const roles = createWorkspaceRoles(slack.clients);
    expect(await isAdmin({ db: fresh.db, roles }, here.installationId, 'U0ADMIN')).to.equal(false);
    slack.users.U0ADMIN = { is_admin: true };
    expect(await isAdmin({ db: fresh.db, roles }, here.installationId, 'U0ADMIN')).to.equal(true);
    const cut = createWorkspaceRoles({ of: () => Promise.reject(new Error('The app is not installed.')) });
    expect(await isAdmin({ db: fresh.db, roles: cut }, here.installationId, 'U0ADMIN')).to.equal(false);
    expect(await isAdmin({ db: fresh.db, roles: cut }, here.installationId, 'U0INSTALLER')).to.equal(true);
  });

  it('of the workspace is believed for half a minute, each installation for itself', async () => {
    const slack = slackOf({ U0ADMIN: { is_admin: true } });
    let now = 0;
    const roles = createWorkspaceRoles(slack.clients, () => now);
    expect(await roles.isWorkspaceAdmin('one', 'U0ADMIN')).to.equal(true);
    slack.users.U0ADMIN = { is_admin: false };
    now = 29_999;
    expect(await roles.isWorkspaceAdmin('one', 'U0ADMIN')).to.equal(true);
    expect(await roles.isWorkspaceAdmin('other', 'U0ADMIN')).to.equal(false);
    now = 30_000;
    expect(await roles.isWorkspaceAdmin('one', 'U0ADMIN')).to.equal(false);
    expect(slack.asked).to.have.length(3);
  });
});
