import type { Installation } from '@slack/oauth';
import { expect } from 'chai';
import { createInstallations, type Installations } from '../../app/slack/installations.ts';
import { type FreshDatabase, freshDatabase, testKeyring } from '../support/database.ts';

const token = 'xoxb-1-a-token-of-a-test';

function installationOf(team: string, botToken = token, enterprise?: string): Installation<'v2', boolean> {
  return {
    team: enterprise ? undefined : { id: team, name: `Team ${team}` },
    enterprise: enterprise ? { id: enterprise, name: 'An organisation' } : undefined,
    user: { id: 'U1', token: undefined, scopes: undefined },
    bot: { token: botToken, scopes: ['chat:write'], id: 'B1', userId: 'UB1' },
    appId: 'A1',
    tokenType: 'bot',
    isEnterpriseInstall: enterprise !== undefined,
    authVersion: 'v2',
  } as Installation<'v2', boolean>;
}

const byTeam = (teamId: string) => ({ teamId, enterpriseId: undefined, isEnterpriseInstall: false }) as const;

describe('installations', () => {
  let database: FreshDatabase;
  let installations: Installations;
  let now = 1_000_000;

  before(async () => {
    database = await freshDatabase();
  });
  beforeEach(() => {
    installations = createInstallations(database.db, testKeyring(), () => now);
  });
  after(() => database?.drop());

  const idOf = async (teamId: string) => (await installations.idOf({ teamId })) ?? '';

  it('keeps each workspace’s token apart, and none of them readable in the database', async () => {
    await installations.storeInstallation(installationOf('T1'));
    await installations.storeInstallation(installationOf('T2', 'xoxb-2-another-token'));
    expect((await installations.fetchInstallation(byTeam('T1'))).bot?.token).to.equal(token);
    expect((await installations.fetchInstallation(byTeam('T2'))).bot?.token).to.equal('xoxb-2-another-token');
    const rows = await database.db.raw('select installations::text as row from installations');
    expect(JSON.stringify(rows.rows)).not.to.contain('xoxb-');
  });

  it('does not open a token that was moved to another workspace’s row', async () => {
    await installations.storeInstallation(installationOf('T3'));
    await installations.storeInstallation(installationOf('T4'));
    await database.db.raw(
      `update installations set secret = (select secret from installations where slack_key = 'T3') where slack_key = 'T4'`,
    );
    const refusal = await installations.fetchInstallation(byTeam('T4')).catch((error: Error) => error);
    expect(refusal).to.be.instanceOf(Error);
  });

  it('finds an org-wide install by its enterprise, from any of its teams', async () => {
    await installations.storeInstallation(installationOf('', 'xoxb-org', 'E1'));
    const found = await installations.fetchInstallation({
      teamId: 'T77',
      enterpriseId: 'E1',
      isEnterpriseInstall: true,
    });
    expect(found.bot?.token).to.equal('xoxb-org');
  });

  it('reads the database once for many clicks within ten seconds, and again after', async () => {
    await installations.storeInstallation(installationOf('T5'));
    await installations.fetchInstallation(byTeam('T5'));
    await database.db('installations').where({ slack_key: 'T5' }).update({ state: 'revoked' });
    expect((await installations.fetchInstallation(byTeam('T5'))).bot?.token).to.equal(token);
    now += 10_001;
    const refusal = await installations.fetchInstallation(byTeam('T5')).catch((error: Error) => error);
    expect(refusal).to.be.instanceOf(Error).with.property('message').that.contains('not installed');
  });

  it('never keeps a "not found": an install counts at once', async () => {
    await installations.fetchInstallation(byTeam('T6')).catch(() => undefined);
    await createInstallations(database.db, testKeyring()).storeInstallation(installationOf('T6'));
    expect((await installations.fetchInstallation(byTeam('T6'))).bot?.token).to.equal(token);
  });

  it('forgets a token the moment its access ends here', async () => {
    await installations.storeInstallation(installationOf('T7'));
    const id = await idOf('T7');
    expect(await installations.botToken(id)).to.equal(token);
    expect(await installations.end(id, 'uninstalled', 'a test', new Date(Date.now() + 1_000))).to.equal(true);
    expect(await installations.botToken(id)).to.equal(undefined);
  });

  it('ignores the end of an access that came before the newest install', async () => {
    await installations.storeInstallation(installationOf('T8', 'xoxb-old'));
    const late = new Date(Date.now() - 60_000);
    await installations.storeInstallation(installationOf('T8', 'xoxb-new'));
    expect(await installations.end(await idOf('T8'), 'revoked', 'late news', late)).to.equal(false);
    expect(await installations.botToken(await idOf('T8'))).to.equal('xoxb-new');
  });

  it('ends an access once, with one line in the audit record', async () => {
    await installations.storeInstallation(installationOf('T9'));
    const id = await idOf('T9');
    const at = new Date(Date.now() + 1_000);
    expect(await installations.end(id, 'uninstalled', 'a test', at)).to.equal(true);
    expect(await installations.end(id, 'revoked', 'a test', at)).to.equal(false);
    const events = await database
      .db('audit_events')
      .where({ installation_id: id })
      .whereIn('kind', ['installation.uninstalled', 'installation.revoked']);
    expect(events).to.have.length(1);
  });
});
