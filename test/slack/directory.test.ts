import { randomUUID } from 'node:crypto';
import { WebClient } from '@slack/web-api';
import { expect } from 'chai';
import type { SlackPerson } from '../../app/people/directory.ts';
import { clientOptions } from '../../app/slack/clients.ts';
import { createDirectory } from '../../app/slack/directory.ts';
import type { SlackOptions } from '../../sandbox/slack/options.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { errorOf } from '../outbound/servers.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

describe('the directory of a workspace', () => {
  let fresh: FreshDatabase;
  let sandbox: Sandbox;
  before(async () => {
    fresh = await freshDatabase();
  });
  after(() => fresh.drop());
  afterEach(() => sandbox.stop());

  const all = ['users:read', 'users:read.email'];
  async function open(slack: Omit<SlackOptions, 'baseUrl'> = {}, pageSize = 3) {
    sandbox = await startSandbox({ scenario: { clockRuns: false, slack: { installedScopes: all, ...slack } } });
    const { apiUrl, botToken, teamId, enterpriseId, orgWide } = sandbox.slack.describe();
    const id = randomUUID();
    await fresh.db('installations').insert({
      ...{ id, slack_key: id, name: 'here', secret: 'none', team_id: orgWide ? null : teamId },
      ...{ enterprise_id: enterpriseId, is_enterprise_install: orgWide },
    });
    const clients = { of: async () => new WebClient(botToken ?? '', clientOptions(apiUrl)) };
    const directory = createDirectory({ clients, db: fresh.db, pageSize, paceMs: 20 });
    const { signal } = new AbortController();
    return {
      one: (person: string) => directory.one(id, person),
      async everyone(): Promise<SlackPerson[]> {
        const found: SlackPerson[] = [];
        for await (const page of directory.everyone(id, signal)) found.push(...page);
        return found;
      },
    };
  }

  it('names everybody once, over pages, and says what they are', async () => {
    const { everyone } = await open();
    const { roster } = sandbox.slack.state;
    const odd = [
      [roster.addUser({ name: 'left', deleted: true }), 'gone'],
      [roster.addUser({ name: 'guest', guest: 'multi' }), 'guest'],
      [roster.addUser({ name: 'single', guest: 'single' }), 'guest'],
      [roster.addUser({ name: 'robot', isBot: true }), 'bot'],
      [roster.addUser({ name: 'partner', externalTeam: 'T0PARTNER' }), 'stranger'],
      [roster.addUser({ name: 'far', externalTeam: 'T0FAR' }), 'stranger'],
    ] as const;
    const found = await everyone();
    expect(new Set(found.map(({ id }) => id)).size)
      .to.equal(found.length)
      .and.to.equal(roster.users.size + 1);
    for (const [user, standing] of odd)
      expect(found.find(({ id }) => id === user.id)).to.include({ standing }, user.name);
    expect(found.find(({ id }) => id === 'USLACKBOT')).to.include({ standing: 'bot' });
    expect(found.find(({ id }) => id === 'U0FINDIR01')).to.deep.equal({
      id: 'U0FINDIR01',
      name: 'maya.okafor',
      email: 'maya.okafor@northwind.example',
      standing: 'member',
    });
  });

  it('goes on where it was after Slack asked for patience', async () => {
    const { everyone } = await open();
    sandbox.slack.setFault({ kind: 'rate_limited', method: 'users.list', times: 2, retryAfter: 0 });
    expect((await everyone()).length).to.equal(sandbox.slack.state.roster.users.size + 1);
  });

  it('passes a refusal on as an error instead of ending early', async () => {
    const { everyone } = await open();
    sandbox.slack.setFault({ kind: 'error', method: 'users.list', error: 'token_revoked' });
    expect(await errorOf(everyone())).to.include({ name: 'ReconnectError' });
  });

  it('has no addresses where the app may not see them', async () => {
    const { everyone } = await open({ installedScopes: ['users:read'] });
    expect((await everyone()).filter(({ email }) => email !== null)).to.deep.equal([]);
  });

  it('asks workspace by workspace where the app is installed for the whole organization', async () => {
    const { everyone } = await open({ enterprise: 'org' });
    const found = await everyone();
    expect(found.filter(({ standing }) => standing === 'member')).to.have.length(6);
  });

  it('tells of one person, and of nobody for an id that is none', async () => {
    const { one } = await open();
    expect(await one('U0ADMIN006')).to.include({ standing: 'member', email: 'sam.whitfield@northwind.example' });
    expect(await one('U0NOBODY')).to.equal(null);
  });
});
