import { readFileSync } from 'node:fs';
import { createSecureContext, getCACertificates } from 'node:tls';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { NextStepError, PermanentError } from '../domain/errors.ts';
import { createCheckedLookup, isLoopbackHost, isRefusedHost } from './addresses.ts';
import { defaultTimeoutMs, exchange } from './exchange.ts';
import type { ErpHttp, ErpRequest, ErpResponse } from './http.ts';
import type { OutboundMetrics } from './metrics.ts';
import { redactUrl } from './redact.ts';

const maxRedirects = 3;
const connectTimeoutMs = 10_000;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
/** What may follow a redirect to another origin; everything else could be a credential. */
const harmlessHeader = /^(accept|accept-language|accept-encoding|user-agent)$/i;

/** One line for the log about one request; holds no secret. */
export interface OutboundEntry {
  method: ErpRequest['method'];
  url: string;
  /** HTTP status, or the name of the error class when there was no answer. */
  outcome: number | string;
  durationMs: number;
  message?: string;
}

export interface ErpHttpOptions {
  /** Hosts (`name` or `name:port`) that may be spoken to without TLS; loopback always may. */
  allowHttpHosts?: string[];
  /** Everything but loopback goes through this proxy, which then resolves the names itself. */
  proxyUrl?: string;
  /** A PEM file of certificate authorities to trust besides the usual ones. */
  caFile?: string;
  /** No request waits longer than this, whatever it asks for. */
  longestMs?: number;
  log?: (entry: OutboundEntry) => void;
  metrics?: OutboundMetrics;
  /** For tests: resolves names in place of the system. */
  lookup?: ReturnType<typeof createCheckedLookup>;
}

function createDispatchers(options: ErpHttpOptions): { direct: Dispatcher; proxied: Dispatcher } {
  const secureContext =
    options.caFile === undefined
      ? {}
      : { secureContext: createSecureContext({ ca: [...getCACertificates(), readFileSync(options.caFile, 'utf8')] }) };
  const lookup = options.lookup ?? createCheckedLookup();
  const connect = { timeout: connectTimeoutMs, lookup, ...secureContext };
  const common = { allowH2: false, connections: 16, pipelining: 1, maxHeaderSize: 64 * 1024 };
  const direct = new Agent({ ...common, connect });
  if (options.proxyUrl === undefined) return { direct, proxied: direct };
  const proxied = new ProxyAgent({
    ...common,
    uri: options.proxyUrl,
    connectTimeout: connectTimeoutMs,
    requestTls: { timeout: connectTimeoutMs, ...secureContext },
    proxyTls: { timeout: connectTimeoutMs, ...secureContext },
  });
  return { direct, proxied };
}

/** Throws PermanentError `address_refused` unless an ERP may be spoken to at this address. */
function checkedUrl(address: string, allowHttpHosts: ReadonlySet<string>): URL {
  const refuse = (why: string) => new PermanentError('address_refused', why, { field: 'address' });
  if (!URL.canParse(address)) throw refuse('The address of the ERP cannot be read.');
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refuse('The address of an ERP starts with https://.');
  if (url.username !== '' || url.password !== '')
    throw refuse(`The address of ${url.host} must not hold a user name or password.`);
  if (isRefusedHost(url.hostname)) throw refuse(`${url.host} is at an address that is not allowed for an ERP.`);
  const plain = isLoopbackHost(url.hostname) || allowHttpHosts.has(url.hostname) || allowHttpHosts.has(url.host);
  if (url.protocol === 'http:' && !plain)
    throw refuse(`${url.host} must be spoken to over https://; plain http is allowed for listed hosts only.`);
  return url;
}

function redirectTarget(request: ErpRequest, response: ErpResponse): URL | null {
  const location = response.headers.location;
  if (request.method !== 'GET' || !redirectStatuses.has(response.status) || location === undefined) return null;
  return URL.canParse(location, response.url) ? new URL(location, response.url) : null;
}

function withoutCredentials(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => harmlessHeader.test(name)));
}

/** The way out to ERPs; see `ErpHttp` for what it throws. Close it when the process ends. */
export function createErpHttp(options: ErpHttpOptions = {}): ErpHttp & { close(): Promise<void> } {
  const allowHttpHosts = new Set((options.allowHttpHosts ?? []).map((host) => host.toLowerCase()));
  const { direct, proxied } = createDispatchers(options);

  async function once(request: ErpRequest, url: URL): Promise<ErpResponse> {
    const startedAt = performance.now();
    const { method } = request;
    const report = (outcome: number | string, message?: string) => {
      const durationMs = Math.round(performance.now() - startedAt);
      options.metrics?.count(url.host, outcome, durationMs / 1000);
      options.log?.({ method, url: redactUrl(url.href), outcome, durationMs, ...(message ? { message } : {}) });
    };
    try {
      const response = await exchange(isLoopbackHost(url.hostname) ? direct : proxied, request, url);
      report(response.status);
      return response;
    } catch (error) {
      if (error instanceof NextStepError) report(error.name, error.message);
      else report('aborted');
      throw error;
    }
  }

  return {
    async request(request) {
      request.signal?.throwIfAborted();
      const timeoutMs = Math.min(request.timeoutMs ?? defaultTimeoutMs, options.longestMs ?? Number.POSITIVE_INFINITY);
      const deadline = performance.now() + timeoutMs;
      let current = { ...request };
      let url = checkedUrl(request.url, allowHttpHosts);
      for (let redirects = 0; ; redirects += 1) {
        current.timeoutMs = Math.max(1, Math.round(deadline - performance.now()));
        const response = await once(current, url);
        const target = redirectTarget(current, response);
        if (target === null) return response;
        if (redirects === maxRedirects)
          throw new PermanentError('too_many_redirects', `${url.host} redirects in circles.`, { field: 'address' });
        const next = checkedUrl(target.href, allowHttpHosts);
        if (next.origin !== url.origin) current = { ...current, headers: withoutCredentials(current.headers) };
        url = next;
      }
    },
    async close() {
      await Promise.all(proxied === direct ? [direct.close()] : [direct.close(), proxied.close()]);
    },
  };
}
