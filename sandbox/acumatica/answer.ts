import type { ErrorRequestHandler, Request, Response } from 'express';
import { ErpError, exceptionBody } from './erp-error.ts';

const types = { json: 'application/json; charset=utf-8', text: 'text/plain', html: 'text/html; charset=utf-8' };

/** Past `response.send`, which would work out an entity tag for every page. */
function end(response: Response, status: number, type: string, text: string): void {
  const body = Buffer.from(text);
  // Express would add a charset to the bare `text/plain` that the real system sends.
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', body.length);
  response.status(status).end(body);
}

/** Sends JSON text as it is: numbers keep the zeros they were written with. */
export function sendText(response: Response, text: string, status = 200): void {
  end(response, status, types.json, text);
}

/** Sends a refusal as it is worded. */
export function sendError(response: Response, error: ErpError): void {
  const body = error.type === 'json' ? JSON.stringify(error.body) : String(error.body);
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  end(response, error.status, types[error.type], body);
}

/** The last handler of the site: refusals as they are worded, anything else as an exception of the server. */
export const answerErrors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) next(error);
  else if (error instanceof ErpError) sendError(response, error);
  else {
    const text = error instanceof Error ? error.message : String(error);
    sendError(response, new ErpError(500, exceptionBody(text, 'System.Exception')));
  }
};

function bodyText(request: Request): string {
  return Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
}

/** The body as a JSON object. Throws a 400 as the site does. */
export function jsonBody(request: Request): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bodyText(request) || 'null');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below in the same words as for any other body that is no object.
  }
  throw new ErpError(400, {
    message: 'The request is invalid.',
    modelState: { entity: ['The body is not a JSON object.'] },
  });
}

/** The body as a form, whatever content type it came with. */
export function formBody(request: Request): URLSearchParams {
  return new URLSearchParams(bodyText(request));
}

/** The query as the client wrote it, decoded once. */
export function queryOf(request: Request): URLSearchParams {
  return new URL(request.originalUrl, 'http://localhost').searchParams;
}
