import { expect } from 'chai';
import type { Browser, Locator, Page } from 'playwright-core';
import { waitUntil } from '../../support/wait.ts';
import { type Received, startSandboxWithApp } from './answering-app.ts';
import { findChromium, launchChromium } from './browser.ts';
import { allInputs, evil, vendors } from './cards.ts';

const channel = 'C0APAPPROV';
const treasury = 'C0TREASURY';
const maya = 'U0FINDIR01';
const jonas = 'U0APCLRK03';
const plain = (text: string) => ({ type: 'plain_text', text });

describe('setting up in a browser', function () {
  this.timeout(60_000);
  let world: Awaited<ReturnType<typeof startSandboxWithApp>>;
  let browser: Browser | undefined;
  let page: Page;
  const problems: string[] = [];

  const deeper = { type: 'modal', title: plain('Deeper'), close: plain('Back'), blocks: [] as unknown[] };
  async function answer(received: Received): Promise<unknown> {
    const action = received.actions?.[0]?.action_id;
    const { trigger_id } = received;
    if (action === 'ask') await world.call('views.open', { trigger_id, view: allInputs });
    if (action === 'more') await world.call('views.push', { trigger_id, view: deeper });
    if (received.type === 'block_suggestion') return vendors(String(received.value));
    if (received.type !== 'view_submission') return undefined;
    const name = received.view?.state.values.name?.v?.value;
    return name === 'Taken'
      ? { response_action: 'errors', errors: { channel: `Not in this channel ${evil}` } }
      : undefined;
  }

  async function open(user: string, width = 1280): Promise<Page> {
    if (!browser) throw new Error('no browser');
    const opened = await browser.newPage({ viewport: { width, height: 800 } });
    opened.on('pageerror', (error) => problems.push(error.message));
    opened.setDefaultTimeout(8000);
    await opened.goto(`${world.sandbox.url}/?user=${user}&channel=${channel}`);
    await opened.waitForSelector('.message');
    return opened;
  }
  const field = (name: string | RegExp): Locator => page.getByRole('combobox', { name });
  const row = (name: string) => page.getByRole('option', { name });
  const chips = (name: string) => page.locator('.kit-input', { hasText: name }).locator('.kit-chip').allInnerTexts();
  const values = () => world.received.at(-1)?.view?.state.values as unknown as Record<string, Record<string, unknown>>;

  before(async function () {
    const path = findChromium();
    if (!path) {
      console.log('      skipped: no Chromium here (set CHROMIUM_PATH, or apt-get install chromium)');
      this.skip();
    }
    [world, browser] = await Promise.all([startSandboxWithApp(answer), launchChromium(path)]);
    const ask = { type: 'actions', elements: [{ type: 'button', action_id: 'ask', text: plain('Ask') }] };
    await world.call('chat.postMessage', { channel, text: 'A route?', blocks: [ask] });
    page = await open(maya);
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
  });
  afterEach(async () => {
    expect(problems, 'errors in the page').to.deep.equal([]);
    if (page) expect(await page.evaluate('window.broken'), 'markup ran').to.equal(undefined);
  });

  it('begins with what the modal says and where it was opened, the focus in its first field', async () => {
    await page.getByRole('button', { name: 'Ask' }).click();
    await page.locator('#view[open]').waitFor();
    expect(await field('Channel').inputValue()).to.equal('ap-approvals');
    expect(await chips('Status')).to.have.length(1);
    expect(await page.getByLabel('Currency').inputValue()).to.equal('GBP');
    expect(await page.evaluate("document.activeElement.closest('[data-input-block]').dataset.inputBlock")).to.equal(
      'name',
    );
  });

  it('finds people by name, as chips up to the most allowed, taken away with the keyboard or a click', async () => {
    await field('People').click();
    for (const name of ['maya', 'priya', 'elena', 'tom']) {
      await page.keyboard.type(name);
      await page.locator('.kit-row.active').waitFor();
      await waitUntil(async () => (await page.locator('.kit-row').count()) === 1, { what: `only ${name}` });
      await page.keyboard.press('Enter');
    }
    await page.getByText('No more than 3 can be chosen.').waitFor();
    await page.keyboard.press('Escape');
    expect(await chips('People')).to.have.length(3);
    expect(await page.locator('#view[open]').count(), 'Escape closed the list alone').to.equal(1);
    await page.keyboard.press('Backspace');
    await page.getByRole('button', { name: 'Remove Priya Raman' }).click();
    expect((await chips('People')).join()).to.include('Maya Okafor');
  });

  it('marks channels with # or a lock, and lists those that the filter takes', async () => {
    await field('Channel').click();
    await row('treasury').waitFor();
    expect(await page.locator('.kit-row').allInnerTexts()).to.have.length(4);
    expect(await row('treasury').getByLabel('private channel').count()).to.equal(1);
    expect(await row('general').getByLabel('public channel').count()).to.equal(1);
    await row('treasury').click();
    expect(await field('Channel').inputValue()).to.equal('treasury');
  });

  it('asks the app for options as one types, and says so until there are some', async () => {
    await field('Vendors (optional)').click();
    await page.getByText('Type to search').waitFor();
    await page.keyboard.type('ac');
    await page.getByText('Used lately').waitFor();
    await row('Acorn GmbH').click();
    await page.keyboard.type('zzz');
    await page.getByText('No results').waitFor();
    await page.keyboard.press('Escape');
    expect(await chips('Vendors')).to.have.length(1);
  });

  it('shows each error at its field and keeps all that was filled in, whoever refuses', async () => {
    await page.getByLabel('Up to').fill('much');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Please complete this required field.').waitFor();
    await page.getByText('Enter a valid number.').waitFor();
    expect(world.received.at(-1)?.type).to.not.equal('view_submission');
    await page.getByLabel('Name', { exact: true }).fill('Taken');
    await page.getByLabel('Up to').fill('1000.50');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Not in this channel').waitFor();
    expect(await field('Channel').getAttribute('aria-invalid')).to.equal('true');
    expect(await page.getByText('Enter a valid number.').count()).to.equal(0);
    expect(await chips('People')).to.have.length(1);
  });

  it('pushes a modal and comes back to what was filled in, and tells of a choice with the whole state', async () => {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('heading', { name: 'Deeper' }).waitFor();
    await page.getByRole('button', { name: 'Back to Add a route' }).click();
    await page.getByRole('heading', { name: 'Add a route' }).waitFor();
    expect(await page.getByLabel('Up to').inputValue()).to.equal('1000.50');
    await page.getByLabel('A digest').check();
    await waitUntil(() => world.received.at(-1)?.actions?.[0]?.block_id === 'kind', { what: 'the action' });
    expect(values().upto?.v).to.deep.equal({ type: 'number_input', value: '1000.50' });
    expect(values().channel?.v).to.include({ selected_conversation: treasury });
  });

  it('keeps each person their own modals, and lets one change who one is while one is open', async () => {
    await page.getByLabel('You are').selectOption(jonas);
    await page.locator('#view').waitFor({ state: 'hidden' });
    await page.getByLabel('You are').selectOption(maya);
    await page.getByRole('heading', { name: 'Add a route' }).waitFor();
    expect(await page.getByLabel('Up to').inputValue()).to.equal('1000.50');
  });

  it('submits what Slack would', async () => {
    await page.getByLabel('Name', { exact: true }).fill('Large');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('#view').waitFor({ state: 'hidden' });
    const sent = Object.fromEntries(Object.entries(values()).map(([block, { v }]) => [block, v as object]));
    expect(sent.people).to.deep.equal({ type: 'multi_users_select', selected_users: [maya] });
    expect(sent.vendors).to.deep.equal({
      type: 'multi_external_select',
      selected_options: [{ text: plain('Acorn GmbH'), value: 'V2' }],
    });
    expect(sent.status).to.have.nested.property('selected_options[0].value', 'pending');
    expect(sent.from).to.deep.equal({ type: 'datepicker', selected_date: '2026-11-21' });
    expect(sent.email).to.deep.equal({ type: 'email_text_input', value: null });
  });

  it('invites the app to a private channel and removes it, which the channel sees', async () => {
    await page.getByRole('button', { name: 'treasury' }).click();
    await page.getByRole('button', { name: 'Invite Countersign to this channel' }).click();
    await page.getByText('@Countersign was added by @Maya Okafor').waitFor();
    expect(world.sandbox.slack.channel(treasury).members.has('U0CNTRBOT7')).to.equal(true);
    await page.getByRole('button', { name: 'Remove Countersign from this channel' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('@Countersign was removed by @Maya Okafor').waitFor();
    await page.locator('#draft').fill('/invite @Countersign');
    await page.keyboard.press('Enter');
    await page.locator('#remove-app').waitFor();
  });

  it('fills a phone with the modal, and nothing is wider than it', async () => {
    const phone = await open(maya, 390);
    await phone.getByRole('button', { name: 'Ask' }).click();
    const modal = phone.locator('#view[open]');
    await modal.waitFor();
    expect((await modal.boundingBox())?.width).to.equal(390);
    await phone.getByRole('combobox', { name: 'People' }).click();
    await phone.locator('.kit-row').first().waitFor();
    const list = await phone.locator('.kit-list:popover-open').boundingBox();
    expect((list?.x ?? 0) + (list?.width ?? 999)).to.be.at.most(390);
    expect(await phone.evaluate('document.documentElement.scrollWidth')).to.be.at.most(390);
    await phone.close();
  });
});
