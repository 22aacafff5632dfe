import { type EventRow, EventsHash, genesis, hashSeal, type SealRow } from './lines.ts';

export interface AuditReport {
  events: number;
  seals: number;
  /** Events that no seal covers yet. */
  unsealed: number;
  /** The hash of the last seal. */
  head: string | null;
  /** One plain sentence each; none: the record is as it was sealed. */
  problems: string[];
}

const mostProblems = 100;

/** Follows a record in order, the events of a seal before the seal, and notes what does not fit. */
export class ChainCheck {
  #report: AuditReport = { events: 0, seals: 0, unsealed: 0, head: null, problems: [] };
  #more = 0;
  #previous: SealRow | null = null;
  #lastEvent = 0n;
  #current = new EventsHash();
  #expectedHead: string | undefined;
  #sawExpectedHead = false;

  /** `expectedHead`: a head noted elsewhere (the log has one for each seal), which must be among the seals. */
  constructor(expectedHead?: string) {
    this.#expectedHead = expectedHead;
  }

  problem(text: string): void {
    if (this.#report.problems.length < mostProblems) this.#report.problems.push(text);
    else this.#more += 1;
  }

  event(event: EventRow): void {
    const id = BigInt(event.id);
    if (id <= this.#lastEvent) this.problem(`Event ${id} is there twice or out of order.`);
    this.#lastEvent = id;
    this.#report.events += 1;
    this.#current.add(event);
  }

  seal(seal: SealRow): void {
    this.#chain(seal);
    this.#contents(seal);
    this.#report.seals += 1;
    this.#report.head = seal.hash;
    if (seal.hash === this.#expectedHead) this.#sawExpectedHead = true;
    this.#previous = seal;
    this.#current = new EventsHash();
  }

  end(): AuditReport {
    this.#report.unsealed = this.#current.events;
    if (this.#expectedHead && !this.#sawExpectedHead) {
      this.problem(`No seal has the hash ${this.#expectedHead}: seals were removed at the end, or all were rewritten.`);
    }
    if (this.#more > 0) this.#report.problems.push(`And ${this.#more} more.`);
    return this.#report;
  }

  #chain(seal: SealRow): void {
    const { id, from_id, to_id, events, events_hash, previous_hash, sealed_at } = seal;
    const expected = BigInt(this.#previous?.id ?? 0) + 1n;
    if (BigInt(id) !== expected) this.problem(`Seal ${expected} is missing: seal ${id} comes in its place.`);
    if (from_id !== (this.#previous?.to_id ?? '0'))
      this.problem(`Seal ${id} does not begin where the one before it ends.`);
    if (previous_hash !== (this.#previous?.hash ?? genesis))
      this.problem(`Seal ${id} does not follow from the one before it.`);
    if (hashSeal({ id, from_id, to_id, events, events_hash, previous_hash, sealed_at }) !== seal.hash) {
      this.problem(`Seal ${id} was changed.`);
    }
  }

  #contents(seal: SealRow): void {
    const range = `seal ${seal.id} (events after ${seal.from_id} up to ${seal.to_id}, sealed ${seal.sealed_at})`;
    const difference = this.#current.events - Number(seal.events);
    if (difference < 0) this.problem(`${count(-difference)} removed from ${range}.`);
    else if (difference > 0) this.problem(`${count(difference)} inserted into ${range}.`);
    else if (this.#current.digest() !== seal.events_hash) this.problem(`An event was changed in ${range}.`);
  }
}

const count = (events: number) => (events === 1 ? 'An event was' : `${events} events were`);
