import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';

export interface Listening {
  port: number;
  /** Stops taking requests and cuts those that are still open. */
  close(): Promise<void>;
}

/** Listens on `host`; port 0 takes a free one. `upgrade` takes WebSockets. Rejects when the port is taken. */
export async function listen(
  app: Express,
  port: number,
  host: string,
  upgrade?: (request: IncomingMessage, socket: Duplex) => void,
): Promise<Listening> {
  const server = createServer(app);
  if (upgrade) server.on('upgrade', upgrade);
  server.keepAliveTimeout = 65_000;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await promise;
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}
