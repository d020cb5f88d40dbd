import type { Clock } from '../../clock/clock.ts';
import type { ContainerLogLine } from '../engine.ts';

/** Lines kept for one container; older ones are forgotten, so that a chatty task cannot fill the host's memory. */
const LINE_LIMIT = 2_000;

/** What a container has printed, line by line, with the time of each; and who is waiting for more. */
export class LogBuffer {
  readonly #clock: Clock;
  readonly #attributes: Record<string, string>;
  readonly #partial = { stdout: '', stderr: '' };
  readonly #listeners = new Set<() => void>();
  #lines: ContainerLogLine[] = [];
  #forgotten = 0;
  #closed = false;

  constructor(clock: Clock, attributes: Record<string, string> = {}) {
    this.#clock = clock;
    this.#attributes = attributes;
  }

  /** Adds text, which may hold any number of lines or a part of one. */
  write(stream: 'stdout' | 'stderr', text: string): void {
    const pieces = (this.#partial[stream] + text).split('\n');
    this.#partial[stream] = pieces.pop() ?? '';
    for (const piece of pieces) this.#push(stream, `${piece}\n`);
    if (pieces.length > 0) this.#wake();
  }

  /** The container runs again (`docker restart`): followers wait for more. */
  open(): void {
    this.#closed = false;
  }

  /** The container has ended: an unfinished line is kept as it is, and followers come to an end. */
  close(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.#partial[stream] !== '') this.#push(stream, this.#partial[stream]);
      this.#partial[stream] = '';
    }
    this.#closed = true;
    this.#wake();
  }

  /** The lines from a time on, at most the last `tail`; with `follow` goes on until the container ends or `signal` is given. */
  async *read(options: {
    stdout: boolean;
    stderr: boolean;
    follow: boolean;
    since?: number;
    tail?: number;
    signal?: AbortSignal;
  }): AsyncGenerator<ContainerLogLine> {
    const wanted = (line: ContainerLogLine) =>
      options[line.stream] && (options.since === undefined || Date.parse(line.timestamp) / 1000 >= options.since);
    const existing = this.#lines.filter(wanted);
    let position = this.#forgotten + this.#lines.length;
    yield* options.tail === undefined ? existing : existing.slice(Math.max(0, existing.length - options.tail));
    while (options.follow && options.signal?.aborted !== true) {
      position = Math.max(position, this.#forgotten);
      const fresh = this.#lines.slice(position - this.#forgotten);
      position += fresh.length;
      yield* fresh.filter(wanted);
      if (fresh.length > 0) continue;
      if (this.#closed) return;
      await this.#more(options.signal);
    }
  }

  #push(stream: 'stdout' | 'stderr', line: string): void {
    this.#lines.push({
      stream,
      timestamp: this.#clock.timestamp(),
      line: Buffer.from(line),
      attributes: this.#attributes,
    });
    if (this.#lines.length > LINE_LIMIT * 1.5) {
      const surplus = this.#lines.length - LINE_LIMIT;
      this.#lines = this.#lines.slice(surplus);
      this.#forgotten += surplus;
    }
  }

  #wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #more(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#listeners.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#listeners.add(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }
}
