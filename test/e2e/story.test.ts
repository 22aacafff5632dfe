import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { findChromium } from '../sandbox/page/browser.ts';
import { type DemoInBrowser, startDemoInBrowser } from './demo-in-browser.ts';

const director = 'U0FINDIR01';
const buyer = 'U0BUYER005';
const approvals = 'C0APAPPROV';
const phone = { width: 390, height: 800 };
const reason = 'The price differs from the order';

describe('The demo, as a person sees it in a browser', function () {
  this.timeout(90_000);
  let story: DemoInBrowser;
  let slack: Page;
  let approved: Bill;
  let rejected: Bill;

  interface Bill {
    reference: string;
    card: Locator;
  }

  /** The nth card that waits, held by its time stamp so that it stays the same one when newer ones arrive. */
  async function waitingCard(page: Page, nth = 0): Promise<Bill> {
    const waiting = page.locator('#messages article:has([data-action-id="decide_approve"])').nth(nth);
    await waiting.waitFor();
    const card = page.locator(`#messages article[data-ts="${await waiting.getAttribute('data-ts')}"]`);
    const reference = /Bill (\S+)/.exec(await card.innerText())?.[1] ?? '';
    expect(reference).to.match(/^\d+$/);
    return { reference, card };
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (process.env.UPDATE_SCREENSHOTS !== '1') return;
    await page.evaluate("document.querySelector('.toasts')?.replaceChildren()");
    const path = fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url));
    await page.screenshot({ path, animations: 'disabled' });
  }

  const sidewaysScroll = (page: Page) =>
    page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  before(async function () {
    const chromium = findChromium();
    if (!chromium) {
      console.log('      skipped: no Chromium here (set CHROMIUM_PATH, or apt-get install chromium)');
      this.skip();
    }
    story = await startDemoInBrowser(chromium);
    slack = await story.open(`/?user=${director}&channel=${approvals}`);
    // As the README says: the app is invited, so that it may speak in private and look for its own posts.
    const invite = slack.locator('#add-app');
    if (await invite.isVisible()) await invite.click();
    await invite.waitFor({ state: 'hidden' });
  });
  after(() => story?.stop());
  afterEach(() => {
    if (story) expect(story.problems, 'errors in the page').to.deep.equal([]);
  });

  it('shows a bill as a card that says what is asked of whom', async () => {
    approved = await waitingCard(slack);
    const text = await approved.card.innerText();
    expect(text).to.match(/Bill \d+ · .+ · £[\d,]+\.\d\d · due \d+ \w+ \d{4}/);
    expect(text).to.contain('Pending Approval').and.to.contain('@Maya Okafor');
    expect(await approved.card.getByRole('button').allInnerTexts()).to.include.members(['Approve', 'Reject …']);
  });

  it('closes the card with who approved it, and keeps the history in its thread', async () => {
    await approved.card.getByRole('button', { name: 'Approve' }).click();
    await approved.card.getByText('Approved by').waitFor();
    expect(await approved.card.innerText())
      .to.contain('@Maya Okafor')
      .and.to.contain('Balanced');
    expect(await approved.card.locator('[data-action-id^="decide_"]').count()).to.equal(0);
    await approved.card.getByRole('button', { name: '1 reply' }).click();
    await slack.locator('#thread').getByText('Pending Approval → Balanced').waitFor();
    expect(await slack.locator('#thread').innerText()).to.contain('approved this');
    await slack.getByRole('button', { name: 'Close thread' }).click();
  });

  it('asks for the reason of a rejection, says at the field what is wrong, and closes the card with it', async () => {
    rejected = await waitingCard(slack);
    await rejected.card.getByRole('button', { name: 'Reject …' }).click();
    const dialog = slack.getByRole('dialog');
    const submit = dialog.getByRole('button', { name: 'Reject', exact: true });
    await submit.click();
    await dialog.getByText('Please complete this required field.').waitFor();
    await dialog.getByLabel('Why?').fill('   ');
    await submit.click();
    await dialog.getByText('Say in a few words why').waitFor();
    await dialog.getByLabel('Why?').fill(reason);
    await submit.click();
    await dialog.waitFor({ state: 'hidden' });
    await rejected.card.getByText('Rejected by').waitFor();
    expect(await rejected.card.innerText()).to.contain(reason);
    expect(await rejected.card.locator('[data-action-id^="decide_"]').count()).to.equal(0);
  });

  it('tells someone who may not decide in private, and leaves the card as it is', async () => {
    const other = await story.open(`/?user=${buyer}&channel=${approvals}`);
    const { card } = await waitingCard(other);
    await card.getByRole('button', { name: 'Approve' }).click();
    const note = other.locator('article.ephemeral', { hasText: 'You are not among the people who may decide here' });
    await note.waitFor();
    expect(await note.innerText()).to.contain('Only visible to you');
    expect(await card.locator('[data-action-id="decide_approve"]').count()).to.equal(1);
    expect(await slack.getByText('You are not among the people').count()).to.equal(0);
    await other.close();
  });

  it('shows both decisions on the side of Acumatica', async () => {
    const erp = await story.open('/acumatica');
    const row = ({ reference }: Bill) => erp.locator('tr', { hasText: reference });
    await row(approved).locator('.pill', { hasText: 'Balanced' }).waitFor();
    await row(rejected).locator('.pill', { hasText: 'Rejected' }).waitFor();
    await picture(erp, 'sandbox-acumatica');
    await erp.close();
  });

  it('shows what waits beside the history of what is decided', async () => {
    await rejected.card.getByRole('button', { name: '1 reply' }).click();
    const history = slack.locator('#thread').getByText('rejected this');
    await history.waitFor();
    await slack.evaluate("document.getElementById('messages').scrollTo(0, 1e6)");
    await slack.mouse.move(0, 0);
    await slack.locator('#jump').waitFor({ state: 'hidden' });
    expect(await history.isVisible()).to.equal(true);
    expect(await slack.locator('#messages article').last().isVisible()).to.equal(true);
    expect(await sidewaysScroll(slack)).to.equal(0);
    await picture(slack, 'sandbox-slack');
  });

  for (const path of [`/?user=${director}&channel=${approvals}`, '/acumatica']) {
    it(`reads well on a phone: ${path.split('?')[0]}`, async () => {
      const page = await story.open(path, phone);
      const first = page.locator('#messages article [data-action-id="decide_approve"], #bills tr').first();
      await first.waitFor();
      expect(await sidewaysScroll(page)).to.equal(0);
      const box = await first.boundingBox();
      expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= phone.width).to.equal(true);
      await page.close();
    });
  }
});
