import type { Delivery, Outgoing, Sender } from './sending.ts';
import type { SocketMode } from './socket/socket-mode.ts';

interface Settings {
  requestUrl: string | null;
  socketMode: boolean;
}

/** The way to the app: its request URL, or its own sockets where Socket Mode is on; then the request URL is not used. */
export class Outlet {
  readonly #app: Settings;
  readonly #sender: Sender;
  readonly #sockets: SocketMode;

  constructor(app: Settings, sender: Sender, sockets: SocketMode) {
    this.#app = app;
    this.#sender = sender;
    this.#sockets = sockets;
  }

  /** Null where there is nowhere to send to. */
  async send(outgoing: Outgoing): Promise<Delivery | null> {
    if (this.#app.socketMode) return this.#sockets.send(outgoing);
    return this.#app.requestUrl ? this.#sender.send({ url: this.#app.requestUrl, ...outgoing }) : null;
  }
}
