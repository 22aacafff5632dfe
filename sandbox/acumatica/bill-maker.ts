import { readTreasury, type TreasuryRow } from '../treasury.ts';
import type { Bill, BillStatus } from './bill.ts';
import type { New, Records } from './records.ts';
import type { Settings } from './settings.ts';
import type { Vendors } from './vendors.ts';

const dayMs = 86_400_000;
const termDays = 30;
const pence = 100n;
const none: readonly never[] = [];
const seedStatuses: readonly BillStatus[] = [
  'Closed',
  'Open',
  'Pending Approval',
  'Balanced',
  'On Hold',
  'Pending Approval',
  'Open',
  'Rejected',
  'Pending Approval',
  'Balanced',
];

interface Making {
  status: BillStatus;
  day: number;
  modifiedAt?: number | undefined;
}

/** Makes bills out of the published payments, in their order and then over again with other amounts. */
export class BillMaker {
  readonly #rows = readTreasury();
  readonly #bills: Records<Bill>;
  readonly #settings: Settings;
  readonly #now: () => number;
  #made = 0;

  constructor(bills: Records<Bill>, vendors: Vendors, settings: Settings, now: () => number) {
    this.#bills = bills;
    this.#settings = settings;
    this.#now = now;
    for (const row of this.#rows) if (!vendors.get(row.vendor)) vendors.add(row.vendor, row.vendorName);
  }

  /** Bills of the past weeks in all sorts of states, dated as published but moved up to now. */
  seed(count: number): void {
    const lastDay = Math.max(...this.#rows.map((row) => row.day));
    const shift = this.#today() - lastDay;
    for (let index = 0; index < count; index += 1) {
      const status = seedStatuses[index % seedStatuses.length] ?? 'Pending Approval';
      const { row } = this.#row(this.#made);
      const hoursAgo = (count - index) * 1.7;
      this.#make({ status, day: row.day + shift, modifiedAt: Math.floor(this.#now() - hoursAgo * 3_600_000) });
    }
  }

  /** One bill as it comes in now, dated within the last days. */
  arrive(status?: BillStatus): Bill {
    const waits = this.#settings.approvalMap.length > 0;
    return this.#make({ status: status ?? (waits ? 'Pending Approval' : 'Balanced'), day: this.#recentDay() });
  }

  /** What `arrive` would add, not added. */
  draft(status: BillStatus = 'Pending Approval'): New<Bill> {
    return this.#fields({ status, day: this.#recentDay() });
  }

  /** Many bills at once, told of once. `modifiedAt` is in ms since the epoch; without it, now. */
  generate(count: number, status: BillStatus = 'Pending Approval', modifiedAt?: number): void {
    let latest: Bill | null = null;
    for (let index = 0; index < count; index += 1) {
      latest = this.#make({ status, day: this.#recentDay(), modifiedAt }, false);
    }
    if (latest) this.#bills.announceBulk(count, latest);
  }

  #today(): number {
    return Math.floor(this.#now() / dayMs) * dayMs;
  }

  #recentDay(): number {
    return this.#today() - (this.#made % 6) * dayMs;
  }

  #row(index: number): { row: TreasuryRow; lap: number } {
    const row = this.#rows[index % this.#rows.length];
    if (!row) throw new RangeError('the treasury file is empty');
    return { row, lap: Math.floor(index / this.#rows.length) };
  }

  #make(making: Making, announce = true): Bill {
    return this.#bills.add(this.#fields(making), announce);
  }

  #fields({ status, day, modifiedAt }: Making): New<Bill> {
    const { row, lap } = this.#row(this.#made);
    this.#made += 1;
    const amount =
      lap === 0 ? row.amount : ((row.amount * BigInt(1000 + ((lap * 37) % 400))) / (1000n * pence)) * pence;
    const approved = status === 'Balanced' || status === 'Open' || status === 'Closed';
    return {
      type: 'Bill',
      status,
      vendor: row.vendor,
      vendorRef: row.vendorRef === null || lap === 0 ? row.vendorRef : `${row.vendorRef}-${lap}`,
      description: row.description,
      amount,
      balance: status === 'Closed' ? 0n : amount,
      currency: 'GBP',
      date: day,
      dueDate: day + termDays * dayMs,
      terms: '30D',
      branch: row.branch,
      lineText: row.expenseType,
      lineCount: 1 + (this.#made % 4),
      lines: null,
      steps: this.#settings.approvalMap,
      decisions: approved
        ? this.#settings.approvalMap.map((by) => ({ by, action: 'approved', at: modifiedAt ?? this.#now() }))
        : status === 'Rejected'
          ? [{ by: this.#settings.approvalMap[0] ?? 'amara.okafor', action: 'rejected', at: modifiedAt ?? this.#now() }]
          : none,
      extras: null,
      createdBy: 'clerk',
      modifiedBy: 'clerk',
      modifiedAt,
    };
  }
}
