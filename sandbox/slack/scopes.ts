/** The scopes that the sandbox knows, with what the consent page says about them. */
export const scopeWords: Record<string, string> = {
  'app_mentions:read': 'View messages that directly mention the app in conversations that it is in',
  'channels:history': 'View messages and other content in public channels that the app has been added to',
  'channels:join': 'Join public channels in the workspace',
  'channels:read': 'View basic information about public channels in the workspace',
  'chat:write': 'Send messages as the app',
  'chat:write.customize': 'Send messages as the app with a customized username and avatar',
  'chat:write.public': "Send messages to channels the app isn't a member of",
  commands: 'Add shortcuts and slash commands that people can use',
  'files:read': 'View files shared in channels and conversations that the app has been added to',
  'groups:history': 'View messages and other content in private channels that the app has been added to',
  'groups:read': 'View basic information about private channels that the app has been added to',
  'im:history': 'View messages and other content in direct messages that the app has been added to',
  'im:read': 'View basic information about direct messages that the app has been added to',
  'im:write': 'Start direct messages with people',
  'links:read': 'View certain URLs in messages',
  'links:write': 'Show previews of certain URLs in messages',
  'metadata.message:read': 'View message metadata in channels that the app has been added to',
  'mpim:history': 'View messages and other content in group direct messages that the app has been added to',
  'mpim:read': 'View basic information about group direct messages that the app has been added to',
  'mpim:write': 'Start group direct messages with people',
  'team:read': 'View the name, email domain, and icon for workspaces the app is connected to',
  'users:read': 'View people in the workspace',
  'users:read.email': 'View email addresses of people in the workspace',
};

/** Scope lists are separated by commas, in older links by spaces. */
export function parseScopes(list: string | undefined): string[] {
  return (list ?? '').split(/[\s,]+/).filter((scope) => scope !== '');
}
