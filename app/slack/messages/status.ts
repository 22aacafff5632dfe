import { controlWords } from '../../control/words.ts';
import { documentsTitle, isMadeHere } from '../../domain/kinds.ts';
import { type CallsUsed, callsWords } from '../../metering/used.ts';
import { paceWords } from '../../status/pace.ts';
import type { InstallationStatus } from '../../status/report.ts';
import type { Line } from './answer.ts';
import { distance } from './distance.ts';

export interface StatusReader {
  command: string;
  erpTitle: (connector: string) => string;
  /** Administrators see causes and channels; others that something is wrong and that it is not theirs to mend. */
  isAdmin: boolean;
  /** How this person writes numbers. */
  locale: string;
  now: Date;
}

type Connection = InstallationStatus['connections'][number];

const connectionsShown = 15;
const deadShown = 5;

/** How all is doing, the verdict first. */
export function statusLines(report: InstallationStatus, reader: StatusReader): Line[] {
  const troubles = countTroubles(report);
  const verdict =
    troubles === 0 ? 'All is well.' : troubles === 1 ? '1 thing needs a look.' : `${troubles} things need a look.`;
  const { connections } = report;
  const broken = [...connections].sort((a, b) => Number(b.status === 'broken') - Number(a.status === 'broken'));
  const more = connections.length - connectionsShown;
  return [
    [{ bold: verdict }],
    ...(connections.length === 0 ? [['No connection is set up yet.']] : []),
    ...broken.slice(0, connectionsShown).map((connection) => connectionLine(connection, reader)),
    ...(more > 0 ? [[`and ${more} more connections`]] : []),
    ...deliveryLines(report, reader),
  ];
}

/** One connection with each of its feeds. */
export function connectionLines(connection: Connection, reader: StatusReader): Line[] {
  const feeds = connection.feeds.map((feed): Line => {
    const next = feed.nextReadAt
      ? `next ${distance(feed.nextReadAt, reader.now)}`
      : isMadeHere(feed.kind)
        ? 'none planned'
        : 'not read';
    const error = feed.lastError && reader.isAdmin ? ` · last error: ${feed.lastError}` : '';
    const notice = feed.notice && reader.isAdmin ? ` · ⚠️ ${feed.notice}` : '';
    return [
      `${documentsTitle(feed.kind)}: ${readWhen(feed.lastReadAt, reader, isMadeHere(feed.kind) ? 'made' : 'read')}, ${next} (cadence `,
      { code: feed.cadence },
      `)${error}${notice}`,
    ];
  });
  const how: Line =
    connection.status === 'paused' && reader.isAdmin
      ? ['To go on: ', { code: `${reader.command} resume ${connection.name}` }]
      : [];
  const pace: Line[] = connection.pace && reader.isAdmin ? [[paceWords(connection.pace)]] : [];
  const calls: Line[] = connection.calls && reader.isAdmin ? callsLines(connection.calls) : [];
  return [
    connectionLine(connection, reader),
    ...feeds,
    ...comparedLines(connection, reader),
    ...calls,
    ...pace,
    ...(how.length > 0 ? [how] : []),
  ];
}

function comparedLines({ compared, connector }: Connection, { erpTitle, isAdmin, now, locale }: StatusReader): Line[] {
  if (!compared || !isAdmin) return [];
  const mark = compared.problem !== null || compared.still > 0 ? '⚠️ ' : '';
  const when = distance(compared.finishedAt, now);
  return [[`${mark}Compared with ${erpTitle(connector)} ${when}: ${controlWords(compared, locale)}`]];
}

const callsLines = (used: CallsUsed): Line[] => [...(used.problem ? [[`⚠️ ${used.problem}`]] : []), [callsWords(used)]];

function connectionLine(connection: Connection, reader: StatusReader): Line {
  const name: Line = [{ bold: connection.name }, ` (${reader.erpTitle(connection.connector)}): `];
  if (connection.status === 'paused') return ['⏸️ ', ...name, 'paused; nothing is read or decided there.'];
  if (connection.status === 'broken') {
    const since = connection.problemSince ? ` ${distance(connection.problemSince, reader.now)}` : '';
    const problem = reader.isAdmin ? connection.problem : 'whoever installed the app has been told.';
    return ['⛔ ', ...name, `stopped${since}: ${problem ?? ''} It is tried again by itself.`];
  }
  const failing = connection.feeds.filter((feed) => feed.lastError);
  const last = latest(connection.feeds.map((feed) => feed.lastReadAt));
  const next = earliest(connection.feeds.map((feed) => feed.nextReadAt));
  const when = `${readWhen(last, reader)}${next ? `, next ${distance(next, reader.now)}` : ''}`;
  if (failing.length === 0) return ['✅ ', ...name, when];
  const kinds = failing.map(({ kind }) => documentsTitle(kind)).join(', ');
  const what = failing.length === connection.feeds.length ? 'the last read failed' : `not read: ${kinds}`;
  return ['⚠️ ', ...name, `${what}; ${when}`];
}

