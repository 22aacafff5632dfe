import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type Demo, startDemo } from '../../demo/start.ts';
import { launchChromium } from '../sandbox/page/browser.ts';

export interface DemoInBrowser {
  demo: Demo;
  /** Errors of scripts in the pages so far. */
  problems: string[];
  /** Opens an address of the sandbox. */
  open(path: string, viewport?: { width: number; height: number }): Promise<Page>;
  stop(): Promise<void>;
}

/** The demo as `npm run demo` starts it, on free ports and with a data folder of its own, and a browser to look at it. */
export async function startDemoInBrowser(
  chromium: string,
  { setUp = true }: { setUp?: boolean } = {},
): Promise<DemoInBrowser> {
  const dataDir = await mkdtemp(join(tmpdir(), 'countersign-e2e-'));
  // For root's PostgreSQL, which runs as another user.
  await chmod(dataDir, 0o711);
  const lines: string[] = [];
  const problems: string[] = [];
  let browser: Browser | undefined;
  let demo: Demo | undefined;

  async function stop(): Promise<void> {
    await browser?.close();
    await demo?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }

  try {
    [demo, browser] = await Promise.all([
      startDemo({
        dataDir: join(dataDir, 'data'),
        sandboxPort: 0,
        appPort: 0,
        setUp,
        onLine: (from, line) => lines.push(`${from}: ${line}`),
        onStep: () => undefined,
      }),
      launchChromium(chromium),
    ]);
  } catch (error) {
    await stop();
    throw new Error(`The demo did not start:\n${lines.slice(-20).join('\n')}`, { cause: error });
  }
  const { url } = demo.sandbox;
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London', deviceScaleFactor: 1.5 });
  context.setDefaultTimeout(20_000);
  return {
    demo,
    problems,
    stop,
    async open(path, viewport = { width: 1280, height: 800 }) {
      const page = await context.newPage();
      await page.setViewportSize(viewport);
      page.on('pageerror', (error) => problems.push(error.message));
      await page.goto(new URL(path, url).href);
      return page;
    },
  };
}
