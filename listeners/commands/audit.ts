import { documentHistory } from '../../app/audit/history.ts';
import { documentsNamed } from '../../app/documents/find.ts';
import type { Line } from '../../app/slack/messages/answer.ts';
import { auditLines } from '../../app/slack/messages/audit.ts';
import { askedByAdmin, type Call, localeOf } from './call.ts';

const eventsShown = 20;

/** `audit REFERENCE [CONNECTION]`: a document's events, for administrators and whoever may decide it. */
export async function audit(call: Call): Promise<Line[]> {
  const { deps, installationId, person, channel, command, argument } = call;
  if (argument === '') return [['Say which document, like ', { code: `${command} audit 004217` }, '.']];
  const viewer = { installationId, person, channel, isAdmin: await askedByAdmin(call) };
  const named = (reference: string) => documentsNamed(deps.db, viewer, reference, 'decided by them');
  let documents = await named(argument);
  const [, reference, connection] = /^(.*\S)\s+(\S+)$/.exec(argument) ?? [];
  if (documents.length === 0 && reference && connection) {
    documents = (await named(reference)).filter((found) => found.connection.toLowerCase() === connection.toLowerCase());
  }
  const [document] = documents;
  // The same answer for what is not there and for what is not theirs to see.
  if (!document) {
    const sought = argument.slice(0, 80);
    return [
      [
        `No document that you may decide has the reference “${sought}”. To look for it: `,
        { code: `${command} find TEXT` },
      ],
    ];
  }
  const history = await documentHistory(deps.db, document.documentId, eventsShown);
  return auditLines(document, history, documents.length - 1, await localeOf(call));
}
