import { actionWords } from '../../domain/actions.ts';
import { shorten } from '../../domain/text.ts';
import type { CardSubject, Text } from '../card.ts';
import { stepGiven } from './steps.ts';

export function outcome({ decision, document, gone, erp }: CardSubject): Text {
  if (gone) return [`This record is no longer in ${erp}.`];
  if (decision?.state !== 'done' && document.archived)
    return [`This record is archived in ${erp}: it is ${document.status}, and nothing can be decided on it.`];
  if (decision?.state !== 'done') return [`Nothing is waiting here any more: it is ${document.status} in ${erp}.`];
  const reason = decision.reason ? `: “${shorten(decision.reason, 500)}”` : '';
  return [
    `${actionWords[decision.action].done} by `,
    { person: decision.person },
    ' ',
    { instant: decision.at },
    reason,
  ];
}

/** What was decided on a card that still asks for something: the step before. */
export function openOutcome(subject: CardSubject): Text | null {
  const { decision, document, erp } = subject;
  const given = stepGiven(subject);
  if (given) return given;
  if (decision?.state !== 'done') return null;
  const who: Text = [{ person: decision.person }, ' ', { instant: decision.at }];
  if (!decision.complete)
    return ['One step approved by ', ...who, `; more approvals are needed, and ${erp} does not tell whose.`];
  return decision.action === 'approve' && document.phase === 'ready' ? ['Approved by ', ...who] : null;
}
