import type { Installation } from '@slack/oauth';
import { expect } from 'chai';
import { ReconnectError } from '../../app/domain/errors.ts';
import { createLog } from '../../app/log.ts';
import { createTokenRefresh } from '../../app/slack/install-tokens.ts';
import { createInstallations } from '../../app/slack/installations.ts';
import { type Database, openDatabase } from '../../app/storage/database.ts';
import { testKeyring } from '../support/database.ts';
import { type Product, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';

const query = { teamId: 'T0NORTHWND', enterpriseId: undefined, isEnterpriseInstall: false } as const;

describe('Where the workspace rotates tokens', () => {
  let product: Product;
  const pools: Database[] = [];
  before(async () => {
    product = await startProduct({ scenario: { slack: { tokenRotation: true } } });
  });
  afterEach(async () => {
    product.sandbox.slack.clearFaults();
    await Promise.all(pools.splice(0).map((pool) => pool.destroy()));
  });
  after(() => product?.stop());

  const slack = () => product.sandbox.slack.state.installation;
  const id = async () => String((await product.database.db('installations').first('id'))?.id);
  const log = createLog({ level: 'error', format: 'text', stream: process.stderr });
  /** A process of its own as far as the database and Slack can tell: own pool, own cache. */
  const anotherProcess = () => {
    const db = openDatabase(product.database.url, { max: 4 });
    pools.push(db);
    return createInstallations(db, testKeyring(), Date.now, { refresh: createTokenRefresh(product.settings), log });
  };
  const stored = async () => {
    const row = await product.database.db('installations').first('id', 'secret');
    return JSON.parse(testKeyring().decrypt(row.secret, `installations:${row.id}:secret`)) as Installation;
  };
  const endsIn = async (seconds: number) => {
    const installation = await stored();
    const bot = { ...installation.bot, expiresAt: Math.floor(Date.now() / 1_000) + seconds };
    const row = await id();
    await product.database
      .db('installations')
      .where({ id: row })
      .update({
        secret: testKeyring().encrypt(JSON.stringify({ ...installation, bot }), `installations:${row}:secret`),
      });
  };

  it('leaves a token alone that works for longer', async () => {
    const { token, expiresAt } = (await stored()).bot ?? {};
    expect(token).to.match(/^xoxe\.xoxb-/);
    expect(expiresAt).to.be.greaterThan(Date.now() / 1_000 + 11 * 3_600);
    expect(await anotherProcess().botToken(await id())).to.equal(token);
    expect(slack().refreshes).to.equal(0);
  });

  it('makes one refresh, however many processes find the token run out at once', async () => {
    product.sandbox.slack.setFault({ kind: 'slow', method: 'oauth.v2.access', ms: 300 });
    const row = await id();
    await endsIn(30);
    const before = slack().refreshes;
    const processes = Array.from({ length: 5 }, () => anotherProcess());
    const tokens = await Promise.all(
      processes.flatMap((installations) => [
        installations.botToken(row),
        installations.fetchInstallation(query).then(({ bot }) => bot?.token),
      ]),
    );
    expect(slack().refreshes).to.equal(before + 1);
    expect(new Set(tokens)).to.deep.equal(new Set([slack().botToken()?.value]));
    expect((await stored()).bot?.token).to.equal(tokens[0]);
  });

  it('lets nobody wait who has an hour left: renewed behind their back, once', async () => {
    product.sandbox.slack.setFault({ kind: 'slow', method: 'oauth.v2.access', ms: 500 });
    await endsIn(3_600);
    const before = slack().refreshes;
    const old = (await stored()).bot?.token;
    const installations = anotherProcess();
    const asked = Date.now();
    expect(await installations.botToken(await id())).to.equal(old);
    expect(Date.now() - asked).to.be.lessThan(400);
    await installations.settled();
    expect(slack().refreshes).to.equal(before + 1);
    expect(await installations.botToken(await id())).to.equal(slack().botToken()?.value);
  });

  it('uses the refresh token again when the answer was lost, within Slack’s grace', async () => {
    product.sandbox.slack.setFault({ kind: 'drop_after_done', method: 'oauth.v2.access', times: 1 });
    await endsIn(30);
    const row = await id();
    const lost = await anotherProcess()
      .botToken(row)
      .catch((error: Error) => error);
    expect(lost).to.be.instanceOf(Error);
    expect(await anotherProcess().botToken(row)).to.equal(slack().botToken()?.value);
  });

  it('renews for the jobs and for clicks alike, and both go on', async () => {
    const before = slack().refreshes;
    await endsIn(30);
    const { ref } = product.sandbox.acumatica.addBill({ amount: '10.00', status: 'Pending Approval' });
    const card = await product.card(ref, undefined, { timeoutMs: 18_000 });
    await waitUntil(() => slack().refreshes === before + 1, { what: 'the jobs renew', timeoutMs: 18_000 });
    expect(await product.click(card, 'decide_approve')).to.include({ acked: true });
    await waitUntil(() => product.sandbox.acumatica.bill(ref)?.status === 'Balanced', { what: 'done' });
    expect(slack().refreshes).to.equal(before + 1);
  });

  it('says that the app has to be installed again once Slack renews no more', async () => {
    product.sandbox.slack.setFault({ kind: 'error', method: 'oauth.v2.access', error: 'invalid_refresh_token' });
    await endsIn(30);
    const refusal = await anotherProcess()
      .botToken(await id())
      .catch((error) => error);
    expect(refusal).to.be.instanceOf(ReconnectError).with.property('message').that.contains('Install the app again');
  });
});
