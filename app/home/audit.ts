import type { Knex } from 'knex';
import type { Text } from '../cards/card.ts';
import { actionWords, isAction } from '../domain/actions.ts';
import type { DocumentKind } from '../domain/document.ts';
import { figuredSchema, written } from '../domain/figures.ts';
import { documentName } from '../domain/kinds.ts';

const shown = 10;
/** How far back the newest of one installation are looked for among all events. */
const lookBack = 20_000;

export interface AuditLine {
  words: Array<Text[number] | { channel: string }>;
}

interface Row {
  kind: string;
  at: Date;
  actor: string | null;
  data: Record<string, unknown>;
  documentKind: DocumentKind | null;
  type: string | null;
  reference: string | null;
  connection: string | null;
}

/** The newest audit events in words: what people did and what went wrong. Every read and post is left out. */
export async function readRecentAudit(db: Knex, installationId: string, locale: string): Promise<AuditLine[]> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `select e.kind, e.at, e.actor, e.data, d.kind as "documentKind", d.data ->> 'type' as type, d.reference, n.name as connection
     from audit_events e
     left join documents d on d.id = e.document_id
     left join connections n on n.id = coalesce(e.connection_id, d.connection_id)
     where e.id > coalesce((select max(id) from audit_events), 0) - ${lookBack}
       and coalesce(e.installation_id, n.installation_id) = :installationId
       and e.kind not like 'document.%'
       and e.kind not in ('card.posted', 'card.updated', 'digest.made', 'summary.made', 'card.found', 'thread.posted', 'feed.read', 'connection.compared', 'decision.asked', 'decision.stored', 'consent.asked')
     order by e.id desc limit ${shown}`,
    { installationId },
  );
  return rows.map((row) => draw(row, locale));
}

function draw(row: Row, locale: string): AuditLine {
  const who: Text = row.actor ? [' · ', isPerson(row.actor) ? { person: row.actor } : row.actor] : [];
  return { words: [{ instant: row.at.toISOString() }, ' · ', ...withIds(row, auditWords(row, locale)), ...who] };
}

const isPerson = (id: unknown): id is string => typeof id === 'string' && /^[UW][A-Z0-9]+$/.test(id);

/** Changes of set-up name channels and people by id; in what an ERP wrote, an id is nothing of Slack's. */
function withIds({ kind, data }: Row, words: string): AuditLine['words'] {
  if (/^(person|administrator)\./.test(kind)) {
    const person = data.person ?? data.to;
    return isPerson(person) ? [words, { person }] : [words];
  }
  if (!/^(route|connection)\./.test(kind)) return [words];
  return words.split(/\b([CG][A-Z0-9]{8,})\b/).map((part, index) => (index % 2 === 1 ? { channel: part } : part));
}

/** An action of another version, or none, is merely "decided". */
function decided(action: string): string {
  return isAction(action) ? actionWords[action].done.toLowerCase() : 'decided';
}

/** What the person was told of their decision, with amounts and dates as this reader writes them. */
function told({ message, parts }: Row['data'], locale: string): string {
  const figured = figuredSchema.safeParse(parts ?? message);
  return figured.success ? written(figured.data, locale) : '';
}

/** What happened, in one line; an event of another version is named as it is recorded. */
export function auditWords(
  { kind, data, documentKind, type, reference, connection }: Omit<Row, 'at' | 'actor'>,
  locale: string,
): string {
  const text = (name: string) => (typeof data[name] === 'string' ? (data[name] as string) : '');
  const what = reference && documentKind ? documentName({ kind: documentKind, type: type ?? '', reference }) : '';
  const where = connection ? `connection “${connection}”` : 'a connection';
  const verb = decided(text('action'));
  switch (kind) {
    case 'decision.done':
      return text('outcome') === 'step_approved' ? `${what}: one approval given` : `${what} ${verb}`;
    case 'decision.refused':
      return `${what} not ${verb}: ${told(data, locale)}`;
    case 'decision.retried':
      return `${what}: a decision waits: ${text('problem')}`;
    case 'decision.dead':
      return `${what} could not be ${verb}: ${told(data, locale)}`;
    case 'decision.replayed':
      return `${what}: a decision is tried again`;
    case 'card.dead':
      return `${what ? `The card of ${what}` : 'A digest'} could not be delivered`;
    case 'card.replayed':
      return `${what ? `The card of ${what}` : 'A digest'} is delivered again`;
    case 'summary.asked':
      return `A posting summary was asked for: ${where}`;
    case 'digest.expanded':
      return 'The cards of a digest were asked for';
    case 'connection.broken':
      return `${where} stopped: ${text('problem')}`;
    case 'connection.working':
      return `${where} works again`;
    case 'connection.paused':
      return `${where} paused`;
    case 'connection.resumed':
      return `${where} resumed`;
    case 'connection.compared':
      return `${where} compared with its ERP: all agree`;
    case 'connection.differed':
      return `${where} compared with its ERP: ${Number(data.differed)} differed, ${Number(data.still)} still`;
    case 'connection.not_compared':
      return `${where} not compared with its ERP: ${text('problem')}`;
    case 'connection.budget_reached':
      return data.percent === 100
        ? `${where}: the month’s budget of calls is used up`
        : `${where}: ${Number(data.percent)} % of the month’s budget of calls are used`;
    case 'connection.connected':
      return `${where} connected${text('user') ? ` as ${text('user')}` : ''}`;
    case 'account.linked':
      return `An own account linked${text('user') ? ` (${text('user')})` : ''}: ${where}`;
    case 'account.unlinked':
      return `An own account unlinked${text('user') ? ` (${text('user')})` : ''}: ${where}`;
    case 'account.refused':
      return `Linking an own account did not work: ${where}`;
    case 'consent.refused':
      return `${text('purpose') === 'account' ? 'Linking an own account' : 'Connecting'} did not work (${text('reason').replaceAll('_', ' ')}): ${where}`;
    case 'installation.added':
      return 'The app was installed';
    case 'installation.renewed':
      return 'The app was installed again';
    case 'installation.uninstalled':
      return 'The app was taken out of the workspace';
    case 'installation.revoked':
      return 'The workspace took the app’s access back';
    case 'connection.people_matched':
      return `${where}: people matched, ${Number(data.byEmail)} by e-mail, ${Number(data.byHand)} by hand, ${Number(data.unmatched)} not`;
    case 'party.changed': {
      const changed = [data.bank ? 'bank details' : '', data.remittance ? 'remittance address' : ''].filter(Boolean);
      return `${where}: ${changed.join(' and ') || 'payment data'} of vendor ${text('code')} changed`;
    }
    case 'document.unapproved':
      return `${what} was released without an approval that was seen`;
    case 'person.matched':
      if (data.by === 'email') return `${where}: ${text('sort')} ${text('key')} is matched by e-mail again`;
      return `${where}: ${text('sort')} ${text('key')} set by hand to ${data.to ? '' : 'nobody'}`;
    case 'administrator.named':
      return 'Administrator named: ';
    case 'administrator.removed':
      return 'No administrator any more: ';
    case 'administration.refused':
      return 'Somebody who is no administrator tried what only administrators may do';
    case 'person.not_told':
      return `A person could not be told: ${text('reason')}`;
    default: {
      const lines = Array.isArray(data.changes)
        ? data.changes.filter((line) => typeof line === 'string').join('; ')
        : '';
      return lines || `${kind.replace('.', ' ')}${what ? ` · ${what}` : ''}`;
    }
  }
}
