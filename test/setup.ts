import { inspect } from 'node:util';
import { stopTestServer } from './support/server.ts';

const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));

/** Once, at the end of the whole run. */
export async function mochaGlobalTeardown(): Promise<void> {
  await stopTestServer();
  if (rejections.length > 0)
    throw new Error(
      `A promise was rejected and nobody looked:\n${rejections.map((reason) => inspect(reason)).join('\n')}`,
    );
}
