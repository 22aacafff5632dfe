import { expect } from 'chai';
import { install } from '../../demo/install.ts';
import { openHome, press } from '../home/homes.ts';
import { socketMode } from '../install/socket-mode.ts';
import { findChromium, launchChromium } from '../sandbox/page/browser.ts';
import { onlyWhenAsked, ownLanesOnly } from '../support/lanes.ts';
import { connectTreasury, type Product, people, startProduct } from '../support/product.ts';
import { consentAs, decideInErp, follow, linkInForm, open, type Seen, titleOf } from './browser.ts';

const { director, controller } = people;

describe('The way to the ERP’s consent page and back', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ cadence: onlyWhenAsked, routes: ownLanesOnly, setUp: false });
    await install(product.appUrl);
    const { clientId, clientSecret } = site().describe();
    product.connectionId = await connectTreasury(product.database.db, product.sandbox, {
      ...{ cadence: onlyWhenAsked, routes: ownLanesOnly },
      credentials: { account_client_id: clientId, account_client_secret: clientSecret },
    });
    site().changeSettings({ redirectUris: [`${product.appUrl}/erp/callback`] });
  });
  after(() => product?.stop());
  afterEach(async () => {
    site().clearFaults();
    site().changeSettings({ flows: ['password', 'code'], refreshTokens: 'rotating' });
    await db()('erp_accounts').delete();
  });

  const site = () => product.sandbox.acumatica;
  const db = () => product.database.db;
  const linked = () => db()('erp_accounts').where({ unlinked_at: null }).select('person', 'erp_user');

  const newLink = (user?: string) => linkOf(product, user);

  async function expectFailure(seen: Seen, status: number, title: string): Promise<void> {
    expect([seen.status, titleOf(seen)]).to.deep.equal([status, title]);
    expect(seen.html)
      .to.contain('What to do')
      .and.not.match(/<script|href="http/);
    expect(seen.headers.get('content-security-policy')).to.contain("default-src 'none'");
    expect(await linked()).to.deep.equal([]);
  }

  it('leads only to the connection’s own site, with PKCE, an exact way back and a state, whatever Host is named', async () => {
    const { authorize, cookie, seen } = await follow(await newLink());
    expect(authorize.href.startsWith(`${site().describe().url}/identity/connect/authorize?`)).to.equal(true);
    const { scope, code_challenge, state, ...rest } = Object.fromEntries(authorize.searchParams);
    expect(rest).to.deep.equal({
      response_type: 'code',
      client_id: site().describe().clientId,
      redirect_uri: `${product.appUrl}/erp/callback`,
      code_challenge_method: 'S256',
    });
    expect(scope).to.equal('api offline_access openid profile');
    expect([code_challenge?.length, state?.length]).to.deep.equal([43, 43]);
    expect(cookie).to.match(/^countersign-erp=[\w-]{43}$/);
    expect(seen.headers.getSetCookie()[0]).to.contain('HttpOnly').and.to.contain('SameSite=Lax');
    expect(seen.headers.get('referrer-policy')).to.equal('no-referrer');
    const named = await open(await newLink(), '', { 'x-forwarded-host': 'evil.example', host: 'evil.example' });
    expect(named.headers.get('location')).to.not.contain('evil');
  });

  it('counts once: neither a link nor a way back works a second time', async () => {
    const link = await newLink();
    const { authorize, cookie } = await follow(link);
    await expectFailure(await open(link), 410, 'This link was used already');
    const back = await decideInErp(authorize, { as: 'amara.okafor' });
    expect(titleOf(await open(back, cookie))).to.equal('Your Acumatica account is linked');
    expect(await linked()).to.deep.equal([{ person: director, erp_user: 'amara.okafor' }]);
    const tokens = site().counters.requests.token;
    const again = await open(back, cookie);
    expect([again.status, titleOf(again)]).to.deep.equal([410, 'This link was used already']);
    expect(site().counters.requests.token).to.equal(tokens);
  });

  it('is void once a newer link was made, and after ten minutes', async () => {
    const [older, newer] = [await newLink(), await newLink()];
    await expectFailure(await open(older), 404, 'This link leads nowhere');
    const age = (column: string) =>
      db()('erp_consents').update({ [column]: db().raw(`now() - interval '11 minutes'`) });
    await age('made_at');
    await expectFailure(await open(newer), 410, 'This took too long');
    const { authorize, cookie } = await follow(await newLink());
    await age('opened_at');
    await expectFailure(
      await open(await decideInErp(authorize, { as: 'amara.okafor' }), cookie),
      410,
      'This took too long',
    );
  });

  it('ends in the browser it began in: nobody’s state is anybody else’s', async () => {
    const mine = await follow(await newLink());
    const theirs = await follow(await newLink(controller));
    const back = await decideInErp(mine.authorize, { as: 'amara.okafor' });
    for (const cookie of ['', theirs.cookie, `${mine.cookie}x`, 'countersign-erp='])
      await expectFailure(await open(back, cookie), 400, 'This was not started here');
    const swapped = new URL(back);
    swapped.searchParams.set('state', theirs.authorize.searchParams.get('state') ?? '');
    // A code of mine with their state in their browser: the ERP ties it to another verifier.
    await expectFailure(await open(swapped.href, theirs.cookie), 400, 'The sign-in is over already');
    expect(titleOf(await open(back, mine.cookie))).to.equal('The sign-in is over already');
  });

  it('says so when the person does not consent', async () => {
    const { authorize, cookie } = await follow(await newLink());
    const back = await decideInErp(authorize, { decision: 'deny' });
    await expectFailure(await open(back, cookie), 403, 'Nothing was linked');
    const refused = await db()('audit_events').where({ kind: 'consent.refused' }).orderBy('id', 'desc').first();
    expect(refused).to.deep.include({ actor: director, data: { purpose: 'account', reason: 'denied' } });
  });

  it('says so when the ERP does not let the app ask, knows it no more, or does not answer', async () => {
    site().changeSettings({ refreshTokens: 'none' });
    const { authorize, cookie } = await follow(await newLink());
    const back = (await fetch(authorize, { redirect: 'manual' })).headers.get('location') ?? '';
    expect(back).to.contain('error=invalid_scope');
    await expectFailure(await open(back, cookie), 502, 'The ERP did not accept this app');
    site().changeSettings({ refreshTokens: 'rotating' });

    const second = await follow(await newLink());
    const allowed = await decideInErp(second.authorize, { as: 'amara.okafor' });
    site().changeSettings({ flows: ['password'] });
    await expectFailure(await open(allowed, second.cookie), 502, 'The ERP does not know this app');
    site().changeSettings({ flows: ['password', 'code'] });

    const third = await follow(await newLink());
    const lost = await decideInErp(third.authorize, { as: 'amara.okafor' });
    site().setFault({ kind: 'drop-before', match: { path: '/identity/connect/token' } });
    await expectFailure(await open(lost, third.cookie), 502, 'The ERP did not answer');
  });

  it('refuses what no ERP sends', async () => {
    const callback = `${product.appUrl}/erp/callback`;
    const { authorize, cookie } = await follow(await newLink());
    const state = authorize.searchParams.get('state') ?? '';
    for (const query of [
      '',
      `?state=${state}&state=${state}&code=1`,
      '?code=1',
      `?state=${'x'.repeat(9_000)}`,
      '?state=%00',
    ])
      await expectFailure(await open(`${callback}${query}`, cookie), 400, 'This address is not complete');
    await expectFailure(
      await open(`${callback}?code=1&state=${'A'.repeat(43)}`, cookie),
      404,
      'This link leads nowhere',
    );
    await expectFailure(
      await open(`${callback}?state=${state}&code=${'c'.repeat(5_000)}`, cookie),
      400,
      'This address is not complete',
    );
    for (const nonce of ['short', '..%2f..%2fetc', 'A'.repeat(22), `${'A'.repeat(22)}?next=https://evil.example`])
      await expectFailure(await open(`${product.appUrl}/erp/connect/${nonce}`), 404, 'This link leads nowhere');
    expect((await fetch(callback, { method: 'POST' })).status).to.equal(404);
  });

  it('keeps working where the page cannot be kept in the database: nothing is half linked', async () => {
    const { authorize, cookie } = await follow(await newLink());
    const back = await decideInErp(authorize, { as: 'amara.okafor' });
    await db().raw('alter table erp_accounts rename to erp_accounts_away');
    const seen = await open(back, cookie);
    await db().raw('alter table erp_accounts_away rename to erp_accounts');
    await expectFailure(seen, 500, 'This could not be completed');
    expect(titleOf(await consentAs(await newLink(), 'amara.okafor'))).to.equal('Your Acumatica account is linked');
  });

  it('works in a real browser: from the link over the ERP’s page to the last one', async function () {
    this.timeout(60_000);
    const path = findChromium();
    if (!path) return this.skip();
    const link = await newLink();
    const browser = await launchChromium(path);
    try {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      await page.goto(link);
      await page.getByRole('button', { name: 'Amara Okafor' }).click();
      await page.getByRole('heading', { name: 'Your Acumatica account is linked' }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(390);
      const shots = process.env.SCREENSHOTS;
      if (shots) await page.screenshot({ path: `${shots}/account-linked.png`, fullPage: true });
      await page.reload();
      await page.getByRole('heading', { name: 'This link was used already' }).waitFor();
    } finally {
      await browser.close();
    }
    expect(await linked()).to.deep.equal([{ person: director, erp_user: 'amara.okafor' }]);
  });
});

describe('The same way in Socket Mode', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({
      ...socketMode,
      ...{ cadence: onlyWhenAsked, routes: ownLanesOnly, credentials: { sign_in: 'consent' } },
    });
  });
  after(() => product?.stop());

  it('is served at the same address, since only browsers go it', async () => {
    expect(titleOf(await consentAs(await linkOf(product), 'jonas.weber'))).to.equal('Your Acumatica account is linked');
  });
});

async function linkOf(product: Product, user: string = director): Promise<string> {
  await openHome(product, user, ({ text }) => text.includes('My links to ERP accounts'));
  await press(product, user, 'account_link');
  return linkInForm(product, user);
}
