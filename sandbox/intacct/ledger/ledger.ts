import type { NewRow, Row, Value } from './row.ts';

export type Change = 'added' | 'changed' | 'removed';

export interface LedgerEvent {
  kind: Change;
  object: string;
  row: Row;
}

/** Who changes something, by which way, and as which step of a workflow (paid, voided …). */
export interface Hand {
  userId: string;
  source: 'api' | 'ui' | 'system';
  workflow?: string;
}

export interface WritePolicy {
  now: () => number;
  whenModified: () => 'now' | 'null' | '1970';
  visibleAfterMs: () => number;
  recordUrl: (object: string, row: Row) => string;
}

/** Objects that live in one real table share its numbers. */
const numberedAs: Record<string, string> = { APPYMT: 'APBILL', APADJUSTMENT: 'APBILL' };
const lineObjects = new Set(['GLENTRY', 'APBILLITEM', 'APPYMTDETAIL']);
const firstNumber: Record<string, number> = { APBILL: 41, GLBATCH: 1201, GLENTRY: 9001 };
const accessModes: Record<Change, string> = { added: 'C', changed: 'M', removed: 'D' };

/** All rows of the company, by object and RECORDNO, with an audit history and a way back for transactions. */
export class Ledger {
  readonly #tables = new Map<string, Map<number, Row>>();
  readonly #numbers = new Map<string, number>();
  readonly #indexes = new Map<string, Map<Value | undefined, Row[]>>();
  readonly #listeners = new Set<(event: LedgerEvent) => void>();
  readonly #policy: WritePolicy;
  #undo: (() => void)[] | null = null;
  #held: LedgerEvent[] = [];

  constructor(policy: WritePolicy) {
    this.#policy = policy;
  }

  /** The rows of an object in the order they were added. */
  rows(object: string): Iterable<Row> {
    return this.#table(object).values();
  }

  /** The link into the user interface; empty where there is none. */
  recordUrl(object: string, row: Row): string {
    return this.#policy.recordUrl(object, row);
  }

  size(object: string): number {
    return this.#table(object).size;
  }

  get(object: string, recordNo: Value | undefined): Row | undefined {
    return typeof recordNo === 'number' ? this.#table(object).get(recordNo) : undefined;
  }

  /** The rows whose stored field has this value. */
  where(object: string, field: string, value: Value | undefined): readonly Row[] {
    const name = `${object}.${field}`;
    let index = this.#indexes.get(name);
    if (!index) {
      index = Map.groupBy(this.rows(object), (row) => row[field]);
      this.#indexes.set(name, index);
    }
    return index.get(value) ?? [];
  }

  /** Adds a row; what is not given is stamped. `quiet` leaves out the audit history and the listeners. */
  add(object: string, fields: NewRow, hand: Hand, quiet = false): Row {
    const sequence = numberedAs[object] ?? object;
    const next = this.#numbers.get(sequence) ?? firstNumber[sequence] ?? 1;
    const recordNo = typeof fields.RECORDNO === 'number' ? fields.RECORDNO : next;
    if (this.get(object, recordNo)) throw new RangeError(`${object} ${recordNo} is there already`);
    this.#numbers.set(sequence, Math.max(next, recordNo + 1));
    const late = this.#policy.visibleAfterMs();
    const row: Row = {
      ...this.#stamps(hand),
      ...(late > 0 && !('visibleAt' in fields) ? { visibleAt: this.#policy.now() + late } : {}),
      ...fields,
      RECORDNO: recordNo,
    };
    this.#table(object).set(recordNo, row);
    this.#index(object, row);
    this.#undo?.push(() => {
      this.#table(object).delete(recordNo);
      this.#forget(object);
    });
    if (!quiet) this.#tell('added', object, row, hand);
    return row;
  }

  /** Tells of a row that was added quietly, once its lines are there too. */
  announceAdded(object: string, row: Row, hand: Hand): void {
    this.#tell('added', object, row, hand);
  }

