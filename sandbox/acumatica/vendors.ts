import { randomUUID } from 'node:crypto';
import { vendorCodes } from '../vendor-codes.ts';

/** `modifiedAt` is in ms since the epoch. */
export interface Vendor {
  readonly id: string;
  readonly code: string;
  name: string;
  status: string;
  modifiedAt: number;
}

/** The vendors that the bills point at. */
export class Vendors {
  readonly #byCode = new Map<string, Vendor>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(code: string | null): Vendor | undefined {
    return code === null ? undefined : this.#byCode.get(code.toUpperCase());
  }

  all(): Vendor[] {
    return [...this.#byCode.values()];
  }

  add(code: string, name: string): Vendor {
    const vendor = { id: randomUUID(), code, name, status: 'Active', modifiedAt: this.#now() };
    this.#byCode.set(code, vendor);
    return vendor;
  }

  /** The vendor of this name, added under a fresh code where there is none. */
  named(name: string): Vendor {
    const known = this.all().find((vendor) => vendor.name === name);
    if (known) return known;
    return this.add(vendorCodes([name], new Set(this.#byCode.keys())).get(name) ?? 'VENDOR', name);
  }

  edit(code: string, changes: { name?: string | undefined; status?: string | undefined }): Vendor | undefined {
    const vendor = this.get(code);
    if (!vendor) return undefined;
    vendor.name = changes.name ?? vendor.name;
    vendor.status = changes.status ?? vendor.status;
    vendor.modifiedAt = this.#now();
    return vendor;
  }
}
