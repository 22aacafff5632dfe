import type { ErpDocument, Phase } from '../../app/domain/document.ts';
import type { ActRequest } from '../connector.ts';

type Verdict = 'yes' | 'no' | 'unknown';

const approvedPhases: Phase[] = ['ready', 'posted', 'closed'];
const releasedPhases: Phase[] = ['posted', 'closed'];
const unreleasedPhases: Phase[] = ['held', 'waiting', 'rejected'];
/** Where a document can go that is released from hold; a map without an approver rejects it at once. */
const takenUpPhases: Phase[] = ['waiting', 'ready', 'posted', 'rejected'];

/**
 * What the document read now says about an action on the one read before. An approval can be one step of several, which
 * leaves the status and perhaps even the time of change as they were: an unchanged document proves nothing about it.
 */
export function settle({ action, document: before }: ActRequest, now: ErpDocument): Verdict {
  const sameStatus = now.status === before.status;
  const untouched = sameStatus && now.modifiedAt === before.modifiedAt;
  switch (action) {
    case 'approve':
      return !sameStatus && approvedPhases.includes(now.phase) ? 'yes' : 'unknown';
    case 'reject':
      if (now.phase === 'rejected' && !sameStatus) return 'yes';
      return untouched ? 'no' : 'unknown';
    case 'hold':
      if (now.phase === 'held' && !sameStatus) return 'yes';
      return untouched ? 'no' : 'unknown';
    case 'unhold':
      if (before.phase === 'held' && !sameStatus && takenUpPhases.includes(now.phase)) return 'yes';
      return untouched ? 'no' : 'unknown';
    case 'release':
      if (releasedPhases.includes(now.phase) && !sameStatus) return 'yes';
      // What is released never becomes Balanced again, so an edit in between does not matter.
      return sameStatus || unreleasedPhases.includes(now.phase) ? 'no' : 'unknown';
  }
}
