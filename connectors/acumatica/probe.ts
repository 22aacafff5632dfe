import { ReconnectError } from '../../app/domain/errors.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import type { Api } from './api.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import { kinds } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';
import { kindInWords, type SiteProfile } from './profile.ts';
import { probePath } from './queries.ts';

/** What may be read and what not; throws where nothing may, or where something else is wrong. */
export async function probe(api: Api, signal: AbortSignal): Promise<{ readable: Kind[]; closed: ReconnectError[] }> {
  const readable: Kind[] = [];
  const closed: ReconnectError[] = [];
  for (const kind of kinds) {
    try {
      await api.list(probePath(kind), kindInWords(kind), signal);
      readable.push(kind);
    } catch (error) {
      if (!(error instanceof ReconnectError) || error.scope !== 'kind') throw error;
      closed.push(error);
    }
  }
  if (readable.length === 0 && closed[0] !== undefined) throw closed[0];
  return { readable, closed };
}

/** In one line what answered, what can be read, and what a right is missing for. */
export function summaryOf(
  { site, tenant }: AcumaticaCredentials,
  profile: SiteProfile,
  { readable, closed }: Awaited<ReturnType<typeof probe>>,
): string {
  const build = profile.build === null ? '' : ` ${profile.build}`;
  const where = `${new URL(site).host}, tenant ${tenant}, ${profile.endpoint} ${profile.version}`;
  const read = readable.map(({ kind }) => documentWords(kind).many).join(', ');
  return [`Acumatica${build} at ${where}: ${read} can be read.`, ...closed.map(({ message }) => message)].join(' ');
}
