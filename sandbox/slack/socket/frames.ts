export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  opcode: number;
  payload: Buffer;
}

/** A whole frame as a server sends it: not masked (RFC 6455, section 5). */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = length < 126 ? Buffer.alloc(2) : Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  if (length < 126) head[1] = length;
  else if (length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}

const maxPayload = 4_000_000;

/** Cuts what a client sends into messages: unmasks frames and joins the parts of a split message. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];
  #opcode: number = opcodes.text;

  /** The messages that are complete now; throws when the client breaks the protocol. */
  read(chunk: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: Frame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) {
      if (frame.opcode >= opcodes.close) messages.push(frame);
      else {
        if (frame.opcode !== opcodes.continuation) this.#opcode = frame.opcode;
        this.#parts.push(frame.payload);
        if (!frame.final) continue;
        messages.push({ opcode: this.#opcode, payload: Buffer.concat(this.#parts) });
        this.#parts = [];
      }
    }
    return messages;
  }

  #next(): (Frame & { final: boolean }) | undefined {
    const bytes = this.#rest;
    if (bytes.length < 2) return undefined;
    const first = bytes.readUInt8(0);
    const second = bytes.readUInt8(1);
    if ((second & 0x80) === 0) throw new Error('a client must mask its frames');
    const short = second & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < head + 4) return undefined;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (length > maxPayload) throw new Error('the frame is too long');
    const end = head + 4 + length;
    if (bytes.length < end) return undefined;
    const mask = bytes.subarray(head, head + 4);
    const payload = Buffer.from(bytes.subarray(head + 4, end));
    for (let i = 0; i < payload.length; i++) payload.writeUInt8(payload.readUInt8(i) ^ mask.readUInt8(i % 4), i);
    this.#rest = bytes.subarray(end);
    return { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload };
  }
}
