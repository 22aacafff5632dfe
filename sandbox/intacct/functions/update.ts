import { FunctionFailed, refusal, vagueError } from '../errors.ts';
import { lineOf, updateEntry } from '../workflow/journal-update.ts';
import { child, children, textOf } from '../xml/read.ts';
import { element, leaf } from '../xml/write.ts';
import type { GatewayFunction } from './call.ts';

/** `update`, of journal entries alone. */
export const update: GatewayFunction = {
  object: (asked) => asked.children[0]?.name.toUpperCase(),
  run({ parts, session, element: asked }) {
    const wanted = child(asked, 'GLBATCH');
    const undone = 'Could not update record!';
    if (!wanted)
      throw refusal(`The operation update is not supported for ${asked.children[0]?.name ?? 'this'}.`, undone);
    if (parts.settings.noPermission.includes('GLBATCH')) {
      const description2 = 'You do not have permission for API operation UPDATE on objects of type GLBATCH';
      throw new FunctionFailed([{ errorno: 'PL04000005', description2 }]);
    }
    const key = textOf(wanted, 'RECORDNO') ?? '';
    const batch = parts.ledger.get('GLBATCH', Number(key));
    if (!batch) throw refusal(`Journal entry ${key} does not exist.`, undone);
    const entries = child(wanted, 'ENTRIES');
    const hand = { userId: session.user.userId, source: 'api' as const };
    try {
      const lines = (entries ? children(entries, 'GLENTRY') : []).map((line) => lineOf((name) => textOf(line, name)));
      updateEntry(parts, batch, { state: textOf(wanted, 'STATE'), title: textOf(wanted, 'BATCH_TITLE'), lines }, hand);
    } catch (error) {
      if (error instanceof RangeError) throw vagueError();
      throw error;
    }
    const data = element('data', element('glbatch', leaf('RECORDNO', key)), { listtype: 'objects', count: 1 });
    return { data };
  },
};
