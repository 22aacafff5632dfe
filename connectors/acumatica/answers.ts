import type { ErpResponse } from '../../app/outbound/http.ts';
import type { Words } from '../shared/words.ts';
import { isRecord } from './fields.ts';

/** What kind of "no" an answer is; each is treated in one way. */
export type ProblemKind =
  /** Requests or seats of the licence are used up; nothing was done. */
  | 'limit'
  | 'login'
  | 'rights'
  | 'tenant'
  /** 404: version, entity, action or record. */
  | 'missing'
  | 'no_record'
  | 'optimization'
  /** A long operation of this session holds the form; nothing was done. */
  | 'busy'
  /** A business rule said no. */
  | 'refused'
  /** An error page, a crash, a gateway: says nothing about what was done. */
  | 'server';

export interface Problem {
  kind: ProblemKind;
  status: number;
  /** The ERP's own words, cleaned; null where it had none for people. */
  text: string | null;
  retryAfterMs: number | undefined;
}

function parseObject(text: string): Record<string, unknown> | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) ? body : null;
  } catch {
    return null;
  }
}

/** Every `error` that an echoed entity carries, in its lines too. */
function entityErrors(node: unknown, name: string, found: string[]): void {
  if (Array.isArray(node)) for (const item of node) entityErrors(item, name, found);
  else if (isRecord(node)) {
    if (typeof node.error === 'string') found.push(name === '' ? node.error : `${name}: ${node.error}`);
    for (const [key, child] of Object.entries(node)) entityErrors(child, key, found);
  }
}

function ownText(body: Record<string, unknown>): string | null {
  const inner = isRecord(body.innerException) ? ownText(body.innerException) : null;
  if (typeof body.exceptionMessage === 'string' && body.exceptionMessage !== '') return body.exceptionMessage;
  if (isRecord(body.modelState)) {
    const messages = Object.values(body.modelState)
      .flat()
      .filter((item) => typeof item === 'string');
    if (messages.length > 0) return messages.join(' ');
  }
  const errors: string[] = [];
  entityErrors(body, '', errors);
  if (errors.length > 0) return [...new Set(errors)].slice(0, 5).join(' ');
  return inner ?? (typeof body.message === 'string' ? body.message : null);
}

function exceptionKind(message: string, type: string): ProblemKind | null {
  if (/NoEntitySatisfies/.test(type) || /^No entity satisfies the condition/.test(message)) return 'no_record';
  if (/^Optimization cannot be performed/.test(message)) return 'optimization';
  if (/PXUndefinedCompany/.test(type)) return 'tenant';
  if (/previous operation has not been completed/i.test(message)) return 'busy';
  return null;
}

function isErrorPage(response: ErpResponse): boolean {
  return response.status >= 300 && response.status < 400 ? true : /\/ui\/error/i.test(new URL(response.url).pathname);
}

function kindOf(response: ErpResponse, body: Record<string, unknown> | null): ProblemKind {
  const { status, text } = response;
  if (status === 429 || /API Login Limit/i.test(text)) return 'limit';
  if (isErrorPage(response)) return 'server';
  const type = typeof body?.exceptionType === 'string' ? body.exceptionType : '';
  const message = typeof body?.exceptionMessage === 'string' ? body.exceptionMessage : '';
  const known = exceptionKind(message, type);
  if (known !== null) return known;
  if (status === 401) return 'login';
  if (status === 403) return 'rights';
  if (status === 404) return 'missing';
  if (status < 500) return 'refused';
  return status === 500 && message !== '' && (type === '' || type.startsWith('PX.')) ? 'refused' : 'server';
}

function retryAfter(headers: Record<string, string>): number | undefined {
  const seconds = Number(headers['retry-after']);
  return headers['retry-after'] !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/** What an answer says went wrong; null for a success. A login limit can hide in the body of any status. */
export function readProblem(response: ErpResponse, words: Words): Problem | null {
  const { status } = response;
  const success = status >= 200 && status < 300 && !isErrorPage(response);
  if (success && !(response.text.length < 2000 && /API Login Limit/i.test(response.text))) return null;
  const body = parseObject(response.text);
  const own = body === null ? null : ownText(body);
  return {
    kind: kindOf(response, body),
    status,
    text: own === null || /^An error has occurred\.?$/.test(own) ? null : words(own) || null,
    retryAfterMs: retryAfter(response.headers),
  };
}
