import { Document } from 'yaml';
import type { Connector } from '../../../connectors/connector.ts';
import type { Database } from '../../storage/database.ts';
import type { Keyring } from '../../storage/keyring.ts';
import { type CurrentConnection, type CurrentRoute, loadCurrent } from './current.ts';
import { secretFields } from './file.ts';
import { escapeVariables } from './variables.ts';

/**
 * The connections as an `apply` file. A secret is `${NAME}`, named after its connection and field, never its value.
 * Paused connections are left out, as applying the file would resume them.
 */
export async function exportFile(db: Database, keyring: Keyring, connectors: readonly Connector[]): Promise<string> {
  const current = await loadCurrent(db);
  const paused = current.filter(({ status }) => status === 'paused');
  const nameOf = variableNames();
  const connections = current
    .filter(({ status }) => status !== 'paused')
    .map((connection) => written(connection, keyring, connectors, nameOf));
  const document = new Document({ connections });
  if (paused.length > 0) document.commentBefore = ` Paused and left out: ${paused.map(({ name }) => name).join(', ')}`;
  return document.toString({ lineWidth: 0 });
}

function written(
  connection: CurrentConnection,
  keyring: Keyring,
  connectors: readonly Connector[],
  nameOf: (connection: string, field: string) => string,
): object {
  const connector = connectors.find(({ id }) => id === connection.connector);
  const sealed = keyring.decrypt(connection.secret, `connections:${connection.id}:secret`);
  const given = new Set([...Object.keys(connection.settings), ...Object.keys(JSON.parse(sealed))]);
  const fields = connector ? Object.keys(connector.credentials.shape) : [...given];
  const secret = connector ? secretFields(connector) : new Set(Object.keys(JSON.parse(sealed)));
  const credentials = fields
    .filter((field) => given.has(field))
    .map((field) => [
      field,
      secret.has(field) ? `\${${nameOf(connection.name, field)}}` : escaped(connection.settings[field]),
    ]);
  const ownCadence = connection.feeds
    .filter(({ kind, cadence }) => cadence !== connector?.feeds[kind as keyof typeof connector.feeds]?.cadence)
    .map(({ kind, cadence }): [string, object | string] => [kind, { cadence }]);
  const unread = Object.keys(connector?.feeds ?? {})
    .filter((kind) => !connection.feeds.some((feed) => feed.kind === kind))
    .map((kind): [string, object | string] => [kind, 'off']);
  const feeds = [...ownCadence, ...unread];
  const routes = connection.routes.filter(({ retired_at }) => retired_at === null);
  return {
    name: escapeVariables(connection.name),
    workspace: connection.workspace,
    connector: connection.connector,
    time_zone: connection.time_zone,
    credentials: Object.fromEntries(credentials),
    ...(feeds.length > 0 ? { feeds: Object.fromEntries(feeds) } : {}),
    routes: routes.map(writtenRoute),
  };
}

function writtenRoute(route: CurrentRoute): object {
  const { name, kind, conditions, channel, deciders, actions, mentions, burst, note_decisions, act_as } = route;
  const { custom_fields, severity } = route;
  const digest = route.digest_cadence;
  const { amountAtLeast, amountBelow, ...rest } = conditions;
  const when = {
    ...(amountAtLeast === undefined ? {} : { amount_at_least: amountAtLeast }),
    ...(amountBelow === undefined ? {} : { amount_below: amountBelow }),
    ...rest,
  };
  return {
    name: escapeVariables(name),
    kind,
    ...(Object.keys(when).length > 0 ? { when: escaped(when) } : {}),
    channel,
    deciders: deciders.map(({ user, upTo }) =>
      upTo ? { user, up_to: upTo.value, currency: upTo.currency } : { user },
    ),
    actions,
    mentions,
    burst,
    ...(digest === null ? {} : { digest }),
    ...(note_decisions ? { note_decisions } : {}),
    ...(act_as === 'service' ? {} : { act_as }),
    ...(severity === 'as_found' ? {} : { severity }),
    ...(custom_fields.length > 0 ? { custom_fields } : {}),
  };
}

function escaped(value: unknown): unknown {
  if (typeof value === 'string') return escapeVariables(value);
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, escaped(entry)]));
}

/** The same names every time: oldest connection first, a number where two would be called alike. */
function variableNames(): (connection: string, field: string) => string {
  const taken = new Set<string>();
  return (connection, field) => {
    const plain = `${connection}_${field}`
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '_')
      .replace(/^(?=\d)|^_+/, 'C_');
    let name = plain;
    for (let number = 2; taken.has(name); number += 1) name = `${plain}_${number}`;
    taken.add(name);
    return name;
  };
}
