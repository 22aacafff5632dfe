import type { Knex } from 'knex';
import type { Database } from '../../storage/database.ts';
import type { Keyring } from '../../storage/keyring.ts';
import { type Change, lockSetUp, makeChanges } from './changes.ts';
import { loadCurrent, loadWorkspaces, type Workspace } from './current.ts';
import { type ApplyFile, ApplyFileError, type DesiredConnection } from './file.ts';
import { planExisting, planNew, planPause } from './plan-connection.ts';

/** What `applyChanges` would do now, one plain line each; throws ApplyFileError where the file does not fit the database. */
export async function planChanges(db: Database, keyring: Keyring, file: ApplyFile): Promise<string[]> {
  return (await plan(db, keyring, file)).flatMap(({ lines }) => lines);
}

/**
 * Brings connections, feeds and routes to what the file says, in one transaction, and tells the running processes. What
 * the file does not name is paused or retired, never deleted. Returns what was done; a second time that is nothing.
 */
export function applyChanges(db: Database, keyring: Keyring, file: ApplyFile): Promise<string[]> {
  return db.transaction(async (trx) => {
    await lockSetUp(trx);
    const changes = await plan(trx, keyring, file);
    await makeChanges(trx, changes, 'command line');
    return changes.flatMap(({ lines }) => lines);
  });
}

async function plan(db: Knex, keyring: Keyring, file: ApplyFile): Promise<Change[]> {
  const [current, workspaces] = [await loadCurrent(db), await loadWorkspaces(db)];
  const problems: string[] = [];
  const named = new Set<string>();
  const changes = file.connections.flatMap((desired) => {
    const { workspace, problem } = find(desired, workspaces);
    const known = current.find(
      ({ name, installation_id }) => name === desired.name && installation_id === workspace?.id,
    );
    const key = `${workspace?.id} ${desired.name}`;
    if (problem) problems.push(problem);
    else if (named.has(key)) problems.push(`connection ${desired.name}: it is there twice`);
    else if (known && known.connector !== desired.connector) {
      problems.push(
        `connection ${desired.name}: it is of ${known.connector}; give one of ${desired.connector} another name`,
      );
    }
    named.add(key);
    if (problems.length > 0 || !workspace) return [];
    return (known ? planExisting(known, desired, keyring) : planNew(desired, workspace.id, keyring)).map(
      (change): Change => ({ ...change, event: { ...change.event, installationId: workspace.id } }),
    );
  });
  if (problems.length > 0) throw new ApplyFileError(problems);
  const left = current.filter(({ name, installation_id }) => !named.has(`${installation_id} ${name}`));
  return [...changes, ...left.flatMap(planPause)];
}

function find(desired: DesiredConnection, workspaces: Workspace[]): { workspace?: Workspace; problem?: string } {
  const { name, workspace: wanted } = desired;
  const where = workspaces.map((workspace) => `${workspace.slack_key} (${workspace.name})`).join(', ') || 'none';
  const fitting = wanted
    ? workspaces.filter((known) => [known.slack_key, known.team_id, known.enterprise_id].includes(wanted))
    : workspaces;
  const [workspace] = fitting;
  if (workspace && fitting.length === 1) return { workspace };
  if (workspaces.length === 0) return { problem: `connection ${name}: install the app in a Slack workspace first` };
  return {
    problem: wanted
      ? `connection ${name}: ${fitting.length === 0 ? 'the app is not installed in' : 'more than one workspace is of'} ${wanted}; it is installed in ${where}`
      : `connection ${name}: say which workspace; the app is installed in ${where}`,
  };
}
