import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { authenticate, checkSender } from './envelope/authenticate.ts';
import { type Control, parseRequest, readControl, readOperation } from './envelope/request.ts';
import { controlFailure, operationFailure, operationSuccess, type Wording } from './envelope/response.ts';
import { runFunctions, UsedControlIds } from './envelope/run.ts';
import { HttpRefused, RequestRefused, schemaError } from './errors.ts';
import type { Fault } from './faults.ts';
import { functions } from './functions/index.ts';
import { ownPath } from './functions/session.ts';
import { answerInstead, send, sendSpoiled, shortFailure } from './misbehave.ts';
import type { Parts } from './parts.ts';

const frontPath = '/ia/xml/xmlgw.phtml';
const xmlType = 'text/xml; charset=UTF-8';
const acceptedTypes = ['application/xml', 'text/xml', 'x-intacct-xml-request'];

interface Answer {
  status: number;
  type: string;
  body: string;
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw schemaError('Fatal Error: Input is not proper UTF-8, indicate encoding !');
  }
}

/** Answers one request of the XML gateway, whatever it holds. */
function answer(parts: Parts, used: UsedControlIds, request: Request, body: Buffer, fault: Fault | undefined): Answer {
  const { settings, counters, sessions, now } = parts;
  const xml = (text: string): Answer => ({ status: 200, type: xmlType, body: text });
  let wording: Wording = { additional: false, settings };
  let control: Control | undefined;
  let userId = '';
  const refusedBy = (level: Fault['level']) =>
    fault?.kind === 'error' && fault.level === level
      ? { errorno: fault.errorno, description2: fault.description2 }
      : undefined;
  try {
    const root = parseRequest(utf8(body));
    control = readControl(root);
    wording = { additional: control.showAdditionalErrorInfo, settings };
    checkSender(control);
    const asked = readOperation(root, control, (name) => Object.hasOwn(functions, name));
    const controlError = refusedBy('control');
    if (controlError) throw new RequestRefused('control', controlError);
    const { authentication } = asked;
    if ('login' in authentication) userId = authentication.login.userId;
    const operationError = refusedBy('operation');
    if (operationError) throw new RequestRefused('operation', operationError);
    if (fault?.kind === 'expire-sessions') sessions.expire();
    const elsewhere = settings.endpointEnforced && settings.endpoint === 'own path' && request.path !== ownPath;
    if ('sessionId' in authentication && elsewhere) {
      const description2 = 'Invalid session: requests of this session go to the endpoint that came with it.';
      throw new RequestRefused('operation', { errorno: 'XL03000006', description2 });
    }
    const session = authenticate(asked, parts);
    const url = `${parts.baseUrl()}${parts.path}${request.path}`;
    const { results, raw } = runFunctions(asked, session, parts, used, url, () => refusedBy('result'));
    if (raw) return { status: 200, ...raw };
    return xml(operationSuccess(control, session, results, now(), wording));
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    for (const { errorno } of error.errors) counters.refused(errorno);
    if (error.level === 'control' || !control) return xml(controlFailure(control, error.errors, wording));
    return xml(operationFailure(control, userId, error.errors, wording));
  }
}

/** Reads the whole body, to its end even where it is too large: the answer is then heard. Throws HttpRefused. */
async function bodyOf(request: Request, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= most) chunks.push(chunk);
  }
  if (size > most) throw new HttpRefused(400, 'GW-0011', 'The request is larger than is allowed.');
  return Buffer.concat(chunks);
}

function handler(parts: Parts): RequestHandler {
  const used = new UsedControlIds();
  let running = 0;

  async function handle(request: Request, response: Response): Promise<void> {
    const { settings, faults } = parts;
    if (!acceptedTypes.some((type) => request.headers['content-type']?.toLowerCase().startsWith(type))) {
      throw new HttpRefused(400, 'GW-0011', 'The content type is not one of XML.');
    }
    const body = await bodyOf(request, settings.maxRequestBytes);
    const fault = faults.meet(body.toString('latin1'));
    if (fault && answerInstead(fault, response, faults)) return;
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    if (response.destroyed) return;
    const { status, type, body: text } = answer(parts, used, request, body, fault);
    if (fault) sendSpoiled(fault, response, status, text, type, faults);
    else send(response, status, text, type);
  }

  return async (request, response) => {
    const { settings, counters } = parts;
    counters.request();
    running += 1;
    let over = false;
    response.once('close', () => {
      if (!over) running -= 1;
      over = true;
    });
    try {
      const most = settings.concurrentRequests;
      if (most !== null && running > most) throw new HttpRefused(429, 'GW-0010', 'Too many requests at once.');
      await handle(request, response);
    } catch (error) {
      if (!(error instanceof HttpRefused)) throw error;
      counters.refused(error.errorno);
      send(response, error.status, shortFailure(error.errorno, error.message));
    }
  };
}

/** The gateway at its public address and at the one that sessions are handed; mount before any body parser. */
export function gatewayRouter(parts: Parts): Router {
  const router = Router();
  const gateway = handler(parts);
  for (const path of [frontPath, ownPath]) router.post(path, gateway);
  router.use(((error, _request, response, next) => {
    if (response.headersSent) next(error);
    else send(response, 500, shortFailure('GW-0001', error instanceof Error ? error.message : String(error)));
  }) satisfies express.ErrorRequestHandler);
  return router;
}
