import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { makeWorkerUtils } from 'graphile-worker';
import type { Logger } from 'winston';
import { connectorById } from '../../connectors/index.ts';
import { createAccounts } from '../accounts/accounts.ts';
import { linksAccounts } from '../accounts/links.ts';
import { signOut, signOutAll } from '../accounts/sign-out.ts';
import { sealEvents } from '../audit/seal.ts';
import { createBudget } from '../cards/budget.ts';
import { createLaneRunner } from '../cards/lane-runner.ts';
import { learnFields } from '../connections/learn-fields.ts';
import { createConnectionPool } from '../connections/open.ts';
import { compareConnection } from '../control/control.ts';
import { forgetOldControls } from '../control/result.ts';
import { decide } from '../decisions/decide.ts';
import { digestRoute } from '../digests/digest-route.ts';
import { catchUpRoute } from '../documents/catch-up.ts';
import { checkDocuments } from '../documents/check.ts';
import { readFeed } from '../documents/read-feed.ts';
import { redrawRoute } from '../documents/redraw-route.ts';
import { wakeHomes } from '../home/changes.ts';
import { createHomeTask } from '../home/task.ts';
import { budgetsOf } from '../metering/used.ts';
import { tell } from '../notices/tell.ts';
import { createErpHttp } from '../outbound/erp-http.ts';
import { erpHttpOptions } from '../outbound/from-settings.ts';
import { createOutboundMetrics } from '../outbound/metrics.ts';
import { readParties } from '../parties/read.ts';
import { matchPeople } from '../people/match.ts';
import { createWorkspaceRoles } from '../people/slack-roles.ts';
import { forgetOldPushes } from '../push/receive.ts';
import { createInFlight } from '../queue/in-flight.ts';
import { holdProcessLease } from '../queue/lease.ts';
import { startQueue } from '../queue/runner.ts';
import { wake } from '../queue/wake.ts';
import type { Settings } from '../settings.ts';
import { deleteExpiredDrafts } from '../setup/drafts.ts';
import { forgetSharedLinks } from '../shared-links/store.ts';
import { createClients } from '../slack/clients.ts';
import { createDirectory } from '../slack/directory.ts';
import { createHomeSurface } from '../slack/home-surface.ts';
import { createTokenRefresh } from '../slack/install-tokens.ts';
import { createInstallations } from '../slack/installations.ts';
import { createSlackSurface } from '../slack/surface.ts';
import { type Database, openDatabase } from '../storage/database.ts';
import { createKeyring } from '../storage/keyring.ts';
import { summarise } from '../summaries/summarise.ts';
import { createSaidTasks } from './said.ts';
import { startSchedule } from './schedule.ts';
import { sweep } from './sweep.ts';

export interface Jobs {
  /** Takes no new work, lets what is in flight end, gives every lease back. */
  stop(): Promise<void>;
}

const readingAtOnce = 4;
const decidingAtOnce = 50;
const graceMs = 15_000;
/** views.publish allows a hundred a minute in a workspace (docs.slack.dev, tier 4). */
const homesPerMinute = { acts: 65, news: 35 };
const lookAtHomesMs = 1_000;
/** How long a stop waits for ERPs to take seats back. */
const goodbyeMs = 3_000;

