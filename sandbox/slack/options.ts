import type { LimitsMode } from './limits.ts';

export interface Team {
  id: string;
  name: string;
  /** The first part of its address. */
  domain: string;
}

export interface MessageShortcut {
  name: string;
  callbackId: string;
}

export interface SlackOptions {
  /** The address that the sandbox answers on, e.g. `http://localhost:4400`. */
  baseUrl: () => string;
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  signingSecret?: string | undefined;
  appName?: string | undefined;
  /** Where events, clicks, forms and commands go, e.g. `http://localhost:3000/slack/events`. */
  requestUrl?: string | undefined;
  /** Everything goes through the app's own sockets instead of to `requestUrl`; default false. */
  socketMode?: boolean | undefined;
  /** The app-level token with which sockets are opened; default `xapp-…`. */
  appToken?: string | undefined;
  /** Another workspace than the usual one. */
  team?: Team | undefined;
  /** The workspace belongs to an Enterprise organization, and the app is installed in it alone or for the whole of it. */
  enterprise?: 'workspace' | 'org' | undefined;
  /** Configured OAuth redirect addresses. Without any, every https or loopback address is taken. */
  redirectUrls?: string[] | undefined;
  /** Event types that the app subscribes to. */
  botEvents?: string[] | undefined;
  /** What the app hears of its own removal from a channel; public reports say `channel_left` (`group_left`). */
  ownLeaving?: 'channel_left' | 'member_left_channel' | 'both' | undefined;
  /** The app's slash commands; without a list every command goes to the app. */
  commands?: string[] | undefined;
  /** The app's message shortcuts; without a list every callback id goes to the app. */
  shortcuts?: MessageShortcut[] | undefined;
  /** The domains whose links the app is told of; default none. Their subdomains count as well. */
  unfurlDomains?: string[] | undefined;
  /** Links travel in events with `&amp;` for `&`, as some report; default false. */
  escapedLinks?: boolean | undefined;
  /** `real` (default): pace, workspace cap and method tiers; `pace-only`: without the tiers; `off`: none. */
  limits?: LimitsMode | undefined;
  /** Messages a minute that the whole workspace takes; default 600. */
  workspaceMessagesPerMinute?: number | undefined;
  /** `restricted`: history and replies give 15 messages once a minute, as to hosted apps outside the Marketplace. */
  history?: 'normal' | 'restricted' | undefined;
  /** The older rule that a message has one table; default true. */
  onlyOneTable?: boolean | undefined;
  /** Bot tokens live 12 hours and come with a refresh token; default false. */
  tokenRotation?: boolean | undefined;
  /** How long the app may take to answer; default 3,000 ms. */
  ackTimeoutMs?: number | undefined;
  /** Default 3,000 ms. */
  triggerLifeMs?: number | undefined;
  /** Default 30 minutes. */
  responseUrlLifeMs?: number | undefined;
  /** Waiting times before the retries of an event; default 0, 1 and 5 minutes. */
  eventRetryDelaysMs?: number[] | undefined;
  /** Names or ids of channels that the bot joins when the app is installed. */
  inviteBotTo?: string[] | undefined;
  /** Starts with the app installed with these bot scopes. */
  installedScopes?: string[] | undefined;
  /** Oldest messages are forgotten beyond this; default 50,000. */
  maxMessages?: number | undefined;
}
