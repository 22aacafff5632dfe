import { randomUUID } from 'node:crypto';
import { vendorCodes } from '../vendor-codes.ts';
import type { Settings } from './settings.ts';

/** `modifiedAt` is in ms since the epoch. */
export interface Vendor {
  readonly id: string;
  readonly code: string;
  name: string;
  status: string;
  /** How and to which account it is paid. */
  paymentMethod: string;
  instructions: readonly PaymentInstruction[];
  /** Where payments are sent, with whom. */
  remittance: Remittance;
  modifiedAt: number;
}

/** One row of the payment instructions, as the payment method asks for them. */
export interface PaymentInstruction {
  id: string;
  description: string;
  value: string;
}

export interface Remittance {
  attention: string | null;
  email: string | null;
  phone: string | null;
  addressLine1: string | null;
  city: string | null;
  postalCode: string | null;
  country: string | null;
}

/** What a person at the vendor's form can change; `sortCode` and `account` are its payment instructions. */
export interface VendorChanges {
  name?: string | undefined;
  status?: string | undefined;
  paymentMethod?: string | undefined;
  sortCode?: string | undefined;
  account?: string | undefined;
  remittance?: { [Name in keyof Remittance]?: Remittance[Name] | undefined } | undefined;
}

/** Made-up bank details that are the same for the same code. */
function instructionsOf(code: string): PaymentInstruction[] {
  let hash = 17;
  for (const letter of code) hash = (hash * 33 + (letter.codePointAt(0) ?? 0)) % 99_999_989;
  const digits = String(hash).padStart(8, '0');
  return [
    { id: '1', description: 'Sort code', value: `20-${digits.slice(0, 2)}-${digits.slice(2, 4)}` },
    { id: '2', description: 'Account number', value: digits },
  ];
}

/** The vendors that the bills point at. */
export class Vendors {
  readonly #byCode = new Map<string, Vendor>();
  readonly #now: () => number;
  readonly #settings: Pick<Settings, 'instructionsMoveModified'>;

  constructor(now: () => number, settings: Pick<Settings, 'instructionsMoveModified'>) {
    this.#now = now;
    this.#settings = settings;
  }

  get(code: string | null): Vendor | undefined {
    return code === null ? undefined : this.#byCode.get(code.toUpperCase());
  }

  all(): Vendor[] {
    return [...this.#byCode.values()];
  }

  add(code: string, name: string): Vendor {
    const vendor: Vendor = {
      ...{ id: randomUUID(), code, name, status: 'Active', modifiedAt: this.#now() },
      paymentMethod: 'BACS',
      instructions: instructionsOf(code),
      remittance: {
        ...{ attention: 'Accounts receivable', email: `accounts@${code.toLowerCase()}.example`, phone: null },
        ...{ addressLine1: '1 High Street', city: 'London', postalCode: 'SW1A 1AA', country: 'GB' },
      },
    };
    this.#byCode.set(code, vendor);
    return vendor;
  }

  /** The vendor of this name, added under a fresh code where there is none. */
  named(name: string): Vendor {
    const known = this.all().find((vendor) => vendor.name === name);
    if (known) return known;
    return this.add(vendorCodes([name], new Set(this.#byCode.keys())).get(name) ?? 'VENDOR', name);
  }

  edit(code: string, changes: VendorChanges): Vendor | undefined {
    const vendor = this.get(code);
    if (!vendor) return undefined;
    const { sortCode, account, remittance = {}, ...plain } = changes;
    for (const [name, value] of Object.entries(plain))
      if (value !== undefined) Object.assign(vendor, { [name]: value });
    const told = Object.entries(remittance).filter(([, value]) => value !== undefined);
    vendor.remittance = { ...vendor.remittance, ...Object.fromEntries(told) };
    vendor.instructions = vendor.instructions.map((row) => {
      const value = row.id === '1' ? sortCode : account;
      return value === undefined ? row : { ...row, value };
    });
    const others = told.length > 0 || Object.values(plain).some((value) => value !== undefined);
    if (others || this.#settings.instructionsMoveModified) vendor.modifiedAt = this.#now();
    return vendor;
  }
}
