import { TimestampSequence } from './clock.ts';
import { Composing } from './composing.ts';
import { Counters } from './counters.ts';
import { EventDelivery } from './event-delivery.ts';
import { Faults } from './faults.ts';
import { Installation } from './installation.ts';
import { Journal } from './journal.ts';
import { Limits } from './limits.ts';
import { MessageStore } from './message-store.ts';
import type { Json, SharedFile } from './model.ts';
import { Authorizations } from './oauth-codes.ts';
import type { MessageShortcut, SlackOptions, Team } from './options.ts';
import { Outlet } from './outlet.ts';
import { conversationsToChoose } from './places-to-choose.ts';
import { Roster } from './roster.ts';
import { enterprise, sampleApp, team } from './seed.ts';
import { Sender } from './sending.ts';
import { SentForms } from './sent-forms.ts';
import { SocketMode } from './socket/socket-mode.ts';
import { Streams } from './streams.ts';
import { Tickets } from './tickets.ts';
import { ViewStore } from './view-store.ts';

export interface AppSettings {
  appId: string;
  name: string;
  clientId: string;
  clientSecret: string;
  signingSecret: string;
  verificationToken: string;
  /** Opens sockets, and nothing else. */
  appToken: string;
  socketMode: boolean;
  requestUrl: string | null;
  redirectUrls: string[];
  botEvents: string[];
  commands: string[] | null;
  /** What the app hears when it is itself taken out of a channel. */
  ownLeaving: OwnLeaving;
  shortcuts: MessageShortcut[] | null;
  unfurlDomains: string[];
}

export const ownLeavings = ['channel_left', 'member_left_channel', 'both'] as const;
export type OwnLeaving = (typeof ownLeavings)[number];

export const lifecycleEvents = ['app_home_opened', 'app_uninstalled', 'tokens_revoked'];

/** Everything that the workspace is made of, before anyone does anything in it. */
export class SlackState {
  readonly options: SlackOptions;
  readonly team: Team;
  readonly enterprise: Team | null;
  /** Whether the app is installed for the whole organization. */
  readonly orgWide: boolean;
  readonly app: AppSettings;
  readonly roster = new Roster();
  readonly installation: Installation;
  readonly authorizations = new Authorizations();
  readonly messages: MessageStore;
  readonly views = new ViewStore((user, element, channel) =>
    conversationsToChoose(this.roster, user, element).some(({ id }) => id === channel),
  );
  readonly limits: Limits;
  readonly faults = new Faults();
  readonly counters = new Counters();
  readonly journal = new Journal();
  readonly streams = new Streams();
  readonly tickets: Tickets;
  readonly timestamps = new TimestampSequence();
  readonly sender: Sender;
  readonly sockets: SocketMode;
  readonly outlet: Outlet;
  readonly events: EventDelivery;
  readonly sentForms = new SentForms();
  /** Options that the app last suggested, by person, place and control: see `offeredKey`. */
  readonly offered = new Map<string, Json[]>();
  /** By id. */
  readonly files = new Map<string, SharedFile>();
  readonly composing = new Composing();

  constructor(options: SlackOptions) {
    this.options = options;
    this.team = options.team ?? team;
    this.enterprise = options.enterprise ? enterprise : null;
    this.orgWide = options.enterprise === 'org';
    this.app = {
      appId: sampleApp.appId,
      name: options.appName ?? sampleApp.name,
      clientId: options.clientId ?? sampleApp.clientId,
      clientSecret: options.clientSecret ?? sampleApp.clientSecret,
      signingSecret: options.signingSecret ?? sampleApp.signingSecret,
      verificationToken: sampleApp.verificationToken,
      appToken: options.appToken ?? sampleApp.appToken,
      socketMode: options.socketMode ?? false,
      requestUrl: options.requestUrl ?? null,
      redirectUrls: options.redirectUrls ?? [],
      botEvents: options.botEvents ?? lifecycleEvents,
      commands: options.commands ?? null,
      ownLeaving: options.ownLeaving ?? 'channel_left',
      shortcuts: options.shortcuts ?? null,
      unfurlDomains: options.unfurlDomains ?? [],
    };
    this.installation = new Installation({ ...sampleApp, tokenRotation: options.tokenRotation ?? false });
    this.messages = new MessageStore(options.maxMessages ?? 50_000);
    this.limits = new Limits({ ...options, mode: options.limits });
    this.tickets = new Tickets(options.triggerLifeMs, options.responseUrlLifeMs);
    const timeoutMs = options.ackTimeoutMs ?? 3000;
    this.sender = new Sender(this.app.signingSecret, timeoutMs);
    this.sockets = new SocketMode({ appId: this.app.appId, timeoutMs });
    this.outlet = new Outlet(this.app, this.sender, this.sockets);
    this.events = new EventDelivery({
      sender: this.sender,
      outlet: this.outlet,
      app: this.app,
      counters: this.counters,
      place: this,
      botUserId: sampleApp.botUserId,
      retryDelaysMs: options.eventRetryDelaysMs,
    });
  }
}
