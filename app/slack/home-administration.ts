import type { Button, KnownBlock } from '@slack/types';
import { documentsTitle, isMadeHere } from '../domain/kinds.ts';
import type { Administration } from '../home/administration.ts';
import type { ConnectionHealth } from '../home/connections.ts';
import type { DeadItem } from '../home/dead.ts';
import type { RouteInWords } from '../home/routes.ts';
import { actions, askingButton, bullets, context, type Line, lines, pager, plainButton, title } from './home-parts.ts';
import { accountIds, administratorsIds, homeIds, peopleIds } from './ids.ts';
import { scopes } from './scopes.ts';

/** The part for those who look after the app: what is stuck first, then how reading does, what goes where, what happened. */
export function toAdministration(all: Administration): KnownBlock[] {
  const { missingScopes, connections, dead, routes, administrators, audit } = all;
  return [
    ...toMissingScopes(missingScopes),
    ...toDead(dead),
    title(connections.total === 0 ? 'Connections' : `Connections: ${connections.total}`),
    ...(connections.total === 0 ? [lines(noConnection)] : connections.items.flatMap(toConnection)),
    ...pager('connections', connections),
    actions('add_connection', [connections.total === 0 ? { ...addButton, style: 'primary' } : addButton]),
    { type: 'divider' },
    title(routes.total === 0 ? 'Routes' : `Routes: ${routes.total}`),
    routes.total === 0
      ? lines([['No route yet: nothing is posted until one says what goes to which channel.']])
      : context('In the order in which they are asked: in each channel the first that matches counts.'),
    ...routes.items.flatMap(toRoute),
    ...pager('routes', routes),
    actions('add_route', [{ ...plainButton(homeIds.addRoute, 'Add a route', 'new'), style: 'primary' }]),
    { type: 'divider' },
    title('Administrators'),
    lines([toAdministrators(administrators)]),
    actions('administrators', [plainButton(administratorsIds.open, 'Administrators …', 'open')]),
    { type: 'divider' },
    title('Recent audit'),
    context('What people did and what went wrong, newest first. Every read and post is in the audit record, too.'),
    audit.length === 0 ? lines([['Nothing yet.']]) : bullets(audit.map(({ words }) => words)),
  ];
}

const noConnection: Line[] = [
  [{ bold: 'The next step: connect your ERP.' }],
  [
    'A connection reads one company of it. You need its address and an ERP user for the app; it is tested before it is saved.',
  ],
];
const addButton = plainButton(homeIds.addConnection, 'Add a connection', 'add');
function toMissingScopes(missing: string[]): KnownBlock[] {
  if (missing.length === 0) return [];
  const why = missing.map((scope): Line => [{ bold: scope }, `: ${scopes[scope] ?? ''}`]);
  const what = 'This workspace installed an older version, and has not granted what this one asks for besides.';
  const then =
    'Install the app again from its install page (/slack/install); all that is set up stays. Until then it does without:';
  return [lines([[{ bold: `⚠️ ${what}` }], [then]]), bullets(why), { type: 'divider' }];
}

function toDead(dead: Administration['dead']): KnownBlock[] {
  if (dead.total === 0) return [];
  const parts = [
    dead.cards > 0 ? `${dead.cards} ${dead.cards === 1 ? 'card' : 'cards'}` : '',
    dead.decisions > 0 ? `${dead.decisions} ${dead.decisions === 1 ? 'decision' : 'decisions'}` : '',
  ].filter(Boolean);
  const all = askingButton(plainButton(homeIds.replayAll, 'Replay all', 'all'), {
    title: 'Replay all that is stuck?',
    text: `${parts.join(' and ')} will be tried again. Do this once the causes below are mended.`,
    yes: 'Replay all',
  });
  return [
    title(`Stuck: ${parts.join(' and ')}`),
    ...dead.items.flatMap((item, index) => toDeadItem(item, index)),
    ...(dead.total > 1 ? [actions('replay_all', [{ ...all, style: 'primary' }])] : []),
    ...pager('dead', dead),
    { type: 'divider' },
  ];
}

function toDeadItem({ ticket, channel, words, why }: DeadItem, index: number): KnownBlock[] {
  const where: Line = channel ? [{ channel }] : [];
  const said = words.filter((word) => typeof word === 'string').join('');
  const about = `number ${index + 1}, ${said}`;
  return [
    lines([['⛔ ', ...words, ...where], [why]]),
    actions(`dead_${index}`, [plainButton(homeIds.replay, 'Replay', ticket, about)]),
  ];
}

const states = { active: '✅', paused: '⏸️', broken: '⛔' };

