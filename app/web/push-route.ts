import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CustomRoute } from '@slack/bolt';
import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { Connector, PushNotice } from '../../connectors/connector.ts';
import { documentKinds } from '../domain/document.ts';
import { PermanentError } from '../domain/errors.ts';
import { findPushSource } from '../push/endpoint.ts';
import { createProof, type Proof } from '../push/proof.ts';
import { receivePush } from '../push/receive.ts';
import type { Keyring } from '../storage/keyring.ts';

interface PushDeps {
  db: Knex;
  keyring: Keyring;
  connectors: readonly Connector[];
  log: Logger;
}

/** Readings of an ERP that bills them begin so far apart where pushes wake them. */
const apartMs = 60_000;
const mostBytes = 2_000_000;
/** Reading a body that is thrown away ends here at the latest. */
const mostDrainedBytes = 64_000_000;

/** `POST /erp/push/CONNECTION?kind=KIND`: what an ERP pushes, answered when it is stored. */
export function pushRoute(deps: PushDeps): CustomRoute {
  const proof = createProof(deps.connectors);
  return {
    path: '/erp/push/:connection',
    method: 'POST',
    handler: (request, response) => {
      void take({ ...deps, proof }, request, response).catch((error) => {
        deps.log.error('a push was not taken', { error });
        // An error asks the ERP to send it again, and the cadence finds the change in any case.
        answer(response, 503, 'This could not be stored now. Send it again.');
      });
    },
  };
}

async function take(
  { db, keyring, connectors, log, proof }: PushDeps & { proof: Proof },
  request: IncomingMessage & { params?: Record<string, string | string[]> },
  response: ServerResponse,
): Promise<void> {
  const connectionId = String(request.params?.connection ?? '');
  const asked = new URL(request.url ?? '', 'http://here').searchParams.get('kind');
  const kind = documentKinds.find((each) => each === asked);
  const { headers } = request;
  // Read before anything is looked up, for whoever sends it: a signature is over all of it.
  const body = await readBody(request);
  const source = await findPushSource(db, keyring, connectionId, (connector, secret) =>
    proof(connector, secret, { headers, body }),
  );
  if (!source)
    return refuse(request, response, 401, 'This address and its secret or signature do not belong together.');
  const connector = connectors.find(({ id }) => id === source.connector);
  if (!connector?.push) return refuse(request, response, 404, 'This connection takes no pushes.');
  if (!kind || !Object.hasOwn(connector.feeds, kind)) {
    return refuse(request, response, 400, 'The address has to end in ?kind= and a kind that this connection reads.');
  }
  if (body === null) await drain(request);
  const text = body === null ? '' : Buffer.from(body).toString('utf8');
  let notice: PushNotice | null = null;
  try {
    notice = body === null ? null : connector.push.parse(text, kind, headers);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return answer(response, 400, error.message);
  }
  const outcome = await receivePush(db, source, kind, {
    ...{ body: text, notice, push: connector.push },
    // Each reading costs money there: a burst of changes is read together.
    apartMs: connector.budget ? apartMs : 0,
  });
  log.debug('push', { connection: connectionId, kind, outcome });
  answer(response, 200, outcome === 'of_another_company' ? 'Not used: this comes from another company.' : 'Thank you.');
}

/** Null where it is longer than is read. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    bytes += part.length;
    if (bytes > mostBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Lets the rest of a body pass, so that the sender gets its answer. */
async function drain(request: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > mostDrainedBytes) break;
  }
}

/** Nothing more of the body is read. */
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