function readWhen(at: Date | null, { now }: StatusReader, done = 'read'): string {
  return at ? `${done} ${distance(at, now)}` : `not ${done} yet`;
}

function deliveryLines(report: InstallationStatus, reader: StatusReader): Line[] {
  const { command, isAdmin } = reader;
  const lines: Line[] = [];
  if (!report.processes.some(({ alive }) => alive))
    lines.push(['⛔ Nothing reads or posts: the app’s jobs do not run.']);
  const waiting = report.lanes.reduce((sum, lane) => sum + lane.cards + lane.threadLines, 0);
  if (waiting > 0)
    lines.push([
      `${waiting === 1 ? '1 message is' : `${waiting} messages are`} on the way to ${plural(report.lanes.length, 'channel')}.`,
    ]);
  const gathered = report.digests.reduce((sum, { waiting: documents }) => sum + documents, 0);
  const nextDigest = earliest(report.digests.map(({ nextAt, waiting: documents }) => (documents > 0 ? nextAt : null)));
  if (gathered > 0) {
    const next = nextDigest && nextDigest > reader.now ? `; the next comes ${distance(nextDigest, reader.now)}` : '';
    lines.push([`${plural(gathered, 'document')} ${gathered === 1 ? 'waits' : 'wait'} for a digest${next}.`]);
  }
  const acting = (report.decisions.stored ?? 0) + (report.decisions.acting ?? 0);
  if (acting > 0) lines.push([`${plural(acting, 'decision')} on the way to the ERP.`]);
  if (report.unclearPosts.open > 0)
    lines.push([`${plural(report.unclearPosts.open, 'post')} got no answer; being looked for.`]);
  const cards = report.cards.dead ?? 0;
  const decisions = report.decisions.dead ?? 0;
  if (cards > 0) lines.push([`☠️ ${plural(cards, 'card')} could not be posted or redrawn${isAdmin ? ':' : '.'}`]);
  if (isAdmin) {
    for (const dead of report.deadCards.slice(0, deadShown)) {
      lines.push([`     ${dead.count} in `, { channel: dead.channel }, `: ${dead.error ?? dead.reason}`]);
    }
  }
  if (decisions > 0) lines.push([`☠️ ${plural(decisions, 'decision')} could not be carried out${isAdmin ? ':' : '.'}`]);
  if (isAdmin) {
    for (const dead of report.deadDecisions.slice(0, deadShown)) {
      lines.push([
        `     ${dead.action} ${dead.reference} by `,
        { person: dead.person },
        `: ${dead.message ?? 'no reason known'}`,
      ]);
    }
  }
  const notes = report.notes.dead ?? 0;
  if (notes > 0) lines.push([`☠️ ${plural(notes, 'note')} could not be recorded in the ERP.`]);
  if (cards + decisions + notes > 0 && isAdmin) lines.push(['To try them again: ', { code: `${command} replay dead` }]);
  return lines;
}

function countTroubles(report: InstallationStatus): number {
  const connections = report.connections.filter(
    ({ status, feeds }) => status === 'broken' || (status === 'active' && feeds.some((feed) => feed.lastError)),
  );
  const others = [
    !report.processes.some(({ alive }) => alive),
    (report.cards.dead ?? 0) > 0,
    (report.decisions.dead ?? 0) > 0,
    (report.notes.dead ?? 0) > 0,
    report.unclearPosts.open > 0,
  ];
  return connections.length + others.filter(Boolean).length;
}

export const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

function latest(dates: Array<Date | null>): Date | null {
  return dates.reduce((best, date) => (date && (!best || date > best) ? date : best), null);
}

function earliest(dates: Array<Date | null>): Date | null {
  return dates.reduce((best, date) => (date && (!best || date < best) ? date : best), null);
}
