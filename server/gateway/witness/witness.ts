import { type Clock, formatTimestamp } from '../../clock/clock.ts';

/**
 * Who asked. `command`: a client on the student's behalf. `polling`: the CLI by itself, while it waits for a service to converge.
 * `completion`: the shell's completion of a half-typed command. `probe`: the ping with which every command begins.
 */
export type ClientKind = 'command' | 'polling' | 'completion' | 'probe';

/** A request that a client of the student's made. */
export interface WitnessedRequest {
  /** Rises by one with each request and is never given twice while the gateway lives. */
  sequence: number;
  /** RFC 3339: when it came. */
  at: string;
  method: string;
  /** Without API version, encoded as a client would. */
  path: string;
  query: Readonly<Record<string, string>>;
  /** The `filters` parameter taken apart: `{"desired-state": ["running"]}`. */
  filters: Readonly<Record<string, readonly string[]>>;
  client: ClientKind;
  userAgent: string;
  /** SHA-256 of the body of a service's create or update, in hex. */
  bodyDigest?: string;
  /** Undefined while it is not answered. */
  status: number | undefined;
  /** Milliseconds until the answer was complete; undefined while it is open, as `logs -f` is. */
  duration: number | undefined;
}

/** What is known of a request when it comes. */
export type NewRequest = Omit<WitnessedRequest, 'sequence' | 'at' | 'status' | 'duration'>;

/** Gets told how a witnessed request went on. */
export interface Testimony {
  body(digest: string): void;
  /** It is over; its status is final. */
  closed(): void;
}

interface Entry {
  request: WitnessedRequest;
  /** Asks for the status of a request that is still open. */
  status: (() => number | undefined) | undefined;
}

/** How many requests are remembered; older ones are forgotten. */
const REMEMBERED = 20_000;

/** Remembers what the student's clients asked of a node, for checks that grade what was asked and not what is. */
export class Witness {
  readonly #clock: Clock;
  readonly #limit: number;
  #entries: Entry[] = [];
  #sequence = 0;

  constructor(clock: Clock, limit = REMEMBERED) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Writes a request down; `status` gives the status of its answer as soon as there is one. */
  saw(request: NewRequest, status: () => number | undefined): Testimony {
    const began = this.#clock.now();
    const entry: Entry = {
      request: {
        ...request,
        sequence: ++this.#sequence,
        at: formatTimestamp(began),
        status: undefined,
        duration: undefined,
      },
      status,
    };
    this.#entries.push(entry);
    // In one go now and then: taking single ones off the front would move the rest every time.
    if (this.#entries.length > this.#limit * 1.25) this.#entries = this.#entries.slice(-this.#limit);
    return {
      body: (digest) => {
        entry.request.bodyDigest = digest;
      },
      closed: () => {
        if (entry.status === undefined) return;
        entry.request.status = entry.status();
        entry.request.duration = this.#clock.now() - began;
        entry.status = undefined;
      },
    };
  }

  /** Requests after the one numbered `since` (0: all that are remembered), oldest first. */
  requests({ since = 0 }: { since?: number } = {}): WitnessedRequest[] {
    const remembered = this.#entries.slice(-this.#limit);
    const first = remembered[0]?.request.sequence ?? 0;
    return remembered
      .slice(Math.max(0, since + 1 - first))
      .map(({ request, status }) => (status === undefined ? { ...request } : { ...request, status: status() }));
  }

  /** The number of the last request; 0 before the first. */
  last(): number {
    return this.#sequence;
  }
}
