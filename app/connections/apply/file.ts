import { parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import type { Connector } from '../../../connectors/connector.ts';
import { linksAccounts } from '../../accounts/links.ts';
import type { DocumentKind } from '../../domain/document.ts';
import { documentWords } from '../../domain/kinds.ts';
import type { ActAs } from '../../domain/routing.ts';
import { type FileConnection, type FileRoute, fileSchema } from './file-schema.ts';
import { fillIn } from './variables.ts';

export type DesiredRoute = FileRoute & { act_as: ActAs };

/** A connection as the file wants it, its credentials checked by its connector. */
export interface DesiredConnection {
  name: string;
  /** Team or enterprise id; null: the only workspace there is. */
  workspace: string | null;
  connector: string;
  timeZone: string;
  settings: Record<string, unknown>;
  secrets: Record<string, unknown>;
  /** Cadence of each kind of document that is read. */
  feeds: Record<string, string>;
  routes: DesiredRoute[];
}

export interface ApplyFile {
  connections: DesiredConnection[];
}

/** What is wrong with the file: one plain line each, with where; never a credential. */
export class ApplyFileError extends Error {
  override readonly name = 'ApplyFileError';
  readonly lines: string[];
  constructor(lines: string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/** The names of the credential fields that are kept encrypted. */
export function secretFields(connector: Connector): Set<string> {
  const fields = Object.entries(connector.credentials.shape as Record<string, z.ZodType>);
  return new Set(fields.filter(([, field]) => field.meta()?.secret === true).map(([name]) => name));
}

/** Checked credentials as they are stored: what is kept encrypted apart from the rest. */
export function splitCredentials(
  connector: Connector,
  checked: object,
): Pick<DesiredConnection, 'settings' | 'secrets'> {
  const secret = secretFields(connector);
  const fields = Object.entries(checked).filter(([, value]) => value !== undefined);
  return {
    settings: Object.fromEntries(fields.filter(([name]) => !secret.has(name))),
    secrets: Object.fromEntries(fields.filter(([name]) => secret.has(name))),
  };
}

/** Reads the YAML with `${NAME}` filled in from `env`; throws ApplyFileError. */
export function readApplyFile(text: string, env: NodeJS.ProcessEnv, connectors: readonly Connector[]): ApplyFile {
  const parsed = fileSchema.safeParse(readYaml(text, env));
  if (!parsed.success) throw new ApplyFileError(parsed.error.issues.map((issue) => lineOf(issue)));
  const problems: string[] = [];
  const connections = parsed.data.connections.flatMap((connection, index) => {
    const checked = check(connection, `connections[${index}]`, connectors);
    if (checked.problems) problems.push(...checked.problems);
    return checked.desired ?? [];
  });
  if (problems.length > 0) throw new ApplyFileError(problems);
  return { connections };
}

function readYaml(text: string, env: NodeJS.ProcessEnv): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    const hint = /[{,][^\n"']*:\s*\$\{/.test(text) ? [`Inside { } a \${NAME} needs quotes: "\${NAME}".`] : [];
    throw new ApplyFileError([...document.errors.map((error) => error.message.split('\n')[0] ?? ''), ...hint]);
  }
  const missing = new Set<string>();
  visit(document, {
    Scalar(key, node) {
      if (key !== 'key' && typeof node.value === 'string') node.value = fillIn(node.value, env, missing);
    },
  });
  if (missing.size > 0) {
    throw new ApplyFileError(
      [...missing].map((name) => `${name} is not set in the environment, but the file names it.`),
    );
  }
  return document.toJS();
}

interface Checked {
  desired?: DesiredConnection;
  problems?: string[];
}

function check(given: FileConnection, at: string, connectors: readonly Connector[]): Checked {
  const connector = connectors.find(({ id }) => id === given.connector);
  if (!connector) {
    const known = connectors.map(({ id }) => id).join(', ');
    return { problems: [`${at}.connector: there is no "${given.connector}"; there is ${known}`] };
  }
  const kinds = new Set([...Object.keys(given.feeds), ...given.routes.map(({ kind }) => kind)]);
  const unread = [...kinds].filter((kind) => !Object.hasOwn(connector.feeds, kind));
  const unknown = Object.keys(given.credentials).filter((field) => !Object.hasOwn(connector.credentials.shape, field));
  const credentials = connector.credentials.safeParse(given.credentials);
  const ownAccounts = credentials.data && linksAccounts(connector, credentials.data);
  const unlinkable = given.routes.flatMap(({ act_as = 'service' }, index) =>
    act_as === 'service' || !credentials.success || ownAccounts ? [] : index,
  );
  const onlyThemselves = given.routes.flatMap(({ kind, act_as }, index) =>
    connector.feeds[kind]?.actsOnlyAsPerson && act_as !== undefined && act_as !== 'person'
      ? { index, kind, act_as }
      : [],
  );
  const noSeverity = given.routes.flatMap(({ kind, severity, when }, index) =>
    kind !== 'exception' && (severity !== 'as_found' || when.severities) ? [index] : [],
  );
  const unshowable = given.routes.flatMap(({ custom_fields }, index) =>
    custom_fields.length > 0 && !connector.hasCustomFields ? index : [],
  );
  const feeds = Object.entries(connector.feeds).flatMap(([kind, { cadence }]): [string, string][] => {
    const wanted = given.feeds[kind as DocumentKind];
    return wanted === 'off' ? [] : [[kind, wanted?.cadence ?? cadence]];
  });
  const isRead = new Set(feeds.map(([kind]) => kind));
  const problems = [
    ...noSeverity.map((index) => `${at}.routes[${index}]: only exceptions have a severity`),
    ...unshowable.map((index) => `${at}.routes[${index}].custom_fields: ${connector.title} offers no custom fields`),
    ...(feeds.length > 0 ? [] : [`${at}.feeds: every kind is off; leave one that is read`]),
    ...given.routes.flatMap(({ kind }, index) =>
      isRead.has(kind) || !Object.hasOwn(connector.feeds, kind)
        ? []
        : `${at}.routes[${index}].kind: "${kind}" is off under feeds, so nothing would come by this route`,
    ),
    ...unlinkable.map((index) => `${at}.routes[${index}].act_as: ${noOwnAccounts(connector)}`),
    ...onlyThemselves.map(
      ({ index, kind, act_as }) =>
        `${at}.routes[${index}].act_as: in ${connector.title} ${documentWords(kind).many} are decided by people themselves only, so it cannot be "${act_as}"; leave it out or write "person"`,
    ),
    ...unread.map((kind) => `${at}: ${connector.title} has no documents of the kind "${kind}"`),
    ...unknown.map((field) => `${at}.credentials.${field}: ${connector.title} knows no such field`),
    ...(credentials.error?.issues ?? []).map((issue) => lineOf(issue, `${at}.credentials`)),
  ];
  if (problems.length > 0 || !credentials.success) return { problems };
  return {
    desired: {
      name: given.name,
      workspace: given.workspace ?? null,
      connector: connector.id,
      timeZone: given.time_zone,
      ...splitCredentials(connector, credentials.data),
      feeds: Object.fromEntries(feeds),
      routes: given.routes.map((route) => ({ ...route, act_as: actAsFor(connector, route) })),
    },
  };
}

/** What a route means that does not say it: where only the person themselves can act, just that. */
const actAsFor = ({ feeds }: Connector, { kind, act_as }: FileRoute): ActAs =>
  act_as ?? (feeds[kind]?.actsOnlyAsPerson ? 'person' : 'service');

const noOwnAccounts = ({ title }: Connector) =>
  `people cannot link accounts of their own to this connection; it needs an application in ${title} that asks for their consent`;

function lineOf(issue: z.core.$ZodIssue, prefix = ''): string {
  const steps = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`));
  const path = `${prefix}${steps.join('')}`.replace(/^\./, '');
  return path ? `${path}: ${issue.message}` : issue.message;
}
