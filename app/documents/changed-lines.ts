import type { Change } from '../domain/changes.ts';
import { describeFieldChanges } from '../domain/custom.ts';
import type { ErpDocument } from '../domain/document.ts';
import type { Route } from '../domain/routing.ts';
import { exceptionLine } from './exceptions.ts';
import type { DocumentLine } from './paid.ts';

interface ChangedDocument {
  id: string;
  before: ErpDocument | null;
  document: ErpDocument;
  changes: Change[];
}

/** What the threads of changed documents are told: of custom fields only on routes that show them. */
export function changedLines(
  rows: readonly ChangedDocument[],
  routes: readonly Pick<Route, 'id' | 'kind' | 'customFields'>[],
): DocumentLine[] {
  const at = new Date().toISOString();
  return rows.flatMap(({ id, before, document, changes }): DocumentLine[] => {
    if (before === null) return [];
    const own = routes.flatMap((route) => {
      const fields = route.kind === document.kind ? fieldChanges(before, document, route.customFields) : [];
      return fields.length > 0 ? [{ route: route.id, fields }] : [];
    });
    return [
      ...own.map(({ route, fields }) => ({
        document_id: id,
        line: { type: 'changed' as const, changes: [...changes, ...fields], at },
        on_route: route,
      })),
      ...(changes.length > 0
        ? [
            {
              document_id: id,
              line: exceptionLine(before, document) ?? { type: 'changed' as const, changes, at },
              not_on: own.map(({ route }) => route),
            },
          ]
        : []),
    ];
  });
}

/** Only what was read before and is now: a field that a route has just been given did not change. */
function fieldChanges(before: ErpDocument, after: ErpDocument, names: readonly string[]): Change[] {
  const was = before.custom ?? [];
  const now = names.flatMap((name) => after.custom?.find((field) => field.name === name) ?? []);
  return describeFieldChanges(
    was,
    now.filter(({ name }) => was.some((field) => field.name === name)),
  );
}
