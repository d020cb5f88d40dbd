import type { ServerMessage } from '../../../server/terminals/protocol.ts';
import type { Attachment, Terminal } from '../../../server/terminals/terminal.ts';

/** A viewer that keeps all it gets, and acknowledges at once unless it is told to be slow. */
export class CollectingViewer {
  readonly messages: ServerMessage[] = [];
  readonly #chunks: Uint8Array[] = [];
  readonly #attachment: Attachment;
  /** Sequence number behind the last byte received. */
  received: number;
  slow: boolean;

  constructor(terminal: Terminal, options: { from?: number; slow?: boolean } = {}) {
    this.received = options.from ?? 0;
    this.slow = options.slow ?? false;
    let attached: Attachment | undefined;
    attached = terminal.attach(options.from ?? 0, {
      bytes: (sequence, bytes) => {
        if (sequence !== this.received) throw new Error(`got ${sequence}, expected ${this.received}`);
        this.#chunks.push(bytes);
        this.received += bytes.length;
        // As over a socket: the acknowledgement comes later, not from within the delivery.
        if (!this.slow) queueMicrotask(() => attached?.acknowledge(this.received));
      },
      message: (message) => {
        this.messages.push(message);
        if (message.type === 'skipped') this.received = message.sequence;
      },
    });
    this.#attachment = attached;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get text(): string {
    return this.bytes.toString();
  }

  get skipped() {
    return this.messages.find((message) => message.type === 'skipped');
  }

  acknowledge(): void {
    this.#attachment.acknowledge(this.received);
  }

  leave(): number {
    this.#attachment.dispose();
    return this.received;
  }
}
