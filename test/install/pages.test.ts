import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { scopes } from '../../app/slack/scopes.ts';
import { findChromium, launchChromium } from '../sandbox/page/browser.ts';
import { type Product, startProduct } from '../support/product.ts';
import { decideOnSlack, open, openInstallPage, type Seen } from './browser-steps.ts';

const technical = /slack_|oauth|error:|undefined|xoxb|invalid_|bad_client|stack|<script/i;

describe('The pages of the installation', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ setUp: false });
  });
  afterEach(() => product.sandbox.slack.clearFaults());
  after(() => product?.stop());

  const allowed = async () => {
    const start = await openInstallPage(product.appUrl);
    return { ...start, back: await decideOnSlack(start.authorize, 'allow') };
  };
  const installations = async () => Number((await product.database.db('installations').count('* as n'))[0]?.n);
  const heading = ({ html }: Seen) => /<h1>(.*?)<\/h1>/.exec(html)?.[1];
  /** A failure in plain words, with the way on, and nothing of the machinery. */
  const expectFailure = async (seen: Seen, status: number, title: string, again = true) => {
    expect(heading(seen)).to.equal(title);
    expect(seen.status).to.equal(status);
    expect(seen.html.includes('href="install">Start again')).to.equal(again);
    expect(seen.html.replace(/<style>.*<\/style>/s, '')).not.to.match(technical);
    expect(seen.headers.get('content-security-policy')).to.contain("default-src 'none'");
    expect(await installations()).to.equal(0);
  };

  it('say scope by scope what the app will be able to do, and why', async () => {
    const { html, authorize, headers, status } = await openInstallPage(product.appUrl);
    expect(status).to.equal(200);
    for (const [scope, why] of Object.entries(scopes)) {
      expect(html).to.contain(`<dt>${scope}</dt>`).and.to.contain(why.slice(1));
    }
    expect(authorize.searchParams.get('scope')?.split(',')).to.deep.equal(Object.keys(scopes));
    expect(authorize.searchParams.get('redirect_uri')).to.equal(`${product.appUrl}/slack/oauth_redirect`);
    expect(headers.getSetCookie()[0]).to.contain('HttpOnly').and.to.contain('Secure');
  });

  it('load nothing from anywhere and run nothing', async () => {
    const { html, headers } = await openInstallPage(product.appUrl);
    expect(html).not.to.match(/<script|<img|<link[^>]+stylesheet|@import|url\(|\sstyle="|\son\w+="/);
    const policy = headers.get('content-security-policy');
    expect(policy)
      .to.match(/^default-src 'none'; style-src 'sha256-[^']+'/)
      .and.to.contain("frame-ancestors 'none'");
    expect(headers.get('referrer-policy')).to.equal('no-referrer');
    expect(headers.get('cache-control')).to.equal('no-store');
  });

  it('say that nothing was installed when the person cancels', async () => {
    const { authorize, cookie } = await openInstallPage(product.appUrl);
    const back = await decideOnSlack(authorize, 'cancel');
    await expectFailure(await open(back, cookie), 403, 'Nothing was installed');
  });

  it('refuse a way back that another browser started', async () => {
    const { back } = await allowed();
    await expectFailure(await open(back), 400, 'This installation was not started here');
    const other = await openInstallPage(product.appUrl);
    await expectFailure(await open(back, other.cookie), 400, 'This installation was not started here');
  });

  it('say that it took too long when the state has run out', async () => {
    const claims = { installOptions: { scopes: [] }, now: new Date(Date.now() - 601_000).toJSON(), iat: 1 };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    const signature = createHmac('sha256', product.settings.slackStateSecret).update(unsigned).digest('base64url');
    const state = `${unsigned}.${signature}`;
    const address = `${product.appUrl}/slack/oauth_redirect?code=c&state=${state}`;
    const cookie = `slack-app-oauth-state=${state}`;
    await expectFailure(await open(address, cookie), 400, 'This took too long');
    const forged = await open(address.replace(/.$/, 'A'), cookie.replace(/.$/, 'A'));
    await expectFailure(forged, 400, 'This took too long');
  });

  it('say so when the address has no code or no state', async () => {
    const { cookie, back } = await allowed();
    const address = `${product.appUrl}/slack/oauth_redirect`;
    await expectFailure(await open(address), 400, 'This address is not complete');
    const withoutState = new URL(back);
    withoutState.searchParams.delete('state');
    await expectFailure(await open(withoutState.href, cookie), 400, 'This address is not complete');
  });

  it('say so when Slack does not let the app into that workspace, or refuses for a reason that is new', async () => {
    const address = `${product.appUrl}/slack/oauth_redirect?error=`;
    await expectFailure(await open(`${address}invalid_team_for_non_distributed_app`), 403, 'Not in this workspace');
    await expectFailure(await open(`${address}%3Cscript%3E`), 403, 'Nothing was installed');
  });

  // What oauth.v2.access answers, and what the person reads.
  const refusals: [string, number, string, boolean][] = [
    ['code_already_used', 400, 'This installation is over already', true],
    ['invalid_code', 400, 'This installation is over already', true],
    ['bad_client_secret', 500, 'Slack does not know this app', false],
    ['invalid_client_id', 500, 'Slack does not know this app', false],
    ['bad_redirect_uri', 500, 'Slack does not know this app', false],
    ['a_code_of_tomorrow', 500, 'The installation could not be completed', true],
  ];
  for (const [error, status, title, again] of refusals) {
    it(`answer “${title}” when Slack says ${error}`, async () => {
      product.sandbox.slack.setFault({ kind: 'error', method: 'oauth.v2.access', error, times: 1 });
      const { back, cookie } = await allowed();
      await expectFailure(await open(back, cookie), status, title, again);
    });
  }

  for (const kind of ['drop_before', 'http_500'] as const) {
    it(`answer “Slack did not answer” on ${kind}`, async () => {
      product.sandbox.slack.setFault({ kind, method: 'oauth.v2.access', times: 1 });
      const { back, cookie } = await allowed();
      await expectFailure(await open(back, cookie), 502, 'Slack did not answer');
    });
  }

  it('say that it could not be kept when the database refuses', async () => {
    await product.database.db.raw('alter table installations rename to installations_away');
    const { back, cookie } = await allowed();
    const seen = await open(back, cookie);
    await product.database.db.raw('alter table installations_away rename to installations');
    await expectFailure(seen, 500, 'The installation could not be completed');
  });

  it('keep the log exact where the page is plain, without the code or the secret', async () => {
    const { back, cookie } = await allowed();
    product.sandbox.slack.setFault({ kind: 'error', method: 'oauth.v2.access', error: 'invalid_code', times: 1 });
    await open(back, cookie);
    const log = product.logLines.join('');
    expect(log).to.contain('code_used').and.to.contain('invalid_code');
    expect(log)
      .not.to.contain(new URL(back).searchParams.get('code'))
      .and.not.to.contain(product.settings.slackClientSecret);
  });

  it('say where it was installed and what comes next, and that a second visit is over', async () => {
    const { back, cookie } = await allowed();
    const seen = await open(back, cookie);
    expect(seen.status).to.equal(200);
    expect(heading(seen)).to.equal('Countersign is installed in Northwind Finance');
    expect(seen.html).to.contain('slack://app?team=T0NORTHWND&amp;id=A0CNTRSIGN');
    const again = await open(back, cookie);
    expect(heading(again)).to.equal('This installation is over already');
    expect(await installations()).to.equal(1);
  });

  it('work in a real browser, on a phone and in the dark', async function () {
    this.timeout(60_000);
    const path = findChromium();
    if (!path) return this.skip();
    const browser: Browser = await launchChromium(path);
    try {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      const problems: string[] = [];
      page.on('console', (message) => message.text().includes('Content Security') && problems.push(message.text()));
      page.on('requestfailed', (request) => problems.push(request.url()));
      await page.goto(`${product.appUrl}/slack/install`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(390);
      expect(await page.evaluate('getComputedStyle(document.querySelector("main")).maxWidth')).to.equal('640px');
      await page.emulateMedia({ colorScheme: 'dark' });
      const shots = process.env.SCREENSHOTS;
      if (shots) await page.screenshot({ path: `${shots}/install-phone-dark.png`, fullPage: true });
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1100, height: 900 });
      if (shots) await page.screenshot({ path: `${shots}/install.png`, fullPage: true });
      await page.getByRole('link', { name: 'Add to Slack' }).click();
      await page.getByRole('button', { name: 'Allow' }).click();
      await page.getByRole('heading', { name: 'Countersign is installed in Northwind Finance' }).waitFor();
      if (shots) await page.screenshot({ path: `${shots}/installed.png`, fullPage: true });
      await page.goto(`${product.appUrl}/slack/oauth_redirect?error=access_denied`);
      if (shots) await page.screenshot({ path: `${shots}/denied.png`, fullPage: true });
      await page.getByRole('link', { name: 'Start again' }).click();
      await page.getByRole('link', { name: 'Add to Slack' }).waitFor();
      expect(problems).to.deep.equal([]);
    } finally {
      await browser.close();
    }
  });
});
