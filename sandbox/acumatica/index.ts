import type { Router } from 'express';
import type { z } from 'zod';
import { seededRandom } from '../random.ts';
import { adminRouter, countersOf } from './admin.ts';
import type { Bill, BillStatus } from './bill.ts';
import { BillMaker } from './bill-maker.ts';
import type { BillChanges, BillFields, BillView } from './bill-view.ts';
import { Clock } from './clock.ts';
import { Counters } from './counters.ts';
import type { DocumentFile, DocumentRecord } from './document.ts';
import { DocumentMaker } from './document-maker.ts';
import { type Fault, type FaultInput, Faults } from './faults.ts';
import type { Form } from './form.ts';
import { billForm, billRules } from './forms/bill.ts';
import { checkForm } from './forms/check.ts';
import { customerPaymentForm } from './forms/customer-payment.ts';
import { journalForm } from './forms/journal.ts';
import { purchaseOrderForm } from './forms/purchase-order.ts';
import type { Site } from './forms/shared.ts';
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
import { type RecordEvent, Records } from './records.ts';
import { Sessions } from './sessions.ts';
import { parseSettingsChange, type Settings, type SettingsChange, settingsSchema } from './settings.ts';
import { siteRouter } from './site-router.ts';
import { Stream } from './stream.ts';
import { clientIdOf, clientSecret, type User, users } from './users.ts';
import { type VendorChanges, Vendors } from './vendors.ts';
import type { DocumentView } from './view.ts';
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
  /** Whether documents of the other forms are there from the start; true unless `seedBills` is given. */
  seedOthers?: boolean;
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

/** The documents of one form, past its API: what its own screens do. */
export interface FormSide {
  all(): DocumentView[];
  find(ref: string, type?: string): DocumentView | undefined;
  add(fields?: Record<string, unknown>): DocumentView;
  edit(ref: string, changes: Record<string, unknown>, type?: string): DocumentView;
  remove(ref: string, type?: string): void;
  /** The files of a document with what is in them. */
  files(ref: string, type?: string): readonly DocumentFile[];
  /** Somebody at the screen: the assignee, unless `by` names a user. Refusals are thrown. */
  act(ref: string, action: WorkflowAction, options?: { by?: string; reason?: string; type?: string }): DocumentView;
}

export const collections = ['bills', 'purchase-orders', 'checks', 'payments', 'journals'] as const;
export type Collection = (typeof collections)[number];

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
  form(collection: Collection): FormSide;
  bills(): BillView[];
  /** Somebody at the vendor's form changes it. Throws RangeError where there is none. */
  editVendor(code: string, changes: VendorChanges): void;
  /** The files of a bill with what is in them. */
  files(ref: string): readonly DocumentFile[];
  bill(ref: string, type?: string): BillView | undefined;
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
  /** For the tenants of one site, which share an address. */
  readonly parts: Parts;
}

const seed = 20_250_331;

/** A simulated Acumatica site over its real wire format, with state, faults and a clock. Nothing runs until `start`. */
export function createAcumaticaSite(options: AcumaticaOptions): AcumaticaSite {
  const machine = options.now ?? Date.now;
  const now = () => machine() + settings.clockAheadMinutes * 60_000;
  const pace = options.billsPerMinute === undefined ? {} : { billsPerMinute: options.billsPerMinute };
  const settings = settingsSchema.parse({ ...pace, ...options.settings });
  const random = seededRandom(seed);
  const bills = new Records<Bill>(now, random, 801);
  const vendors = new Vendors(now, settings);
  const customers = new Vendors(now, settings);
  const site: Site = { path: options.path, now, random, settings, vendors, customers };
  const workflow = new Workflow(bills, billRules(bills), settings, now);
  const maker = new BillMaker(bills, vendors, settings, now);
  const forms = {
    bills: billForm(site, { bills, workflow, maker }),
    purchaseOrders: purchaseOrderForm(site),
    checks: checkForm(site, bills),
    payments: customerPaymentForm(site),
    journals: journalForm(site),
  };
  const others = new DocumentMaker(forms, bills, customers, now);
  const parts: Parts = {
    path: options.path,
    baseUrl: options.baseUrl,
    now,
    settings,
    forms: Object.values(forms),
    bills,
    vendors,
    people: new People(settings),
    customers,
    maker,
    workflow,
    operations: new Operations(settings),
    sessions: new Sessions(settings, now),
    grants: new Grants(settings, now),
    licence: new Licence(settings),
    faults: new Faults(),
    counters: new Counters(),
  };
  maker.seed(options.seedBills ?? 24);
  if (options.seedOthers ?? options.seedBills === undefined) others.seed();
  const pay = (bill: Bill) => forms.checks.act(others.pay(bill), 'release', 'assignee', null);
  const clock = new Clock({ settings, maker, others, bills, workflow, pay, now });
  const stream = new Stream(parts);
  const push = new PushNotifications(parts);

  const billSide = sideOf(forms.bills);

  function siteEvent(event: RecordEvent<Bill>): SiteEvent {
    if (event.kind === 'bulk') return { kind: 'bulk', count: event.count, latest: forms.bills.view(event.latest) };
    return { kind: event.kind, bill: forms.bills.view(event.document) };
  }

  function describe(): SiteDescription {
    const url = `${options.baseUrl()}${options.path}`;
    const { tenant, versions } = settings;
    return { url, tenant, versions, clientId: clientIdOf(tenant), clientSecret, users: [...users] };
  }

  return {
    router: siteRouter(parts),
    admin: adminRouter(parts, clock, stream, describe, push),
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
    form(collection) {
      const form = parts.forms.find((candidate) => candidate.collection === collection);
      if (!form) throw new RangeError(`there is no form ${collection}`);
      return sideOf(form);
    },
    bills: billSide.all,
    editVendor(code, changes) {
      if (!vendors.edit(code, changes)) throw new RangeError(`there is no vendor ${code}`);
    },
    files: (ref) => billSide.files(ref),
    bill: billSide.find,
    addBill: (fields = {}) => billSide.add(fields),
    editBill: (ref, changes) => billSide.edit(ref, changes),
    removeBill: (ref) => billSide.remove(ref),
    decideInErp: (ref, action, given) => billSide.act(ref, action, given),
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
    parts,
    get counters() {
      return countersOf(parts);
    },
  };
}

function sideOf<R extends DocumentRecord, View extends DocumentView>(form: Form<R, View>) {
  const find = (ref: string, type = form.usualType) => form.find(type, ref) ?? form.byId(ref);
  const at = (ref: string, type?: string): R => {
    const found = find(ref, type);
    if (!found) throw new RangeError(`there is no ${form.entity} ${ref}`);
    return found;
  };
  return {
    all: () => form.all().map((document) => form.view(document)),
    find(ref: string, type?: string): View | undefined {
      const found = find(ref, type);
      return found && form.view(found);
    },
    add: (fields: Record<string, unknown> = {}) => form.view(form.add(fields)),
    edit(ref: string, changes: Record<string, unknown>, type?: string): View {
      const document = at(ref, type);
      form.edit(document, changes);
      return form.view(document);
    },
    remove: (ref: string, type?: string) => form.remove(at(ref, type)),
    files: (ref: string, type?: string) => at(ref, type).extras?.files ?? [],
    act(ref: string, action: WorkflowAction, given: { by?: string; reason?: string; type?: string } = {}): View {
      const document = at(ref, given.type);
      const actor = given.by ? { username: given.by, role: 'approver' as const } : 'assignee';
      form.act(document, action, actor, given.reason ?? null);
      return form.view(document);
    },
  };
}
