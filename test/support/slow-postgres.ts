import { connect, createServer, type Socket } from 'node:net';

export interface SlowPostgres {
  /** The address of the database through this slow line. */
  url: string;
  /** Milliseconds by which every answer of the server is late; the order is kept. */
  delayMs: number;
  stop(): Promise<void>;
}

/** A line to PostgreSQL on which each round trip takes longer. */
export async function slowPostgres(url: string): Promise<SlowPostgres> {
  const target = new URL(url);
  const { hostname } = target;
  const port = Number(target.port || 5432);
  const open = new Set<Socket>();
  const line: SlowPostgres = { url: '', delayMs: 0, stop };
  const server = createServer((client) => {
    const database = connect(port, hostname);
    for (const socket of [client, database]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.on('data', (part) => database.write(part));
    database.on('data', (part) => {
      if (line.delayMs === 0) client.write(part);
      else setTimeout(() => client.write(part), line.delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  target.hostname = '127.0.0.1';
  target.port = String(typeof address === 'object' && address ? address.port : 0);
  line.url = target.href;

  async function stop(): Promise<void> {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
  return line;
}
