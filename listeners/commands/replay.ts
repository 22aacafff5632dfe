import { replayDocuments, replay as replayIn } from '../../app/cards/replay.ts';
import { documentsNamed } from '../../app/documents/find.ts';
import { budgetsOf } from '../../app/metering/used.ts';
import type { Line } from '../../app/slack/messages/answer.ts';
import { duration } from '../../app/slack/messages/distance.ts';
import { replayDone, replayOffer } from '../../app/slack/messages/replay.ts';
import { readInstallationStatus } from '../../app/status/report.ts';
import type { Call } from './call.ts';

const nothingDead = 'Nothing is dead, so there is nothing to replay.';
const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const longestMs = 90 * units.d;

/** `replay`: what is dead; `replay dead`, `replay since 2h`, `replay REFERENCE`: tries it again. For administrators. */
export async function replay(call: Call): Promise<Line[]> {
  const { deps, installationId, person, command, argument } = call;
  if (argument === '')
    return replayOffer(command, await readInstallationStatus(deps.db, installationId, budgetsOf(deps.connectorById)));
  if (/^dead$/i.test(argument))
    return replayDone(await replayIn(deps.db, person, { installationId }), { none: nothingDead });
  const since = /^since(?:\s+(.*))?$/i.exec(argument);
  if (!since) return replayReference(call);
  const ms = parseDuration(since[1] ?? '');
  if (ms === undefined) {
    return [['Say since when, in minutes, hours or days up to 90, like ', { code: `${command} replay since 2h` }, '.']];
  }
  const scope = { installationId, since: new Date(Date.now() - ms) };
  return replayDone(await replayIn(deps.db, person, scope), {
    what: ` what died in the last ${duration(ms)}`,
    none: `Nothing died in the last ${duration(ms)} that is still dead, so there is nothing to replay.`,
  });
}

async function replayReference({ deps, installationId, person, channel, command, argument }: Call): Promise<Line[]> {
  const viewer = { installationId, person, channel, isAdmin: true };
  const documents = await documentsNamed(deps.db, viewer, argument, 'visible');
  if (documents.length === 0) {
    return [
      [`No document has the reference “${argument.slice(0, 80)}”. To look for it: `, { code: `${command} find TEXT` }],
    ];
  }
  const ids = documents.map(({ documentId }) => documentId);
  const replayed = await replayDocuments(deps.db, person, installationId, ids);
  const reference = documents[0]?.document.reference ?? argument;
  const has = documents.some((document) => document.cards.length > 0);
  return replayDone(replayed, {
    what: ` ${reference}`,
    none: has ? `The card of ${reference} is on its way already.` : `No route wants a card of ${reference}.`,
  });
}

/** "2h", "30 min", "1 day" in milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,5})\s*(m|min|minutes?|h|hours?|d|days?)$/i.exec(text.trim());
  const unit = match?.[2]?.charAt(0).toLowerCase();
  if (!match || !(unit === 'm' || unit === 'h' || unit === 'd')) return undefined;
  const ms = Number(match[1]) * units[unit];
  return ms > 0 && ms <= longestMs ? ms : undefined;
}
