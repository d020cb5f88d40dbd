import { Backoff } from './backoff.ts';

export type SocketState = 'connecting' | 'open' | 'waiting' | 'closed';

export interface LastingSocketOptions {
  /** Opens the next socket; a rejection counts as a failed attempt, unless `isFinal` says that trying again is no use. */
  open: () => Promise<WebSocket>;
  onOpen: (socket: WebSocket) => void;
  onMessage: (data: string | ArrayBuffer) => void;
  onState: (state: SocketState) => void;
  /** Whether a failure means never: an error of `open`, or the close code of a socket. It is then told to `onFinal`. */
  isFinal?: (failure: unknown) => boolean;
  onFinal?: (failure: unknown) => void;
}

/** A socket that comes back: when it breaks, another one is opened, soon at first, then less and less often. */
export class LastingSocket {
  readonly #options: LastingSocketOptions;
  readonly #backoff = new Backoff();
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: LastingSocketOptions) {
    this.#options = options;
    addEventListener('online', this.#hurry);
    document.addEventListener('visibilitychange', this.#hurry);
    void this.#connect();
  }

  /** Sends if the socket is open; what is sent while it is not is lost, and false is given. */
  send(data: string | Uint8Array<ArrayBuffer>): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(data);
    return true;
  }

  /** Drops the socket, as a broken connection would. */
  drop(): void {
    this.#socket?.close();
  }

  close(): void {
    this.#closed = true;
    removeEventListener('online', this.#hurry);
    document.removeEventListener('visibilitychange', this.#hurry);
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#options.onState('closed');
  }

  /** The network is back, or the page is looked at again: no reason to wait any longer. */
  readonly #hurry = () => {
    if (this.#timer === undefined || document.hidden) return;
    clearTimeout(this.#timer);
    this.#backoff.reset();
    void this.#connect();
  };

  async #connect(): Promise<void> {
    this.#timer = undefined;
    this.#options.onState('connecting');
    let socket: WebSocket;
    try {
      socket = await this.#options.open();
    } catch (error) {
      if (!this.#closed) this.#failed(error);
      return;
    }
    if (this.#closed) {
      socket.close();
      return;
    }
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      this.#backoff.reset();
      this.#options.onState('open');
      this.#options.onOpen(socket);
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => this.#options.onMessage(data);
    socket.onclose = ({ code }) => {
      if (this.#socket === socket) this.#socket = undefined;
      if (!this.#closed) this.#failed(code);
    };
  }

  #failed(failure: unknown): void {
    if (this.#options.isFinal?.(failure)) {
      this.close();
      this.#options.onFinal?.(failure);
      return;
    }
    this.#options.onState('waiting');
    this.#timer = setTimeout(() => void this.#connect(), this.#backoff.next());
  }
}

/** The address of a socket of this page's server. */
export function socketUrl(path: string): string {
  return `${location.origin.replace(/^http/, 'ws')}${path}`;
}