  /** Changes a row in place. Without `touch` WHENMODIFIED stays; `quiet` leaves out the audit history and the listeners. */
  change(object: string, row: Row, changes: NewRow, hand: Hand, { touch = true, quiet = false } = {}): Row {
    const before = { ...row };
    const stamped = touch ? { WHENMODIFIED: this.#stamp(), MODIFIEDBY: hand.userId } : {};
    Object.assign(row, stamped, changes, { RECORDNO: row.RECORDNO });
    this.#forget(object, (field) => before[field] !== row[field]);
    this.#undo?.push(() => {
      for (const name of Object.keys(row)) delete row[name];
      Object.assign(row, before);
      this.#forget(object);
    });
    if (!quiet) this.#tell('changed', object, row, hand);
    return row;
  }

  /** Removes a row; only the audit history tells of it. */
  remove(object: string, row: Row, hand: Hand): void {
    const table = this.#table(object);
    const before = [...table];
    table.delete(row.RECORDNO);
    this.#forget(object);
    this.#undo?.push(() => {
      this.#tables.set(object, new Map(before));
      this.#forget(object);
    });
    this.#tell('removed', object, row, hand);
  }

  /** From here on, changes can be taken back together, and nobody hears of them before they stay. */
  begin(): void {
    this.#undo = [];
  }

  commit(): void {
    this.#undo = null;
    for (const event of this.#held.splice(0)) this.#announce(event);
  }

  rollBack(): void {
    const steps = this.#undo ?? [];
    this.#undo = null;
    this.#held = [];
    for (const step of steps.reverse()) step();
  }

  /** Returns the function that ends the subscription. */
  onChange(listener: (event: LedgerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #table(object: string): Map<number, Row> {
    let table = this.#tables.get(object);
    if (!table) {
      table = new Map();
      this.#tables.set(object, table);
    }
    return table;
  }

  /** Indexes grow with the table: thousands of rows at once would otherwise be sorted as often. */
  #index(object: string, row: Row): void {
    for (const [name, index] of this.#indexes) {
      if (!name.startsWith(`${object}.`)) continue;
      const value = row[name.slice(object.length + 1)];
      const rows = index.get(value);
      if (rows) rows.push(row);
      else index.set(value, [row]);
    }
  }

  #forget(object: string, changed: (field: string) => boolean = () => true): void {
    for (const name of this.#indexes.keys()) {
      if (name.startsWith(`${object}.`) && changed(name.slice(object.length + 1))) this.#indexes.delete(name);
    }
  }

  /** Seconds are the finest the real stamps have. */
  #now(): number {
    return Math.floor(this.#policy.now() / 1000) * 1000;
  }

  #stamp(): number | null {
    const way = this.#policy.whenModified();
    return way === 'now' ? this.#now() : way === 'null' ? null : 0;
  }

  #stamps(hand: Hand): NewRow {
    const created = { AUWHENCREATED: this.#now(), WHENMODIFIED: this.#stamp() };
    return { ...created, CREATEDBY: hand.userId, MODIFIEDBY: hand.userId };
  }

  #tell(kind: Change, object: string, row: Row, hand: Hand): void {
    if (object !== 'AUDITHISTORY' && !lineObjects.has(object)) {
      const entry = {
        OBJECTTYPE: object.toLowerCase(),
        OBJECTKEY:
          object === 'GLBATCH' || numberedAs[object] || object === 'APBILL'
            ? `${row.RECORDNO}--REC`
            : `${row.RECORDNO}`,
        ACCESSTIME: this.#now(),
        ACCESSMODE: hand.workflow ? 'W' : accessModes[kind],
        WORKFLOWACTION: hand.workflow ?? null,
        SOURCE: hand.source,
        USERID: hand.userId,
      };
      this.add('AUDITHISTORY', entry, hand, true);
    }
    const event = { kind, object, row };
    if (this.#undo) this.#held.push(event);
    else this.#announce(event);
  }

  #announce(event: LedgerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
