import { type Steps, stepsOf } from '../../domain/approvals.ts';
import type { Approval, ErpName } from '../../domain/document.ts';
import { shorten } from '../../domain/text.ts';
import type { CardSubject, Text } from '../card.ts';

const shownNext = 5;
const longestName = 60;
/** The ERP's clock and ours may differ by as much; a later approval is somebody else's. */
const clocksDifferMs = 10 * 60_000;

/** A mention of whoever that is in Slack, or the name that the ERP has. */
function personOf(person: ErpName, { approvers }: CardSubject): Text[number] {
  const user = approvers?.get(person.code);
  return user ? { person: user } : shorten(person.name ?? person.code, longestName);
}

function whoever({ approver, workgroup }: Approval, subject: CardSubject): Text[number] {
  if (approver) return personOf(approver, subject);
  return workgroup ? `the workgroup ${shorten(workgroup, longestName)}` : 'somebody whom it does not name';
}

const ofSteps = ({ step, total }: { step: number; total: number }) => `step ${step} of ${total}`;

/** Whose approval is waited for: "Waiting for @x or Jo Weber to approve · step 2 of 2". */
export function askNext(subject: CardSubject): Text | null {
  const steps = stepsOf(subject.document);
  if (!steps) return null;
  const people = steps.next.slice(0, shownNext).map((approval) => whoever(approval, subject));
  const more = steps.next.length - people.length;
  return [
    'Waiting for ',
    ...people.flatMap((person, index): Text => (index === 0 ? [person] : [' or ', person])),
    ...(more > 0 ? [` or ${more} others`] : []),
    ' to approve',
    ...(steps.total > 1 ? [` · ${ofSteps(steps)}`] : []),
  ];
}

/** How far it is: "Step 1 of 2 approved by @x, 4 Mar at 10:00"; null while nothing was approved. */
export function stepGiven(subject: CardSubject): Text | null {
  const steps: Steps | null = stepsOf(subject.document);
  if (!steps?.given) return null;
  const { decision } = subject;
  const { step, decidedBy, decidedAt, approver } = steps.given;
  const start = `Step ${step} of ${steps.total} approved by `;
  // Where somebody decided here, the ERP may name the account that the app acts with.
  const isTheirs = decision?.state === 'done' && !decision.complete && !decision.actedAs;
  if (isTheirs && (decidedAt === null || Math.abs(Date.parse(decision.at) - Date.parse(decidedAt)) <= clocksDifferMs))
    return [start, { person: decision.person }, ' ', { instant: decision.at }];
  const by = decidedBy ?? approver;
  return [start, by ? personOf(by, subject) : 'somebody', ...(decidedAt ? [' ', { instant: decidedAt }] : [])];
}
