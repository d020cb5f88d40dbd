import type { Clock, Disposable } from '../../clock/clock.ts';
import type { ClusterChange, ClusterView } from '../view/cluster-view.ts';
import { changeBetween, continueHistory } from './cluster-change.ts';
import { observe } from './observe.ts';
import type { SwarmReader, SwarmSight } from './swarm-reader.ts';

/** Events come in bursts: one look answers all of these. */
const BURST = 100;

/**
 * A task's states have no events of their own (a rejected one never has a container), so after something has happened the swarm is
 * looked at again at these intervals for as long as it goes on changing. When nothing changed over all of them, only events count.
 */
const AFTERWARDS = [150, 300, 500, 800, 1200, 2000, 3000, 4000];

/** A node whose event stream broke is asked again after this. */
const RECONNECT = 1500;

/** Follows a cluster's state from its nodes' event streams, and tells what has changed. */
export class ClusterWatch implements Disposable {
  readonly #reader: Pick<SwarmReader, 'look' | 'listen' | 'nodeNames'>;
  readonly #clock: Clock;
  readonly #onChange: (change: ClusterChange) => void;
  readonly #stop = new AbortController();
  #view: ClusterView = { swarm: 'unknown', reason: '', nodes: [], services: [], tasks: [] };
  #next: Disposable | undefined;
  #looking = false;
  #again = false;
  #quietLooks = 0;

  constructor(options: {
    reader: Pick<SwarmReader, 'look' | 'listen' | 'nodeNames'>;
    clock: Clock;
    onChange: (change: ClusterChange) => void;
  }) {
    this.#reader = options.reader;
    this.#clock = options.clock;
    this.#onChange = options.onChange;
    for (const name of this.#reader.nodeNames) void this.#listen(name);
    this.#lookAfter(0);
  }

  /** Everything as of the last look. */
  get view(): ClusterView {
    return this.#view;
  }

  dispose(): void {
    this.#stop.abort();
    this.#next?.dispose();
  }

  async #listen(nodeName: string): Promise<void> {
    while (!this.#stop.signal.aborted) {
      let heard = false;
      const hear = () => {
        heard = true;
        this.#happened();
      };
      try {
        await this.#reader.listen(nodeName, hear, this.#stop.signal);
      } catch {
        // A node that is stopped or cut off is a thing that happens in a lab; the look that follows tells about it.
      }
      if (heard) this.#happened();
      await new Promise<void>((resolve) => this.#clock.after(RECONNECT, resolve));
    }
  }

  #happened(): void {
    this.#quietLooks = 0;
    if (this.#looking) this.#again = true;
    else this.#lookAfter(BURST);
  }

  #lookAfter(delay: number): void {
    if (this.#stop.signal.aborted) return;
    this.#next?.dispose();
    this.#next = this.#clock.after(delay, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#looking = true;
    this.#again = false;
    const sight = await this.#reader.look();
    this.#looking = false;
    if (this.#stop.signal.aborted) return;
    const changed = this.#take(sight);
    if (changed) this.#quietLooks = 0;
    const delay = this.#again ? BURST : AFTERWARDS[this.#quietLooks++];
    if (delay !== undefined) this.#lookAfter(delay);
  }

  #take(sight: SwarmSight): boolean {
    const before = this.#view;
    const known = new Map(before.tasks.map((task) => [task.id, task]));
    if (sight.swarm === 'active') {
      const seen = observe(sight.look);
      const tasks = seen.tasks.map((task) => continueHistory(known.get(task.id), task));
      this.#view = { swarm: 'active', reason: '', ...seen, tasks };
    } else {
      this.#view = { swarm: sight.swarm, reason: sight.reason, nodes: [], services: [], tasks: [] };
    }
    const change = changeBetween(before, this.#view);
    if (change !== undefined) this.#onChange(change);
    return change !== undefined;
  }
}
