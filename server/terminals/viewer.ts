import type { Clock, Disposable } from '../clock/clock.ts';
import type { OutputStream } from './output-stream.ts';
import type { ServerMessage } from './protocol.ts';

/** Unacknowledged bytes of the slowest live viewer above which the PTY is paused: 50 ms of a browser's work. */
export const HIGH_WATER = 256 * 1024;
/** Unacknowledged bytes below which it reads on. */
export const LOW_WATER = 64 * 1024;
/** A frame is this long at the most. */
const FRAME_BYTES = 32 * 1024;
/** A viewer that holds the PTY paused this long without acknowledging anything (a tab in the background) holds it no longer. */
const LAGGING_AFTER = 10_000;

/** Where a viewer's output goes: a WebSocket, or a test. */
export interface ViewerSink {
  bytes(sequence: number, bytes: Uint8Array): void;
  message(message: ServerMessage): void;
}

/**
 * One pair of eyes on a terminal: how far it has been sent the stream, how far it has acknowledged it. It pulls from the ring, at
 * most HIGH_WATER ahead of what it acknowledged; when the ring has moved past it, it gets the screen instead.
 */
export class Viewer {
  readonly #stream: OutputStream;
  readonly #sink: ViewerSink;
  readonly #clock: Clock;
  readonly #moved: () => void;
  #sent: number;
  #acknowledged: number;
  #state: 'live' | 'restoring' | 'exited' | 'closed' = 'live';
  #lagging = false;
  #patience: Disposable | undefined;

  /** Starts sending from sequence number `from` at the next `pump`. `moved` is called when it may be waited for less or more. */
  constructor(stream: OutputStream, sink: ViewerSink, from: number, hooks: { clock: Clock; moved: () => void }) {
    this.#stream = stream;
    this.#sink = sink;
    this.#clock = hooks.clock;
    this.#moved = hooks.moved;
    this.#sent = this.#acknowledged = Math.min(from, stream.end);
  }

  /** Bytes that the terminal has put out and this viewer has not acknowledged; 0 when the terminal need not wait for it. */
  get outstanding(): number {
    return this.#lagging || this.#state === 'closed' || this.#state === 'exited'
      ? 0
      : this.#stream.end - this.#acknowledged;
  }

  /** The viewer has rendered everything before `sequence`. Numbers that it cannot have seen are ignored. */
  acknowledge(sequence: number): void {
    if (sequence <= this.#acknowledged || sequence > this.#sent) return;
    this.#acknowledged = sequence;
    this.#lagging = false;
    this.#stopPatience();
    this.pump();
    this.#moved();
  }

  /** Sends what is there and may be sent. The terminal calls it for every bit of output and when the process has ended. */
  pump(): void {
    if (this.#state !== 'live') return;
    if (this.#sent < this.#stream.start) {
      void this.#restore();
      return;
    }
    while (this.#sent < this.#stream.end) {
      const room = HIGH_WATER - (this.#sent - this.#acknowledged);
      if (room <= 0) break;
      const bytes = this.#stream.read(this.#sent, Math.min(room, FRAME_BYTES));
      this.#sink.bytes(this.#sent, bytes);
      this.#sent += bytes.length;
    }
    if (this.#sent === this.#stream.end && this.#stream.exitCode !== undefined) {
      this.#state = 'exited';
      this.#stopPatience();
      this.#sink.message({ type: 'exit', code: this.#stream.exitCode });
      return;
    }
    if (this.outstanding > HIGH_WATER) this.#losePatience();
  }

  tell(message: ServerMessage): void {
    if (this.#state !== 'closed') this.#sink.message(message);
  }

  close(): void {
    this.#state = 'closed';
    this.#stopPatience();
  }

  async #restore(): Promise<void> {
    const missedFrom = this.#sent;
    this.#state = 'restoring';
    this.#sent = this.#acknowledged = this.#stream.end;
    const { sequence, screen } = await this.#stream.snapshot();
    if (this.#state !== 'restoring') return;
    this.#state = 'live';
    this.#sent = this.#acknowledged = sequence;
    this.#sink.message({ type: 'skipped', bytes: sequence - missedFrom, sequence, screen });
    this.pump();
    this.#moved();
  }

  #losePatience(): void {
    this.#patience ??= this.#clock.after(LAGGING_AFTER, () => {
      this.#patience = undefined;
      this.#lagging = true;
      this.#moved();
    });
  }

  #stopPatience(): void {
    this.#patience?.dispose();
    this.#patience = undefined;
  }
}
