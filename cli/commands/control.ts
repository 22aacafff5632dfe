import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { Knex } from 'knex';
import { begin } from '../../app/control/due.ts';
import { controlResult, controlTotals } from '../../app/control/result.ts';
import { wake } from '../../app/queue/wake.ts';
import type { Connector } from '../../connectors/connector.ts';
import { CommandError, say, withDatabase } from '../context.ts';
import { controlText } from '../control/text.ts';

const differencesListed = 1_000;

interface Options {
  workspace?: string;
  json?: boolean;
}

export function controlCommand(connectors: readonly Connector[]): Command {
  return new Command('control')
    .description('compare what the ERP has with what is stored, have what differs read again, and print the totals')
    .argument('<connection>', 'its name')
    .option('--workspace <id>', 'where several workspaces have a connection of that name')
    .option('--json', 'the same as JSON')
    .action((name: string, options: Options) =>
      withDatabase(async ({ db }) => {
        const connection = await findConnection(db, name, options.workspace);
        await checkThatJobsRun(db);
        const runId = await db.transaction(async (trx) => {
          const id = await begin(trx, connection.id, 'command line');
          await trx('control_runs').where({ id }).update({ next_attempt_at: null });
          await wake(trx, 'compare', connection.id);
          return id;
        });
        const result = await untilFinished(db, runId);
        const totals = await controlTotals(db, runId);
        const erp = connectors.find(({ id }) => id === connection.connector)?.title ?? connection.connector;
        if (options.json) say(JSON.stringify({ ...result, totals }, null, 2));
        else say(controlText({ erp, connection: name, result, totals }));
        if (result.problem !== null || result.still > 0) process.exitCode = 1;
      }),
    );
}

async function findConnection(db: Knex, name: string, workspace: string | undefined) {
  const found: Array<{ id: string; connector: string; status: string; workspace: string; problem: string | null }> =
    await db('connections as n')
      .join('installations as i', 'i.id', 'n.installation_id')
      .where({ 'n.name': name, 'i.state': 'active', ...(workspace ? { 'i.slack_key': workspace } : {}) })
      .select('n.id', 'n.connector', 'n.status', 'n.problem', 'i.slack_key as workspace');
  const [connection, ...others] = found;
  if (!connection) throw new CommandError(`There is no connection "${name}"; status lists them.`);
  if (others.length > 0) {
    const all = found.map((row) => row.workspace).join(', ');
    throw new CommandError(`Several workspaces have a connection "${name}". Say which with --workspace: ${all}`);
  }
  if (connection.status === 'paused')
    throw new CommandError(`${name} is paused, so it is not compared. Resume it first.`);
  if (connection.status === 'broken')
    throw new CommandError(`${name} has stopped, so it is not compared: ${connection.problem ?? 'see status'}`);
  return connection;
}

async function checkThatJobsRun(db: Knex): Promise<void> {
  const alive = await db('processes').whereRaw('alive_until > clock_timestamp()').first('id');
  if (!alive)
    throw new CommandError('The app does not run, and it is the app that compares. Start it, then ask again.');
}

/** The app does it; what is said here is only where it stands. */
async function untilFinished(db: Knex, runId: string) {
  for (let said = ''; ; ) {
    const result = await controlResult(db, runId, differencesListed);
    if (result) return result;
    const run = await db('control_runs as r')
      .join('connections as n', 'n.id', 'r.connection_id')
      .where('r.id', runId)
      .first('r.state', 'r.round', 'r.problem', 'n.status');
    if (!run) throw new CommandError('The comparison was given up; ask again.');
    if (run.status !== 'active')
      throw new CommandError(
        'The connection was paused or has stopped meanwhile. The comparison goes on when it works again.',
      );
    const stage = `${stages[run.state] ?? run.state}${run.round > 1 ? ' once more' : ''}${run.problem ? ` (waits: ${run.problem})` : ''}`;
    if (stage !== said) process.stderr.write(`${stage} …\n`);
    said = stage;
    await sleep(300);
  }
}

const stages: Record<string, string> = {
  listing: 'Listing what the ERP has',
  settling: 'Reading what changed meanwhile',
  repairing: 'Reading what differs',
};
