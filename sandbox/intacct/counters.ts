type Tally = Map<string, number>;

function add(tally: Tally, name: string, units = 1): void {
  tally.set(name, (tally.get(name) ?? 0) + units);
}

function sorted(tally: Tally): Record<string, number> {
  return Object.fromEntries([...tally].sort(([a], [b]) => a.localeCompare(b)));
}

/** What was asked, as the vendor meters it: each function one transaction, each page of a read one, each record written one. */
export class Counters {
  #requests = 0;
  #functions: Tally = new Map();
  #objects: Tally = new Map();
  #refused: Tally = new Map();
  #metered = 0;

  request(): void {
    this.#requests += 1;
  }

  /** `object` is what the function works on; `units` more than one where several records are written. */
  metered(name: string, object: string | undefined, units = 1): void {
    this.#metered += units;
    add(this.#functions, name, units);
    if (object) add(this.#objects, `${name} ${object}`, units);
  }

  refused(errorno: string): void {
    add(this.#refused, errorno);
  }

  show(): Record<string, unknown> {
    return {
      requests: this.#requests,
      metered: this.#metered,
      functions: sorted(this.#functions),
      objects: sorted(this.#objects),
      refused: sorted(this.#refused),
    };
  }

  reset(): void {
    this.#requests = 0;
    this.#metered = 0;
    for (const tally of [this.#functions, this.#objects, this.#refused]) tally.clear();
  }
}
