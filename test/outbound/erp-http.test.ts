import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { createCheckedLookup } from '../../app/outbound/addresses.ts';
import { createErpHttp, type ErpHttpOptions, type OutboundEntry } from '../../app/outbound/erp-http.ts';
import { createOutboundMetrics } from '../../app/outbound/metrics.ts';
import { closedPort, errorOf, type RunningServer, startHttp, startHttps, startTcp } from './servers.ts';

const certificates = new URL('./certificates/', import.meta.url);
const tls = {
  key: readFileSync(new URL('server.key', certificates), 'utf8'),
  cert: readFileSync(new URL('server.pem', certificates), 'utf8'),
};
const caFile = fileURLToPath(new URL('authority.pem', certificates));

describe('the way out to an ERP', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    open.unshift(one);
    return one;
  };
  const start = async (starting: Promise<RunningServer>) => keep(await starting);
  const http = (options: ErpHttpOptions = {}) => keep(createErpHttp(options));
  const get = (url: string) => ({ method: 'GET' as const, url });
  const post = (url: string) => ({ method: 'POST' as const, url, body: '{}' });

  it('sends method, headers and body, and returns status, headers, cookies and text of any answer', async () => {
    const seen: unknown[] = [];
    const server = await start(
      startHttp(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        seen.push(request.method, request.headers['x-one'], Buffer.concat(chunks).toString());
        response.writeHead(418, { 'Set-Cookie': ['a=1', 'b=2'], 'X-Two': ['p', 'q'] }).end('tea: é');
      }),
    );
    const answer = await http().request({ ...post(`${server.url}/x?y=1`), headers: { 'X-One': 'v' }, body: 'ü' });
    expect(seen).to.deep.equal(['POST', 'v', 'ü']);
    expect(answer).to.include({ status: 418, text: 'tea: é', url: `${server.url}/x?y=1` });
    expect(answer.headers['x-two']).to.equal('p, q');
    expect(answer.setCookies).to.deep.equal(['a=1', 'b=2']);
  });

  it('announces an empty POST body with its length', async () => {
    const server = await start(
      startHttp((request, response) => response.end(request.headers['content-length'] ?? 'none')),
    );
    expect((await http().request({ method: 'POST', url: server.url, body: '' })).text).to.equal('0');
  });

  it('unpacks gzip, but not beyond the limit', async () => {
    const packed = gzipSync('x'.repeat(100_000));
    const server = await start(startHttp((_, response) => response.setHeader('content-encoding', 'gzip').end(packed)));
    const client = http();
    expect((await client.request(get(server.url))).text.length).to.equal(100_000);
    expect(await errorOf(client.request({ ...get(server.url), maxBytes: 5000 }))).to.include({
      name: 'PermanentError',
      reason: 'body_too_large',
    });
  });

  it('stops reading a body that never ends', async () => {
    const server = await start(
      startHttp((_, response) => {
        const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
        response.on('close', () => clearInterval(timer));
      }),
    );
    const error = await errorOf(http().request({ ...get(server.url), maxBytes: 50_000 }));
    expect(error).to.include({ name: 'PermanentError', reason: 'body_too_large' });
  });

  it('does not say of an oversized answer to an act that nothing was done', async () => {
    const server = await start(startHttp((_, response) => response.end('x'.repeat(10_000))));
    const request = { method: 'POST' as const, url: server.url, body: '{}', maxBytes: 5_000 };
    expect(await errorOf(http().request(request))).to.include({ name: 'UnclearError' });
  });

  it('waits no longer than it is told to, whatever a request asks for', async () => {
    const server = await start(startHttp(() => undefined));
    const request = { ...get(server.url), timeoutMs: 60_000 };
    expect(await errorOf(http({ longestMs: 50 }).request(request))).to.include({ name: 'RetryableError' });
  });

  it('trusts the authorities of the CA file besides the usual ones', async () => {
    const server = await start(startHttps(tls, (_, response) => response.end('ok')));
    expect((await http({ caFile }).request(get(server.url))).text).to.equal('ok');
  });

  it('refuses a certificate for another name in words', async () => {
    const server = await start(startHttps(tls, (_, response) => response.end('ok')));
    const error = await errorOf(http({ caFile }).request(get(`https://127.0.0.1:${server.port}/`)));
    expect(error.message).to.contain('it was issued for another name');
  });

  it('passes on the reason of a caller who gives up', async () => {
    const server = await start(startHttp(() => {}));
    const reason = new Error('shutting down');
    const abort = new AbortController();
    const pending = errorOf(http().request({ ...post(server.url), signal: abort.signal }));
    setImmediate(() => abort.abort(reason));
    expect(await pending).to.equal(reason);
    expect(await errorOf(http().request({ ...post(server.url), signal: abort.signal }))).to.equal(reason);
  });

  describe('addresses', () => {
    for (const url of [
      'http://erp.example/',
      'https://169.254.169.254/latest/meta-data',
      'https://2852039166/',
      'https://[fd00:ec2::254]/',
      'https://metadata.google.internal/',
      'https://0.0.0.0/',
      'ftp://erp.example/',
      'https://user:pass@erp.example/',
      'nonsense',
    ])
      it(`refuses ${url}`, async () => {
        expect(await errorOf(http().request(get(url)))).to.include({
          name: 'PermanentError',
          reason: 'address_refused',
        });
      });

    it('refuses a name that resolves to a refused address when it connects', async () => {
      const lookup = createCheckedLookup(((_n: string, _o: unknown, done: (error: null, found: unknown) => void) =>
        done(null, [{ address: '169.254.169.254', family: 4 }])) as never);
      const error = await errorOf(http({ lookup }).request(get('https://erp.example/')));
      expect(error).to.include({ name: 'PermanentError', reason: 'address_refused' });
    });

    it('speaks plain http to a listed host', async () => {
      const server = await start(startHttp((request, response) => response.end(request.headers.host)));
      const lookup = createCheckedLookup(((_n: string, _o: unknown, done: (error: null, found: unknown) => void) =>
        done(null, [{ address: '127.0.0.1', family: 4 }])) as never);
      const client = http({ lookup, allowHttpHosts: ['erp.example'] });
      expect((await client.request(get(`http://erp.example:${server.port}/`))).text).to.equal(
        `erp.example:${server.port}`,
      );
    });
  });

  it('says where a body is no UTF-8, packed or not', async () => {
    for (const [bytes, malformed] of [
      [Buffer.from('caf\u00e9'), undefined],
      [Buffer.from('caf\u00e9', 'latin1'), true],
    ] as const) {
      for (const isPacked of [false, true]) {
        const server = await start(
          startHttp((_, response) => {
            if (isPacked) response.setHeader('content-encoding', 'gzip');
            response.end(isPacked ? gzipSync(bytes) : bytes);
          }),
        );
        expect((await http().request(get(server.url))).malformed).to.equal(malformed);
      }
    }
  });

  describe('redirects', () => {
    it('follows a GET and says where the answer came from', async () => {
      const server = await start(
        startHttp((request, response) => {
          if (request.url === '/a') response.writeHead(302, { Location: 'b' }).end();
          else response.end(`${request.url} ${request.headers.authorization}`);
        }),
      );
      const answer = await http().request({ ...get(`${server.url}/a`), headers: { authorization: 'Bearer t' } });
      expect(answer).to.include({ text: '/b Bearer t', url: `${server.url}/b` });
    });

    it('leaves credentials behind when the origin changes', async () => {
      const other = await start(startHttp((request, response) => response.end(JSON.stringify(request.headers))));
      const server = await start(
        startHttp((_, response) => response.writeHead(302, { Location: `${other.url}/elsewhere` }).end()),
      );
      const headers = { Authorization: 'Bearer t', cookie: 'c=1', 'X-Api-Key': 'k', accept: 'text/x' };
      const seen = JSON.parse((await http().request({ ...get(server.url), headers })).text);
      expect(seen).to.include({ accept: 'text/x' });
      expect(seen).to.not.have.any.keys('authorization', 'cookie', 'x-api-key');
    });

    it('does not follow anything but GET', async () => {
      const server = await start(startHttp((_, response) => response.writeHead(302, { Location: '/b' }).end()));
      expect(await http().request(post(`${server.url}/a`))).to.include({ status: 302, url: `${server.url}/a` });
    });

    it('gives up after three', async () => {
      let requests = 0;
      const server = await start(
        startHttp((_, response) => {
          requests += 1;
          response.writeHead(302, { Location: '/again' }).end();
        }),
      );
      expect(await errorOf(http().request(get(server.url)))).to.include({ reason: 'too_many_redirects' });
      expect(requests).to.equal(4);
    });

    it('does not follow to a refused address', async () => {
      const server = await start(
        startHttp((_, response) => response.writeHead(302, { Location: 'https://169.254.169.254/' }).end()),
      );
      expect(await errorOf(http().request(get(server.url)))).to.include({ reason: 'address_refused' });
    });
  });

  describe('a proxy', () => {
    it('carries what is not on loopback, by name', async () => {
      const erp = await start(startHttps(tls, (_, response) => response.end('through')));
      const asked: string[] = [];
      const proxy = await start(
        startTcp((socket) =>
          socket.once('data', (head) => {
            asked.push(head.toString().split('\r\n')[0] ?? '');
            const upstream = connect(erp.port, '127.0.0.1', () => {
              socket.write('HTTP/1.1 200 OK\r\n\r\n');
              socket.pipe(upstream).pipe(socket);
            });
            upstream.on('error', () => socket.destroy());
          }),
        ),
      );
      const client = http({ proxyUrl: proxy.url, caFile });
      expect((await client.request(get('https://erp.example/'))).text).to.equal('through');
      expect(asked).to.deep.equal(['CONNECT erp.example:443 HTTP/1.1']);
    });

    it('that refuses means that nothing left, and its password is not told', async () => {
      const proxy = await start(
        startTcp((socket) => socket.once('data', () => socket.end('HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n'))),
      );
      const proxyUrl = proxy.url.replace('//', '//someone:hunter2secret@');
      const error = await errorOf(http({ proxyUrl }).request(post('https://erp.example/')));
      expect(error).to.include({ name: 'RetryableError' });
      expect(inspect(error, { depth: 9 })).to.not.contain('hunter2secret');
    });
  });

  it('logs and counts every request without its secrets', async () => {
    const server = await start(startHttp((_, response) => response.writeHead(503).end()));
    const entries: OutboundEntry[] = [];
    const metrics = createOutboundMetrics();
    const client = http({ log: (entry) => entries.push(entry), metrics });
    await client.request({
      ...get(`${server.url}/x?access_token=topsecret&page=2`),
      headers: { authorization: 'topsecret' },
    });
    await errorOf(client.request({ ...post(`http://127.0.0.1:${await closedPort()}/?client_secret=topsecret`) }));
    expect(entries.map(({ outcome }) => outcome)).to.deep.equal([503, 'RetryableError']);
    expect(entries[0]?.url).to.equal(`${server.url}/x?access_token=***&page=2`);
    expect(inspect(entries, { depth: 9 })).to.not.contain('topsecret');
    expect(metrics.snapshot().map(({ outcome, requests }) => [outcome, requests])).to.deep.equal([
      [503, 1],
      ['RetryableError', 1],
    ]);
  });
});
