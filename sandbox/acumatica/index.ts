import type { Router } from 'express';
import type { z } from 'zod';
import { adminRouter, countersOf } from './admin.ts';
import type { BillFile, BillStatus } from './bill.ts';
import { BillMaker } from './bill-maker.ts';
import { type BillChanges, type BillFields, type BillView, viewOf } from './bill-view.ts';
import { type BillEvent, Bills } from './bills.ts';
import { Clock } from './clock.ts';
import { Counters } from './counters.ts';
import { type Fault, type FaultInput, Faults } from './faults.ts';
import { Hand } from './hand.ts';
import { Licence } from './licence.ts';
import { Grants } from './oauth/grants.ts';
import { Operations } from './operations.ts';
import type { Parts } from './parts.ts';
import { People } from './people.ts';
import {
  type Destination,
  type destinationSchema,
  type FailedNotice,
  PushNotifications,
} from './push-notifications.ts';
import { seededRandom } from './random.ts';
import { Sessions } from './sessions.ts';
import { parseSettingsChange, type Settings, type SettingsChange, settingsSchema } from './settings.ts';
import { siteRouter } from './site-router.ts';
import { Stream } from './stream.ts';
import { clientId, clientSecret, tenant, type User, users } from './users.ts';
import { Vendors } from './vendors.ts';
import { Workflow, type WorkflowAction } from './workflow.ts';

export type { BillStatus } from './bill.ts';
export type { BillChanges, BillFields, BillView } from './bill-view.ts';
export type { Fault, FaultInput } from './faults.ts';
export type { Settings, SettingsChange } from './settings.ts';
export type { WorkflowAction } from './workflow.ts';

export interface AcumaticaOptions {
  /** Where this machine is reached, without the site's path, for example `http://localhost:4400`. */
  baseUrl: () => string;
  path: '/AcumaticaERP';
  billsPerMinute?: number;
  seedBills?: number;
  /** Milliseconds since the epoch. */
  now?: () => number;
  settings?: SettingsChange;
}

export interface SiteDescription {
  url: string;
  tenant: string;
  versions: string[];
  clientId: string;
  clientSecret: string;
  users: User[];
}

export type SiteEvent =
  | { kind: 'added' | 'changed' | 'removed'; bill: BillView }
  | { kind: 'bulk'; count: number; latest: BillView };

export interface AcumaticaSite {
  /** The ERP; mount at `path`, before any body parser. */
  router: Router;
  /** Mount at `/admin/acumatica`. */
  admin: Router;
  describe(): SiteDescription;
  /** Starts the clock: bills arrive and age. */
  start(): void;
  /** Ends the clock, open streams, held answers and running operations. */
  stop(): void;
  bills(): BillView[];
  bill(ref: string, type?: string): BillView | undefined;
  /** The files of a bill with what is in them. */
  files(ref: string): readonly BillFile[];
  addBill(fields?: BillFields): BillView;
  editBill(ref: string, changes: BillChanges): BillView;
  removeBill(ref: string): void;
  /** Somebody decides at a screen of the ERP: the assignee, unless `by` names a user. Refusals are thrown. */
  decideInErp(ref: string, action: WorkflowAction, options?: { by?: string; reason?: string }): BillView;
  /** Employees and contacts. */
  readonly people: People;
  /** Many bills at once; `modifiedAt` in ms since the epoch. */
  addBills(count: number, options?: { modifiedAt?: number; status?: BillStatus }): void;
  setFault(fault: FaultInput): Fault;
  clearFaults(): void;
  settings(): Settings;
  changeSettings(change: SettingsChange): void;
  /** What restarting the site does: every session is closed, every token stays. */
  closeSessions(): void;
  expireAccessTokens(): void;
  revokeGrants(): void;
  /** What a person types into the form Push Notifications; a destination of the same name is replaced. */
  setPushDestination(destination: z.input<typeof destinationSchema>): Destination;
  /** Notices that five attempts did not bring. */
  failedPushes(): FailedNotice[];
  resendPushes(): void;
  /** Returns the function that ends the subscription. */
  onChange(listener: (event: SiteEvent) => void): () => void;
  readonly counters: ReturnType<typeof countersOf>;
}

