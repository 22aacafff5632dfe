import type { BillMaker } from './bill-maker.ts';
import type { Bills } from './bills.ts';
import type { Counters } from './counters.ts';
import type { Faults } from './faults.ts';
import type { Licence } from './licence.ts';
import type { Grants } from './oauth/grants.ts';
import type { Operations } from './operations.ts';
import type { People } from './people.ts';
import type { Sessions } from './sessions.ts';
import type { Settings } from './settings.ts';
import type { Vendors } from './vendors.ts';
import type { Workflow } from './workflow.ts';

/** What the site is made of; its routers share one of each. */
export interface Parts {
  /** The site's own path, for example `/AcumaticaERP`. */
  path: string;
  /** Where this machine is reached, without the path. */
  baseUrl: () => string;
  /** Milliseconds since the epoch. */
  now: () => number;
  settings: Settings;
  bills: Bills;
  vendors: Vendors;
  people: People;
  maker: BillMaker;
  workflow: Workflow;
  operations: Operations;
  sessions: Sessions;
  grants: Grants;
  licence: Licence;
  faults: Faults;
  counters: Counters;
}
