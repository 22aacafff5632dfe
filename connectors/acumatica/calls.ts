import { NextStepError, ReconnectError, UnclearError } from '../../app/domain/errors.ts';
import type { ErpRequest, ErpResponse } from '../../app/outbound/http.ts';
import type { ConnectContext } from '../connector.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import type { Access } from './sign-in/access.ts';

/** Near its limits Acumatica delays requests for minutes before it declines them. */
const timeoutMs = 180_000;
const maxBytes = 64 * 1024 * 1024;

export interface Call {
  method: 'GET' | 'POST' | 'PUT';
  /** Below the site address, or absolute on the same origin. */
  path: string;
  /** Sent as JSON, or as it is where it is bytes. */
  body?: unknown;
  headers?: Record<string, string>;
  signal: AbortSignal;
}

/** Sends signed-in requests; the answer may be of any status but 401. */
export type Send = (call: Call) => Promise<ErpResponse>;

export function createSend(context: ConnectContext<AcumaticaCredentials>, access: Access): Send {
  const { credentials, http } = context;
  const common: Record<string, string> = {
    accept: 'application/json',
    ...(credentials.branch === undefined ? {} : { 'PX-CbApiBranch': credentials.branch }),
  };

  function once({ method, path, body, headers: own, signal }: Call, pass: string): Promise<ErpResponse> {
    const url = path.startsWith('http') ? path : `${credentials.site}${path}`;
    const headers: Record<string, string> = { ...common, ...own, ...access.headers(pass) };
    const request: ErpRequest = { method, url, headers, timeoutMs, maxBytes, signal };
    if (body instanceof Uint8Array) {
      headers['content-type'] = 'application/octet-stream';
      request.body = body;
    } else if (body !== undefined) {
      headers['content-type'] = 'application/json';
      request.body = JSON.stringify(body);
    }
    return http.request(request);
  }

  return async (call) => {
    const pass = await access.current(call.signal);
    const response = await once(call, pass);
    if (response.status !== 401 || /API Login Limit/i.test(response.text)) return response;
    if (call.method !== 'GET' && !/not logged in/i.test(response.text)) {
      await access.replace(pass, call.signal).catch((error) => {
        if (!(error instanceof NextStepError)) throw error;
      });
      throw new UnclearError('Acumatica asked for a new sign-in; whether it did what was asked is not known.');
    }
    const fresh = await access.replace(pass, call.signal);
    const second = await once(call, fresh);
    if (second.status !== 401) return second;
    await access.discard(fresh);
    throw new ReconnectError('Acumatica accepts the sign-in but not the calls made with it.', { field: access.field });
  };
}
