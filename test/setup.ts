import { inspect } from 'node:util';
import { shareTestServer, stopTestServer } from './support/server.ts';

const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));

/** Where files run side by side, in processes of their own, all of them use one PostgreSQL. */
export async function mochaGlobalSetup(): Promise<void> {
  if (process.argv.includes('--parallel')) await shareTestServer();
}

export const mochaHooks = {
  afterAll() {
    if (rejections.length === 0) return;
    const reasons = rejections.splice(0).map((reason) => inspect(reason));
    throw new Error(`A promise was rejected and nobody looked:\n${reasons.join('\n')}`);
  },
};

/** Once, at the end of the whole run. */
export const mochaGlobalTeardown = stopTestServer;
