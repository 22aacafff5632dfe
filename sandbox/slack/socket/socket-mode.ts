import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { nowMs } from '../clock.ts';
import { newSecret } from '../ids.ts';
import { isJson, type Json } from '../model.ts';
import type { Delivery, Outgoing } from '../sending.ts';
import { WebSocketConnection } from './connection.ts';
import { asEnvelope } from './envelope.ts';

const maxConnections = 10;
const ticketLifeMs = 30_000;

interface Waiting {
  connection: WebSocketConnection;
  end: (rest: Partial<Delivery>) => void;
}

/** How connections end: Slack recycles them, Socket Mode is switched off, the line is cut, or it goes dead. */
export type SocketTrouble = 'refresh' | 'disable' | 'drop' | 'freeze';

/** Slack's side of Socket Mode: what would be sent to the request URL goes through the app's own WebSockets. */
export class SocketMode {
  readonly #appId: string;
  readonly #timeoutMs: number;
  readonly #tickets = new Map<string, number>();
  readonly #waiting = new Map<string, Waiting>();
  #connections: WebSocketConnection[] = [];
  #turn = 0;
  /** How many connections were opened so far. */
  opened = 0;

  constructor(options: { appId: string; timeoutMs: number }) {
    this.#appId = options.appId;
    this.#timeoutMs = options.timeoutMs;
  }

  get connections(): number {
    return this.#connections.length;
  }

  /** An address for one connection, good for half a minute and once. */
  issueUrl(baseUrl: string): string {
    const ticket = newSecret();
    this.#tickets.set(ticket, nowMs() + ticketLifeMs);
    return `${baseUrl.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${this.#appId}`;
  }

  /** Takes an HTTP upgrade, or refuses it. */
  upgrade(request: IncomingMessage, socket: Duplex): void {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const ticket = url.searchParams.get('ticket') ?? '';
    const good = url.pathname === '/link/' && (this.#tickets.get(ticket) ?? 0) > nowMs();
    this.#tickets.delete(ticket);
    if (!good) {
      socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
      return;
    }
    const connection = new WebSocketConnection(request, socket, {
      text: (text) => this.#acked(text),
      close: () => this.#gone(connection),
    });
    if (this.#connections.length >= maxConnections) {
      connection.send(goodbye('too_many_websockets'));
      connection.close();
      return;
    }
    this.#connections.push(connection);
    this.opened += 1;
    connection.send({
      type: 'hello',
      num_connections: this.#connections.length,
      debug_info: { host: 'applink-sandbox', build_number: 1, approximate_connection_time: 18_060 },
      connection_info: { app_id: this.#appId },
    });
  }

  /** Sends to one of the connections in turn; `acked` is its answer within the time. */
  send(outgoing: Outgoing): Promise<Delivery> {
    const startedAt = nowMs();
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    const id = randomUUID();
    const nothing = { acked: false, status: null, failure: null, body: '', headers: {} };
    const end = (rest: Partial<Delivery>) => {
      clearTimeout(timer);
      this.#waiting.delete(id);
      resolve({ ...nothing, ...rest, ms: nowMs() - startedAt });
    };
    const timer = setTimeout(() => end({ failure: 'http_timeout' }), this.#timeoutMs);
    const connection = this.#connections[this.#turn++ % Math.max(1, this.#connections.length)];
    if (!connection) end({ failure: 'connection_failed' });
    else {
      this.#waiting.set(id, { connection, end });
      connection.send({ envelope_id: id, ...asEnvelope(outgoing) });
    }
    return promise;
  }

  #acked(text: string): void {
    const message = parse(text);
    const waiting = this.#waiting.get(String(message.envelope_id));
    const payload = isJson(message.payload) ? message.payload : {};
    const body = Object.keys(payload).length > 0 ? JSON.stringify(payload) : '';
    waiting?.end({ acked: true, status: 200, body });
  }

  #gone(connection: WebSocketConnection): void {
    this.#connections = this.#connections.filter((other) => other !== connection);
    for (const waiting of this.#waiting.values()) {
      if (waiting.connection === connection) waiting.end({ failure: 'connection_failed' });
    }
  }

  /** Makes trouble for every connection; says for how many. */
  trouble(kind: SocketTrouble): number {
    const connections = [...this.#connections];
    for (const connection of connections) {
      if (kind === 'refresh') connection.send(goodbye('refresh_requested'));
      else if (kind === 'disable') connection.send(goodbye('link_disabled'));
      else if (kind === 'drop') connection.destroy();
      else connection.freeze();
    }
    return connections.length;
  }

  close(): void {
    for (const connection of this.#connections) connection.destroy();
  }
}

function goodbye(reason: string): Json {
  return { type: 'disconnect', reason, debug_info: { host: 'applink-sandbox' } };
}

function parse(text: string): Json {
  try {
    const message: unknown = JSON.parse(text);
    return isJson(message) ? message : {};
  } catch {
    return {};
  }
}
