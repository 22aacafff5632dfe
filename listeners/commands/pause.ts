import { connectionNames } from '../../app/connections/named.ts';
import { pauseConnection, resumeConnection } from '../../app/connections/pause.ts';
import type { Line } from '../../app/slack/messages/answer.ts';
import type { Call } from './call.ts';
import { noSuchConnection } from './connection.ts';

/** `pause CONNECTION`: nothing is read or decided there until it is resumed. */
export async function pause(call: Call): Promise<Line[]> {
  return change(call, 'pause', pauseConnection, {
    changed: 'is paused: nothing is read or decided there, and what is on its way to Slack still arrives.',
    already: 'was paused already.',
    after: ['To go on: ', 'resume'],
  });
}

/** `resume CONNECTION`: reading goes on from where it was. */
export async function resume(call: Call): Promise<Line[]> {
  return change(call, 'resume', resumeConnection, {
    changed: 'is read again, from where it was. Nothing was missed.',
    already: 'is not paused, so there is nothing to resume.',
    after: ['How it goes: ', 'status'],
  });
}

async function change(
  call: Call,
  word: 'pause' | 'resume',
  run: typeof pauseConnection,
  said: { changed: string; already: string; after: [string, string] },
): Promise<Line[]> {
  const { deps, installationId, person, command, argument } = call;
  const connections = await connectionNames(deps.db, installationId);
  const connection = connections.find(({ name }) => name.toLowerCase() === argument.toLowerCase());
  const unknown = () =>
    noSuchConnection(
      call,
      word,
      connections.map(({ name }) => name),
    );
  if (!connection) return unknown();
  const outcome = await run(deps.db, { installationId, connectionId: connection.id, actor: person });
  if (outcome === 'unknown') return unknown();
  const [lead, next] = said.after;
  return [
    [{ bold: connection.name }, ` ${outcome === 'changed' ? said.changed : said.already}`],
    [lead, { code: `${command} ${next} ${connection.name}` }],
  ];
}
