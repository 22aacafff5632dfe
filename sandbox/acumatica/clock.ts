import type { Bill, BillStatus } from './bill.ts';
import type { BillMaker } from './bill-maker.ts';
import type { Bills } from './bills.ts';
import type { Settings } from './settings.ts';
import type { Workflow } from './workflow.ts';

const minuteMs = 60_000;
const idleMs = 500;
/** How long bills rest in a state before somebody in the ERP moves them on. */
const restMinutes: Partial<Record<BillStatus, number>> = {
  'On Hold': 5,
  Balanced: 3,
  Open: 10,
  'Pending Approval': 15,
};

/** Makes bills arrive and, more slowly, lets somebody in the ERP move old ones on. */
export class Clock {
  readonly #settings: Settings;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #tasks: Record<'arrive' | 'change', () => void>;

  constructor(settings: Settings, maker: BillMaker, bills: Bills, workflow: Workflow, now: () => number) {
    this.#settings = settings;
    this.#tasks = {
      arrive: () => maker.arrive(),
      change: () => moveOldest(bills, workflow, now()),
    };
  }

  start(): void {
    this.stop();
    this.#plan('arrive', 0);
    this.#plan('change', 0);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Looks at the pace often, so that a new one counts at once; `waitedMs` is how long this one has waited. */
  #plan(task: 'arrive' | 'change', waitedMs: number): void {
    const { clockPaused, clockRate, billsPerMinute, changesPerMinute } = this.#settings;
    const perMinute = clockPaused ? 0 : clockRate * (task === 'arrive' ? billsPerMinute : changesPerMinute);
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

function moveOldest(bills: Bills, workflow: Workflow, now: number): void {
  const rested = (bill: Bill) => {
    const minutes = restMinutes[bill.status];
    return minutes !== undefined && now - bill.modifiedAt >= minutes * minuteMs;
  };
  let oldest: Bill | undefined;
  for (const bill of bills.inOrder('key')) {
    if (rested(bill) && (!oldest || bill.modifiedAt < oldest.modifiedAt)) oldest = bill;
  }
  if (!oldest) return;
  if (oldest.status === 'On Hold') workflow.act(oldest, 'releaseFromHold', 'assignee', null);
  else if (oldest.status === 'Balanced') workflow.act(oldest, 'release', 'assignee', null);
  else if (oldest.status === 'Pending Approval') workflow.act(oldest, 'approve', 'assignee', null);
  else {
    oldest.status = 'Closed';
    oldest.balance = 0n;
    bills.changed(oldest, 'clerk');
  }
}
