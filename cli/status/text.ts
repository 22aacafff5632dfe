import { controlWords } from '../../app/control/words.ts';
import { defaultLocale } from '../../app/domain/locale.ts';
import { callsWords } from '../../app/metering/used.ts';
import { paceWords } from '../../app/status/pace.ts';
import type { StatusReport } from '../../app/status/report.ts';

/** The report for a terminal. */
export function statusText(report: StatusReport, now = Date.now()): string {
  const ago = (date: Date | null) => (date ? distance(now - date.getTime()) : 'never');
  const sections: [string, string[][]][] = [
    [
      'Processes',
      report.processes.map(({ host, pid, startedAt, alive }) => [
        `${host} (${pid})`,
        alive ? 'alive' : 'gone',
        `started ${ago(startedAt)}`,
      ]),
    ],
    [
      'Workspaces',
      report.installations.map(({ name, workspace, state, reason }) => [name, workspace, state, reason ?? '']),
    ],
    [
      'Connections',
      report.connections.flatMap(
        ({ name, connector, workspace, status, problem, problemSince, feeds, calls, pace, compared }) => [
          [name, `${connector}, ${workspace}`, status, problem ? `since ${ago(problemSince)}: ${problem}` : ''],
          ...feeds.map(({ kind, cadence, lastReadAt, nextReadAt, lastError, notice }) => [
            `  ${kind}`,
            cadence,
            `read ${ago(lastReadAt)}`,
            [nextReadAt ? `next ${ago(nextReadAt)}` : 'not read', lastError, notice].filter(Boolean).join('; '),
          ]),
          ...(calls ? [['  calls', '', '', callsWords(calls)]] : []),
          ...(pace ? [['  requests', '', '', paceWords(pace)]] : []),
          ...(compared ? [['  compared', '', ago(compared.finishedAt), controlWords(compared, defaultLocale)]] : []),
        ],
      ),
    ],
    [
      'Waiting to be shown',
      report.lanes.map(({ channel, workspace, cards, threadLines, nextAttemptAt, lastError }) => [
        channel,
        workspace,
        `${cards} cards, ${threadLines} thread lines`,
        [nextAttemptAt ? `tried again ${ago(nextAttemptAt)}` : '', lastError].filter(Boolean).join('; '),
      ]),
    ],
    [
      'Digests',
      report.digests.map(({ connection, route, channel, cadence, waiting, nextAt, lastAt }) => [
        route,
        `${connection}, ${channel}`,
        cadence,
        `${waiting} waiting`,
        [nextAt ? `next ${ago(nextAt)}` : 'none made', `last ${ago(lastAt)}`].join('; '),
      ]),
    ],
    ['Requests to ERPs', report.processes.flatMap(requests)],
    ['Documents', counts(report.documents)],
    ['Cards', counts(report.cards)],
    [
      'Dead cards',
      report.deadCards.map(({ channel, reason, error, count }) => [channel, `${count}`, reason, error ?? '']),
    ],
    ['Decisions', counts(report.decisions)],
    [
      'Dead decisions',
      report.deadDecisions.map(({ id, action, reference, person, message }) => [
        id,
        `${action} ${reference}`,
        person,
        message ?? '',
      ]),
    ],
    ['Notes', counts(report.notes)],
    [
      'Unclear posts',
      [
        ['seen so far', `${report.unclearPosts.everSeen}`],
        ['open', `${report.unclearPosts.open}`],
      ],
    ],
    [
      'Audit record',
      [
        ['events', `${report.audit.events}, of which ${report.audit.unsealed} not sealed yet`],
        ['seals', report.audit.seals],
        ['head', report.audit.head ?? 'none'],
      ],
    ],
  ];
  return sections.map(([title, rows]) => `${title}\n${table(rows)}`).join('\n');
}

const counts = (byState: Record<string, number>) =>
  Object.entries(byState).map(([state, count]) => [state, `${count}`]);

function table(rows: string[][]): string {
  if (rows.length === 0) return '  none\n';
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function distance(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const text =
    seconds < 120
      ? `${seconds} s`
      : seconds < 7200
        ? `${Math.round(seconds / 60)} min`
        : seconds < 172_800
          ? `${Math.round(seconds / 3600)} h`
          : `${Math.round(seconds / 86_400)} days`;
  return ms >= 0 ? `${text} ago` : `in ${text}`;
}

/** How a process's requests ended, since it started. */
function requests({ pid, figures }: StatusReport['processes'][number]): string[][] {
  return (figures.erpRequests ?? []).map(({ host, outcome, requests, seconds }) => [
    host,
    `${outcome}`,
    `${requests} requests`,
    `${Math.round((seconds / requests) * 1_000)} ms on average (process ${pid})`,
  ]);
}
