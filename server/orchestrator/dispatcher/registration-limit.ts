import type { Clock } from '../../clock/clock.ts';

/** A node may register so often before it has been quiet for so many milliseconds. */
const REGISTRATIONS = 3;
const QUIET = 8_000;

/** Keeps a node that registers over and over from keeping the manager busy. */
export class RegistrationLimit {
  readonly #clock: Clock;
  readonly #nodes = new Map<string, { attempts: number; last: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a registration and says whether it is one too many. */
  exceededBy(nodeId: string): boolean {
    const now = this.#clock.now();
    const known = this.#nodes.get(nodeId);
    const attempts = known === undefined || now - known.last > QUIET ? 1 : known.attempts + 1;
    if (attempts > REGISTRATIONS) {
      this.#nodes.set(nodeId, { attempts, last: known?.last ?? now });
      return true;
    }
    this.#nodes.set(nodeId, { attempts, last: now });
    return false;
  }

  forget(nodeId: string): void {
    this.#nodes.delete(nodeId);
  }
}
