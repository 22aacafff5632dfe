import { PermanentError, ReconnectError } from '../domain/errors.ts';
import type { NoteSource } from '../notes/source.ts';
import type { Clients } from './clients.ts';
import type { FileDownloads } from './file-download.ts';
import type { Installations } from './installations.ts';
import { createNames } from './names.ts';
import { mentionedIn, toPlainText } from './plain-text.ts';

/** So many mentions of one message are told by name. */
const mentionsMost = 10;

/** What people wrote and shared in Slack, fit for an ERP. */
export function createNoteSource(deps: {
  clients: Clients;
  installations: Pick<Installations, 'botToken'>;
  downloads: FileDownloads;
}): NoteSource {
  const nameOf = createNames(deps.clients);
  return {
    nameOf,
    async plain(installationId, text) {
      const people = mentionedIn(text).slice(0, mentionsMost);
      const names = await Promise.all(people.map(async (id) => [id, await nameOf(installationId, id)] as const));
      return toPlainText(text, new Map(names));
    },
    async content(installationId, { url }, mostBytes, signal) {
      if (url === null) throw new PermanentError('file_elsewhere', 'It is not kept in Slack.');
      const token = await deps.installations.botToken(installationId);
      if (!token) throw new ReconnectError('The app is not installed in this workspace any more. Install it again.');
      return deps.downloads.get(url, token, mostBytes, signal);
    },
  };
}
