import type { RequestHandler, Response } from 'express';
import { sendError } from './answer.ts';
import { exceptionBody, noRights, notServed, notSignedIn } from './erp-error.ts';
import type { Fault, Faults } from './faults.ts';
import type { Settings } from './settings.ts';

const serverError =
  "<!DOCTYPE html><html><head><title>Runtime Error</title></head><body><h1>Server Error in '/AcumaticaERP' Application.</h1></body></html>";
const chunk = Buffer.alloc(64 * 1024, ' ');

/** Sends `bytes` of a JSON array that never comes to its point, as fast as the client reads. */
function sendOversized(response: Response, bytes: number): void {
  response.status(200).type('application/json').set('Content-Length', String(bytes));
  let left = bytes - 2;
  response.write('[');
  const more = () => {
    while (left > 0 && !response.destroyed) {
      const part = chunk.subarray(0, Math.min(left, chunk.length));
      left -= part.length;
      if (!response.write(part)) {
        response.once('drain', more);
        return;
      }
    }
    if (!response.destroyed) response.end(']');
  };
  more();
}

/** Replaces the last step of answering, when everything has been done already. */
function insteadOfEnd(response: Response, act: (body: Buffer) => void): void {
  const end = response.end;
  response.end = ((body?: unknown) => {
    response.end = end;
    act(Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : ''));
    return response;
  }) as Response['end'];
}

function cutBody(response: Response, body: Buffer): void {
  response.set('Content-Length', String(body.length));
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
}

function sendHalf(response: Response, body: Buffer): void {
  const half = body.subarray(0, Math.floor(body.length / 2));
  response.removeHeader('ETag');
  response.set('Content-Length', String(half.length)).end(half);
}

/** The middleware in front of the whole site that makes the faults happen. `path` is the site's own path. */
export function misbehave(faults: Faults, path: string, settings: Settings): RequestHandler {
  const json = (response: Response, status: number, body: unknown) => response.status(status).json(body);
  const limit = 'The custom error module does not recognize this error.';
  const acts: Record<Fault['kind'], (response: Response, fault: Fault, next: () => void) => void> = {
    '401': (response) => sendError(response, notSignedIn(settings.unauthorizedBody)),
    '403': (response) => sendError(response, noRights('AP301000', settings.forbiddenBody)),
    '404-version': (response) => sendError(response, notServed(response.req.originalUrl, settings.notFoundBody)),
    '429-text': (response) => {
      response.setHeader('Content-Type', 'text/plain');
      response.status(429).end(limit);
    },
    '429-login-limit': (response) => json(response, 429, exceptionBody('API Login Limit', 'PX.Data.PXException')),
    '500-html': (response) => response.status(500).type('html').send(serverError),
    '500-json': (response) =>
      json(
        response,
        500,
        exceptionBody('Object reference not set to an instance of an object.', 'System.NullReferenceException'),
      ),
    '302-error-page': (response) => response.redirect(302, `${path}/ui/error?errorCode=500`),
    'redirect-elsewhere': (response, fault) => response.redirect(302, fault.location),
    'truncated-json': (response, _fault, next) => {
      insteadOfEnd(response, (body) => sendHalf(response, body));
      next();
    },
    'cut-body': (response, _fault, next) => {
      insteadOfEnd(response, (body) => cutBody(response, body));
      next();
    },
    hang: (response) => faults.hold(response),
    'hang-after': (response, _fault, next) => {
      insteadOfEnd(response, () => faults.hold(response));
      next();
    },
    'drop-before': (response) => response.socket?.destroy(),
    'drop-after': (response, _fault, next) => {
      insteadOfEnd(response, () => response.socket?.destroy());
      next();
    },
    slow: (response, fault, next) => {
      const timer = setTimeout(next, fault.ms);
      response.once('close', () => clearTimeout(timer));
    },
    'nothing-done': (response) => response.status(204).end(),
    oversized: (response, fault) => sendOversized(response, fault.bytes),
  };
  return (request, response, next) => {
    const fault = faults.meet(request.method, request.originalUrl);
    if (!fault) next();
    else acts[fault.kind](response, fault, next);
  };
}
