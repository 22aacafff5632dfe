import { PermanentError } from '../../app/domain/errors.ts';
import type { ErpResponse } from '../../app/outbound/http.ts';
import { type Problem, readProblem } from './answers.ts';
import type { Call, Send } from './calls.ts';
import { readError, readJson } from './errors.ts';
import { isRecord, unexpected, type WireRecord } from './fields.ts';
import { entityPath, type Site, type SiteProfile } from './profile.ts';
import type { Words } from './words.ts';

export interface EntityAnswer {
  response: ErpResponse;
  problem: Problem | null;
  profile: SiteProfile;
}

/** Records and the clock of the answer (ms since the epoch) where it carried one. */
export interface Listed {
  records: WireRecord[];
  clock: number | null;
}

/** Calls below the endpoint that the site's profile names. */
export interface Api {
  /**
   * Sends to `path(profile)` below the endpoint (null: not offered). After a 404 the site is asked what it offers, and when the path has
   * changed by that, the call is made once more: a 404 means that nothing was done.
   */
  call(request: Omit<Call, 'path'>, path: (profile: SiteProfile) => string | null): Promise<EntityAnswer>;
  list(entity: string, query: string, signal: AbortSignal): Promise<Listed | { problem: Problem }>;
  /** Null where there is no such record; `what` names it in errors. */
  record(path: string, signal: AbortSignal, what?: string): Promise<WireRecord | null>;
}

export function createApi(send: Send, site: Site, words: Words): Api {
  async function call(
    request: Omit<Call, 'path'>,
    path: (profile: SiteProfile) => string | null,
  ): Promise<EntityAnswer> {
    const urlOf = (profile: SiteProfile) => {
      const rest = path(profile);
      return rest === null ? null : `${entityPath(profile)}/${rest}`;
    };
    const attempt = async (profile: SiteProfile, url: string): Promise<EntityAnswer> => {
      const response = await send({ ...request, path: url });
      return { response, problem: readProblem(response, words), profile };
    };
    const profile = await site.profile(request.signal);
    const url = urlOf(profile);
    if (url === null) throw new PermanentError('not_offered', 'This Acumatica site does not offer what was asked for.');
    const answer = await attempt(profile, url);
    if (answer.problem?.kind !== 'missing') return answer;
    const fresh = await site.discover(request.signal);
    const freshUrl = urlOf(fresh);
    return freshUrl === null || freshUrl === url ? answer : attempt(fresh, freshUrl);
  }

  return {
    call,
    async list(entity, query, signal) {
      const { response, problem } = await call({ method: 'GET', signal }, () => `${entity}?${query}`);
      if (problem?.kind === 'optimization') return { problem };
      if (problem) throw readError(problem, `${entity.toLowerCase()}s`);
      const records = readJson(response, `${entity.toLowerCase()}s`);
      if (!Array.isArray(records) || !records.every(isRecord)) throw unexpected(`a list of ${entity} that is none`);
      const clock = Date.parse(response.headers.date ?? '');
      return { records, clock: Number.isNaN(clock) ? null : clock };
    },
    async record(path, signal, what = 'a bill') {
      const { response, problem } = await call({ method: 'GET', signal }, () => path);
      if (problem?.kind === 'no_record' || problem?.kind === 'missing') return null;
      if (problem) throw readError(problem, what);
      const record = readJson(response, what);
      if (!isRecord(record)) throw unexpected(`${what} that is no record`);
      return record;
    },
  };
}
