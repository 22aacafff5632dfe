import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { encodeFrame, FrameReader, opcodes } from './frames.ts';

const handshakeKey = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const pingEveryMs = 10_000;

/** The server's end of one WebSocket. */
export class WebSocketConnection {
  readonly #socket: Duplex;
  readonly #reader = new FrameReader();
  readonly #pings: NodeJS.Timeout;
  #frozen = false;
  #closing = false;

  /** Answers the upgrade request, which has been checked. */
  constructor(request: IncomingMessage, socket: Duplex, hear: { text: (text: string) => void; close: () => void }) {
    this.#socket = socket;
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${handshakeKey}`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    this.#pings = setInterval(() => this.#frame(opcodes.ping, Buffer.from('Ping from applink')), pingEveryMs);
    socket.on('data', (chunk: Buffer) => this.#data(chunk, hear.text));
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearInterval(this.#pings);
      hear.close();
    });
  }

  #data(chunk: Buffer, onText: (text: string) => void): void {
    if (this.#frozen) return;
    try {
      for (const { opcode, payload } of this.#reader.read(chunk)) {
        if (opcode === opcodes.text) onText(payload.toString('utf8'));
        else if (opcode === opcodes.ping) this.#frame(opcodes.pong, payload);
        else if (opcode === opcodes.close) this.#answerClose(payload);
      }
    } catch {
      this.#socket.destroy();
    }
  }

  #answerClose(payload: Buffer): void {
    if (!this.#closing) this.#frame(opcodes.close, payload.subarray(0, 2));
    this.#socket.end();
  }

  #frame(opcode: number, payload: Buffer): void {
    if (this.#socket.writable && !this.#frozen) this.#socket.write(encodeFrame(opcode, payload));
  }

  send(message: unknown): void {
    this.#frame(opcodes.text, Buffer.from(JSON.stringify(message)));
  }

  /** Says goodbye and waits for the other end to do so. */
  close(): void {
    this.#frame(opcodes.close, Buffer.from([0x03, 0xe8]));
    this.#closing = true;
  }

  /** As when a router dies: the line stays open, and nothing comes or goes any more. */
  freeze(): void {
    this.#frozen = true;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
