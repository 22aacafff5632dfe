import { budgetsOf } from '../../app/metering/used.ts';
import { connectionLines, statusLines } from '../../app/slack/messages/status.ts';
import { readInstallationStatus } from '../../app/status/report.ts';
import { askedByAdmin, type Call, erpTitle, localeOf } from './call.ts';
import { noSuchConnection } from './connection.ts';

/** `status [CONNECTION]`: for everyone; causes and channels for administrators. */
export async function status(call: Call) {
  const { deps, installationId, command, argument } = call;
  const [report, isAdmin, locale] = await Promise.all([
    readInstallationStatus(deps.db, installationId, budgetsOf(deps.connectorById)),
    askedByAdmin(call),
    localeOf(call),
  ]);
  const reader = { command, erpTitle, isAdmin, locale, now: new Date() };
  if (argument === '') return statusLines(report, reader);
  const connection = report.connections.find(({ name }) => name.toLowerCase() === argument.toLowerCase());
  if (connection) return connectionLines(connection, reader);
  return noSuchConnection(
    call,
    'status',
    report.connections.map(({ name }) => name),
  );
}
