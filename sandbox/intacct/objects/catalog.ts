import type { Settings } from '../settings.ts';
import { auditHistory, locationEntity, userInfo } from './company.ts';
import { glAccount, glBatch, glDetail, glEntry, journal, reportingPeriod } from './general-ledger.ts';
import type { ObjectType } from './object-type.ts';
import { apAdjustment, apBill, apBillItem, apPayment, apPaymentDetail, vendor } from './payables.ts';

/** Every object of the company, by its name. */
export class Catalog {
  readonly #types: Map<string, ObjectType>;

  constructor(settings: Settings) {
    const types = [
      glBatch,
      glEntry,
      glDetail,
      glAccount,
      journal,
      reportingPeriod,
      apBill,
      apBillItem,
      apPayment(settings),
      apPaymentDetail,
      apAdjustment,
      vendor,
      locationEntity,
      userInfo,
      auditHistory,
    ];
    this.#types = new Map(types.map((type) => [type.name, type]));
  }

  get(name: string | undefined): ObjectType | undefined {
    return name === undefined ? undefined : this.#types.get(name.toUpperCase());
  }

  names(): string[] {
    return [...this.#types.keys()];
  }
}
