import { FunctionFailed, type WireError } from '../errors.ts';
import type { Outcome } from '../functions/call.ts';
import { functions } from '../functions/index.ts';
import type { Parts } from '../parts.ts';
import type { Reader } from '../reading/reader.ts';
import type { Session } from '../sessions.ts';
import type { AskedFunction, GatewayRequest } from './request.ts';
import type { Result } from './response.ts';

const rolledBack: WireError = {
  errorno: 'XL03000009',
  description2: 'The entire transaction in this operation has been rolled back due to an error.',
};

/** What the functions of a request came to; `raw` where the only one answers without envelope. */
export interface Run {
  results: Result[];
  raw?: NonNullable<Outcome['raw']>;
}

/** Function control ids that were used with `uniqueid`. */
export class UsedControlIds {
  readonly #used = new Set<string>();

  /** Throws FunctionFailed for one that has been used. */
  use(controlId: string): void {
    if (this.#used.has(controlId)) {
      const description2 = `A function with the control ID '${controlId}' was processed before.`;
      throw new FunctionFailed([{ errorno: 'BL01001973', description2, correction: 'Use a unique control ID.' }]);
    }
    this.#used.add(controlId);
  }
}

export function readerFor({ ledger, catalog, settings, now, random }: Parts, session: Session): Reader {
  const gmtoffset = settings.stampsIn === 'UTC' ? '+00:00' : settings.userFormat.gmtoffset;
  const format = { ...settings.userFormat, gmtoffset };
  return { ledger, catalog, settings, format, entityKey: session.entityKey, now: now(), random };
}

/** Runs the functions in order. One that fails has changed nothing; with `transaction`, no other has either. */
export function runFunctions(
  request: GatewayRequest,
  session: Session,
  parts: Parts,
  used: UsedControlIds,
  url: string,
  injected: (asked: AskedFunction) => WireError | undefined,
): Run {
  const { ledger, counters, settings } = parts;
  const run: Run = { results: [] };
  const { transaction } = request;
  if (transaction) ledger.begin();
  let spoiled = false;
  for (const asked of request.functions) {
    const result: Result = { status: 'success', name: asked.element.name, controlId: asked.controlId, errors: [] };
    run.results.push(result);
    if (spoiled) continue;
    const handler = functions[asked.element.name];
    if (!transaction) ledger.begin();
    try {
      if (request.control.uniqueId) used.use(asked.controlId);
      const error = injected(asked);
      if (error) throw new FunctionFailed([error]);
      const reader = readerFor(parts, session);
      const call = { parts, session, reader, element: asked.element, siblings: request.functions.length, url };
      const outcome = handler?.run(call) ?? {};
      counters.metered(result.name, handler?.object?.(asked.element), outcome.units);
      result.data = outcome.data;
      if (outcome.raw && request.functions.length === 1) run.raw = outcome.raw;
    } catch (error) {
      if (!transaction || !(error instanceof FunctionFailed)) ledger.rollBack();
      if (!(error instanceof FunctionFailed)) throw error;
      result.status = 'failure';
      result.errors = error.errors;
      result.data = error.data;
      for (const { errorno } of error.errors) counters.refused(errorno);
      spoiled = transaction;
      continue;
    }
    if (!transaction) ledger.commit();
  }
  if (transaction) {
    if (spoiled) ledger.rollBack();
    else ledger.commit();
  }
  return spoiled ? { results: run.results.map((result) => aborted(result, settings.culpritStatus)) } : run;
}

/** In a transaction that was taken back the culprit says why; nothing of the others happened. */
function aborted(result: Result, culpritStatus: 'failure' | 'aborted'): Result {
  if (result.status !== 'failure') return { ...result, status: 'aborted', data: undefined, errors: [rolledBack] };
  if (culpritStatus === 'failure') return result;
  return { ...result, status: 'aborted', errors: [...result.errors, rolledBack] };
}
