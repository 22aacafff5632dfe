import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';

export interface RunningServer {
  port: number;
  url: string;
  close(): Promise<void>;
}

async function listen(server: Server | TcpServer, scheme: string, host: string): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${scheme}://${host}:${port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export const startHttp = (handle: RequestListener) => listen(createServer(handle), 'http', '127.0.0.1');

export const startHttps = (tls: { key: string; cert: string }, handle: RequestListener) =>
  listen(createTlsServer(tls, handle), 'https', 'localhost');

/** A server that speaks whatever `handle` writes to the socket. */
export const startTcp = (handle: (socket: Socket) => void) => listen(createTcpServer(handle), 'http', '127.0.0.1');

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = await startTcp(() => {});
  await server.close();
  return server.port;
}

/** The error that a promise ends with; fails when there is none. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error('Expected an error, but there was none');
}
