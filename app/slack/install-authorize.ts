import type { Authorize } from '@slack/bolt';
import type { Installations } from './installations.ts';

/**
 * Who the app is in the workspace that a payload comes from. Bolt's own way would renew tokens of its own accord and
 * without a lock; here the store does that.
 */
export function createAuthorize(installations: Installations): Authorize<boolean> {
  return async (source) => {
    const { bot, team, enterprise } = await installations.fetchInstallation(source);
    const teamId = team?.id ?? source.teamId;
    const enterpriseId = enterprise?.id ?? source.enterpriseId;
    return {
      ...(bot ? { botToken: bot.token, botId: bot.id, botUserId: bot.userId } : {}),
      ...(teamId ? { teamId } : {}),
      ...(enterpriseId ? { enterpriseId } : {}),
    };
  };
}
