import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { waitUntil } from '../../support/wait.ts';
import { findChromium, launchChromium } from './browser.ts';

describe("the sandbox's Intacct page in a browser", function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let browser: Browser | undefined;
  let page: Page;
  const problems: string[] = [];

  before(async function () {
    const path = findChromium();
    if (!path) {
      console.log('      skipped: no Chromium here (set CHROMIUM_PATH, or apt-get install chromium)');
      this.skip();
    }
    [sandbox, browser] = await Promise.all([startSandbox({ port: 0 }), launchChromium(path)]);
    page = await browser.newPage();
    page.setDefaultTimeout(8000);
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${sandbox.url}/intacct`);
    await page.waitForSelector('#records tr');
  });

  after(async () => {
    await browser?.close();
    await sandbox?.stop();
  });

  afterEach(() => {
    expect(problems, 'errors in the page').to.deep.equal([]);
  });

  it('lets somebody approve a payment request, which then waits no more', async () => {
    await page.click('#screens [data-screen=APPYMT]');
    await page.click('#filters [data-status=Submitted]');
    await page.click('#records tr:first-child .link');
    const reference = await page.locator('#drawer-title').innerText();
    await page.click('#do-approve');
    await waitUntil(async () => (await page.locator('#drawer .pill').innerText()) !== 'Submitted', {
      what: 'the request no longer waits',
    });
    expect(await page.locator('#do-approve').count()).to.equal(0);
    await waitUntil(async () => !(await page.locator('#records').innerText()).includes(`${reference}\n`), {
      what: 'the list without it',
    });
    await page.click('#drawer-close');
  });

  it('adds a draft that does not balance and shows both sides of it', async () => {
    await page.click('#screens [data-screen=GLBATCH]');
    await page.click('#add');
    await page.getByRole('button', { name: 'A draft that does not balance' }).click();
    await page.click('#filters [data-status=Draft]');
    await page.click('#records tr:first-child .link');
    await page.locator('#drawer:not([hidden]) .pill', { hasText: 'Draft' }).waitFor();
    const amounts = await page.locator('#drawer .lines td:last-child').allInnerTexts();
    const sides = amounts.map((text) => text.split(' '));
    expect(sides.map(([, side]) => side).sort()).to.deep.equal(['credit', 'debit']);
    expect(new Set(sides.map(([amount]) => amount)).size).to.equal(2);
  });

  it('has switches for its faults, and puts all of them back', async () => {
    await page.goto(`${sandbox.url}/faults`);
    const html = page.getByRole('switch', { name: 'Unavailable (503, HTML)' });
    const late = page.getByRole('switch', { name: 'Rows come two hours late' });
    await html.check({ force: true });
    await late.check({ force: true });
    const about = async () => (await (await fetch(`${sandbox.url}/admin/intacct`)).json()) as About;
    await waitUntil(async () => (await about()).settings.visibleAfterMinutes === 120, { what: 'the late rows' });
    expect((await about()).faults.map(({ kind }) => kind)).to.deep.equal(['503-html']);
    await page.click('#clear-all');
    await waitUntil(async () => (await about()).faults.length === 0, { what: 'no faults' });
    await waitUntil(async () => (await about()).settings.visibleAfterMinutes === 0, { what: 'no late rows' });
  });
});

interface About {
  faults: { kind: string }[];
  settings: { visibleAfterMinutes: number };
}
