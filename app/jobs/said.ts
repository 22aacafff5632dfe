import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { ConnectionPool } from '../connections/open.ts';
import { recordNotes } from '../notes/record-notes.ts';
import type { WorkspaceRoles } from '../people/slack-roles.ts';
import { createInFlight } from '../queue/in-flight.ts';
import type { ProcessLease } from '../queue/lease.ts';
import type { Tasks } from '../queue/runner.ts';
import type { Settings } from '../settings.ts';
import { previewLinks } from '../shared-links/preview-links.ts';
import type { Clients } from '../slack/clients.ts';
import { createFileDownloads } from '../slack/file-download.ts';
import type { Installations } from '../slack/installations.ts';
import { createLinkSurface } from '../slack/link-surface.ts';
import { createNoteSource } from '../slack/note-source.ts';

/** A file is held whole while it is carried over. */
const recordingAtOnce = 4;

/** The jobs about what people say in messages: replies to be recorded in the ERP, and shared links. */
export function createSaidTasks(deps: {
  db: Knex;
  lease: ProcessLease;
  connections: ConnectionPool;
  roles: WorkspaceRoles;
  clients: Clients;
  installations: Installations;
  erpTitle: (connector: string) => string;
  settings: Pick<Settings, 'slackApiUrl' | 'fileMegabytes' | 'cardLocale'>;
  abandon: AbortSignal;
  log: Logger;
}) {
  const { clients, installations, settings, abandon, log, ...common } = deps;
  const recording = createInFlight(recordingAtOnce, (document, error) =>
    log.error('recording failed', { document, error }),
  );
  const downloads = createFileDownloads(settings.slackApiUrl);
  const source = createNoteSource({ clients, installations, downloads });
  const noting = { ...common, source, fileMegabytes: settings.fileMegabytes, log };
  const previewing = { ...common, surface: createLinkSurface(clients, settings.cardLocale), log };
  const tasks: Pick<Tasks, 'record-notes' | 'preview-links'> = {
    'record-notes': async (id) => recording.start(id, () => recordNotes(noting, id, abandon)),
    'preview-links': (id) => previewLinks(previewing, id),
  };
  return {
    tasks,
    /** Lets what is under way end. */
    async drain(): Promise<void> {
      await recording.drain();
      await downloads.close();
    },
  };
}
