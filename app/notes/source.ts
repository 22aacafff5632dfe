import type { SaidFile } from './said.ts';

/** Where the files of messages come from, and the names of people. Errors are those of `app/domain/errors.ts`. */
export interface NoteSource {
  /** What is in a file, never more than `mostBytes` of it: PermanentError where it is larger or may not be read. */
  content(installationId: string, file: SaidFile, mostBytes: number, signal: AbortSignal): Promise<Uint8Array>;
  /** A message's text as people read it, without the surface's markup. */
  plain(installationId: string, text: string): Promise<string>;
  /** A person's name; their id where it cannot be told. */
  nameOf(installationId: string, person: string): Promise<string>;
}
