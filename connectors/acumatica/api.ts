import type { ErpResponse } from '../../app/outbound/http.ts';
import type { Words } from '../shared/words.ts';
import { type Problem, readProblem } from './answers.ts';
import type { BusyForms } from './busy-forms.ts';
import type { Call, Send } from './calls.ts';
import { readError, readJson } from './errors.ts';
import { isRecord, unexpected, type WireRecord } from './fields.ts';
import { entityPath, type Site } from './profile.ts';

export interface EntityAnswer {
  response: ErpResponse;
  problem: Problem | null;
}

/** Records and the clock of the answer (ms since the epoch) where it carried one. */
export interface Listed {
  records: WireRecord[];
  clock: number | null;
}

/** Calls below the endpoint that the site's profile names. */
export interface Api {
  /**
   * Sends to a path below the endpoint. After a 404 the site is asked what it offers, and when the endpoint has changed by
   * that, the call is made once more: a 404 means that nothing was done.
   */
  call(request: Call): Promise<EntityAnswer>;
  /** `what` names for people what is read. */
  list(
    path: string,
    what: string,
    signal: AbortSignal,
    headers?: Record<string, string>,
  ): Promise<Listed | { problem: Problem }>;
  /** Null where there is no such record. */
  record(path: string, what: string, signal: AbortSignal, headers?: Record<string, string>): Promise<WireRecord | null>;
}

/** A record that was moved to the archive is there still, but comes only where that is asked for. */
export const archivedToo = { 'PX-ApiArchive': 'SHOW' };

/** With `forms`, calls wait while an operation of their session keeps their form busy. */
export function createApi(send: Send, site: Site, words: Words, forms?: BusyForms): Api {
  async function call(request: Call): Promise<EntityAnswer> {
    await forms?.free(/^\w+/.exec(request.path)?.[0] ?? '', request.signal);
    const attempt = async (base: string): Promise<EntityAnswer> => {
      const response = await send({ ...request, path: `${base}/${request.path}` });
      return { response, problem: readProblem(response, words) };
    };
    const base = entityPath(await site.profile(request.signal));
    const answer = await attempt(base);
    if (answer.problem?.kind !== 'missing') return answer;
    const fresh = entityPath(await site.discover(request.signal));
    return fresh === base ? answer : attempt(fresh);
  }

  return {
    call,
    async list(path, what, signal, headers = {}) {
      const { response, problem } = await call({ method: 'GET', path, headers, signal });
      if (problem?.kind === 'optimization') return { problem };
      if (problem) throw readError(problem, what);
      const records = readJson(response, what);
      if (!Array.isArray(records) || !records.every(isRecord)) throw unexpected(`a list of ${what} that is none`);
      const clock = Date.parse(response.headers.date ?? '');
      return { records, clock: Number.isNaN(clock) ? null : clock };
    },
    async record(path, what, signal, headers = {}) {
      const { response, problem } = await call({ method: 'GET', path, headers, signal });
      if (problem?.kind === 'no_record' || problem?.kind === 'missing') return null;
      if (problem) throw readError(problem, what);
      const record = readJson(response, what);
      if (!isRecord(record)) throw unexpected(`one of ${what} that is no record`);
      return record;
    },
  };
}
