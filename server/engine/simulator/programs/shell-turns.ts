/** Milliseconds that a shell computes at a time, and that then pass before the next one does: the process is not theirs alone. */
const TURN = 2;
const BETWEEN_TURNS = 10;
/** Milliseconds of processor time without giving way after which a script is taken for one that would never do so. */
const LONGEST_TURN = 250;

/** The queue in which shells that have more to compute than one turn wait, all of this process's together. */
let queue: Promise<void> = Promise.resolve();

function nextTurn(): Promise<void> {
  queue = queue.then(() => new Promise((resolve) => setTimeout(resolve, BETWEEN_TURNS)));
  return queue;
}

/** The queue in which containers start: one in a turn of the event loop, however many are asked for at once. */
let starts: Promise<void> = Promise.resolve();

/** Resolves when the next container may start. */
export function nextStart(): Promise<void> {
  starts = starts.then(() => new Promise((resolve) => setImmediate(resolve)));
  return starts;
}

/** How long one script has computed without giving way to others. */
export class ShellTurn {
  #began = performance.now();
  #spent = process.cpuUsage();

  /** The script begins to compute, or goes on after something that gave way. */
  begin(): void {
    this.#began = performance.now();
    this.#spent = process.cpuUsage();
  }

  /** Gives way to others if the turn is over. */
  async step(): Promise<void> {
    if (performance.now() - this.#began < TURN) return;
    await nextTurn();
    this.begin();
  }

  /** Whether the script has computed for so long that it must be ended. */
  get isOverdue(): boolean {
    if (performance.now() - this.#began < LONGEST_TURN) return false;
    const { user, system } = process.cpuUsage(this.#spent);
    return (user + system) / 1_000 > LONGEST_TURN;
  }
}
