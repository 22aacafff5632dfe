import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { explainFailure, timedOutCode, tooLargeCode } from './failures.ts';
import type { ErpRequest, ErpResponse } from './http.ts';

const unzip = promisify(gunzip);

export const defaultTimeoutMs = 60_000;
const defaultMaxBytes = 16 * 1024 * 1024;

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

function tooLarge(): Error {
  return Object.assign(new Error('The body is larger than allowed'), { code: tooLargeCode });
}

async function readBody(answer: Answer, maxBytes: number): Promise<Buffer> {
  if (answer.headers['content-encoding'] !== 'gzip' || answer.body.length === 0) return answer.body;
  try {
    return await unzip(answer.body, { maxOutputLength: maxBytes });
  } catch (error) {
    throw (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : error;
  }
}

function toResponse(answer: Answer, body: Buffer, url: string): ErpResponse {
  const { 'set-cookie': cookies, ...rest } = answer.headers;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  const setCookies = cookies === undefined ? [] : Array.isArray(cookies) ? cookies : [cookies];
  const text = body.toString('utf8');
  return { status: answer.status, headers, setCookies, text, ...(isUtf8(body) ? {} : { malformed: true }), url };
}

/**
 * One request and its answer, without redirects. Whether the request left is told by `onRequestStart`, which undici
 * calls on a ready socket right before it writes: an error before it means that nothing was sent.
 */
export async function exchange(dispatcher: Dispatcher, request: ErpRequest, url: URL): Promise<ErpResponse> {
  const { method, signal, body, timeoutMs = defaultTimeoutMs, maxBytes = defaultMaxBytes } = request;
  let left = false;
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;

  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      let stopped: Error | undefined;
      let controller: Dispatcher.DispatchController | undefined;
      const chunks: Buffer[] = [];
      let length = 0;
      let status = 0;
      let headers: Answer['headers'] = {};
      const stop = (reason: Error) => {
        stopped ??= reason;
        reject(reason);
        controller?.abort(reason);
      };

      timer = setTimeout(() => {
        stop(Object.assign(new Error(`No answer within ${timeoutMs} ms`), { code: timedOutCode }));
      }, timeoutMs);
      onAbort = () => stop(new Error('Aborted by the caller'));
      signal?.addEventListener('abort', onAbort, { once: true });

      const options: Dispatcher.DispatchOptions = {
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { 'user-agent': 'Countersign', 'accept-encoding': 'gzip', ...request.headers },
        body: body ?? null,
        headersTimeout: 0,
        bodyTimeout: 0,
      };
      dispatcher.dispatch(options, {
        onRequestStart(started) {
          controller = started;
          if (stopped) started.abort(stopped);
          else left = true;
        },
        onResponseStart(_, statusCode, received) {
          status = statusCode;
          headers = received;
        },
        onResponseData(_, chunk) {
          length += chunk.length;
          if (length > maxBytes) stop(tooLarge());
          else chunks.push(chunk);
        },
        onResponseEnd() {
          resolve({ status, headers, body: Buffer.concat(chunks, length) });
        },
        onResponseError(_, error) {
          reject(error);
        },
      });
    });
    return toResponse(answer, await readBody(answer, maxBytes), url.href);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw explainFailure({ error, host: url.host, readsOnly: method === 'GET' || request.readsOnly === true, left });
  } finally {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener('abort', onAbort);
  }
}
