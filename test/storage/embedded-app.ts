import { createLog } from '../../app/log.ts';
import { startEmbeddedPostgres } from '../../app/storage/embedded-postgres.ts';

/** A stand-in for the app: runs the embedded server on the folder that it is given until it is told to stop. */
const [dataDir = ''] = process.argv.slice(2);
const log = createLog({ level: 'info', format: 'json', stream: process.stderr });
const server = await startEmbeddedPostgres({ dataDir, log, waitMs: 0 });
process.stdout.write(`${server.url}\n`);
const alive = setInterval(() => {}, 60_000);
process.once('SIGTERM', () => {
  clearInterval(alive);
  void server.stop();
});
