import { Worker } from 'node:worker_threads';
import type { Settings } from '../settings.ts';
import type { Jobs } from './jobs.ts';

const stopWithinMs = 40_000;

/** Starts the jobs in their thread; resolves once they run. `onCrash` hears of an end that nobody asked for. */
export async function startJobsInThread(
  settings: Settings,
  url: string,
  onCrash: (error: Error) => void,
): Promise<Jobs & { isRunning(): boolean }> {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: { settings, url },
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
  let state: 'starting' | 'running' | 'stopping' | 'ended' = 'starting';
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    worker.on('message', (message) => {
      if (message !== 'started') return;
      state = 'running';
      resolve();
    });
    let cause: Error | undefined;
    worker.on('error', (error) => {
      cause = error instanceof Error ? error : new Error(String(error));
    });
    worker.once('exit', (code) => {
      const unasked = state === 'running';
      state = 'ended';
      const error = cause ?? new Error(`The jobs' thread ended with code ${code}.`);
      reject(error);
      if (unasked) onCrash(error);
    });
  });
  return {
    isRunning: () => state === 'running',
    async stop() {
      if (state === 'running') {
        state = 'stopping';
        worker.postMessage('stop');
      }
      const tooLong = setTimeout(() => void worker.terminate(), stopWithinMs);
      await ended;
      clearTimeout(tooLong);
    },
  };
}