const seed = 20_250_331;

/** A simulated Acumatica site over its real wire format, with state, faults and a clock. Nothing runs until `start`. */
export function createAcumaticaSite(options: AcumaticaOptions): AcumaticaSite {
  const now = options.now ?? Date.now;
  const pace = options.billsPerMinute === undefined ? {} : { billsPerMinute: options.billsPerMinute };
  const settings = settingsSchema.parse({ ...pace, ...options.settings });
  const bills = new Bills(now, seededRandom(seed));
  const vendors = new Vendors(now);
  const parts: Parts = {
    path: options.path,
    baseUrl: options.baseUrl,
    now,
    settings,
    bills,
    vendors,
    people: new People(settings),
    maker: new BillMaker(bills, vendors, settings, now),
    workflow: new Workflow(bills, settings, now),
    operations: new Operations(settings),
    sessions: new Sessions(settings, now),
    grants: new Grants(settings, now),
    licence: new Licence(settings),
    faults: new Faults(),
    counters: new Counters(),
  };
  parts.maker.seed(options.seedBills ?? 24);
  const hand = new Hand(parts);
  const clock = new Clock(settings, parts.maker, bills, parts.workflow, now);
  const stream = new Stream(parts);
  const push = new PushNotifications(parts);

  function billAt(ref: string) {
    const bill = bills.byKey('Bill', ref) ?? bills.byId(ref);
    if (!bill) throw new RangeError(`there is no bill ${ref}`);
    return bill;
  }

  function siteEvent(event: BillEvent): SiteEvent {
    if (event.kind === 'bulk') return { kind: 'bulk', count: event.count, latest: viewOf(event.latest, parts) };
    return { kind: event.kind, bill: viewOf(event.bill, parts) };
  }

  function describe(): SiteDescription {
    const url = `${options.baseUrl()}${options.path}`;
    return { url, tenant, versions: settings.versions, clientId, clientSecret, users: [...users] };
  }

  return {
    router: siteRouter(parts),
    admin: adminRouter(parts, hand, clock, stream, describe, push),
    describe,
    people: parts.people,
    start: () => clock.start(),
    stop() {
      clock.stop();
      stream.stop();
      push.stop();
      parts.faults.stop();
      parts.operations.stop();
      parts.licence.stop();
    },
    bills: () => bills.inOrder('key').map((bill) => viewOf(bill, parts)),
    bill(ref, type = 'Bill') {
      const bill = bills.byKey(type, ref) ?? bills.byId(ref);
      return bill && viewOf(bill, parts);
    },
    files: (ref) => billAt(ref).extras?.files ?? [],
    addBill: (fields = {}) => viewOf(hand.add(fields), parts),
    editBill(ref, changes) {
      hand.edit(billAt(ref), changes);
      return viewOf(billAt(ref), parts);
    },
    removeBill: (ref) => bills.remove(billAt(ref)),
    decideInErp(ref, action, { by, reason } = {}) {
      parts.workflow.act(billAt(ref), action, by ? { username: by, role: 'approver' } : 'assignee', reason ?? null);
      return viewOf(billAt(ref), parts);
    },
    addBills: (count, { modifiedAt, status } = {}) => parts.maker.generate(count, status, modifiedAt),
    setFault: (fault) => parts.faults.set(fault),
    clearFaults: () => parts.faults.clear(),
    settings: () => settings,
    changeSettings: (change) => Object.assign(settings, parseSettingsChange(change)),
    closeSessions: () => parts.sessions.closeAll(),
    expireAccessTokens: () => parts.grants.expireAccess(),
    revokeGrants: () => parts.grants.revokeAll(),
    setPushDestination: (destination) => push.set(destination),
    failedPushes: () => push.failed(),
    resendPushes: () => push.resend(),
    onChange: (listener) => bills.onChange((event) => listener(siteEvent(event))),
    get counters() {
      return countersOf(parts);
    },
  };
}
