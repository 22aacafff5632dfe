import { type Body, given } from './body-field.ts';
import type { DocumentRecord } from './document.ts';
import { ErpError, noEntity } from './erp-error.ts';
import type { Test } from './filter/compile.ts';
import type { Records } from './records.ts';
import type { Settings } from './settings.ts';
import type { Workflow } from './workflow.ts';

export interface PutOptions<R> {
  byFilter: Test<R> | null;
  onlyInsert: boolean;
  onlyUpdate: boolean;
  /** Status where an update finds no record. */
  missingStatus: 404 | 412;
  by: string;
}

/** A field's new text: undefined where it is not given, null where it is emptied. */
export function givenText(body: Body, name: string): string | null | undefined {
  const value = given(body, name);
  return value === undefined || value === null ? value : String(value);
}

/** The document that a PUT is about: by id, by keys or by filter. Throws ErpError for an unknown id. */
export function putTarget<R extends DocumentRecord>(
  { records, settings }: { records: Records<R>; settings: Settings },
  keys: { type: string; reference: string; usualType: string },
  body: Body,
  byFilter: Test<R> | null,
): R | undefined {
  if (typeof body.id === 'string') {
    const found = records.byId(body.id);
    if (!found) throw noEntity(settings.missingRecordStatus);
    return found;
  }
  const [type, ref] = [givenText(body, keys.type) ?? keys.usualType, givenText(body, keys.reference)];
  if (ref && ref !== '<NEW>') return records.byKey(type, ref);
  return byFilter ? records.inOrder('key').find(byFilter) : undefined;
}

export function checkPreconditions<R>(found: R | undefined, options: PutOptions<R>): void {
  if (!(found ? options.onlyInsert : options.onlyUpdate)) return;
  const status = found ? 412 : options.missingStatus;
  throw new ErpError(status, { message: 'The precondition of the request is not met.' });
}

/** Changes what every form lets an integration change: description, note, hold. */
export function updateDocument<R extends DocumentRecord>(
  { records, workflow }: { records: Records<R>; workflow: Workflow<R> },
  document: R,
  body: Body,
  by: string,
): void {
  const hold = given(body, 'Hold');
  const isHeld = document.status === 'On Hold';
  if (hold === true && !isHeld) workflow.check(document, 'hold');
  const [description, note] = [givenText(body, 'Description'), givenText(body, 'note')];
  if (description !== undefined) document.description = description;
  if (note !== undefined) document.extras = { ...document.extras, note: note ?? '' };
  if (hold === true && !isHeld) workflow.act(document, 'hold', { username: by, role: 'service' }, null);
  else if (hold === false && isHeld) workflow.startApproval(document, by);
  else records.changed(document, by);
}
