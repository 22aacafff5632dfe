import { createHmac } from 'node:crypto';
import type { Router } from 'express';
import { seededRandom } from '../random.ts';
import { adminRouter } from './admin.ts';
import { Clock } from './clock.ts';
import { companyId, type Entity, entities, sender, type User, users } from './company.ts';
import { Counters } from './counters.ts';
import { type Fault, type FaultInput, Faults } from './faults.ts';
import { gatewayRouter } from './gateway.ts';
import { CompanyHand } from './hand.ts';
import { Ledger } from './ledger/ledger.ts';
import { Catalog } from './objects/catalog.ts';
import type { Parts } from './parts.ts';
import { recordPage } from './record-page.ts';
import { monthOf } from './seed/calendar.ts';
import { addBooks } from './seed/company-books.ts';
import { Maker } from './seed/maker.ts';
import { addStanding } from './seed/standing.ts';
import { Sessions } from './sessions.ts';
import { parseSettingsChange, type Settings, type SettingsChange, settingsSchema } from './settings.ts';
import { type Trigger, WebhookSender } from './webhook/sender.ts';

export type { Fault, FaultInput } from './faults.ts';
export type { Settings, SettingsChange } from './settings.ts';

export interface IntacctOptions {
  /** Where this machine is reached, without the gateway's path, for example `http://localhost:4400`. */
  baseUrl: () => string;
  path: '/intacct';
  /** Bills in the books at the start; 0 leaves out entries and payments, too. */
  seedBills?: number;
  /** Milliseconds since the epoch. */
  now?: () => number;
  settings?: SettingsChange;
}

export interface SiteDescription {
  /** The address to sign in at. */
  url: string;
  senderId: string;
  senderPassword: string;
  companyId: string;
  users: User[];
  entities: Entity[];
}

export interface IntacctSite {
  /** The gateway; mount at `path`, before any body parser. */
  router: Router;
  /** Mount at `/admin/intacct`. */
  admin: Router;
  describe(): SiteDescription;
  /** Starts the clock: entries arrive, payments are made, months close. */
  start(): void;
  /** Ends the clock, held answers and waiting deliveries. */
  stop(): void;
  /** Adds, changes and removes rows past the gateway. */
  readonly hand: CompanyHand;
  readonly clock: Clock;
  /** What an administrator sets up as a Platform trigger; one of the same name is replaced. */
  setTrigger(trigger: unknown): Trigger;
  readonly ledger: Ledger;
  readonly maker: Maker;
  setFault(fault: FaultInput): Fault;
  clearFaults(): void;
  settings(): Settings;
  changeSettings(change: SettingsChange): void;
  /** Ends all sessions, or those of one user. */
  expireSessions(userId?: string): number;
  readonly counters: ReturnType<Counters['show']>;
}

const seed = 20_260_331;

function opaque(object: string, recordNo: number): string {
  return encodeURIComponent(createHmac('sha256', String(seed)).update(`${object}:${recordNo}`).digest('base64'));
}

/** A simulated Sage Intacct company behind its XML gateway, with state, faults and a clock. Nothing runs until `start`. */
export function createIntacctSite(options: IntacctOptions): IntacctSite {
  const now = options.now ?? Date.now;
  const settings = settingsSchema.parse({
    booksClosedThrough: monthOf(new Date(now()).toISOString().slice(0, 10), -2).last,
    ...options.settings,
  });
  let moment: number | null = null;
  const ledger = new Ledger({
    now: () => moment ?? now(),
    whenModified: () => settings.whenModified,
    visibleAfterMs: () => settings.visibleAfterMinutes * 60_000,
    recordUrl: (object, row) => {
      if (settings.recordUrl === 'empty') return '';
      const base = settings.recordUrlBase ?? `${options.baseUrl()}${options.path}/ia/acct/ur.phtml`;
      return `${base}?.r=${opaque(object, row.RECORDNO)}`;
    },
  });
  const parts: Parts = {
    path: options.path,
    baseUrl: options.baseUrl,
    now,
    random: seededRandom(seed),
    settings,
    ledger,
    catalog: new Catalog(settings),
    sessions: new Sessions(settings, now),
    faults: new Faults(),
    counters: new Counters(),
  };
  const maker = new Maker(ledger, now);
  addStanding(ledger, maker.rows, now());
  const bills = options.seedBills ?? 60;
  if (bills > 0)
    addBooks(ledger, maker, bills, settings.booksClosedThrough ?? maker.today(), (day) => {
      moment = day === null ? null : Math.min(now(), Date.parse(`${day}T09:30:00Z`));
    });

  const hand = new CompanyHand(parts);
  const clock = new Clock(parts, maker, parts.random);
  const webhooks = new WebhookSender(ledger, settings, now);
  const router = gatewayRouter(parts);
  router.get('/ia/acct/ur.phtml', recordPage(parts));
  const describe = (): SiteDescription => ({
    url: `${options.baseUrl()}${options.path}/ia/xml/xmlgw.phtml`,
    senderId: sender.id,
    senderPassword: sender.password,
    companyId,
    users: [...users],
    entities: [...entities],
  });

  return {
    router,
    admin: adminRouter({ ...parts, hand, maker, clock, webhooks, describe }),
    describe,
    start: () => clock.start(),
    stop() {
      clock.stop();
      webhooks.stop();
      parts.faults.stop();
    },
    hand,
    clock,
    setTrigger: (trigger) => webhooks.set(trigger),
    ledger,
    maker,
    setFault: (fault) => parts.faults.set(fault),
    clearFaults: () => parts.faults.clear(),
    settings: () => settings,
    changeSettings: (change) => Object.assign(settings, parseSettingsChange(change)),
    expireSessions: (userId) => parts.sessions.expire(userId),
    get counters() {
      return parts.counters.show();
    },
  };
}
