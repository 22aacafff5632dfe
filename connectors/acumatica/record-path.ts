import type { ErpDocument } from '../../app/domain/document.ts';
import { kindNamed } from './kinds/index.ts';

/** A document's own record with its note, by its id where it has one: a key with a slash does not fit into a path. */
export function recordPath({ kind, erpId, type, reference }: ErpDocument, query = ''): string {
  const keys = erpId ? [erpId] : [type, reference];
  return `${kindNamed(kind).entity}/${keys.map(encodeURIComponent).join('/')}${query}`;
}
