import type { WebClient } from '@slack/web-api';
import { recordEvents } from '../../app/audit/record.ts';
import { isAdmin } from '../../app/people/admins.ts';
import type { Line } from '../../app/slack/messages/answer.ts';
import type { CommandWord } from '../../app/slack/messages/help.ts';
import { connectorById } from '../../connectors/index.ts';
import type { ListenerDeps } from '../deps.ts';

/** One typed command, from a payload whose signature has been checked. */
export interface Call {
  deps: ListenerDeps;
  installationId: string;
  person: string;
  channel: string;
  /** The command's name as typed, with its slash. */
  command: string;
  /** What follows the command's word, trimmed; may be empty. */
  argument: string;
  client: WebClient;
}

export type Respond = (call: Call) => Promise<Line[]>;

export const erpTitle = (connector: string) => connectorById(connector)?.title ?? connector;

export function askedByAdmin({ deps, installationId, person }: Call): Promise<boolean> {
  return isAdmin(deps, installationId, person);
}

/** Carries a command out for administrators; others are told that it is not for them, which is recorded. */
export function adminsOnly(word: CommandWord, respond: Respond): Respond {
  return async (call) => {
    if (await askedByAdmin(call)) return respond(call);
    const { deps, installationId, person } = call;
    const refused = { kind: 'administration.refused', installationId, actor: person, data: { asked: word } };
    await recordEvents(deps.db, [refused]);
    return [
      ['Only administrators may do this, so nothing was done. Ask whoever installed the app, or a workspace admin.'],
    ];
  };
}

/** How whoever asks writes amounts and dates; never waits longer than a second. */
export function localeOf({ deps, installationId, person }: Call): Promise<string> {
  return deps.locales.localeOf(installationId, person);
}
