import type { Counters } from './counters.ts';
import type { Faults } from './faults.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Catalog } from './objects/catalog.ts';
import type { Sessions } from './sessions.ts';
import type { Settings } from './settings.ts';

/** What the simulated gateway is made of; its functions share one of each. */
export interface Parts {
  /** The gateway's own path on this machine, for example `/intacct`. */
  path: string;
  /** Where this machine is reached, without the path. */
  baseUrl: () => string;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** From 0 (included) to 1 (excluded). */
  random: () => number;
  settings: Settings;
  ledger: Ledger;
  catalog: Catalog;
  sessions: Sessions;
  faults: Faults;
  counters: Counters;
}
