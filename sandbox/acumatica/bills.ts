import { randomUUID } from 'node:crypto';
import type { Bill, BillType } from './bill.ts';
import { shuffled } from './random.ts';
import type { Settings } from './settings.ts';

/** `bulk` stands for many added at once. */
export type BillEvent =
  | { kind: 'added' | 'changed' | 'removed'; bill: Bill }
  | { kind: 'bulk'; count: number; latest: Bill };

export type NewBill = Omit<Bill, 'id' | 'ref' | 'createdAt' | 'modifiedAt'> & {
  ref?: string | undefined;
  modifiedAt?: number | undefined;
};

const firstNumber = 801;

/** Copied through a buffer: `randomUUID` gives a string of many pieces, five times the size when a hundred thousand are kept. */
function newId(): string {
  return Buffer.from(randomUUID()).toString('latin1');
}

function keyOf(type: string, ref: string): string {
  return `${type}|${ref}`.toLowerCase();
}

function compareKeys(a: Bill, b: Bill): number {
  if (a.type !== b.type) return a.type < b.type ? -1 : 1;
  return a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0;
}

/** All bills of the company, by key and by id, with who wants to hear of changes. */
export class Bills {
  readonly #byKey = new Map<string, Bill>();
  readonly #byId = new Map<string, Bill>();
  readonly #listeners = new Set<(event: BillEvent) => void>();
  readonly #now: () => number;
  readonly #random: () => number;
  #sorted: Bill[] | null = [];
  #nextNumber = firstNumber;

  constructor(now: () => number, random: () => number) {
    this.#now = now;
    this.#random = random;
  }

  get size(): number {
    return this.#byId.size;
  }

  byKey(type: string, ref: string): Bill | undefined {
    return this.#byKey.get(keyOf(type, ref));
  }

  byId(id: string): Bill | undefined {
    return this.#byId.get(id.toLowerCase());
  }

  /** Insertion order keeps no promise to clients: the real system documents none. */
  inOrder(order: Settings['order']): readonly Bill[] {
    if (order === 'insertion') return [...this.#byId.values()];
    this.#sorted ??= [...this.#byId.values()].sort(compareKeys);
    return order === 'shuffled' ? shuffled(this.#sorted, this.#random) : this.#sorted;
  }

  /** Adds a bill under the next number, or the number given. Throws RangeError where that is taken. */
  add(fields: NewBill, announce = true): Bill {
    const ref = fields.ref ?? this.#takeNumber(fields.type);
    const at = this.#now();
    const bill: Bill = {
      ...fields,
      id: newId(),
      ref,
      createdAt: fields.modifiedAt ?? at,
      modifiedAt: fields.modifiedAt ?? at,
    };
    const key = keyOf(bill.type, ref);
    if (this.#byKey.has(key)) throw new RangeError(`there is a ${bill.type} ${ref} already`);
    this.#byKey.set(key, bill);
    this.#byId.set(bill.id, bill);
    const last = this.#sorted?.at(-1);
    if (!last || compareKeys(last, bill) < 0) this.#sorted?.push(bill);
    else this.#sorted = null;
    if (announce) this.#announce({ kind: 'added', bill });
    return bill;
  }

  /** Tells of a bill that was added without announcement. */
  announceAdded(bill: Bill): void {
    this.#announce({ kind: 'added', bill });
  }

  /** Tells once of many bills added without announcement. */
  announceBulk(count: number, latest: Bill): void {
    this.#announce({ kind: 'bulk', count, latest });
  }

  /** Notes who changed a bill, and when unless `touch` is false, and tells. */
  changed(bill: Bill, by: string, touch = true): void {
    if (touch) {
      bill.modifiedAt = this.#now();
      bill.modifiedBy = by;
    }
    this.#announce({ kind: 'changed', bill });
  }

  remove(bill: Bill): void {
    this.#byKey.delete(keyOf(bill.type, bill.ref));
    this.#byId.delete(bill.id);
    this.#sorted = null;
    this.#announce({ kind: 'removed', bill });
  }

  /** Returns the function that ends the subscription. */
  onChange(listener: (event: BillEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #announce(event: BillEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #takeNumber(type: BillType): string {
    for (;;) {
      const ref = String(this.#nextNumber).padStart(6, '0');
      this.#nextNumber += 1;
      if (!this.#byKey.has(keyOf(type, ref))) return ref;
    }
  }
}
