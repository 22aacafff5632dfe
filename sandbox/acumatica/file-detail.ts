import type { DocumentRecord } from './document.ts';
import type { Detail } from './record-type.ts';

/** The files of a document, as `$expand=files` lists them: names carry a path that ends in a backslash. */
export function filesDetail(title: string, path: string): Detail<DocumentRecord> {
  return {
    fields: [],
    write: ({ type, ref, extras }) =>
      JSON.stringify(
        (extras?.files ?? []).map(({ id, name, comment }) => ({
          id,
          filename: `${title} (${type}, ${ref})\\${name}`,
          href: `${path}/entity/Default/24.200.001/files/${id}`,
          comment,
        })),
      ),
  };
}
