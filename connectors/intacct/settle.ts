import type { ErpDocument, Phase } from '../../app/domain/document.ts';
import type { ActRequest } from '../connector.ts';

type Verdict = 'yes' | 'no' | 'unknown';

/** Some ways of paying are posted as soon as they are approved. */
const approvedPhases: Phase[] = ['ready', 'posted', 'closed'];

/**
 * What the document read now says about a decision on the one read before. An approval can be one step of several, by
 * whoever gave it, and stamps of changes can be missing: an unchanged document proves nothing about it.
 */
export function settle({ action, document: before }: ActRequest, now: ErpDocument): Verdict {
  const sameStatus = now.status === before.status;
  switch (action) {
    case 'approve':
      return !sameStatus && approvedPhases.includes(now.phase) ? 'yes' : 'unknown';
    case 'reject':
      if (!sameStatus && now.phase === 'rejected') return 'yes';
      return sameStatus ? 'no' : 'unknown';
    default:
      return 'no';
  }
}

/** Whether the document moved one step on, with more to come. */
export function hasMovedOn(before: ErpDocument, now: ErpDocument): boolean {
  if (now.phase !== 'waiting') return false;
  return now.status !== before.status || now.modifiedAt !== before.modifiedAt;
}
