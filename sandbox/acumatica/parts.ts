import type { Bill } from './bill.ts';
import type { BillMaker } from './bill-maker.ts';
import type { Counters } from './counters.ts';
import type { Faults } from './faults.ts';
import type { Form } from './form.ts';
import type { Licence } from './licence.ts';
import type { Grants } from './oauth/grants.ts';
import type { Operations } from './operations.ts';
import type { People } from './people.ts';
import type { Records } from './records.ts';
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
  /** Every form whose documents are served, bills first. */
  forms: readonly Form[];
  bills: Records<Bill>;
  vendors: Vendors;
  people: People;
  customers: Vendors;
  maker: BillMaker;
  workflow: Workflow<Bill>;
  operations: Operations;
  sessions: Sessions;
  grants: Grants;
  licence: Licence;
  faults: Faults;
  counters: Counters;
}
