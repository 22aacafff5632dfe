import type { Response } from 'express';
import type { Fault, Faults } from './faults.ts';
import { document, element, leaf } from './xml/write.ts';

const xmlType = 'text/xml; charset=UTF-8';
const html = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad gateway</h1></body></html>';
const chunk = Buffer.alloc(64 * 1024, ' ');

/** What the gateway in front says: no sender, no operation. */
export function shortFailure(errorno: string, description2: string): string {
  const error =
    leaf('errorno', errorno) + leaf('description', '') + leaf('description2', description2) + leaf('correction', '');
  return document(
    element(
      'response',
      element('control', leaf('status', 'failure')) + element('errormessage', element('error', error)),
    ),
  );
}

export function send(response: Response, status: number, body: string | Buffer, type = xmlType): void {
  response.setHeader('Content-Type', type);
  response.status(status).end(body);
}

/** Ten levels of ten references each: ten thousand million characters for whoever replaces entities. */
function bomb(): string {
  const levels = Array.from({ length: 10 }, (_, level) => {
    const inner = level === 0 ? 'lol' : `&lol${level - 1};`.repeat(10);
    return `<!ENTITY lol${level} "${inner}">`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE response [${levels.join('')}]>\n<response><control><status>&lol9;</status></control></response>`;
}

const outside =
  '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE response [<!ENTITY file SYSTEM "file:///etc/passwd">]>\n<response><control><status>success</status><senderid>&file;</senderid></control></response>';

const deep = document(`${'<response>'.repeat(20_000)}${'</response>'.repeat(20_000)}`);

/** Sends `bytes` of an answer that never comes to its point, as fast as the client reads. */
function sendOversized(response: Response, bytes: number): void {
  const [opening, closing] = ['<?xml version="1.0" encoding="UTF-8"?>\n<response>', '</response>'];
  response.status(200).set('Content-Length', String(bytes)).setHeader('Content-Type', xmlType);
  let left = bytes - opening.length - closing.length;
  response.write(opening);
  const more = () => {
    while (left > 0 && !response.destroyed) {
      const part = chunk.subarray(0, Math.min(left, chunk.length));
      left -= part.length;
      if (!response.write(part)) {
        response.once('drain', more);
        return;
      }
    }
    if (!response.destroyed) response.end(closing);
  };
  more();
}

/** Faults that answer in place of the gateway; true where one has. `error` and `expire-sessions` are the gateway's own. */
export function answerInstead(fault: Fault, response: Response, faults: Faults): boolean {
  const acts: Partial<Record<Fault['kind'], () => void>> = {
    '400': () => send(response, 400, shortFailure('GW-0011', 'The request is not valid.')),
    '401': () => send(response, 401, shortFailure('XMLGW_JPP0002', 'Sign-in information is incorrect.')),
    '429': () => send(response, 429, shortFailure('GW-0010', 'Too many requests. Try again later.')),
    '500-xml': () => send(response, 500, shortFailure('GW-0001', 'Internal error in the gateway.')),
    '503-xml': () => send(response, 503, shortFailure('GW-0009', 'The service is not available.')),
    '503-html': () => send(response, 503, html, 'text/html; charset=UTF-8'),
    '524-html': () => send(response, 524, html.replace('502 Bad Gateway', '524: A timeout occurred'), 'text/html'),
    'rate-limit-in-200': () => send(response, 200, '{"message":"API rate limit exceeded"}', 'application/json'),
    'offline-in-200': () => send(response, 200, '<html><body>Temporarily Off-line</body></html>', 'text/html'),
    hang: () => faults.hold(response),
    'drop-before': () => response.socket?.destroy(),
    'xml-bomb': () => send(response, 200, bomb()),
    'external-entity': () => send(response, 200, outside),
    'deep-nesting': () => send(response, 200, deep),
    oversized: () => sendOversized(response, fault.bytes),
  };
  const act = acts[fault.kind];
  act?.();
  return act !== undefined;
}

/** Faults that spoil a finished answer. Everything has been done by then. */
export function sendSpoiled(
  fault: Fault,
  response: Response,
  status: number,
  text: string,
  type: string,
  faults: Faults,
): void {
  const body = Buffer.from(text);
  const half = body.subarray(0, Math.floor(body.length / 2));
  if (fault.kind === 'hang-after') faults.hold(response);
  else if (fault.kind === 'drop-after') response.socket?.destroy();
  else if (fault.kind === 'truncated-xml') send(response, status, half, type);
  else if (fault.kind === 'wrong-encoding')
    send(response, status, Buffer.from(text.replace('?>\n<', '?>\n<!-- caf\u00e9 --><'), 'latin1'), type);
  else if (fault.kind === 'cut-body') {
    response.setHeader('Content-Type', type);
    response.setHeader('Content-Length', body.length);
    response.status(status).write(half, () => response.socket?.destroy());
  } else send(response, status, body, type);
}
