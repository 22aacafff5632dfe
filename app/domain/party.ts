/**
 * What an ERP's master data say of whom one pays. `bank` and `remittance` are canonical texts, the same as long as the
 * data are the same; null where there are none. They are never stored or logged: only keyed fingerprints of them are.
 */
export interface ErpParty {
  code: string;
  /** Accounts and whatever else decides where the money goes. */
  bank: string | null;
  /** Where payments and their advice are sent. */
  remittance: string | null;
}
