import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createCheckedLookup } from '../../app/outbound/addresses.ts';
import { createErpHttp, type ErpHttpOptions } from '../../app/outbound/erp-http.ts';
import { closedPort, errorOf, type RunningServer, startHttp, startHttps, startTcp } from './servers.ts';

const certificates = new URL('./certificates/', import.meta.url);
const tls = {
  key: readFileSync(new URL('server.key', certificates), 'utf8'),
  cert: readFileSync(new URL('server.pem', certificates), 'utf8'),
};

describe('a request to an ERP without an answer', () => {
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

  describe('an answer that never came', () => {
    for (const [verb, name] of [
      ['GET', 'RetryableError'],
      ['POST', 'UnclearError'],
      ['POST that only reads', 'RetryableError'],
    ] as const) {
      const readsOnly = verb === 'POST that only reads';
      const method = readsOnly ? 'POST' : verb;
      it(`is a ${name} for ${verb} when the time is over`, async () => {
        const server = await start(startHttp(() => {}));
        const error = await errorOf(http().request({ method, readsOnly, url: server.url, timeoutMs: 50 }));
        expect(error).to.include({ name });
        expect(error.message).to.contain(`127.0.0.1:${server.port} did not answer in time`);
      });

      it(`is a ${name} for ${verb} when the connection breaks after the request`, async () => {
        const server = await start(startTcp((socket) => socket.once('data', () => socket.destroy())));
        expect(await errorOf(http().request({ method, readsOnly, url: server.url }))).to.include({ name });
      });

      it(`is a ${name} for ${verb} when the body is cut off`, async () => {
        const server = await start(
          startTcp((socket) =>
            socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half":')),
          ),
        );
        expect(await errorOf(http().request({ method, readsOnly, url: server.url }))).to.include({ name });
      });

      it(`is a ${name} for ${verb} on a kept connection that the server closes`, async () => {
        let connections = 0;
        let requests = 0;
        const server = await start(
          startTcp((socket) => {
            connections += 1;
            socket.on('data', () => {
              requests += 1;
              if (requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
              else socket.destroy();
            });
          }),
        );
        const client = http();
        await client.request(get(server.url));
        await new Promise(setImmediate);
        expect(await errorOf(client.request({ method, readsOnly, url: server.url }))).to.include({ name });
        expect({ connections, requests }).to.deep.equal({ connections: 1, requests: 2 });
      });
    }
  });

  describe('a request that never left', () => {
    it('is a RetryableError when nothing listens', async () => {
      const port = await closedPort();
      const error = await errorOf(http().request(post(`http://127.0.0.1:${port}/`)));
      expect(error).to.include({ name: 'RetryableError' });
      expect(error.message).to.equal(`127.0.0.1:${port} refused the connection: nothing is listening there.`);
    });

    it('is a RetryableError when the name does not exist', async () => {
      const lookup = createCheckedLookup(((_n: string, _o: unknown, done: (error: Error) => void) =>
        done(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }))) as never);
      const error = await errorOf(http({ lookup }).request(post('https://erp.example/')));
      expect(error).to.include({
        name: 'RetryableError',
        message: 'The name of erp.example could not be found (DNS).',
      });
    });

    it('is a RetryableError when the time is over before a connection is there', async () => {
      const lookup = createCheckedLookup((() => {}) as never);
      const client = createErpHttp({ lookup });
      const error = await errorOf(client.request({ ...post('https://erp.example/'), timeoutMs: 30 }));
      expect(error).to.include({ name: 'RetryableError', message: 'erp.example could not be reached in time.' });
    });

    it('is a RetryableError when the other side does not speak TLS', async () => {
      const server = await start(startTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
      const error = await errorOf(http().request(post(`https://localhost:${server.port}/`)));
      expect(error).to.include({ name: 'RetryableError' });
    });

    it('asks for a new connection to be set up when the certificate is not trusted', async () => {
      const server = await start(startHttps(tls, (_, response) => response.end('ok')));
      const error = await errorOf(http().request(post(server.url)));
      expect(error).to.include({ name: 'ReconnectError', field: 'certificate' });
      expect(error.message).to.match(/certificate of localhost:\d+ is not trusted: it was issued by an authority/);
    });
  });
});
