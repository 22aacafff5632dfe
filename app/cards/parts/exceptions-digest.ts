import type { ErpDocument, Severity } from '../../domain/document.ts';
import { isLoud, severityWords, shownSeverity } from '../../domain/exceptions.ts';
import { documentName, partyOf } from '../../domain/kinds.ts';
import { shorten } from '../../domain/text.ts';
import type { Text } from '../card.ts';
import type { DigestSubject } from '../digest.ts';
import { longestName } from './headline.ts';

const shownSorts = 6;
const order: readonly Severity[] = ['critical', 'warning', 'info'];

/** "8 critical, 4 warnings": of those that last, as the route shows them. */
export function howSevere({ exceptions = [], route }: DigestSubject): string {
  const counts = new Map<Severity, number>();
  for (const { severity, count } of exceptions) {
    const shown = route.severity && route.severity !== 'as_found' ? route.severity : severity;
    counts.set(shown, (counts.get(shown) ?? 0) + count);
  }
  return order
    .flatMap((severity) => {
      const count = counts.get(severity) ?? 0;
      return count > 0 ? [`${count} ${plural(severity, count)}`] : [];
    })
    .join(', ');
}

/** Of which sorts they are; null where none lasts. */
export function bySort({ exceptions = [] }: DigestSubject): string | null {
  if (exceptions.length === 0) return null;
  const shown = exceptions.slice(0, shownSorts).map(({ type, count }) => `${count} × ${shorten(type, 80)}`);
  const more = exceptions.length - shown.length;
  return `Still so: ${shown.join(', ')}${more > 0 ? ` and ${more} other ${more === 1 ? 'sort' : 'sorts'}` : ''}.`;
}

/** Who is told, where one of them is more than an information. */
export function exceptionsAsk({ exceptions = [], route }: DigestSubject): Text | null {
  const shownAs = route.severity ?? 'as_found';
  const loud = exceptions.some(({ severity }) => isLoud(shownAs === 'as_found' ? severity : shownAs));
  if (!loud || route.mentions.length === 0) return null;
  return ['For', ...route.mentions.flatMap<Text[number]>((person) => [' ', { person }])];
}

/** One of them in a line; once it is over, that comes first. */
export function oneOfMany(document: ErpDocument, { route }: DigestSubject): string {
  const severity = document.phase === 'closed' ? null : shownSeverity(document, route.severity);
  const party = partyOf(document);
  return [
    severity ? severityWords[severity] : document.status,
    documentName(document),
    ...(party ? [shorten(party.name ?? party.code, longestName)] : []),
  ].join(' · ');
}

function plural(severity: Severity, count: number): string {
  if (severity === 'warning') return count === 1 ? 'warning' : 'warnings';
  return severity === 'critical' ? 'critical' : 'for information';
}
