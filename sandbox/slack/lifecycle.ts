import type { Token } from './installation.ts';
import type { Json } from './model.ts';
import type { SlackState } from './state.ts';

export interface LifecycleOptions {
  /** `now` (default), `none`, or `held`: kept with their event_time until released. */
  events?: 'now' | 'none' | 'held' | undefined;
  /** Which of the two events comes first; real Slack promises no order. */
  first?: 'tokens_revoked' | 'app_uninstalled' | undefined;
}

/** Installs the app: its bot user appears with its direct messages, in no channel but those the options name. */
export function installApp(state: SlackState, scopes: string[]): Token {
  const { installation, roster, app } = state;
  const token = installation.install(scopes);
  if (!roster.users.has(installation.botUserId)) {
    roster.addUser({
      id: installation.botUserId,
      name: app.name.toLowerCase().replace(/\W+/g, '_'),
      realName: app.name,
      isBot: true,
    });
    for (const user of [...roster.users.values()]) {
      if (!user.isBot) roster.directMessage(installation.botUserId, user.id);
    }
    for (const reference of state.options.inviteBotTo ?? []) {
      roster.findChannel(reference)?.members.add(installation.botUserId);
    }
  }
  state.streams.tellAll({ type: 'workspace_changed', data: { installed: true } });
  return token;
}

function announce(state: SlackState, events: Json[], options: LifecycleOptions): void {
  const ordered = options.first
    ? events.toSorted((a, b) => Number(b.type === options.first) - Number(a.type === options.first))
    : events;
  if (options.events === 'held') for (const event of ordered) state.events.hold(event);
  else if (options.events !== 'none') void state.events.emitInTurn(ordered);
}

/** Removes the app: tokens end, the bot leaves every channel, Home tabs and modals go. */
export function uninstallApp(
  state: SlackState,
  ended: 'account_inactive' | 'token_revoked' = 'account_inactive',
  options: LifecycleOptions = {},
): void {
  const { installation, roster } = state;
  const tokens = installation.revoke(installation.activeTokens(), ended);
  installation.remove();
  for (const channel of roster.channels.values()) {
    if (channel.kind !== 'im') channel.members.delete(installation.botUserId);
  }
  state.views.reset();
  announce(state, [{ type: 'tokens_revoked', tokens }, { type: 'app_uninstalled' }], options);
  state.streams.tellAll({ type: 'workspace_changed', data: { installed: false } });
}

/** Ends the bot's tokens and nothing else. */
export function revokeTokens(state: SlackState, options: LifecycleOptions = {}): void {
  const tokens = state.installation.revoke(state.installation.activeTokens(), 'token_revoked');
  announce(state, [{ type: 'tokens_revoked', tokens }], options);
}
