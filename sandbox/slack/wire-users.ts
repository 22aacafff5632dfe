import type { Json, User } from './model.ts';
import type { SlackState } from './state.ts';

/** Seconds east of Greenwich in that time zone now. */
function offsetSeconds(tz: string, now: Date): number {
  const name = new Intl.DateTimeFormat('en', { timeZone: tz, timeZoneName: 'longOffset' })
    .formatToParts(now)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60);
}

function zoneLabel(tz: string, now: Date): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: tz, timeZoneName: 'long' }).formatToParts(now);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? tz;
}

/** Nobody of another company is known to the app but through a channel that both are in. */
function isStranger({ roster, installation }: SlackState, user: User): boolean {
  const shared = [...roster.channels.values()].filter(({ members }) => members.has(installation.botUserId));
  return !shared.some(({ isExtShared, members }) => isExtShared && members.has(user.id));
}

/**
 * A user as users.info and users.list give it: a deactivated one without its rights and its zone, one of another
 * company without its e-mail address and with `is_stranger`. `locale` only where the call asks for it.
 */
export function userOnWire(state: SlackState, user: User, asked: { email: boolean; locale?: boolean }): Json {
  const { installation, team } = state;
  const deleted = user.deleted || (user.isBot && !installation.installed);
  const external = user.externalTeam !== null;
  const now = new Date();
  const teamId = user.externalTeam ?? team.id;
  const profile: Json = {
    real_name: user.realName,
    real_name_normalized: user.realName,
    display_name: user.isBot ? '' : user.name,
    display_name_normalized: user.isBot ? '' : user.name,
    team: teamId,
    ...(asked.email && !user.isBot && !external && user.email !== '' ? { email: user.email } : {}),
    ...(user.isBot ? { api_app_id: state.app.appId, bot_id: installation.botId } : {}),
  };
  const always = { id: user.id, team_id: teamId, name: user.name, deleted, profile, is_bot: user.isBot };
  const updated = installation.installedAt;
  if (deleted) return { ...always, is_app_user: false, is_forgotten: false, updated };
  return {
    ...always,
    real_name: user.realName,
    tz: user.tz,
    tz_label: zoneLabel(user.tz, now),
    tz_offset: offsetSeconds(user.tz, now),
    ...(asked.locale ? { locale: user.locale } : {}),
    is_admin: user.isAdmin,
    is_owner: user.isAdmin,
    is_primary_owner: user.isAdmin,
    is_restricted: user.guest !== 'no',
    is_ultra_restricted: user.guest === 'single',
    ...(external ? { is_stranger: isStranger(state, user) } : {}),
    ...(state.enterprise && !external
      ? { enterprise_user: { id: user.id, enterprise_id: state.enterprise.id, teams: [team.id] } }
      : {}),
    is_app_user: false,
    updated,
  };
}

/** Slack's own helper, in every workspace and in every list of its users; no bot by its flags. */
export function slackbotOnWire(state: SlackState, asked: { locale?: boolean }): Json {
  return {
    id: 'USLACKBOT',
    team_id: state.team.id,
    name: 'slackbot',
    deleted: false,
    real_name: 'Slackbot',
    tz: 'America/Los_Angeles',
    tz_label: zoneLabel('America/Los_Angeles', new Date()),
    tz_offset: offsetSeconds('America/Los_Angeles', new Date()),
    ...(asked.locale ? { locale: 'en-US' } : {}),
    profile: { real_name: 'Slackbot', display_name: 'Slackbot', team: state.team.id, always_active: true },
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: false,
    is_app_user: false,
    updated: 0,
  };
}
