import { RequestRefused } from './errors.ts';
import type { Fault, FaultRequest } from './faults.ts';
import { type Choice, type ChoicesRequest, choices } from './interactions/choices.ts';
import { type ClickRequest, type ClickResult, click } from './interactions/click.ts';
import type { GivenValues } from './interactions/filling.ts';
import { type Ack, asAck, channelFor, person, sendForm } from './interactions/interaction.ts';
import { compose } from './interactions/links.ts';
import {
  answerByUrl,
  type CommandRequest,
  type PostRequest,
  postAsPerson,
  runCommand,
} from './interactions/messages.ts';
import { runShortcut, type ShortcutRequest, type ShortcutResult } from './interactions/shortcuts.ts';
import { type SuggestionRequest, type SuggestionResult, suggest } from './interactions/suggestions.ts';
import { closeView, type SubmitResult, submitView } from './interactions/views.ts';
import { installApp, type LifecycleOptions, revokeTokens, uninstallApp } from './lifecycle.ts';
import { readManifest } from './manifest.ts';
import { invite, joinChannel, leaveChannel, remove } from './membership.ts';
import type { Channel, Json, Message, User, View } from './model.ts';
import type { SlackOptions } from './options.ts';
import { SlackState } from './state.ts';
import { messageForClient, viewOnWire } from './wire.ts';

/** A Slack workspace with one app: what people do in it, and what an admin can make go wrong. */
export class SlackWorkspace {
  readonly state: SlackState;

  constructor(options: SlackOptions) {
    this.state = new SlackState(options);
    if (options.installedScopes) installApp(this.state, options.installedScopes);
  }

  get journal() {
    return this.state.journal;
  }

  get counters() {
    return this.state.counters;
  }

  get limits() {
    return this.state.limits;
  }

  /** By id, name or #name; throws RequestRefused (404). */
  channel(reference: string): Channel {
    const channel = this.state.roster.findChannel(reference);
    if (!channel) throw new RequestRefused(404, `there is no channel ${reference}`);
    return channel;
  }

  /** By id or name; throws RequestRefused (404). */
  user(reference: string): User {
    const found = [...this.state.roster.users.values()].find(({ id, name }) => id === reference || name === reference);
    if (!found) throw new RequestRefused(404, `there is no user ${reference}`);
    return found;
  }

  /** Everything in a channel, oldest first, with replies and ephemeral messages. */
  messages(channel: string): readonly Message[] {
    return this.state.messages.inChannel(this.channel(channel).id);
  }

  /** What this person sees in a channel, or in one of its threads, oldest first. */
  visibleMessages(channel: string, user: string, threadTs?: string): Json[] {
    const seen = this.messages(channel).filter(
      (message) =>
        (message.ephemeralTo === undefined || message.ephemeralTo === user) &&
        (threadTs === undefined
          ? message.threadTs === undefined || message.broadcast === true
          : message.ts === threadTs || message.threadTs === threadTs),
    );
    return seen.map((message) => messageForClient(this.state, message));
  }

  openViews(user: string): readonly View[] {
    return this.state.views.stack(user);
  }

  home(user: string): View | undefined {
    return this.state.views.home(user);
  }

  /** Opens the app's Home tab (or its messages): the app hears of it. Gives the view as published so far. */
  openHome(user: string, tab: 'home' | 'messages' = 'home'): Json | null {
    const { id } = this.user(user);
    const { installation, roster, events } = this.state;
    const channel = roster.directMessage(installation.botUserId, id);
    const home = this.home(id);
    const view = home && tab === 'home' ? viewOnWire(this.state, home) : null;
    const event = { type: 'app_home_opened', user: id, channel: channel.id, tab, ...(view ? { view } : {}) };
    if (installation.installed) events.emit({ ...event, event_ts: this.state.timestamps.next() });
    return view;
  }

  click(request: ClickRequest): Promise<ClickResult> {
    return click(this.state, request);
  }

  submitView(user: string, viewId: string, values?: GivenValues): Promise<SubmitResult> {
    return submitView(this.state, { user, viewId, values });
  }

  closeView(user: string, viewId: string, all?: boolean) {
    return closeView(this.state, { user, viewId, all });
  }

  /** What a people, conversation or channel picker lists. */
  choices(request: ChoicesRequest): Choice[] {
    return choices(this.state, request);
  }

  suggest(request: SuggestionRequest): Promise<SuggestionResult> {
    return suggest(this.state, request);
  }

  post(request: PostRequest): Message {
    return postAsPerson(this.state, request);
  }

  /** Uses a message shortcut, from the menu of a message. */
  shortcut(request: ShortcutRequest): Promise<ShortcutResult> {
    return runShortcut(this.state, request);
  }

  /** Types into a message box without sending; gives the ids of the previews that the app may fill in. */
  compose(user: string, text: string): string[] {
    return compose(this.state, this.user(user), text);
  }

  command(request: CommandRequest): Promise<Ack & { answer: string }> {
    return runCommand(this.state, request);
  }

