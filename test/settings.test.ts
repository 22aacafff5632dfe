import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { readSettings, readStorageSettings, SettingsError, settingNames } from '../app/settings.ts';
import { testKeys } from './support/database.ts';

const complete = {
  SLACK_CLIENT_ID: '1.2',
  SLACK_CLIENT_SECRET: 'client-secret-value',
  SLACK_SIGNING_SECRET: 'signing-secret-value',
  SLACK_STATE_SECRET: 'state-secret-value',
  ENCRYPTION_KEYS: testKeys,
  PUBLIC_URL: 'https://countersign.example.com/',
};

function linesOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.lines;
    throw error;
  }
}

describe('settings', () => {
  it('have defaults for all that need not be said', () => {
    expect(readSettings(complete)).to.deep.equal({
      slackClientId: '1.2',
      slackClientSecret: 'client-secret-value',
      slackSigningSecret: 'signing-secret-value',
      slackStateSecret: 'state-secret-value',
      slackApiUrl: 'https://slack.com/api/',
      slackAuthorizeUrl: 'https://slack.com/oauth/v2/authorize',
      slashCommand: '/erp',
      cardLocale: 'en-GB',
      publicUrl: 'https://countersign.example.com',
      port: 3000,
      host: '0.0.0.0',
      logLevel: 'info',
      logFormat: 'auto',
      dataDir: './data',
      encryptionKeys: testKeys,
      erpAllowHttp: [],
      erpTimeoutSeconds: 180,
      fileMegabytes: 10,
      postsPerMinute: 300,
      updatesPerMinute: 50,
      leaseSeconds: 15,
      sweepSeconds: 60,
    });
  });

  it('name every missing one at once', () => {
    expect(linesOf({})).to.deep.equal([
      'SLACK_CLIENT_ID is missing.',
      'SLACK_CLIENT_SECRET is missing.',
      'SLACK_SIGNING_SECRET is missing.',
      'SLACK_STATE_SECRET is missing.',
      'PUBLIC_URL is missing.',
      'ENCRYPTION_KEYS is missing.',
    ]);
  });

  it('need no public address in Socket Mode, and check it where it is given', () => {
    const { PUBLIC_URL: _, ...sockets } = { ...complete, SLACK_APP_TOKEN: 'xapp-1-A1-1-a' };
    expect(readSettings(sockets)).to.include({ slackAppToken: 'xapp-1-A1-1-a' }).and.not.to.have.property('publicUrl');
    expect(linesOf({ ...sockets, PUBLIC_URL: 'http://erp.example.com' })).to.have.length(1);
    expect(linesOf({ ...complete, SLACK_APP_TOKEN: ' ', PUBLIC_URL: '' })).to.deep.equal(['PUBLIC_URL is missing.']);
  });

  it('count an empty variable as not set', () => {
    expect(readSettings({ ...complete, PORT: '', DATABASE_URL: ' ' })).to.deep.include({ port: 3000 });
    expect(linesOf({ ...complete, SLACK_CLIENT_ID: '' })).to.deep.equal(['SLACK_CLIENT_ID is missing.']);
  });

  it('read lists, numbers and addresses', () => {
    const settings = readSettings({
      ...complete,
      ERP_ALLOW_HTTP: 'erp.local, 10.0.0.5:8080',
      PORT: '0',
      SLACK_API_URL: 'http://127.0.0.1:4000/api',
      PUBLIC_URL: 'http://localhost:3000',
      CARD_LOCALE: 'de_DE',
    });
    expect(settings).to.deep.include({
      cardLocale: 'de-DE',
      erpAllowHttp: ['erp.local', '10.0.0.5:8080'],
      port: 0,
      slackApiUrl: 'http://127.0.0.1:4000/api/',
      publicUrl: 'http://localhost:3000',
    });
  });

  // What is set, and the line that says what is wrong with it.
  const wrong: [NodeJS.ProcessEnv, RegExp][] = [
    [{ PORT: 'eighty' }, /^PORT must be a whole number\.$/],
    [{ PORT: '70000' }, /^PORT must be from 0 to 65535\.$/],
    [{ LEASE_SECONDS: '2' }, /^LEASE_SECONDS must be from 3 to 300\.$/],
    [{ SWEEP_SECONDS: '601' }, /^SWEEP_SECONDS must be from 2 to 600\.$/],
    [{ SLASH_COMMAND: 'erp' }, /^SLASH_COMMAND must be a slash and up to 31 small letters, digits, - or _\.$/],
    [{ CARD_LOCALE: 'german' }, /^CARD_LOCALE must be a language with its country, like en-GB or de-DE\.$/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be error, warn, info or debug\.$/],
    [{ LOG_FORMAT: 'xml' }, /^LOG_FORMAT must be auto, json or text\.$/],
    [{ PUBLIC_URL: 'http://countersign.example.com' }, /^PUBLIC_URL must start with https:/],
    [{ PUBLIC_URL: 'countersign.example.com' }, /^PUBLIC_URL must be a full address\.$/],
    [{ SLACK_APP_TOKEN: 'xoxb-a-bot-token' }, /^SLACK_APP_TOKEN must start with xapp-/],
    [{ SLACK_API_URL: 'slack.com' }, /^SLACK_API_URL must be a full http or https address\.$/],
    [{ DATABASE_URL: 'mysql://user:database-password@h/d' }, /^DATABASE_URL must start with postgres:/],
    [{ ERP_PROXY_URL: 'proxy-user:proxy-password@host' }, /^ERP_PROXY_URL must be a full http/],
    [{ ERP_CA_FILE: '/no/such/file.pem' }, /^ERP_CA_FILE names a file that is not there\.$/],
    [{ SLACK_SIGNING_SECRET: 'short' }, /^SLACK_SIGNING_SECRET is too short: at least 16/],
    [{ SLACK_STATE_SECRET: 'short' }, /^SLACK_STATE_SECRET is too short: at least 16/],
    [{ ENCRYPTION_KEYS: 'a:c2hvcnQtc2VjcmV0' }, /^ENCRYPTION_KEYS is wrong: key 1 of 1 \("a"\) has 12 bytes/],
  ];
  for (const [env, line] of wrong) {
    it(`say: ${line.source.replaceAll('\\', '').replace(/[\^$]/g, '')}`, () => {
      const lines = linesOf({ ...complete, ...env });
      expect(lines).to.have.length(1);
      expect(lines[0]).to.match(line);
    });
  }

  it('repeat no value that is wrong', () => {
    const secrets = { ...complete, SLACK_STATE_SECRET: 's3cret', ENCRYPTION_KEYS: 'a:czNjcmV0czNjcmV0' };
    const env = { ...secrets, DATABASE_URL: 'pg://u:s3cret@h/d', ERP_PROXY_URL: 'u:s3cret@h', SLACK_API_URL: 's3cret' };
    expect(linesOf(env)).to.have.length(5);
    expect(linesOf(env).join()).to.not.contain('s3cret').and.not.contain('czNjcmV0');
  });

  it('of the command line do without those of Slack', () => {
    const settings = readStorageSettings({ ENCRYPTION_KEYS: testKeys, DATA_DIR: '/d', PORT: 'ignored' });
    expect(settings).to.deep.equal({ dataDir: '/d', encryptionKeys: testKeys, erpAllowHttp: [] });
  });

  it('are all in .env.example, and nothing else is', async () => {
    const text = await readFile('.env.example', 'utf8');
    const named = [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(named).to.have.members(settingNames);
    expect(new Set(named).size).to.equal(named.length);
  });
});
