import { FunctionFailed } from './errors.ts';
import { cents } from './ledger/amounts.ts';
import type { Hand, Ledger } from './ledger/ledger.ts';
import type { Row } from './ledger/row.ts';
import { daysFrom, monthOf } from './seed/calendar.ts';
import { clerk, type Maker } from './seed/maker.ts';
import { actOnPayment, type Company, decideBill } from './workflow/approvals.ts';
import { addPayment } from './workflow/payments.ts';

const minuteMs = 60_000;
const stepMs = 500;
const methods = ['ACH', 'Printed Check', 'EFT'];

/** Lets the company work: entries and bills come in, and what waits is approved, paid, confirmed, voided, closed. */
export class Clock {
  readonly #company: Company;
  readonly #maker: Maker;
  readonly #random: () => number;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #arrived = 0;
  #changed = 0;

  constructor(company: Company, maker: Maker, random: () => number) {
    this.#company = company;
    this.#maker = maker;
    this.#random = random;
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

  running(): boolean {
    return this.#timers.size > 0;
  }

  /** Something new comes in. */
  arrive(): void {
    const kinds = [
      () => this.#maker.entry({ state: 'P' }),
      () => this.#maker.bill({ state: 'S' }),
      () => this.#maker.entry({ state: 'S' }),
      () => this.#maker.bill({ state: 'A' }),
      () => this.#maker.entry({ state: 'P', journal: 'CMJ', module: '11.CM' }),
      () => this.#maker.entry({ state: 'I', balance: 'too little credit' }),
      () => this.#maker.entry({ state: 'P', journal: 'EEJ', module: '6.EE' }),
    ];
    kinds[this.#arrived % kinds.length]?.();
    this.#arrived += 1;
  }

  /** Somebody in the company moves one thing on. */
  change(): void {
    closeBooks(this.#company, this.#maker.today());
    const steps = [
      () => this.#decideBill(),
      () => this.#askForPayment(),
      () => this.#payment('S', () => (this.#random() < 0.15 ? 'decline' : 'approve')),
      () => this.#payment('A', () => 'confirm'),
      () => this.#postDraft(),
      () => this.#decideEntry(),
      () => this.#payment('C', () => 'void', 6),
    ];
    for (let turn = 0; turn < steps.length; turn += 1) {
      const step = steps[this.#changed % steps.length];
      this.#changed += 1;
      if (step && this.#tried(step)) return;
    }
  }

  #tried(step: () => boolean): boolean {
    try {
      return step();
    } catch (error) {
      if (error instanceof FunctionFailed) return false;
      throw error;
    }
  }

  #first(object: string, test: (row: Row) => boolean): Row | undefined {
    for (const row of this.#ledger.rows(object)) if (test(row)) return row;
    return undefined;
  }

  get #ledger(): Ledger {
    return this.#company.ledger;
  }

  #approver(list: readonly string[] | undefined): Hand {
    return { userId: list?.[0] ?? 'admin', source: 'ui' };
  }

  #decideBill(): boolean {
    const bill = this.#first('APBILL', ({ STATE }) => STATE === 'S');
    const action = this.#random() < 0.2 ? 'decline' : 'approve';
    if (bill) decideBill(this.#company, bill, action, '', this.#approver(this.#company.settings.billApprovers));
    return bill !== undefined;
  }

  #askForPayment(): boolean {
    const open = ({ STATE, TOTALDUE, TOTALSELECTED }: Row) =>
      STATE === 'A' && cents(TOTALDUE) > 0n && cents(TOTALSELECTED) === 0n;
    const bill = this.#first('APBILL', open);
    if (!bill) return false;
    const method = methods[this.#changed % methods.length] ?? 'ACH';
    const wish = { method, state: 'S', day: this.#maker.today(), docNumber: null };
    addPayment(this.#ledger, { ...wish, bills: [{ bill, cents: cents(bill.TRX_TOTALDUE) }] }, clerk);
    return true;
  }

  /** `oneIn` lets only some through: voids are rare. */
  #payment(state: string, action: () => 'approve' | 'decline' | 'confirm' | 'void', oneIn = 1): boolean {
    if (this.#changed % oneIn !== 0) return false;
    const payment = this.#first('APPYMT', ({ STATE, TOTALENTERED }) => STATE === state && cents(TOTALENTERED) > 0n);
    const { paymentApprovers } = this.#company.settings;
    const level = paymentApprovers[Number(payment?.level ?? 0)];
    if (payment) actOnPayment(this.#company, payment, action(), this.#approver(level));
    return payment !== undefined;
  }

  /** Whoever left a draft comes back, puts it right and posts it. */
  #postDraft(): boolean {
    const { settings } = this.#company;
    const draft = this.#first(
      'GLBATCH',
      ({ STATE, BATCH_DATE }) => STATE === 'I' && String(BATCH_DATE) > (settings.booksClosedThrough ?? ''),
    );
    if (!draft) return false;
    const lines = this.#ledger.where('GLENTRY', 'BATCHNO', draft.RECORDNO);
    const [debit, credit] = lines;
    if (debit && credit) {
      const { AMOUNT = null, TRX_AMOUNT = null, LOCATION = null } = debit;
      this.#ledger.change('GLENTRY', credit, { AMOUNT, TRX_AMOUNT, LOCATION }, clerk, { quiet: true });
    }
    this.#ledger.change('GLBATCH', draft, { STATE: 'P' }, clerk);
    return true;
  }

  #decideEntry(): boolean {
    const entry = this.#first('GLBATCH', ({ STATE }) => STATE === 'S' || STATE === 'X');
    const state = this.#random() < 0.25 ? 'R' : 'P';
    const approver = this.#approver(this.#company.settings.billApprovers);
    if (entry) this.#ledger.change('GLBATCH', entry, { STATE: state }, { ...approver, workflow: 'approved' });
    return entry !== undefined;
  }

  /** Looks at the pace often, so that a new one counts at once; `waitedMs` is how long this one has waited. */
  #plan(task: 'arrive' | 'change', waitedMs: number): void {
    const { clockPaused, clockRate, entriesPerMinute, changesPerMinute } = this.#company.settings;
    const perMinute = clockPaused ? 0 : clockRate * (task === 'arrive' ? entriesPerMinute : changesPerMinute);
    const leftMs = perMinute === 0 ? Number.POSITIVE_INFINITY : minuteMs / perMinute - waitedMs;
    const waitMs = Math.max(0, Math.min(leftMs, stepMs));
    const timer = setTimeout(() => {
      const due = leftMs <= stepMs;
      if (due) this[task]();
      this.#plan(task, due ? 0 : perMinute === 0 ? waitedMs : waitedMs + waitMs);
    }, waitMs);
    this.#timers.set(task, timer);
  }
}

/** A month that has been over for the set number of days closes. `today` is ISO. */
export function closeBooks({ settings }: Company, today: string): void {
  const { last } = monthOf(daysFrom(today, -settings.closeAfterDays), -1);
  if (settings.booksClosedThrough === null || settings.booksClosedThrough >= last) return;
  settings.booksClosedThrough = last;
}
