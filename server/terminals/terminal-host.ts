import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import type { TerminalInfo } from './protocol.ts';
import type { SpawnPty, TerminalSize } from './pty.ts';
import type { Recording } from './recording.ts';
import { Terminal } from './terminal.ts';

/** Shells that a node keeps at the same time. */
const MAX_TERMINALS = 16;

export interface TerminalHostOptions {
  clock: Clock;
  spawn: SpawnPty;
  /** Called for every terminal made; what it gives writes the session down. */
  record?: (id: string, size: TerminalSize) => Recording | undefined;
}

/** The terminals of one node. */
export class TerminalHost {
  readonly #options: TerminalHostOptions;
  readonly #terminals = new Map<string, Terminal>();

  constructor(options: TerminalHostOptions) {
    this.#options = options;
  }

  /** Starts a shell. Throws SL_TERMINAL_LIMIT when the node has as many as it may; ended ones make room. */
  create(size: TerminalSize): Terminal {
    this.#makeRoom();
    const id = randomBytes(10).toString('hex');
    const pty = this.#options.spawn(size);
    const recording = this.#options.record?.(id, size);
    const terminal = new Terminal({ id, pty, size, clock: this.#options.clock, ...(recording && { recording }) });
    this.#terminals.set(id, terminal);
    return terminal;
  }

  /** Throws SL_TERMINAL_NOT_FOUND. */
  get(id: string): Terminal {
    const terminal = this.#terminals.get(id);
    if (terminal === undefined) throw new SwarmlabError('SL_TERMINAL_NOT_FOUND', `there is no terminal ${id}`);
    return terminal;
  }

  list(): TerminalInfo[] {
    return [...this.#terminals.values()].map((terminal) => ({
      id: terminal.id,
      cols: terminal.size.columns,
      rows: terminal.size.rows,
      sequence: terminal.sequence,
      viewers: terminal.viewers,
      ...(terminal.exitCode !== undefined && { exitCode: terminal.exitCode }),
    }));
  }

  /** Hangs a shell up and forgets it. Throws SL_TERMINAL_NOT_FOUND. */
  remove(id: string): void {
    this.get(id).dispose();
    this.#terminals.delete(id);
  }

  dispose(): void {
    for (const terminal of this.#terminals.values()) terminal.dispose();
    this.#terminals.clear();
  }

  #makeRoom(): void {
    for (const terminal of this.#terminals.values()) {
      if (this.#terminals.size < MAX_TERMINALS) return;
      if (terminal.exitCode !== undefined) this.remove(terminal.id);
    }
    if (this.#terminals.size >= MAX_TERMINALS) {
      throw new SwarmlabError('SL_TERMINAL_LIMIT', `this node has ${MAX_TERMINALS} terminals open already`);
    }
  }
}
