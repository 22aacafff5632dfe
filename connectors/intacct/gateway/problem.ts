import type { ErpResponse } from '../../../app/outbound/http.ts';
import type { Words } from '../../shared/words.ts';
import type { XmlProblem } from '../xml/read.ts';
import { readShortFailure, type WireError } from './answer.ts';

/**
 * What an answer complains about. `session`: it is over. `sender`: the licence's pair; `authorisation`: the company does
 * not let that sender in; `login`: company, user or password; `gateway`: there is none at this address. `limit` and
 * `closed` surely did nothing; `server` and `garbled` may have. `rolled_back`: a sibling failed.
 */
export type ProblemKind =
  | 'session'
  | 'sender'
  | 'authorisation'
  | 'login'
  | 'entity'
  | 'gateway'
  | 'rights'
  | 'missing'
  | 'limit'
  | 'closed'
  | 'server'
  | 'garbled'
  | 'unsafe'
  | 'rolled_back'
  | 'refused';

export interface Problem {
  kind: ProblemKind;
  /** The ERP's own words, fit for people; null where it had none. */
  text: string | null;
  /** For the log: status and numbers. */
  detail: string;
  retryAfterMs?: number | undefined;
}

/** Where errors stand: the same number says another thing at another place. */
export type Place = 'control' | 'operation' | 'result';

const invalidSession = /invalid session|session (id )?(is |has )?(invalid|expired|timed out|not valid)/i;
const rateLimited = /rate limit exceeded|too many requests/i;
const offline = /temporarily off-?line/i;
const signInNumber = /^(XMLGW_JPP|UJPP)\d+$|^invalidRequest$/i;

type Rule = readonly [kind: ProblemKind, fits: (number: string, text: string) => boolean];

const anywhere: readonly Rule[] = [
  ['limit', (number, text) => number === 'GW-0010' || rateLimited.test(text)],
  ['closed', (_, text) => offline.test(text)],
  ['session', (_, text) => invalidSession.test(text)],
  ['server', (number) => /^GW-000\d$/.test(number)],
];

/** In order; the first that fits one of the errors tells. */
const rules: Readonly<Record<Place, readonly Rule[]>> = {
  control: [
    ...anywhere,
    ['refused', (_, text) => /transport policy/i.test(text)],
    ['sender', (number) => number === 'XL03000006' || number === 'GW-0011'],
    ['login', (number) => signInNumber.test(number)],
  ],
  operation: [
    ...anywhere,
    ['authorisation', (_, text) => /sender id .*not authori[sz]ed|web services authori[sz]ation/i.test(text)],
    ['entity', (_, text) => /invalid location/i.test(text)],
    ['login', (number) => number === 'XL03000006' || signInNumber.test(number)],
  ],
  result: [
    ...anywhere,
    ['rights', (number, text) => number === 'PL04000005' || /do(es)? not have permission/i.test(text)],
    ['entity', (_, text) => /invalid location id/i.test(text)],
    ['rolled_back', (number, text) => number === 'XL03000009' && /rolled back/i.test(text)],
    ['missing', (number, text) => number === 'XL03000010' || /object definition .*not found/i.test(text)],
  ],
};

function wordsOf(errors: readonly WireError[], words: Words): string | null {
  // A business refusal comes as a pair: the reason first, then what could not be done.
  const [first] = errors.map(({ text }) => words(text)).filter((text) => text !== '');
  return first ?? null;
}

export function problemOf(place: Place, errors: readonly WireError[], words: Words): Problem {
  const fits = ([, test]: Rule) => errors.some(({ errorno, text }) => test(errorno ?? '', text));
  const kind = rules[place].find(fits)?.[0] ?? 'refused';
  const numbers = errors.map(({ errorno }) => errorno ?? 'no number').join(', ');
  return { kind, text: wordsOf(errors, words), detail: `${place}: ${numbers || 'no error named'}` };
}

/** What stands in front of the gateway may say anything; nobody is waited for longer. */
const longestRetryMs = 3_600_000;

function retryAfter({ headers }: ErpResponse): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(longestRetryMs, seconds * 1000) : undefined;
}

/** What another HTTP status than 200 says: then the gateway in front answered, and Intacct itself did not hear of it. */
export function problemOfStatus(response: ErpResponse, words: Words): Problem {
  const { status } = response;
  const errors = readShortFailure(response);
  const told = problemOf('control', errors, words);
  const is = (kind: ProblemKind): Problem => ({
    kind,
    text: told.text,
    detail: `HTTP ${status}; ${told.detail}`,
    retryAfterMs: retryAfter(response),
  });
  if (status === 429) return is('limit');
  if (told.kind === 'limit' || told.kind === 'closed' || told.kind === 'session') return is(told.kind);
  if (status === 401) return is('login');
  if (status === 400) return is(told.kind === 'login' ? 'login' : errors.length === 0 ? 'gateway' : 'sender');
  if (status === 408 || status >= 500) return is('server');
  return is('gateway');
}

/** What a body with status 200 is that is no answer of the gateway. */
export function problemOfBody(response: ErpResponse, error: XmlProblem): Problem {
  const { text } = response;
  const detail = `HTTP ${response.status}; ${error.message}`;
  if (text.length < 100_000 && rateLimited.test(text)) return { kind: 'limit', text: null, detail };
  if (text.length < 100_000 && offline.test(text)) return { kind: 'closed', text: null, detail };
  const isPage = /^\s*(<!doctype html|<html)/i.test(text);
  return { kind: error.kind === 'unsafe' && !isPage ? 'unsafe' : 'garbled', text: null, detail };
}
