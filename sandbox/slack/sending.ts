import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { nowMs, nowSeconds } from './clock.ts';

/** `v0=` and the HMAC-SHA256 of `v0:timestamp:body`. */
export function signRequest(signingSecret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

/** What goes to the app, whichever way. */
export interface Outgoing {
  body: string;
  contentType: 'application/json' | 'application/x-www-form-urlencoded';
  headers?: Record<string, string> | undefined;
}

export interface SignedRequest extends Outgoing {
  url: string;
  /** Seconds since the epoch to sign with; default now. */
  timestamp?: number | undefined;
  /** Spoils the signature. */
  badSignature?: boolean | undefined;
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** How a delivery ended: `acked` is a 2xx within the time limit, `ms` the time until it ended either way. */
export interface Delivery {
  acked: boolean;
  status: number | null;
  ms: number;
  failure: 'http_timeout' | 'http_error' | 'connection_failed' | 'ssl_error' | 'too_many_redirects' | null;
  body: string;
  headers: http.IncomingHttpHeaders;
}

/** Sends signed requests to the app over its own connections. */
export class Sender {
  readonly #signingSecret: string;
  readonly #timeoutMs: number;
  readonly #agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };
  readonly #open = new Set<http.ClientRequest>();

  constructor(signingSecret: string, timeoutMs: number) {
    this.#signingSecret = signingSecret;
    this.#timeoutMs = timeoutMs;
  }

  /** Never throws: what went wrong is in the result. Follows up to two redirects. */
  async send(request: SignedRequest): Promise<Delivery> {
    const startedAt = nowMs();
    const end = (rest: Partial<Delivery>): Delivery => ({
      acked: false,
      status: null,
      failure: null,
      body: '',
      headers: {},
      ...rest,
      ms: nowMs() - startedAt,
    });
    let url = request.url;
    for (let redirects = 0; redirects <= 2; redirects++) {
      const answer = await this.#once(url, request, this.#timeoutMs - (nowMs() - startedAt)).catch((error) =>
        end({ failure: failureOf(error) }),
      );
      if ('acked' in answer) return answer;
      const { status, headers, body } = answer;
      if (status >= 300 && status < 400 && headers.location) {
        url = new URL(headers.location, url).href;
        continue;
      }
      const acked = status >= 200 && status < 300;
      return end({ acked, status, headers, body, failure: acked ? null : 'http_error' });
    }
    return end({ failure: 'too_many_redirects' });
  }

  #once(url: string, request: SignedRequest, timeoutMs: number): Promise<Answer> {
    const timestamp = request.timestamp ?? nowSeconds();
    const secret = request.badSignature ? `${this.#signingSecret}x` : this.#signingSecret;
    const secure = url.startsWith('https:');
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const options = {
      method: 'POST',
      agent: secure ? this.#agents.https : this.#agents.http,
      headers: {
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        accept: '*/*',
        'content-type': request.contentType,
        'content-length': Buffer.byteLength(request.body),
        'x-slack-request-timestamp': String(timestamp),
        'x-slack-signature': signRequest(secret, timestamp, request.body),
        ...request.headers,
      },
    };
    const outgoing = (secure ? https : http).request(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    this.#open.add(outgoing);
    const timer = setTimeout(
      () => outgoing.destroy(Object.assign(new Error('no answer in time'), { code: 'http_timeout' })),
      Math.max(1, timeoutMs),
    );
    outgoing.on('error', reject);
    outgoing.on('close', () => {
      clearTimeout(timer);
      this.#open.delete(outgoing);
    });
    outgoing.end(request.body);
    return promise;
  }

  close(): void {
    for (const outgoing of this.#open) outgoing.destroy();
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }
}

function failureOf(error: { code?: string }): NonNullable<Delivery['failure']> {
  if (error.code === 'http_timeout') return 'http_timeout';
  return /TLS|SSL|CERT/i.test(error.code ?? '') ? 'ssl_error' : 'connection_failed';
}