function toConnection(connection: ConnectionHealth, index: number): KnownBlock[] {
  const { id, name, erp, status, problem, advice, problemSince, toConnect, feeds, people } = connection;
  const failing = status === 'active' && feeds.some((feed) => feed.isBehind);
  const text: Line[] = [
    [`${failing ? '⚠️' : states[status]} `, { bold: name }, ` · ${erp}${status === 'paused' ? ' · paused' : ''}`],
  ];
  if (problem) {
    text.push([{ bold: problem }, ...(problemSince ? [' Since ', { instant: problemSince }, '.'] : [])]);
    text.push([advice ?? '']);
  }
  text.push(...feeds.map(toFeed));
  if (people) text.push(toPeople(people));
  if (connection.calls?.problem) text.push([{ bold: `⚠️ ${connection.calls.problem}` }]);
  if (connection.calls) text.push([connection.calls.words]);
  if (connection.pace) text.push([connection.pace]);
  if (connection.push) text.push(toPush(connection.push));
  if (connection.compared) text.push(toCompared(connection.compared, erp));
  const connect: Button = { ...plainButton(accountIds.connect, 'Connect', id, name), style: 'primary' };
  const pausing = status === 'paused' ? plainButton(homeIds.resume, 'Resume', id, name) : pauseButton(id, name);
  const buttons = toConnect ? [connect, pausing] : [pausing];
  if (status !== 'paused' && feeds.some(({ kind }) => isMadeHere(kind)))
    buttons.push(plainButton(homeIds.runSummary, 'Run the summary now', id, name));
  buttons.push(plainButton(homeIds.editConnection, 'Edit …', id, name));
  if (people) buttons.push(plainButton(peopleIds.open, 'People …', id, name));
  if (connection.takesPushes) buttons.push(plainButton(homeIds.push, 'Push …', id, name));
  if (status !== 'paused') buttons.push(removeButton(id, name));
  return [lines(text), actions(`connection_${index}`, buttons)];
}

function removeButton(id: string, name: string): Button {
  return askingButton(plainButton(homeIds.removeConnection, 'Remove', id, name), {
    title: `Remove “${name}”?`,
    text: 'It is not read any more and signs out of the ERP. Its cards and its audit record stay, and Resume takes it up again.',
    yes: 'Remove',
  });
}

function pauseButton(id: string, name: string): Button {
  return askingButton(plainButton(homeIds.pause, 'Pause', id, name), {
    title: `Pause “${name}”?`,
    text: 'It is not read and no decision on it is carried out until someone resumes it. Its cards stay.',
    yes: 'Pause',
  });
}

function toPush({ lastPushAt, problem }: NonNullable<ConnectionHealth['push']>): Line {
  if (problem) return ['⚠️ ', problem];
  return lastPushAt ? ['Last push ', { ago: lastPushAt }] : ['Pushes are expected; none has come yet'];
}

function toCompared({ at, words, isTrouble }: NonNullable<ConnectionHealth['compared']>, erp: string): Line {
  return [`${isTrouble ? '⚠️ ' : ''}Compared with ${erp} `, { ago: at }, `: ${words}`];
}

function toFeed({ kind, lastReadAt, nextReadAt, isBehind, error, notice }: ConnectionHealth['feeds'][number]): Line {
  const line: Line = [documentsTitle(kind)];
  const done = isMadeHere(kind) ? 'made' : 'read';
  line.push(...(lastReadAt ? [` ${done} `, { ago: lastReadAt }] : [` not ${done} yet`]));
  if (isBehind && lastReadAt) line.push(', behind since then');
  if (nextReadAt) line.push(' · next ', { instant: nextReadAt });
  if (error) line.push(` · ${error}`);
  if (notice) line.push(` · ⚠️ ${notice}`);
  return line;
}

function toPeople({ matched, unmatched, problem }: NonNullable<ConnectionHealth['people']>): Line {
  return [`People: ${matched} matched, ${unmatched} not`, ...(problem ? [` · ${problem}`] : [])];
}

const shownAdministrators = 10;

function toAdministrators({ installer, named }: Administration['administrators']): Line {
  const shown = named.slice(0, shownAdministrators);
  const people = shown.flatMap<Line[number]>((person) => [', ', { person }]);
  const more = named.length - shown.length;
  return [
    'The workspace’s admins and owners',
    ...(installer ? [', ', { person: installer }, ' (installed the app)'] : []),
    ...people,
    ...(more > 0 ? [` and ${more} more`] : []),
  ];
}

function toRoute({ id, name, connection, channel, what, deciders }: RouteInWords, index: number): KnownBlock[] {
  const retire = askingButton(plainButton(homeIds.retireRoute, 'Retire', id, name), {
    title: `Retire “${name}”?`,
    text: 'Nothing new comes by it, and nobody can decide on its cards any more. Its cards stay where they are.',
    yes: 'Retire',
  });
  return [
    lines([[{ bold: name }, ` (${connection}): ${what} → `, { channel }, ', ', ...deciders]]),
    actions(`route_${index}`, [plainButton(homeIds.editRoute, 'Edit …', id, name), retire]),
  ];
}
