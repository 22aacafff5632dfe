import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { post } from '../../demo/start.ts';
import { findChromium } from '../sandbox/page/browser.ts';
import { waitUntil } from '../support/wait.ts';
import { type DemoInBrowser, startDemoInBrowser } from './demo-in-browser.ts';

const admin = 'U0ADMIN006';
const director = 'U0FINDIR01';
const approvals = 'C0APAPPROV';
const largePayments = 'C0LARGEPAY';

describe('Setting the app up and running it, as people do in a browser,', function () {
  this.timeout(90_000);
  this.bail(true);
  let story: DemoInBrowser;
  let slack: Page;
  let mine: Page;

  async function picture(page: Page, name: string): Promise<void> {
    if (process.env.UPDATE_SCREENSHOTS !== '1') return;
    await page.evaluate("document.querySelector('.toasts')?.replaceChildren()");
    await page.mouse.move(0, 0);
    const path = fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url));
    await page.screenshot({ path, animations: 'disabled' });
  }

  const form = () => slack.locator('#view[open]');
  const inForm = (label: string | RegExp) => form().getByLabel(label);
  const press = (name: string) => form().getByRole('button', { name, exact: true }).click();
  const homeOf = (page: Page) => page.locator('#home');

  async function openHome(page: Page): Promise<Locator> {
    await page.locator('aside.sidebar').getByText('Countersign', { exact: true }).last().click();
    const tab = page.getByRole('tab', { name: 'Home' });
    await tab.waitFor();
    await tab.click();
    await homeOf(page).getByText('As of').waitFor();
    return homeOf(page);
  }

  async function openAdministration(): Promise<Locator> {
    const home = await openHome(slack);
    await home.getByRole('button', { name: 'Administration' }).click();
    await home.getByText('Recent audit').waitFor();
    return home;
  }

  async function install(page: Page): Promise<void> {
    await page.goto(`${story.demo.appUrl}/slack/install`);
    await page.getByRole('link', { name: 'Add to Slack' }).waitFor();
    await picture(page, 'install');
    await page.getByRole('link', { name: 'Add to Slack' }).click();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('Countersign is installed in Northwind Finance').waitFor();
  }

  /** Types into the field for messages, as a slash command is. */
  async function type(page: Page, text: string): Promise<void> {
    const field = page.locator('#composer textarea, #composer [contenteditable], #composer input').first();
    await field.fill(text);
    await field.press('Enter');
  }

  before(async function () {
    const chromium = findChromium();
    if (!chromium) {
      console.log('      skipped: no Chromium here (set CHROMIUM_PATH, or apt-get install chromium)');
      this.skip();
    }
    story = await startDemoInBrowser(chromium, { setUp: false });
  });
  after(() => story?.stop());
  afterEach(() => {
    if (story) expect(story.problems, 'errors in the page').to.deep.equal([]);
  });

  it('installs it from the "Add to Slack" link', async () => {
    const page = await story.open('/');
    await install(page);
    await picture(page, 'installed');
    await page.close();
    slack = await story.open(`/?user=${admin}&channel=${approvals}`);
  });

  it('is told in Home what the next step is, and adds a connection: a wrong password, then the right one', async () => {
    const home = await openAdministration();
    await home.getByText('The next step: connect your ERP.').waitFor();
    await home.getByRole('button', { name: 'Add a connection' }).click();
    await form().waitFor();
    const { acumatica: site } = story.demo.sandbox;
    const service = site.users.find(({ role }) => role === 'service');
    await inForm(/^Name/).fill('treasury');
    await inForm('Site address').fill(site.url);
    await inForm('Tenant').fill(site.tenant);
    await inForm(/^Client ID \(/).fill(site.clientId);
    await inForm(/^Client secret \(/).fill(site.clientSecret);
    await inForm(/^User name/).fill(service?.username ?? '');
    await inForm(/^Bills/).fill('*/3 * * * * *');
    await inForm(/^Password/).fill('a wrong one');
    await press('Test and save');
    const refused = form()
      .getByText(/does not accept the user name and password/)
      .first();
    await refused.waitFor();
    await refused.scrollIntoViewIfNeeded();
    expect(await inForm('Site address').inputValue(), 'what was typed stays').to.equal(site.url);
    await picture(slack, 'connection-wrong-password');
    await inForm(/^Password/).fill(service?.password ?? '');
    await press('Test and save');
    await form()
      .getByText(/Acumatica.* at .*: .*can be read/)
      .waitFor();
    await picture(slack, 'connection-saved');
  });

  it('adds a route, which says beforehand what would have matched', async () => {
    await press('Add a route');
    await form().getByRole('heading', { name: 'Add a route' }).waitFor();
    await inForm(/^Name/).fill('bills to approve');
    await inForm(/^Channel/).click();
    await slack.getByRole('option', { name: 'ap-approvals' }).click();
    await inForm(/^Who may decide/).click();
    await slack.keyboard.type('maya');
    await slack.locator('.kit-row', { hasText: 'Maya Okafor' }).click();
    await slack.keyboard.press('Escape');
    await press('Preview');
    await form()
      .getByText(/that match: \d+/)
      .waitFor();
    await picture(slack, 'route-preview');
    await press('Save');
    await form().getByText('The route “bills to approve” is in force.').waitFor();
    // The x closes the whole stack of modals.
    await form().locator('.modal-head').getByLabel('Close').click();
    await form().waitFor({ state: 'hidden' });
    const home = await openAdministration();
    await home.getByText('bills to approve').first().waitFor();
    await picture(slack, 'home-administration');
  });

  it('has the first card in its channel', async () => {
    mine = await story.open(`/?user=${director}&channel=${approvals}`);
    await mine.locator('#messages article:has([data-action-id="decide_approve"])').first().waitFor({ timeout: 30_000 });
  });

  it('decides from Home, and sees it there and on the card', async () => {
    const home = await openHome(mine);
    await home.getByText(/Waiting for you: \d+/).waitFor();
    await picture(mine, 'home-decisions');
    const first = home.locator('[data-action-id="home_approve"]').first();
    await first.waitFor();
    const reference = /Bill (\d+)/.exec(await home.innerText())?.[1] ?? '';
    await first.click();
    await home.getByText('What you decided lately').waitFor();
    await waitUntil(async () => (await billStatus(reference)) === 'Balanced', {
      what: () => `bill ${reference} being approved`,
      timeoutMs: 20_000,
    });
    await mine.goto(`${story.demo.sandbox.url}/?user=${director}&channel=${approvals}`);
    const card = mine.locator('#messages article', { hasText: `Bill ${reference}` }).first();
    await card.getByText('Approved by').waitFor();
  });

  async function billStatus(reference: string): Promise<string> {
    const response = await fetch(`${story.demo.sandbox.url}/admin/acumatica/bills/${reference}`);
    return ((await response.json()) as { status: string }).status;
  }

  it('asks /erp status how all is doing, and /erp replay for what is stuck', async () => {
    await slack.goto(`${story.demo.sandbox.url}/?user=${admin}&channel=${approvals}`);
    await type(slack, '/erp status');
    const answer = slack.locator('article.ephemeral', { hasText: 'treasury' }).last();
    await answer
      .getByText(/All is well|needs? a look/)
      .first()
      .waitFor();
    await picture(slack, 'erp-status');
    await type(slack, '/erp replay dead');
    await slack.locator('article.ephemeral', { hasText: 'Nothing is dead' }).last().waitFor();
  });

  it('adds Sage Intacct beside it: a wrong sender, then the right one, and a route for its alerts', async () => {
    const home = await openAdministration();
    await home.getByRole('button', { name: 'Add a connection' }).click();
    await form().waitFor();
    await inForm('ERP').selectOption({ label: 'Sage Intacct' });
    await inForm(/^Sender ID/).waitFor();
    const { intacct } = story.demo.sandbox;
    const service = intacct.users.find(({ role }) => role === 'service');
    await inForm(/^Name/).fill('group ledger');
    await inForm(/^Gateway address/).fill(intacct.url);
    await inForm(/^Sender ID/).fill(intacct.senderId);
    await inForm(/^Sender password/).fill('a wrong one');
    await inForm(/^Company ID/).fill(intacct.companyId);
    await inForm(/^User ID/).fill(service?.userId ?? '');
    await inForm(/^Password/).fill(service?.password ?? '');
    await inForm(/^Exceptions/).fill('*/3 * * * * *');
    await press('Test and save');
    await form()
      .getByText(/does not accept the sender ID/)
      .first()
      .waitFor();
    await inForm(/^Sender password/).fill(intacct.senderPassword);
    await press('Test and save');
    await form().getByRole('button', { name: 'Add a route' }).waitFor();
    await press('Add a route');
    await form().getByRole('heading', { name: 'Add a route' }).waitFor();
    await inForm(/^Name/).fill('alerts');
    await form().locator('[data-action-id="route_kind"]').selectOption({ label: 'Exceptions' });
    await form().getByText('As each was found.').waitFor();
    await inForm(/^Channel/).click();
    await slack.getByRole('option', { name: 'large-payments' }).click();
    await press('Preview');
    await form().getByRole('button', { name: 'Save', exact: true }).waitFor();
    await press('Save');
    await form().getByText('The route “alerts” is in force.').waitFor();
    await form().locator('.modal-head').getByLabel('Close').click();
    await form().waitFor({ state: 'hidden' });
  });

  it('has the cards of both ERPs in the same workspace', async () => {
    const both = await openAdministration();
    await both.getByText('Sage Intacct').first().waitFor();
    await both.getByText('Acumatica').first().waitFor();
    await mine.goto(`${story.demo.sandbox.url}/?user=${director}&channel=${largePayments}`);
    const alert = mine.locator('#messages article', { hasText: 'Journal does not balance' }).first();
    await alert.waitFor({ timeout: 30_000 });
    await picture(mine, 'alerts');
    await mine.goto(`${story.demo.sandbox.url}/?user=${director}&channel=${approvals}`);
    await mine.locator('#messages article', { hasText: 'Open in Acumatica' }).first().waitFor();
  });

  it('loses nothing over an uninstall and a new install', async () => {
    await post(`${story.demo.sandbox.url}/admin/slack/uninstall`, {});
    await slack.getByText('Countersign is not installed').first().waitFor();
    const page = await story.open('/');
    const added = (await post(`${story.demo.sandbox.url}/admin/acumatica/bills`, { status: 'Pending Approval' })) as {
      ref: string;
    };
    await install(page);
    await page.close();
    await mine.goto(`${story.demo.sandbox.url}/?user=${director}&channel=${approvals}`);
    const card = mine.locator('#messages article', { hasText: `Bill ${added.ref}` });
    await card.first().waitFor({ timeout: 40_000 });
    expect(await card.count()).to.equal(1);
  });
});
