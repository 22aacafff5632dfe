import type { Bill, BillStatus } from './bill.ts';
import type { BillMaker } from './bill-maker.ts';
import type { DocumentMaker } from './document-maker.ts';
import type { Records } from './records.ts';
import type { Settings } from './settings.ts';
import type { Workflow } from './workflow.ts';

type Task = 'arrive' | 'others' | 'change';

const minuteMs = 60_000;
const idleMs = 500;
/** How long bills rest in a state before somebody in the ERP moves them on. */
const restMinutes: Partial<Record<BillStatus, number>> = {
  'On Hold': 5,
  Balanced: 3,
  Open: 10,
  'Pending Approval': 15,
};

export interface ClockParts {
  settings: Settings;
  maker: BillMaker;
  others: DocumentMaker;
  bills: Records<Bill>;
  workflow: Workflow<Bill>;
  /** Pays what is open of a bill. */
  pay(bill: Bill): void;
  now: () => number;
}

/** Makes documents arrive and, more slowly, lets somebody in the ERP move old bills on. */
export class Clock {
  readonly #settings: Settings;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #tasks: Record<Task, () => void>;

  constructor(parts: ClockParts) {
    this.#settings = parts.settings;
    this.#tasks = {
      arrive: () => parts.maker.arrive(),
      others: () => parts.others.arrive(),
      change: () => moveOldest(parts),
    };
  }

  start(): void {
    this.stop();
    this.#plan('arrive', 0);
    this.#plan('others', 0);
    this.#plan('change', 0);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Looks at the pace often, so that a new one counts at once; `waitedMs` is how long this one has waited. */
  #plan(task: Task, waitedMs: number): void {
    const { clockPaused, clockRate, billsPerMinute, othersPerMinute, changesPerMinute } = this.#settings;
    const paces: Record<Task, number> = { arrive: billsPerMinute, others: othersPerMinute, change: changesPerMinute };
    const perMinute = clockPaused ? 0 : clockRate * paces[task];
    const leftMs = perMinute === 0 ? Number.POSITIVE_INFINITY : minuteMs / perMinute - waitedMs;
    const stepMs = Math.max(0, Math.min(leftMs, idleMs));
    const timer = setTimeout(() => {
      const due = leftMs <= idleMs;
      if (due) this.#tasks[task]();
      this.#plan(task, due ? 0 : perMinute === 0 ? waitedMs : waitedMs + stepMs);
    }, stepMs);
    this.#timers.set(task, timer);
  }
}

function moveOldest({ bills, workflow, pay, now }: ClockParts): void {
  const rested = (bill: Bill) => {
    const minutes = restMinutes[bill.status];
    return minutes !== undefined && now() - bill.modifiedAt >= minutes * minuteMs;
  };
  let oldest: Bill | undefined;
  for (const bill of bills.inOrder('key')) {
    if (rested(bill) && (!oldest || bill.modifiedAt < oldest.modifiedAt)) oldest = bill;
  }
  if (!oldest) return;
  if (oldest.status === 'On Hold') workflow.act(oldest, 'releaseFromHold', 'assignee', null);
  else if (oldest.status === 'Balanced') workflow.act(oldest, 'release', 'assignee', null);
  else if (oldest.status === 'Pending Approval') workflow.act(oldest, 'approve', 'assignee', null);
  else pay(oldest);
}
