import { connectionNames } from '../../app/connections/named.ts';
import type { Line } from '../../app/slack/messages/answer.ts';
import { askedWords, askForSummary } from '../../app/summaries/ask.ts';
import type { Call } from './call.ts';
import { noSuchConnection } from './connection.ts';

/** `run CONNECTION summary`: a summary of what is posted is made now; the person is told where it stands. */
export async function run(call: Call): Promise<Line[]> {
  const { deps, installationId, person, channel, command, argument } = call;
  const connections = await connectionNames(deps.db, installationId);
  const names = connections.map(({ name }) => name);
  const typed = /^(.*\S)\s+summary$/is.exec(argument)?.[1] ?? '';
  const connection = connections.find(({ name }) => name.toLowerCase() === typed.toLowerCase());
  if (connection) {
    const asked = await askForSummary(deps.db, { installationId, connectionId: connection.id, person, channel });
    return [[askedWords(asked, connection.name, 'here')]];
  }
  // The name alone, or with another word after it: what can be run has to be said.
  const known = connections.find(({ name }) => argument.toLowerCase().startsWith(name.toLowerCase()));
  if (known) return [['What can be run is the summary. Type ', { code: `${command} run ${known.name} summary` }, '.']];
  return noSuchConnection({ ...call, argument: typed || argument }, 'run', names, ' summary');
}
