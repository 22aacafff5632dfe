import type { Context } from '@slack/bolt';
import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { TypedLogins } from '../app/accounts/typed.ts';
import type { Directory } from '../app/people/directory.ts';
import type { ReaderLocales, WorkspaceRoles } from '../app/people/slack-roles.ts';
import type { ConnectionSetup } from '../app/setup/connection-setup.ts';
import type { Installations } from '../app/slack/installations.ts';
import type { Keyring } from '../app/storage/keyring.ts';
import type { Connector } from '../connectors/connector.ts';

export interface ListenerDeps {
  db: Knex;
  installations: Installations;
  log: Logger;
  roles: WorkspaceRoles;
  locales: ReaderLocales;
  keyring: Keyring;
  /** Where the app is reached; undefined in Socket Mode without an address. */
  publicUrl: string | undefined;
  directory: Directory;
  /** Linking accounts by what people sign in with. */
  typedLogins: TypedLogins;
  setup: ConnectionSetup;
  /** The name of the slash command, with its slash. */
  slashCommand: string;
  connectorById: (id: string) => Connector | undefined;
  /** Lets work go on after the ack; a stop waits for it. */
  later: (work: Promise<unknown>) => void;
}

/** The installation's own key: the enterprise where the app is installed org-wide, else the team. */
export function workspaceOf(context: Context): string {
  return (context.isEnterpriseInstall ? context.enterpriseId : context.teamId) ?? '';
}

/** Where the app is installed again; undefined where it has no public address. */
export function installUrlOf(publicUrl: string | undefined): string | undefined {
  return publicUrl && `${publicUrl}/slack/install`;
}
