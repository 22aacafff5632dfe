import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { waitUntil } from '../../support/wait.ts';
import { type Received, startSandboxWithApp } from './answering-app.ts';
import { findChromium, launchChromium } from './browser.ts';
import { card, evil, modal } from './cards.ts';

const channel = 'C0APAPPROV';
const maya = 'U0FINDIR01';
const jonas = 'U0APCLRK03';

describe('the page in a browser', function () {
  this.timeout(60_000);
  let world: Awaited<ReturnType<typeof startSandboxWithApp>>;
  let browser: Browser | undefined;
  let page: Page;
  const problems: string[] = [];

  async function answer(received: Received): Promise<unknown> {
    if (received.actions?.[0]?.action_id === 'ask') {
      await world.call('views.open', { trigger_id: received.trigger_id, view: modal });
    }
    if (received.type !== 'view_submission') return undefined;
    const note = received.view?.state.values.note?.v?.value ?? '';
    return note === 'short' ? { response_action: 'errors', errors: { note: `Say more ${evil}` } } : undefined;
  }

  async function open(path: string, width = 1280): Promise<Page> {
    if (!browser) throw new Error('no browser');
    const opened = await browser.newPage({ viewport: { width, height: 800 } });
    opened.on('pageerror', (error) => problems.push(error.message));
    opened.on('dialog', (dialog) => {
      problems.push(`a dialog of the browser: ${dialog.message()}`);
      dialog.dismiss().catch(() => undefined);
    });
    opened.setDefaultTimeout(8000);
    await opened.goto(world.sandbox.url + path);
    return opened;
  }

  const clicks = () =>
    world.received.filter(({ type }) => type === 'block_actions').map(({ actions }) => actions?.[0]?.action_id);
  const button = (name: string) => page.locator(`#messages article:last-of-type [data-action-id="${name}"]`);

  before(async function () {
    const path = findChromium();
    if (!path) {
      console.log('      skipped: no Chromium here (set CHROMIUM_PATH, or apt-get install chromium)');
      this.skip();
    }
    [world, browser] = await Promise.all([startSandboxWithApp(answer), launchChromium(path)]);
    await world.call('chat.postMessage', { channel, ...card('801') });
    page = await open(`/?user=${maya}&channel=${channel}`);
    await page.waitForSelector('.message');
  });

  after(async () => {
    await browser?.close();
    await world?.stop();
  });

  afterEach(async () => {
    expect(problems, 'errors in the page').to.deep.equal([]);
    if (page) expect(await page.evaluate('window.broken'), 'markup of an ERP text ran').to.equal(undefined);
  });

  it('shows hostile text as text', async () => {
    const text = await page.locator('#messages .kit-table td').innerText();
    expect(text).to.equal(evil);
    expect(await page.locator('#messages .content img, #messages script').count()).to.equal(0);
  });

  it('sends a click with its ids and value', async () => {
    await button('approve').click();
    await page.getByText('The click was answered').waitFor();
    expect(world.received.at(-1)?.actions?.[0]).to.deep.include({
      action_id: 'approve',
      block_id: 'decide',
      value: '801',
    });
  });

  it('asks first where there is a confirm object', async () => {
    await button('reject').click();
    await page.getByRole('button', { name: 'Keep' }).click();
    await button('reject').click();
    await page.getByRole('button', { name: 'Reject it' }).click();
    await waitUntil(() => clicks().includes('reject'), { what: 'the click on Reject' });
    expect(clicks().filter((id) => id === 'reject')).to.have.length(1);
  });

  it('opens a modal with the focus in it, shows errors at their field, keeps what was typed and closes', async () => {
    await button('ask').click();
    const dialog = page.locator('#view[open]');
    await dialog.waitFor();
    expect(await page.evaluate("document.activeElement.closest('#view') !== null")).to.equal(true);
    const note = page.getByLabel('Note');
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByText('Please complete this required field.').waitFor();
    await note.fill('short');
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByText('Say more').waitFor();
    expect(await note.inputValue()).to.equal('short');
    await note.fill('long enough');
    await page.getByRole('button', { name: 'Hold' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(world.received.at(-1)?.view?.state.values.reason?.v?.value).to.equal(evil);
  });

  it('brings changed cards and replies as they come', async () => {
    const posted = await world.call('chat.postMessage', { channel, ...card('802') });
    await page.locator('#messages article').nth(1).waitFor();
    await world.call('chat.update', { channel, ts: posted.ts, text: 'Approved by Maya' });
    await page.getByText('Approved by Maya').waitFor();
    await world.call('chat.postMessage', { channel, thread_ts: posted.ts, text: 'Released in the ERP' });
    await page.getByRole('button', { name: '1 reply' }).click();
    await page.locator('#thread').getByText('Released in the ERP').waitFor();
    await page.getByLabel('Reply', { exact: true }).fill('Thanks');
    await page.keyboard.press('Enter');
    await page.locator('#thread').getByText('Thanks').waitFor();
    await page.getByRole('button', { name: 'Close thread' }).click();
  });

  it('shows an ephemeral message to its person alone, and marks what others have not read', async () => {
    const other = await open(`/?user=${jonas}&channel=C0GENERAL0`);
    await other.waitForSelector('.blank');
    await world.call('chat.postEphemeral', { channel, user: maya, text: 'Only for Maya' });
    await page.getByText('Only visible to you').waitFor();
    await world.call('chat.postMessage', { channel, text: `<@${jonas}> look` });
    await other.locator('.place.unread .count.ping').waitFor();
    await other.locator('.place.unread').click();
    await other.getByText('look').waitFor();
    expect(await other.getByText('Only for Maya').count()).to.equal(0);
    await other.close();
  });

  it('sends slash commands', async () => {
    await page.locator('#draft').fill('/erp status all');
    await page.keyboard.press('Enter');
    await page.getByText('/erp was answered').waitFor();
    expect(world.received.at(-1)).to.deep.include({ command: '/erp', text: 'status all', channel_id: channel });
  });

  it('lets people act in the ERP', async () => {
    const erp = await open('/acumatica');
    await erp.getByRole('button', { name: '+ New bill' }).click();
    await erp.getByLabel('Vendor').fill(evil);
    await erp.getByRole('button', { name: 'Add', exact: true }).click();
    await erp.locator('tr.added').waitFor();
    expect(await erp.locator('tr.added .vendor b').innerText()).to.equal(evil);
    await erp.locator('tr.added').click();
    await erp.getByRole('button', { name: 'Approve' }).click();
    await erp.locator('.drawer .pill', { hasText: 'Balanced' }).waitFor();
    const newest = world.sandbox.acumatica.bills().find(({ vendorName }) => vendorName === evil);
    expect(newest?.status).to.equal('Balanced');
    expect(await erp.evaluate('window.broken')).to.equal(undefined);
    await erp.close();
  });

  it('lets people pay a bill in the ERP, and enter documents of every form', async () => {
    const { ref } = world.sandbox.acumatica.addBill({ status: 'Open', amount: '310.00' });
    const erp = await open(`/acumatica?form=bills&ref=${ref}`);
    await erp.getByRole('button', { name: 'Pay', exact: true }).click();
    await erp.locator('.drawer .pill', { hasText: 'Balanced' }).waitFor();
    await erp.getByRole('button', { name: 'Release', exact: true }).click();
    await erp.locator('.drawer .pill', { hasText: 'Closed' }).waitFor();
    expect(world.sandbox.acumatica.bill(ref)).to.include({ status: 'Closed', balance: '0.00' });
    await erp.getByRole('button', { name: 'Close', exact: true }).click();
    for (const form of ['Purchase Orders', 'Payments and Applications', 'Journal Transactions']) {
      await erp.locator('#forms .chip', { hasText: form }).click();
      await erp.getByRole('heading', { name: form }).waitFor();
      await erp.getByRole('button', { name: '+ New' }).click();
      await erp.getByLabel('Amount').fill('75.50');
      await erp.getByRole('button', { name: 'Add', exact: true }).click();
      await erp.locator('tr.added .amount', { hasText: '75.50' }).waitFor();
    }
    expect(world.sandbox.acumatica.form('journals').all()[0]).to.include({ type: 'GL', amount: '75.50' });
    expect(await erp.evaluate('window.broken')).to.equal(undefined);
    await erp.close();
  });

  it('switches faults on and off', async () => {
    const faults = await open('/faults');
    const set = () => world.sandbox.slack.state.faults.list().map(({ kind, method }) => `${kind} ${method}`);
    const box = faults.getByRole('switch', { name: 'Rate limiting', exact: true });
    await box.check();
    const row = faults.locator('.row.on', { hasText: 'Every chat.postMessage' });
    await row.waitFor();
    expect(set()).to.deep.equal(['rate_limited chat.postMessage']);
    await box.uncheck();
    await row.waitFor({ state: 'detached' });
    expect(set()).to.deep.equal([]);
    await faults.close();
  });

  for (const path of [`/?user=${maya}&channel=${channel}`, '/acumatica', '/intacct', '/faults']) {
    it(`fits a phone: ${path.split('?')[0]}`, async () => {
      const phone = await open(path, 390);
      await phone.waitForSelector('.message, #bills tr, #records tr, .row');
      expect(await phone.evaluate('document.documentElement.scrollWidth')).to.be.at.most(390);
      await phone.close();
    });
  }
});
