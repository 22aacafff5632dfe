import { z } from 'zod';
import type { HistoryEvent } from '../../audit/history.ts';
import type { FoundDocument } from '../../documents/find.ts';
import { actionWords, isAction } from '../../domain/actions.ts';
import { sidesOf } from '../../domain/changes.ts';
import { figuredSchema, figureSchema, written } from '../../domain/figures.ts';
import type { Line, Part } from './answer.ts';
import { documentLine } from './document-line.ts';

/** A document's events in words, newest last. */
export function auditLines(
  { document, connection, gone }: FoundDocument,
  { total, events }: { total: number; events: HistoryEvent[] },
  others: number,
  locale: string,
): Line[] {
  const older = total - events.length;
  return [
    [...documentLine(document, { gone, locale }), ` · ${connection}`],
    ...(others > 0 ? [[`${others} more with this reference; this is the one that changed last.`]] : []),
    ...(older > 0 ? [[`${older} older events are in the audit record’s export.`]] : []),
    ...eventLines(events, { locale }),
  ];
}

export interface EventReader {
  locale: string;
  /** Places other than this channel are not named. */
  here?: string;
}

/** One line for each event. */
export function eventLines(events: HistoryEvent[], reader: EventReader): Line[] {
  return events.map((event) => [{ instant: event.at }, ': ', ...eventWords(event, reader)]);
}

const text = z.string().optional().catch(undefined);
const figure = figureSchema.optional().catch(undefined);
const dataSchema = z.object({
  status: text,
  channel: text,
  reason: text,
  problem: text,
  message: text,
  elsewhere: z.boolean().default(false),
  action: text,
  outcome: text,
  changes: z
    .array(
      z.object({
        field: z.string(),
        from: z.string(),
        to: z.string(),
        figures: z.object({ from: figure, to: figure }).optional().catch(undefined),
      }),
    )
    .catch([])
    .default([]),
  parts: figuredSchema.optional().catch(undefined),
});
type Data = z.output<typeof dataSchema> & { locale: string };

const infinitive = (action = 'decide') => (isAction(action) ? actionWords[action].infinitive : action);
const done = (action = '') => (isAction(action) ? actionWords[action].done.toLowerCase() : 'decided');

/** One event in words; one that this version does not know is named as it is. */
function eventWords({ kind, actor, data }: HistoryEvent, { locale, here }: EventReader): Line {
  const elsewhere = here !== undefined && data.channel !== undefined && data.channel !== here;
  const known = dataSchema.safeParse({ ...data, elsewhere });
  const words = known.success ? wordsByKind[kind]?.({ ...known.data, locale }, actorPart(actor)) : undefined;
  return words ?? [kind, ...(actor ? [' by ', actorPart(actor)] : [])];
}

const wordsByKind: Record<string, (data: Data, who: Part) => Line> = {
  'document.added': ({ status }) => [`first read, ${status ?? 'state unknown'}`],
  'document.changed': ({ changes, status, locale }) => [
    changes.length > 0
      ? `changed in the ERP: ${changes.map((change) => changeWords(change, locale)).join('; ')}`
      : `changed in the ERP, ${status ?? 'state unknown'}`,
  ],
  'summary.made': (_data, who) => [
    'summary made',
    ...(typeof who === 'string' ? [' by its schedule'] : [' for ', who]),
  ],
  'card.posted': (data) => ['card posted', ...place(data)],
  'card.updated': (data) => ['card redrawn', ...place(data)],
  'card.found': (data) => ['card found again', ...place(data)],
  'card.dead': ({ reason, ...data }) => ['card could not be delivered', ...place(data), because(reason)],
  'card.replayed': (_data, who) => ['card tried again for ', who],
  'thread.posted': () => ['thread written'],
  'thread.dead': ({ problem, reason }) => [`thread could not be written${because(problem ?? reason)}`],
  'note.stored': (_data, who) => [who, ' asked to record a message in the ERP'],
  'note.asked': () => ['the ERP was asked to take the note'],
  'note.retried': ({ problem }) => [`the note waits${because(problem)}`],
  'note.replayed': (_data, who) => ['the note tried again for ', who],
  'note.done': (_data, who) => ['recorded in the ERP’s note for ', who],
  'note.refused': ({ message }, who) => ['the note of ', who, ` was not recorded${because(message)}`],
  'note.dead': ({ message }, who) => ['the note of ', who, ` could not be recorded${because(message)}`],
  'link.previewed': (data, who) => ['preview shown for a link that ', who, ' shared', ...place(data)],
  'decision.stored': ({ action, reason }, who) => [who, ` asked to ${infinitive(action)}${quoted(reason)}`],
  'decision.asked': ({ action }) => [`the ERP was asked to ${infinitive(action)}`],
  'decision.retried': ({ problem }) => [`the decision waits${because(problem)}`],
  'decision.replayed': (_data, who) => ['the decision tried again for ', who],
  'decision.done': ({ action, outcome }, who) =>
    outcome === 'step_approved' ? ['one step approved by ', who] : [`${done(action)} by `, who],
  'decision.refused': (data, who) => [
    'the decision of ',
    who,
    ` was refused${because(refusals[data.outcome ?? ''] ?? told(data))}`,
  ],
  'decision.dead': (data, who) => ['the decision of ', who, ` could not be carried out${because(told(data))}`],
};

/** Refusals whose own words are for the person alone: they speak of their limits. */
const refusals: Record<string, string> = {
  not_a_decider: 'they may not decide here',
  action_not_offered: 'the route does not offer that',
  over_limit: 'it is above their limit',
  amount_unknown: 'they have a limit, and the amount is not known',
  other_currency: 'their limit is in another currency',
};

const place = ({ channel, elsewhere }: Pick<Data, 'channel' | 'elsewhere'>): Line =>
  elsewhere ? [' in another channel'] : channel ? [' in ', { channel }] : [];
/** What the person was told, with amounts and dates as this reader writes them. */
const told = ({ message, parts, locale }: Data) => (parts ? written(parts, locale) : message);

function changeWords(change: Data['changes'][number], locale: string): string {
  const { from, to } = sidesOf(change, locale);
  return `${change.field} ${from} → ${to}`;
}

const because = (why: string | undefined) => (why ? `: ${why}` : '');
const quoted = (reason: string | undefined) => (reason ? `: “${reason}”` : '');
/** People have Slack's ids; parts of the app have names. */
const actorPart = (actor: string | null): Part =>
  actor && /^[UW][A-Z0-9]+$/.test(actor) ? { person: actor } : (actor ?? 'the app');
