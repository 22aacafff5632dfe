import { randomUUID } from 'node:crypto';
import { shuffled } from '../random.ts';
import type { DocumentRecord } from './document.ts';
import type { Settings } from './settings.ts';

/** `bulk` stands for many added at once. */
export type RecordEvent<R> =
  | { kind: 'added' | 'changed' | 'removed'; document: R }
  | { kind: 'bulk'; count: number; latest: R };

export type New<R extends DocumentRecord> = Omit<R, 'id' | 'ref' | 'createdAt' | 'modifiedAt'> & {
  ref?: string | undefined;
  modifiedAt?: number | undefined;
};

/** Copied through a buffer: `randomUUID` gives a string of many pieces, five times the size when a hundred thousand are kept. */
function newId(): string {
  return Buffer.from(randomUUID()).toString('latin1');
}

function keyOf(type: string, ref: string): string {
  return `${type}|${ref}`.toLowerCase();
}

function compareKeys(a: DocumentRecord, b: DocumentRecord): number {
  if (a.type !== b.type) return a.type < b.type ? -1 : 1;
  return a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0;
}

/** All documents of one form, by key and by id, with who wants to hear of changes. */
export class Records<R extends DocumentRecord> {
  readonly #byKey = new Map<string, R>();
  readonly #byId = new Map<string, R>();
  readonly #listeners = new Set<(event: RecordEvent<R>) => void>();
  readonly #now: () => number;
  readonly #random: () => number;
  #sorted: R[] | null = [];
  #nextNumber: number;

  constructor(now: () => number, random: () => number, firstNumber: number) {
    this.#nextNumber = firstNumber;
    this.#now = now;
    this.#random = random;
  }

  get size(): number {
    return this.#byId.size;
  }

  byKey(type: string, ref: string): R | undefined {
    return this.#byKey.get(keyOf(type, ref));
  }

  byId(id: string): R | undefined {
    return this.#byId.get(id.toLowerCase());
  }

  /** Insertion order keeps no promise to clients: the real system documents none. */
  inOrder(order: Settings['order']): readonly R[] {
    if (order === 'insertion') return [...this.#byId.values()];
    this.#sorted ??= [...this.#byId.values()].sort(compareKeys);
    return order === 'shuffled' ? shuffled(this.#sorted, this.#random) : this.#sorted;
  }

  /** Adds a document under the next number, or the number given. Throws RangeError where that is taken. */
  add(fields: New<R>, announce = true): R {
    const ref = fields.ref ?? this.#takeNumber(fields.type);
    const at = this.#now();
    const document = {
      ...fields,
      id: newId(),
      ref,
      createdAt: fields.modifiedAt ?? at,
      modifiedAt: fields.modifiedAt ?? at,
    } as unknown as R;
    const key = keyOf(document.type, ref);
    if (this.#byKey.has(key)) throw new RangeError(`there is a ${document.type} ${ref} already`);
    this.#byKey.set(key, document);
    this.#byId.set(document.id, document);
    const last = this.#sorted?.at(-1);
    if (!last || compareKeys(last, document) < 0) this.#sorted?.push(document);
    else this.#sorted = null;
    if (announce) this.#announce({ kind: 'added', document });
    return document;
  }

  /** Tells of a document that was added without announcement. */
  announceAdded(document: R): void {
    this.#announce({ kind: 'added', document });
  }

  /** Tells once of many added without announcement. */
  announceBulk(count: number, latest: R): void {
    this.#announce({ kind: 'bulk', count, latest });
  }

  /** Notes who changed a document, and when unless `touch` is false, and tells. */
  changed(document: R, by: string, touch = true): void {
    if (touch) {
      document.modifiedAt = this.#now();
      document.modifiedBy = by;
    }
    this.#announce({ kind: 'changed', document });
  }

  remove(document: R): void {
    this.#byKey.delete(keyOf(document.type, document.ref));
    this.#byId.delete(document.id);
    this.#sorted = null;
    this.#announce({ kind: 'removed', document });
  }

  /** Returns the function that ends the subscription. */
  onChange(listener: (event: RecordEvent<R>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #announce(event: RecordEvent<R>): void {
    for (const listener of this.#listeners) listener(event);
  }

  #takeNumber(type: string): string {
    for (;;) {
      const ref = String(this.#nextNumber).padStart(6, '0');
      this.#nextNumber += 1;
      if (!this.#byKey.has(keyOf(type, ref))) return ref;
    }
  }
}
