import type { Disposable } from '../clock/clock.ts';

/**
 * A pseudo-terminal with a process in it, as much of it as a terminal needs. Bytes are bytes: nothing on this side decodes them.
 * `node-pty` implements it in the node agent; tests implement it by hand.
 */
export interface Pty {
  write(bytes: Uint8Array): void;
  resize(columns: number, rows: number): void;
  /** Stops reading, so that the process blocks once the kernel's buffer is full. */
  pause(): void;
  resume(): void;
  onData(listener: (bytes: Uint8Array) => void): Disposable;
  /** Called once, after the last byte, with the exit status (128 + n when signal n ended the process). */
  onExit(listener: (code: number) => void): Disposable;
  /** Hangs up (SIGHUP), as closing a terminal window does. */
  kill(): void;
}

/** Starts a process (the node's login shell) in a new pseudo-terminal of that size. */
export type SpawnPty = (size: TerminalSize) => Pty;

export interface TerminalSize {
  columns: number;
  rows: number;
}
