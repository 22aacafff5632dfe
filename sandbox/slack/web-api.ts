import express, { type Request, type Response, type Router } from 'express';
import { RateLimited, SlackError } from './errors.ts';
import type { Fault } from './faults.ts';
import { newSecret } from './ids.ts';
import { callMethod, type WebApiRequest } from './methods/index.ts';
import { asText, isJson, type Json } from './model.ts';
import type { SlackState } from './state.ts';

function readRequest(request: Request): WebApiRequest {
  const values: Json = { ...request.query, ...(isJson(request.body) ? request.body : {}) };
  const [scheme, credentials = ''] = (request.headers.authorization ?? '').split(' ');
  const bearer = scheme?.toLowerCase() === 'bearer' ? credentials : undefined;
  const basic = scheme?.toLowerCase() === 'basic' ? Buffer.from(credentials, 'base64').toString('utf8') : '';
  const [basicId, basicSecret] = basic.split(':');
  return {
    method: String(request.params.method),
    values,
    token: bearer ?? asText(values.token),
    client: {
      id: asText(values.client_id) ?? (basicId || undefined),
      secret: asText(values.client_secret) ?? basicSecret,
    },
  };
}

interface Prepared {
  status: number;
  headers: Record<string, string>;
  body: Json;
}

function carryOut(state: SlackState, request: WebApiRequest): Prepared {
  try {
    const { body, granted, accepted } = callMethod(state, request);
    return {
      status: 200,
      headers: {
        ...(granted.length > 0 ? { 'x-oauth-scopes': granted.join(',') } : {}),
        ...(accepted.length > 0 ? { 'x-accepted-oauth-scopes': accepted.join(',') } : {}),
      },
      body,
    };
  } catch (error) {
    if (error instanceof RateLimited) return refusal(state, request.method, error);
    if (!(error instanceof SlackError)) throw error;
    state.counters.failed(error.error);
    const provided = asText(error.extra.provided);
    return { status: 200, headers: provided ? { 'x-oauth-scopes': provided } : {}, body: error.toBody() };
  }
}

function refusal(state: SlackState, method: string, error: RateLimited): Prepared {
  state.counters.refused(method, error.reason);
  return {
    status: 429,
    headers: { 'retry-after': String(error.retryAfterSeconds) },
    body: { ok: false, error: 'ratelimited' },
  };
}

function reply(response: Response, { status, headers, body }: Prepared): void {
  response.status(status).set({ ...headers, 'x-slack-req-id': newSecret(12), 'cache-control': 'private, no-store' });
  response.json(body);
}

function replyWithPage(response: Response): void {
  response.status(500).type('html').send('<!DOCTYPE html><html><body><h1>Server Error</h1></body></html>');
}

function replyHalf(response: Response, { status, body }: Prepared): void {
  const whole = JSON.stringify(body);
  response
    .status(status)
    .type('json')
    .send(whole.slice(0, Math.floor(whole.length / 2)));
}

/** Faults that come instead of the call: nothing is done. */
function failBefore(state: SlackState, method: string, fault: Fault, response: Response): boolean {
  const odd = fault.hits % 2 === 1;
  switch (fault.kind) {
    case 'drop_before':
      response.destroy();
      return true;
    case 'rate_limited':
      reply(response, refusal(state, method, new RateLimited(fault.retryAfter ?? 1, 'fault')));
      return true;
    case 'http_500':
      if (fault.done) return false;
      replyWithPage(response);
      return true;
    case 'error':
      if (fault.done) return false;
      reply(response, { status: 200, headers: {}, body: { ok: false, error: fault.error ?? 'internal_error' } });
      return true;
    case 'ambiguous':
      if (!odd) return false;
      response.destroy();
      return true;
    default:
      return false;
  }
}

/** Faults that hide the answer of a call that was carried out. */
function failAfter(fault: Fault, prepared: Prepared, response: Response): void {
  switch (fault.kind) {
    case 'timeout_after_done':
      return;
    case 'drop_after_done':
    case 'ambiguous':
      response.destroy();
      return;
    case 'http_500':
      replyWithPage(response);
      return;
    case 'error':
      reply(response, { status: 200, headers: {}, body: { ok: false, error: fault.error ?? 'internal_error' } });
      return;
    case 'truncated_json':
      replyHalf(response, prepared);
      return;
    default:
      reply(response, prepared);
  }
}

async function handle(state: SlackState, request: Request, response: Response): Promise<void> {
  const call = readRequest(request);
  const fault = state.faults.find(call.method, asText(call.values.channel));
  if (fault && failBefore(state, call.method, fault, response)) {
    state.faults.hit(fault);
    return;
  }
  if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 1000));
  const prepared = carryOut(state, call);
  if (fault && prepared.body.ok === true) {
    state.faults.hit(fault);
    failAfter(fault, prepared, response);
  } else {
    reply(response, prepared);
  }
}

/** The Web API, to be mounted at `/api`: forms, JSON or query, the token as bearer or field. */
export function createWebApi(state: SlackState): Router {
  const router = express.Router();
  router.use(express.urlencoded({ extended: false, limit: '4mb' }), express.json({ limit: '4mb' }));
  router.all('/:method', (request, response) => handle(state, request, response));
  router.use((error: Error & { type?: string }, _request: Request, response: Response, next: express.NextFunction) => {
    if (error.type !== 'entity.parse.failed') return next(error);
    reply(response, { status: 200, headers: {}, body: { ok: false, error: 'invalid_json' } });
  });
  return router;
}
