import { startJobsInThread } from './jobs/in-thread.ts';
import { createLog } from './log.ts';
import { loadEnvFile, readSettings, SettingsError } from './settings.ts';
import { openStorage } from './storage/storage.ts';
import { startWeb } from './web/server.ts';

loadEnvFile();
const settings = settingsOrExit();
const log = createLog({ level: settings.logLevel, format: settings.logFormat });

try {
  const storage = await openStorage(settings, log, { max: 2 });
  const jobs = await startJobsInThread(settings, storage.url, (error) => {
    log.error('the jobs ended unexpectedly; stopping, so that a supervisor starts the app anew', { error });
    void stop(1);
  });
  const web = await startWeb(settings, storage.url, log, { jobsRunning: jobs.isRunning });

  let stopping = false;
  async function stop(code: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    log.info('stopping: finishing what is in flight');
    await Promise.allSettled([web.stop(), jobs.stop()]);
    await storage.stop();
    log.info('stopped');
    process.exitCode = code;
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
} catch (error) {
  log.error(error instanceof Error ? error.message : String(error), { error });
  process.exit(1);
}

function settingsOrExit() {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