  answerByUrl(key: string, values: Json): void {
    answerByUrl(this.state, key, values);
  }

  /** Installs the app without the consent page; gives the bot token. */
  install(scopes: string[]): string {
    return installApp(this.state, scopes).value;
  }

  uninstall(options: LifecycleOptions = {}): void {
    uninstallApp(this.state, 'account_inactive', options);
  }

  revokeToken(options: LifecycleOptions = {}): void {
    revokeTokens(this.state, options);
  }

  setFault(fault: FaultRequest): Fault {
    return this.state.faults.set(fault);
  }

  clearFaults(): void {
    this.state.faults.clear();
  }

  /** Sends the last click, form or command again with the same body, signed anew. */
  async redeliver(what?: string, times = 1): Promise<Ack[]> {
    const form = this.state.sentForms.last(what);
    if (!form) throw new RequestRefused(404, 'nothing was sent yet');
    return (await Promise.all(Array.from({ length: times }, () => sendForm(this.state, form)))).map(asAck);
  }

  /** Lets the bot into a channel, or out of it, as an admin of the workspace does; the app hears of it. */
  setBotMember(reference: string, member: boolean): void {
    const { installation, roster } = this.state;
    const channel = this.channel(reference);
    const bot = roster.users.get(installation.botUserId);
    if (bot) this.setMember(channel, bot, member);
    // Before the first install there is no bot user yet; it is in the channel once there is.
    else if (member) channel.members.add(installation.botUserId);
    else channel.members.delete(installation.botUserId);
  }

  /** Lets anybody into a channel, or out, without the line in the channel that `/invite` leaves. */
  setMember(channel: Channel, user: User, member: boolean, by = 'U0ADMIN006'): void {
    if (member) joinChannel(this.state, channel, user, { inviter: by, silently: true });
    else leaveChannel(this.state, channel, user, { actor: by, silently: true });
  }

  /** A person invites others into a channel, by id or name. Throws RequestRefused. */
  invite(user: string, channel: string, who: string): User {
    return invite(this.state, channelFor(this.state, user, channel), person(this.state, user), who);
  }

  /** A person removes somebody from a channel, by id or name. Throws RequestRefused. */
  remove(user: string, channel: string, who: string): User {
    return remove(this.state, channelFor(this.state, user, channel), person(this.state, user), who);
  }

  setArchived(reference: string, archived: boolean): void {
    const channel = this.channel(reference);
    channel.isArchived = archived;
    const prefix = channel.kind === 'private' ? 'group' : 'channel';
    const type = `${prefix}_${archived ? 'archive' : 'unarchive'}`;
    const event_ts = this.state.timestamps.next();
    this.state.events.emit({ type, channel: channel.id, user: 'U0ADMIN006', event_ts });
    this.state.streams.tellAll({ type: 'workspace_changed', data: { channel: channel.id } });
  }

  /** Sets where the app listens, after Slack's challenge came back (or without it). */
  async setRequestUrl(url: string, options: { verify: boolean }): Promise<{ verified: boolean; reason?: string }> {
    const outcome = options.verify ? await this.state.events.verify(url) : { verified: true };
    if (outcome.verified) this.state.app.requestUrl = url;
    return outcome;
  }

  /** Takes the app's events, commands, shortcuts and domains of links from its manifest, as Slack does when it is saved. */
  followManifest(manifest: Json): void {
    Object.assign(this.state.app, readManifest(manifest));
  }

  /** What an app needs to know to be connected, and who is there. */
  describe() {
    const { app, team, enterprise, orgWide, options } = this.state;
    const base = options.baseUrl();
    return {
      apiUrl: `${base}/api/`,
      authorizeUrl: `${base}/oauth/v2/authorize`,
      clientId: app.clientId,
      clientSecret: app.clientSecret,
      signingSecret: app.signingSecret,
      appToken: app.appToken,
      socketMode: app.socketMode,
      appId: app.appId,
      teamId: team.id,
      teamName: team.name,
      enterpriseId: enterprise?.id ?? null,
      orgWide,
      requestUrl: app.requestUrl,
      installed: this.state.installation.installed,
      botToken: this.state.installation.botToken()?.value ?? null,
      users: this.people(),
      channels: this.channels(),
    };
  }

  people() {
    const people = [...this.state.roster.users.values()].filter((user) => !user.isBot);
    return people.map(({ isBot: _, ...shown }) => shown);
  }

  channels() {
    return [...this.state.roster.channels.values()].map((channel) => ({
      id: channel.id,
      name: channel.name,
      isPrivate: channel.kind !== 'public',
      isDirect: channel.kind === 'im',
      isExtShared: channel.isExtShared,
      isArchived: channel.isArchived,
      members: [...channel.members],
    }));
  }

  /** Ends what is under way: retries and open deliveries. */
  close(): void {
    this.state.events.close();
    this.state.sender.close();
    this.state.sockets.close();
  }
}
