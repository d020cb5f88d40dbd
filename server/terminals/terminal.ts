import type { Clock, Disposable } from '../clock/clock.ts';
import { OutputStream } from './output-stream.ts';
import type { Pty, TerminalSize } from './pty.ts';
import type { Recording } from './recording.ts';
import { HIGH_WATER, LOW_WATER, Viewer, type ViewerSink } from './viewer.ts';

/** A viewer's hold on a terminal; disposing of it is looking away. */
export interface Attachment extends Disposable {
  /** The viewer has rendered everything before `sequence`. */
  acknowledge(sequence: number): void;
}

export interface TerminalOptions {
  id: string;
  pty: Pty;
  size: TerminalSize;
  clock: Clock;
  recording?: Recording | undefined;
}

/**
 * A shell that outlives whoever looks at it. Its output is one stream of bytes with sequence numbers; any number of viewers follow
 * it, each at its own pace and from where it left off. It knows nothing of sockets.
 */
export class Terminal {
  readonly id: string;
  readonly #pty: Pty;
  readonly #clock: Clock;
  readonly #recording: Recording | undefined;
  readonly #stream: OutputStream;
  readonly #viewers = new Set<Viewer>();
  #size: TerminalSize;
  #paused = false;

  constructor(options: TerminalOptions) {
    this.id = options.id;
    this.#pty = options.pty;
    this.#size = options.size;
    this.#clock = options.clock;
    this.#recording = options.recording;
    this.#stream = new OutputStream(options.size, {
      answer: (reply) => this.input(Buffer.from(reply)),
      parsed: () => this.#regulate(),
    });
    this.#pty.onData((bytes) => this.#output(bytes));
    this.#pty.onExit((code) => this.#exited(code));
  }

  get size(): TerminalSize {
    return this.#size;
  }

  /** Bytes put out since the shell started. */
  get sequence(): number {
    return this.#stream.end;
  }

  /** The shell's exit status once it has ended. */
  get exitCode(): number | undefined {
    return this.#stream.exitCode;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /**
   * Starts sending the stream from byte `from` on (0: all there is) to `sink`, after a `hello`. Bytes that the ring holds no more
   * are replaced by the screen, and how many they were is told.
   */
  attach(from: number, sink: ViewerSink): Attachment {
    const viewer = new Viewer(this.#stream, sink, from, { clock: this.#clock, moved: () => this.#regulate() });
    this.#viewers.add(viewer);
    viewer.tell({ type: 'hello', sequence: this.#stream.end, cols: this.#size.columns, rows: this.#size.rows });
    viewer.pump();
    this.#regulate();
    return {
      acknowledge: (sequence) => viewer.acknowledge(sequence),
      dispose: () => {
        viewer.close();
        this.#viewers.delete(viewer);
        this.#regulate();
      },
    };
  }

  /** Keystrokes, or a paste. */
  input(bytes: Uint8Array): void {
    if (this.exitCode === undefined) this.#pty.write(bytes);
  }

  /** Gives the terminal a new size; every viewer is told. The last one to ask decides. */
  resize(size: TerminalSize): void {
    if (size.columns === this.#size.columns && size.rows === this.#size.rows) return;
    this.#size = size;
    this.#stream.resize(size);
    this.#recording?.resize(size);
    if (this.exitCode === undefined) this.#pty.resize(size.columns, size.rows);
    for (const viewer of this.#viewers) viewer.tell({ type: 'size', cols: size.columns, rows: size.rows });
  }

  /** Hangs the shell up and forgets everything. */
  dispose(): void {
    if (this.exitCode === undefined) this.#pty.kill();
    for (const viewer of this.#viewers) viewer.close();
    this.#viewers.clear();
    this.#stream.dispose();
    this.#recording?.close();
  }

  #output(bytes: Uint8Array): void {
    this.#stream.push(bytes);
    this.#recording?.output(bytes);
    for (const viewer of this.#viewers) viewer.pump();
    this.#regulate();
  }

  #exited(code: number): void {
    this.#stream.finish(code);
    this.#recording?.close();
    for (const viewer of this.#viewers) viewer.pump();
  }

  /** Pauses or resumes the PTY by the slowest of those that it has to wait for: its live viewers and its own screen. */
  #regulate(): void {
    let outstanding = this.#stream.unparsed;
    for (const viewer of this.#viewers) outstanding = Math.max(outstanding, viewer.outstanding);
    if (!this.#paused && outstanding > HIGH_WATER) {
      this.#paused = true;
      this.#pty.pause();
    } else if (this.#paused && outstanding < LOW_WATER) {
      this.#paused = false;
      this.#pty.resume();
    }
  }
}
