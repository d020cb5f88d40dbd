import { type ChildProcess, spawn } from 'node:child_process';

/** Becomes the command whose words come in, each with a zero byte behind it; it has no input of its own. */
const BECOME = ['bash', '-c', `mapfile -d "" -t words; exec "\${words[@]}" < /dev/null`];

/** Puts a node's sandbox around a command. */
export type Sandbox = (node: string, command: readonly string[]) => string[];

/**
 * Sandboxes that are set up while the command before runs: half of what a short command takes is the way into its sandbox. A sandbox
 * serves one command and ends with it, so that none finds anything of another's.
 */
export class ReadySandboxes {
  readonly #sandbox: Sandbox;
  readonly #ready = new Map<string, ChildProcess>();
  #closed = false;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Sets one up for a node where somebody is going to work. */
  prepare(node: string): void {
    if (this.#closed || this.#ready.has(node)) return;
    const child = this.#spawn(node, BECOME, 'pipe');
    this.#ready.set(node, child);
    const forget = () => {
      if (this.#ready.get(node) === child) this.#ready.delete(node);
    };
    child.once('error', forget);
    child.once('exit', forget);
    child.stdin?.on('error', forget);
  }

  /** Runs a command on a node, in the sandbox that is ready there or in a new one; the next is prepared meanwhile. */
  run(node: string, command: readonly string[]): ChildProcess {
    const ready = this.#ready.get(node);
    this.#ready.delete(node);
    ready?.stdin?.end(command.map((word) => `${word}\0`).join(''));
    const child = ready ?? this.#spawn(node, command, 'ignore');
    this.prepare(node);
    return child;
  }

  close(): void {
    this.#closed = true;
    for (const child of this.#ready.values()) child.kill('SIGKILL');
  }

  #spawn(node: string, command: readonly string[], input: 'pipe' | 'ignore'): ChildProcess {
    const [file = '', ...words] = this.#sandbox(node, command);
    return spawn(file, words, { stdio: [input, 'pipe', 'pipe'] });
  }
}
