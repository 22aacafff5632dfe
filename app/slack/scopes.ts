/** What the app asks a workspace for, and why; the manifest and the README's table say the same (a test compares them). */
export const scopes: Record<string, string> = {
  'chat:write': 'post cards, redraw them, and tell one person in private why something was not done',
  'chat:write.public': 'post into public channels without being invited to each',
  commands: 'offer the slash command, and what the menu of a message has',
  'users:read':
    'know who is an admin or owner of the workspace and so may look after the app, and how each person writes amounts and dates',
  'users:read.email': 'find the ERP’s employees and contacts in the workspace by their e-mail address',
  'app_mentions:read': 'hear of replies that start with the app’s name and are to be recorded in the ERP',
  'files:read': 'attach the files of such a reply to the document in the ERP',
  'links:read': 'hear of shared links to the ERP’s documents, and of no others',
  'links:write': 'show a preview of such a document where people may see it',
  'channels:history': 'find a card whose posting got no answer, in public channels the app is a member of',
  'groups:history': 'the same in private channels the app is a member of',
  'im:history': 'the same in the direct messages of people who get cards there',
  'im:write': 'know which direct message that is when the very first answer got lost',
  'channels:read': 'say before a route is saved whether the app is in its channel, and hear when it is invited',
  'groups:read': 'the same for private channels',
};
