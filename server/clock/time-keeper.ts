import { setTimeout as sleepReally } from 'node:timers/promises';
import type { Disposable } from './clock.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Turns of the event loop in which whatever can go on without time has gone on. */
const SETTLED_TURNS = 10;
/** The same while a request is being answered, which crosses sockets inside this process. */
const ANSWERED_TURNS = 40;
/** Virtual milliseconds that may pass in a real one while a program outside reads a stream: it may react to what it reads. */
const STREAM_PACE = 100;
/** Real milliseconds of sleep at most before things are looked at again. */
const LONGEST_NAP = 5;

/** A request of a program outside that has not been answered to its end. */
interface OpenRequest {
  /** Whether a part of the answer has gone out already. */
  streams: () => boolean;
}

/**
 * Lets virtual time run while nothing is at work. It stands still while the clock is held, and while a program outside this process runs
 * - unless that waits for one of its requests, which may need time to be answered. Everything that runs outside has to be announced.
 */
export class TimeKeeper implements Disposable {
  readonly clock: VirtualClock;
  readonly #requests = new Set<OpenRequest>();
  readonly #subscription: Disposable;
  #programs = 0;
  #changes = 0;
  #ended = false;
  #wake: (() => void) | undefined;
  /** Where both times stood when the stream began that is being read. */
  #stream: { virtual: number; real: number } | undefined;

  constructor(clock: VirtualClock) {
    this.clock = clock;
    this.#subscription = clock.onChange(() => this.#changed());
    void this.#run();
  }

  /** Says that a program outside this process runs, until disposed. */
  program(): Disposable {
    this.#programs++;
    return this.#until(() => this.#programs--);
  }

  /** Says that a program outside waits for an answer, until disposed; `streams` tells whether it has begun to come. */
  request(streams: () => boolean = () => false): Disposable {
    const request = { streams };
    this.#requests.add(request);
    return this.#until(() => this.#requests.delete(request));
  }

  /** Time stands still for good. */
  dispose(): void {
    this.#ended = true;
    this.#subscription.dispose();
    this.#changed();
  }

  #until(end: () => void): Disposable {
    this.#changed();
    let open = true;
    return {
      dispose: () => {
        if (!open) return;
        open = false;
        end();
        this.#changed();
      },
    };
  }

  #changed(): void {
    this.#changes++;
    this.#wake?.();
  }

  get #mayPass(): boolean {
    if (this.clock.held || this.clock.untilNext() === undefined) return false;
    return this.#programs === 0 || this.#requests.size > 0;
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      if (!this.#mayPass) await this.#change();
      else if ((await this.#settled()) && this.#mayPass && !(await this.#napped())) this.clock.step();
    }
  }

  async #change(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }

  /** Whether nothing has changed for long enough that only time can change anything. */
  async #settled(): Promise<boolean> {
    const before = this.#changes;
    const turns = this.#requests.size > 0 ? ANSWERED_TURNS : SETTLED_TURNS;
    for (let turn = 0; turn < turns; turn++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#changes !== before) return false;
    }
    return true;
  }

  /** Sleeps really for a moment when virtual time is too far ahead of somebody who reads a stream; false when it is not. */
  async #napped(): Promise<boolean> {
    if (![...this.#requests].some((request) => request.streams())) {
      this.#stream = undefined;
      return false;
    }
    this.#stream ??= { virtual: this.clock.now(), real: performance.now() };
    const then = this.clock.now() + (this.clock.untilNext() ?? 0) - this.#stream.virtual;
    const ahead = then / STREAM_PACE - (performance.now() - this.#stream.real);
    if (ahead <= 0) return false;
    await sleepReally(Math.min(ahead, LONGEST_NAP));
    return true;
  }
}
