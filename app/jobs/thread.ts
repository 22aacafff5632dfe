import { parentPort, workerData } from 'node:worker_threads';
import { createLog } from '../log.ts';
import type { Settings } from '../settings.ts';
import { startJobs } from './jobs.ts';

/** The jobs in a thread of their own: parsing a large page of an ERP never delays the answer to a click. */
const { settings, url } = workerData as { settings: Settings; url: string };
const log = createLog({ level: settings.logLevel, format: settings.logFormat });
const jobs = await startJobs(settings, url, log);
parentPort?.once('message', () => {
  void jobs.stop().then(() => {
    parentPort?.postMessage('stopped');
    parentPort?.close();
  });
});
parentPort?.postMessage('started');
