import { createBudget } from '../../app/cards/budget.ts';
import { createLaneRunner, type LaneRunner } from '../../app/cards/lane-runner.ts';
import { createLog } from '../../app/log.ts';
import { createClients } from '../../app/slack/clients.ts';
import { createInstallations } from '../../app/slack/installations.ts';
import { createSlackSurface } from '../../app/slack/surface.ts';
import { openDatabase } from '../../app/storage/database.ts';
import { joinProcesses } from '../support/lease.ts';
import { serve } from '../support/serve.ts';
import { keyring } from '../support/setup.ts';

/** The app's own lane runner over the app's own Slack client, put together as the jobs do. */
let lanes: LaneRunner | undefined;

serve({
  async prepare({ url, slackApiUrl }: { url: string; slackApiUrl: string }) {
    const db = openDatabase(url, { max: 20, applicationName: 'bench lanes' });
    const log = createLog({ level: 'error', format: 'text', stream: process.stderr });
    const lease = await joinProcesses(db, log);
    lanes = createLaneRunner({
      db,
      surface: createSlackSurface(createClients(createInstallations(db, keyring), slackApiUrl)),
      erpTitle: () => 'Acumatica',
      cardLocale: 'en-GB',
      lease,
      log,
      budgets: { post: createBudget(() => 100_000, lease.processes), update: createBudget(() => 50, lease.processes) },
      onDisconnected: async () => undefined,
    });
  },
  async go(laneIds: string[]) {
    for (const id of laneIds) await lanes?.wake(id);
  },
});
