import { join } from 'node:path';
import { stateFolder } from '../../state-folder.ts';

/** Embedded clusters that one process owns: few enough that its death is a small one, enough that they share its cost. */
export const CLUSTERS_PER_HOST = 25;

/** Where the processes that own embedded clusters have their things; the first has number 0. */
export class SharedHostFolder {
  readonly path: string;

  constructor(number: number, state: string = stateFolder()) {
    this.path = join(state, 'hosts', String(number));
  }

  /** Where one that takes on clusters listens. */
  get socket(): string {
    return join(this.path, 'host.sock');
  }

  /** The process's ID; the file is locked as long as it lives. */
  get lock(): string {
    return join(this.path, 'host.pid');
  }

  get log(): string {
    return join(this.path, 'host.log');
  }

  /** Held while somebody looks for a process that has room: two who look at once must not both start one. */
  static choosing(state: string = stateFolder()): string {
    return join(state, 'hosts', 'lock');
  }
}
