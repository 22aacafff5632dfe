import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { waitUntil } from '../../support/wait.ts';
import { startSandboxWithApp } from './answering-app.ts';
import { findChromium, launchChromium } from './browser.ts';
import { modal } from './cards.ts';

const channel = 'C0APAPPROV';
const maya = 'U0FINDIR01';

describe('more that a person does on the page', function () {
  this.timeout(60_000);
  let world: Awaited<ReturnType<typeof startSandboxWithApp>>;
  let browser: Browser | undefined;
  let page: Page;
  let ts = '';
  const problems: string[] = [];

  before(async function () {
    const path = findChromium();
    if (!path) {
      console.log('      skipped: no Chromium here (set CHROMIUM_PATH, or apt-get install chromium)');
      this.skip();
    }
    [world, browser] = await Promise.all([
      startSandboxWithApp(async ({ type, trigger_id }) => {
        if (type === 'message_action') await world.call('views.open', { trigger_id, view: modal });
      }),
      launchChromium(path),
    ]);
    const { slack } = world.sandbox;
    slack.state.app.shortcuts = [{ name: 'Show history', callbackId: 'show_history' }];
    slack.state.app.unfurlDomains = ['erp.example'];
    for (const scope of ['links:read', 'links:write']) slack.state.installation.botScopes.add(scope);
    ts = String((await world.call('chat.postMessage', { channel, text: 'a card' })).ts);
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('pageerror', (error) => problems.push(error.message));
    page.setDefaultTimeout(8_000);
    await page.goto(`${world.sandbox.url}/?user=${maya}&channel=${channel}&thread=${ts}`);
    await page.waitForSelector('#thread-messages .message');
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
  });
  afterEach(() => expect(problems, 'errors in the page').to.deep.equal([]));

  const replies = () => world.sandbox.slack.messages(channel).filter(({ threadTs }) => threadTs === ts);

  it('uses a shortcut from the menu of a message', async () => {
    const message = page.locator('#messages .message').first();
    await message.hover();
    await message.getByLabel('More actions').click();
    await message.getByRole('menuitem', { name: 'Show history' }).click();
    await page.locator('#view').waitFor({ state: 'visible' });
    expect(world.received.at(-1)).to.deep.include({
      type: 'message_action',
      callback_id: 'show_history',
      message_ts: ts,
    });
    await page.locator('#view .modal-head button').click();
    await page.locator('#view').waitFor({ state: 'hidden' });
  });

  it('mentions the app by its name, offered while it is typed', async () => {
    await page.locator('#thread-draft').pressSequentially('@Cou');
    await page.locator('#thread-suggestions').getByText('@Countersign').click();
    await page.locator('#thread-draft').pressSequentially('please note this');
    await page.keyboard.press('Enter');
    await waitUntil(() => replies().length === 1, { what: 'the reply' });
    expect(replies()[0]?.text).to.equal('<@U0CNTRBOT7> please note this');
    await page.locator('#thread-messages .slack_user').getByText('@Countersign').waitFor();
  });

  it('attaches a small file to a reply, and can open it', async () => {
    await page.locator('#thread-files').setInputFiles({
      name: 'note.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('delivered'),
    });
    await page.locator('#thread-composer').getByText('note.txt').waitFor();
    await page.locator('#thread-draft').fill('attached');
    await page.keyboard.press('Enter');
    const file = page.locator('#thread-messages .files a');
    await file.waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), file.click()]);
    expect(download.suggestedFilename()).to.equal('note.txt');
    expect(replies().at(-1)?.files?.[0]?.content.toString()).to.equal('delivered');
    expect(await page.locator('#thread-composer .attach-name').textContent()).to.equal('');
  });

  it('sees the preview of a link when the app gives one', async () => {
    const link = 'https://erp.example/1';
    await page.locator('#draft').fill(`see ${link}`);
    await page.keyboard.press('Enter');
    const sent = await waitUntil(() => world.sandbox.slack.messages(channel).find(({ text }) => text.includes(link)), {
      what: 'the message',
    });
    const blocks = [{ type: 'section', text: { type: 'plain_text', text: 'Bill 1 <b>of</b> somebody' } }];
    await world.call('chat.unfurl', { channel, ts: sent.ts, unfurls: { [link]: { blocks } } });
    await page.locator('#messages .kit-attachment').getByText('Bill 1 <b>of</b> somebody').waitFor();
  });
});
