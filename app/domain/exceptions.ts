import type { ErpDocument, Severity } from './document.ts';
import type { ShownAs } from './routing.ts';

/** How severities are called, wherever people read of them. */
export const severityWords: Record<Severity, string> = {
  info: 'Information',
  warning: 'Warning',
  critical: 'Critical',
};

/** As what a route shows an exception; null for a document that is none. */
export function shownSeverity(
  document: Pick<ErpDocument, 'exception'>,
  shownAs: ShownAs = 'as_found',
): Severity | null {
  if (!document.exception) return null;
  return shownAs === 'as_found' ? document.exception.severity : shownAs;
}

/** Whether people are named, and told loudly: an information is there for whoever looks. */
export const isLoud = (severity: Severity | null) => severity !== null && severity !== 'info';

/** What became of an exception that was known before: nothing that has a name, it is over, or it is there again. */
export function exceptionNews(before: ErpDocument | null, after: ErpDocument): 'over' | 'again' | null {
  if (!before || after.kind !== 'exception') return null;
  if (before.phase !== 'closed' && after.phase === 'closed') return 'over';
  return before.phase === 'closed' && after.phase !== 'closed' ? 'again' : null;
}

/** An exception whose record the ERP has no more, as it is to be stored. `at` is an ISO instant. */
export function solvedAsGone(exception: ErpDocument, at: string): ErpDocument {
  if (!exception.exception || exception.phase === 'closed') return exception;
  return {
    ...exception,
    status: 'Solved',
    phase: 'closed',
    exception: { ...exception.exception, outcome: 'the record is no longer there' },
    modifiedAt: at,
    link: null,
  };
}
