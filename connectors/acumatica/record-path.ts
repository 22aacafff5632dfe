import type { ErpDocument } from '../../app/domain/document.ts';

/** A document's own record with its note, by its id where it has one: a key with a slash does not fit into a path. */
export function recordPath({ erpId, type, reference }: ErpDocument, query = ''): string {
  const keys = erpId ? [erpId] : [type, reference];
  return `Bill/${keys.map(encodeURIComponent).join('/')}${query}`;
}
