import { createHash } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';

const SERVICE_LABEL = 'com.docker.swarm.service.name';
/** Part of the time by which a crash comes earlier or later, so that not all tasks crash at once. */
const SPREAD = 0.2;

/** What has to be known of a container that is to crash. */
export interface Crashing {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: { readonly Running: boolean; readonly StartedAt: string };
  /** Ends the container's program with this exit code. */
  crash(code: number): void;
}

/**
 * Services whose tasks crash some time after they have started, on demand. When exactly is drawn from a seed, the task's slot and how often the
 * slot has started: the same in every run.
 */
export class Crashes {
  readonly #clock: Clock;
  readonly #rules = new Map<string, { every: number; seed: string }>();
  readonly #starts = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lets tasks of a service crash `every` milliseconds (0: no more); those among `running`, too. */
  set(service: string, every: number, seed: string, running: Iterable<Crashing>): void {
    if (every === 0) this.#rules.delete(service);
    else this.#rules.set(service, { every, seed });
    for (const container of running) if (container.state.Running) this.started(container);
  }

  /** A container has started: it crashes in time, if its service is to and it is still the same run. */
  started(container: Crashing): void {
    const service = container.labels[SERVICE_LABEL] ?? '';
    const rule = this.#rules.get(service);
    if (rule === undefined) return;
    const slot = container.name.split('.').slice(0, 2).join('.');
    const start = this.#starts.get(slot) ?? 0;
    this.#starts.set(slot, start + 1);
    const { StartedAt } = container.state;
    const wait = rule.every * (1 + SPREAD * (2 * fraction(`${rule.seed}/${slot}/${start}`) - 1));
    this.#clock.after(wait, () => {
      const same = container.state.Running && container.state.StartedAt === StartedAt;
      if (same && this.#rules.get(service) === rule) container.crash(1);
    });
  }
}

/** From 0 to 1, the same for the same text. */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
