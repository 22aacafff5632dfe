import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CustomRoute } from '@slack/bolt';
import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { Connector, PushNotice } from '../../connectors/connector.ts';
import { documentKinds } from '../domain/document.ts';
import { PermanentError } from '../domain/errors.ts';
import { findPushSource } from '../push/endpoint.ts';
import { receivePush } from '../push/receive.ts';
import type { Keyring } from '../storage/keyring.ts';

interface PushDeps {
  db: Knex;
  keyring: Keyring;
  connectorById: (id: string) => Connector | undefined;
  log: Logger;
}

const mostBytes = 2_000_000;
/** Reading a body that is thrown away ends here at the latest. */
const mostDrainedBytes = 64_000_000;

/** `POST /erp/push/CONNECTION?kind=KIND`: what an ERP pushes, answered when it is stored. */
export function pushRoute(deps: PushDeps): CustomRoute {
  return {
    path: '/erp/push/:connection',
    method: 'POST',
    handler: (request, response) => {
      void take(deps, request, response).catch((error) => {
        deps.log.error('a push was not taken', { error });
        // An error asks the ERP to send it again, and the cadence finds the change in any case.
        answer(response, 503, 'This could not be stored now. Send it again.');
      });
    },
  };
}

async function take(
  { db, keyring, connectorById, log }: PushDeps,
  request: IncomingMessage & { params?: Record<string, string | string[]> },
  response: ServerResponse,
): Promise<void> {
  const connectionId = String(request.params?.connection ?? '');
  const asked = new URL(request.url ?? '', 'http://here').searchParams.get('kind');
  const kind = documentKinds.find((each) => each === asked);
  const source = await findPushSource(db, keyring, connectionId, (connector) => {
    const value = request.headers[connectorById(connector)?.push?.header.toLowerCase() ?? ''];
    return typeof value === 'string' ? value : '';
  });
  if (!source) return refuse(request, response, 401, 'This address and header value do not belong together.');
  const connector = connectorById(source.connector);
  if (!connector?.push) return refuse(request, response, 404, 'This connection takes no pushes.');
  if (!kind || !Object.hasOwn(connector.feeds, kind)) {
    return refuse(request, response, 400, 'The address has to end in ?kind= and a kind that this connection reads.');
  }
  const body = await readBody(request);
  let notice: PushNotice | null = null;
  try {
    notice = body === null ? null : connector.push.parse(body, kind);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return answer(response, 400, error.message);
  }
  const outcome = await receivePush(db, source, kind, { body: body ?? '', notice, push: connector.push });
  log.debug('push', { connection: connectionId, kind, outcome });
  answer(response, 200, outcome === 'of_another_company' ? 'Not used: this comes from another company.' : 'Thank you.');
}

/** Null where it is longer than is read; the rest is let pass, so that the sender gets its answer. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes <= mostBytes) parts.push(part);
    else parts.length = 0;
    if (bytes > mostDrainedBytes) break;
  }
  return bytes > mostBytes ? null : Buffer.concat(parts).toString('utf8');
}

/** Nothing of the body is read. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  response.once('finish', () => request.destroy());
  answer(response, status, text);
}

function answer(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return;
  response
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      ...(status === 200 ? {} : { connection: 'close' }),
    })
    .end(text);
}
