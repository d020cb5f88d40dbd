import {
  type ClientMessage,
  decodeOutput,
  type ServerMessage,
  serverMessage,
} from '../../server/terminals/protocol.ts';

export interface TerminalStreamHooks {
  /** Output, in order and each byte once; `sequence` is that of the first one. */
  output: (bytes: Uint8Array, sequence: number) => void;
  message: (message: ServerMessage) => void;
  /** What came does not fit: the connection has to be made anew. */
  broken: () => void;
}

/**
 * The receiving end of a terminal's stream, over however many connections: knows which byte comes next, leaves out what came before, and
 * never lets a gap through.
 */
export class TerminalStream {
  readonly #hooks: TerminalStreamHooks;
  #next = 0;

  constructor(hooks: TerminalStreamHooks) {
    this.#hooks = hooks;
  }

  /** The byte to ask for when connecting. */
  get next(): number {
    return this.#next;
  }

  receive(data: string | ArrayBuffer): void {
    if (typeof data === 'string') {
      this.#receiveMessage(data);
      return;
    }
    const frame = decodeOutput(new Uint8Array(data));
    if (frame === undefined || frame.sequence > this.#next) {
      this.#hooks.broken();
      return;
    }
    const fresh = frame.bytes.subarray(this.#next - frame.sequence);
    if (fresh.length === 0) return;
    const sequence = this.#next;
    this.#next += fresh.length;
    this.#hooks.output(fresh, sequence);
  }

  #receiveMessage(text: string): void {
    const message = serverMessage.safeParse(parseJson(text));
    if (!message.success) {
      this.#hooks.broken();
      return;
    }
    if (message.data.type === 'skipped') this.#next = message.data.sequence;
    this.#hooks.message(message.data);
  }
}

/** A message of the protocol as it is sent. */
export function encodeMessage(message: ClientMessage): string {
  return JSON.stringify(message);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