/** Everything that works without being clicked: reading, delivering, deciding, telling, sweeping, sealing. */
export async function startJobs(settings: Settings, url: string, log: Logger): Promise<Jobs> {
  const db = openDatabase(url, { max: 20, applicationName: 'countersign jobs' });
  const keyring = createKeyring(settings.encryptionKeys);
  const installations = createInstallations(db, keyring, Date.now, { refresh: createTokenRefresh(settings), log });
  const clients = createClients(installations, settings.slackApiUrl);
  const surface = createSlackSurface(clients);
  const erpRequests = createOutboundMetrics();
  const http = createErpHttp({ ...erpHttpOptions(settings, log), metrics: erpRequests });
  // The lease needs figures of the connections and they the lease's count of processes: asked for when both are there.
  const connections = createConnectionPool({ db, keyring, http, connectorById, processes: () => lease.processes() });
  const accounts = createAccounts(db, keyring);
  const leaving = { db, keyring, connections, connectorById, http, log };
  const erpTitle = (id: string) => connectorById(id)?.title ?? id;
  const canPush = (id: string) => connectorById(id)?.push !== undefined;
  const budgetOf = budgetsOf(connectorById);
  const leaseMs = settings.leaseSeconds * 1_000;
  const sweepSoon = () => void wake(db, 'sweep', 'all').catch((error) => log.debug('sweep not woken', { error }));
  const lease = await holdProcessLease(db, {
    id: randomUUID(),
    host: hostname(),
    pid: process.pid,
    leaseMs,
    onDeath: sweepSoon,
    figures: () => ({ erpRequests: erpRequests.snapshot(), erpPace: connections.figures() }),
    onError: (error) => log.warn('heartbeat missed', { error }),
  });
  const onDisconnected = async (installationId: string, error: Error) => {
    // An install within the last seconds may have brought a new token: then the lane tries again with that.
    const ended = await installations.end(installationId, 'revoked', error.message, new Date(Date.now() - 15_000));
    if (ended) log.warn('workspace disconnected: its cards wait until the app is installed again', { installationId });
    else sweepSoon();
  };
  const lanes = createLaneRunner({
    db,
    surface,
    erpTitle,
    linkOf: (id, settings, document) => connectorById(id)?.linkOf?.(settings, document) ?? null,
    cardLocale: settings.cardLocale,
    lease,
    log,
    budgets: {
      post: createBudget(() => settings.postsPerMinute, lease.processes),
      update: createBudget(() => settings.updatesPerMinute, lease.processes),
    },
    onDisconnected,
  });

  const roles = createWorkspaceRoles(clients);
  const homes = createHomeTask({
    db,
    lease,
    surface: createHomeSurface(clients),
    roles,
    locales: roles,
    erpTitle,
    canPush,
    budgetOf,
    linksAccounts: (id, settings) => linksAccounts(connectorById(id), settings),
    budgets: {
      acts: createBudget(() => homesPerMinute.acts, lease.processes),
      news: createBudget(() => homesPerMinute.news, lease.processes),
    },
    onDisconnected,
    log,
  });
  let looking: Promise<void> | undefined;
  const lookAtHomes = () => {
    looking ??= wakeHomes(db)
      .catch((error) => void log.debug('Homes not looked at', { error }))
      .finally(() => {
        looking = undefined;
      });
  };

  const abandon = new AbortController();
  const reading = createInFlight(readingAtOnce, (feed, error) => log.error('reading failed', { feed, error }));
  const checking = createInFlight(readingAtOnce, (connection, error) =>
    log.error('checking failed', { connection, error }),
  );
  const summarising = createInFlight(readingAtOnce, (feed, error) => log.error('summary not made', { feed, error }));
  const comparing = createInFlight(readingAtOnce, (connection, error) =>
    log.error('comparing failed', { connection, error }),
  );
  const deciding = createInFlight(decidingAtOnce, (document, error) =>
    log.error('deciding failed', { document, error }),
  );
  // One at a time: each goes through the whole workspace, whose calls they would only wait for together.
  const matching = createInFlight(1, (connection, error) => log.error('matching people failed', { connection, error }));
  const parties = createInFlight(1, (connection, error) => log.error('reading vendors failed', { connection, error }));
  const directory = createDirectory({ clients, db });
  // Begins anew next time without a loss, so a stop does not wait for it.
  const stopMatching = new AbortController();
  const stopComparing = new AbortController();
  const said = createSaidTasks({
    ...{ db, lease, connections, roles, clients, installations, erpTitle, settings, log },
    abandon: abandon.signal,
  });
  const schedule = startSchedule({ db, url, log });
  const queue = startQueue({
    url,
    log,
    tasks: {
      'read-feed': async (id) => reading.start(id, () => readFeed({ db, lease, connections, log }, id, abandon.signal)),
      'check-documents': async (id) =>
        checking.start(id, () => checkDocuments({ db, lease, connections, log }, id, abandon.signal)),
      compare: async (id) =>
        comparing.start(id, () => compareConnection({ db, lease, connections, log }, id, stopComparing.signal)),
      'deliver-lane': (id) => lanes.wake(id),
      digest: (id) => digestRoute({ db, log }, id),
      summarise: async (id) =>
        summarising.start(id, () => summarise({ db, lease, connections, log }, id, abandon.signal)),
      decide: async (id) =>
        deciding.start(id, () =>
          decide({ db, lease, connections, keyring, accounts, erpTitle, log }, id, abandon.signal),
        ),
      tell: (id) => tell({ db, surface, erpTitle, budgetOf, locales: roles }, id),
      'publish-home': (id) => homes.run(id),
      'match-people': async (id) =>
        matching.start(id, () => matchPeople({ db, lease, connections, directory, log }, id, stopMatching.signal)),
      'read-parties': async (id) =>
        parties.start(id, () => readParties({ db, keyring, lease, connections, log }, id, abandon.signal)),
      'catch-up-route': (id) => catchUpRoute(db, id, () => abandon.signal.aborted || !lease.isGood()),
      'redraw-route': (id) => redrawRoute(db, id),
      'learn-fields': (id) => learnFields({ db, connections, log }, id, abandon.signal),
      'sign-out': (id) => signOut(leaving, id),
      sweep: async () => {
        await sweep(db);
        await schedule.replan();
      },
      'seal-audit': async () => {
        await sealEvents(db, { log });
      },
      ...said.tasks,
      'clean-up': async () => {
        await forgetOldPushes(db);
        await forgetSharedLinks(db);
        await forgetOldControls(db);
        await deleteExpiredDrafts(db);
        await cleanUp(url);
      },
    },
  });
  const timers = [
    setInterval(sweepSoon, settings.sweepSeconds * 1_000),
    setInterval(lookAtHomes, lookAtHomesMs),
    setInterval(() => void wake(db, 'seal-audit', 'all').catch(() => undefined), 30_000),
    setInterval(() => void wake(db, 'clean-up', 'all').catch(() => undefined), 6 * 3_600_000),
  ];
  sweepSoon();
  log.info('jobs started', { process: lease.id });

  return {
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await schedule.stop();
      await queue.stop();
      for (const each of [stopMatching, stopComparing]) each.abort(new Error('The app is stopping.'));
      const grace = setTimeout(() => abandon.abort(new Error('The app is stopping.')), graceMs);
      const working = [reading, checking, comparing, summarising, deciding, matching, parties, said].map((each) =>
        each.drain(),
      );
      await Promise.all([...working, homes.drain(), looking, lanes.stop()]);
      clearTimeout(grace);
      await lease.stop();
      if (await isLast(db)) await signOutAll(leaving, AbortSignal.timeout(goodbyeMs));
      await connections.close();
      await http.close();
      await installations.settled();
      await db.destroy();
    },
  };
}

/** Whether no process of the app is alive any more, once this one has given its lease back. */
async function isLast(db: Database): Promise<boolean> {
  const alive = await db('processes').whereRaw('alive_until > clock_timestamp()').first('id');
  return alive === undefined;
}

async function cleanUp(url: string): Promise<void> {
  const utils = await makeWorkerUtils({ connectionString: url });
  await utils.cleanup({ tasks: ['DELETE_PERMAFAILED_JOBS'] });
  await utils.release();
}
