import type { Disposable } from '../../../clock/clock.ts';
import { LineDiscipline } from '../../../engine/simulator/line-discipline.ts';
import { ProgramInput } from '../../../engine/simulator/programs/input.ts';
import { INTERRUPTED, interactiveShell } from '../../../engine/simulator/programs/interactive-shell.ts';
import type { Pty, TerminalSize } from '../../../terminals/pty.ts';
import { STUDENT, STUDENT_HOME } from '../../student.ts';
import type { DockerProgramOptions } from './docker-program.ts';
import type { NodeMachine } from './node-machine.ts';

const WELCOME =
  'This shell is simulated: the machine allows no sandbox for a real one. docker is the real client; of other\r\n' +
  'programs there are the everyday ones (`help` lists them).\r\n';
const HUNG_UP = 129;

/** A login shell on a simulated node, as a terminal sees it. The docker client has the terminal to itself while it runs. */
export class SimulatedTerminal implements Pty {
  readonly #data = new Set<(bytes: Uint8Array) => void>();
  readonly #exit = new Set<(code: number) => void>();
  readonly #lines: LineDiscipline;
  readonly #input = new ProgramInput();
  readonly #hungUp = new AbortController();
  readonly #decoder = new TextDecoder();
  #size: TerminalSize;
  #line: AbortController | undefined;
  #borrower: Pty | undefined;
  /** What is shown once somebody reads again. */
  #held: Uint8Array[] = [];
  #paused = false;
  #resumed: (() => void)[] = [];

  constructor(machine: NodeMachine, docker: Omit<DockerProgramOptions, 'terminal'>, size: TerminalSize) {
    this.#size = size;
    this.#lines = new LineDiscipline(
      (text) => this.#show(text),
      {
        onLine: (line) => this.#input.write(`${line}\n`),
        onEnd: () => this.#line === undefined && this.#input.end(),
        onInterrupt: () => (this.#line === undefined ? this.#input.write(INTERRUPTED) : this.#line.abort()),
      },
      { history: true },
    );
    // Only after whoever opens the terminal listens.
    setImmediate(() => void this.#live(machine, docker));
  }

  write(bytes: Uint8Array): void {
    if (this.#borrower !== undefined) this.#borrower.write(bytes);
    else this.#lines.feed(this.#decoder.decode(bytes, { stream: true }));
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    this.#borrower?.resize(columns, rows);
  }

  pause(): void {
    this.#paused = true;
    this.#borrower?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#borrower?.resume();
    for (const bytes of this.#held.splice(0)) this.#tell(bytes);
    for (const go of this.#resumed.splice(0)) go();
  }

  onData(listener: (bytes: Uint8Array) => void): Disposable {
    this.#data.add(listener);
    return { dispose: () => this.#data.delete(listener) };
  }

  onExit(listener: (code: number) => void): Disposable {
    this.#exit.add(listener);
    return { dispose: () => this.#exit.delete(listener) };
  }

  kill(): void {
    this.#hungUp.abort();
    this.#line?.abort();
    this.#borrower?.kill();
    this.#input.end();
  }

  async #live(machine: NodeMachine, docker: Omit<DockerProgramOptions, 'terminal'>): Promise<void> {
    const runLine = machine.lineRunner({
      ...docker,
      terminal: { size: () => this.#size, lend: (pty) => this.#lend(pty) },
    });
    const host = machine.plan.hostname.split('.')[0] ?? '';
    const shell = interactiveShell(
      async (context, line) => {
        this.#line = new AbortController();
        try {
          return await runLine({ ...context, killed: this.#line.signal }, line);
        } finally {
          this.#line = undefined;
          await this.#readyForMore();
        }
      },
      (cwd) => `${STUDENT}@${host}:${cwd.replace(STUDENT_HOME, '~')}$ `,
    );
    this.#show(WELCOME);
    const code = await shell({
      ...machine.context(),
      argv: ['bash', '--login'],
      killed: this.#hungUp.signal,
      input: this.#input,
      tty: true,
      stdout: (text) => this.#show(text.replace(/\r?\n/g, '\r\n')),
      stderr: (text) => this.#show(text.replace(/\r?\n/g, '\r\n')),
    }).catch(() => 1);
    for (const listener of this.#exit) listener(this.#hungUp.signal.aborted ? HUNG_UP : code);
  }

  /** Gives the terminal to a program of its own; resolves with its exit code when it has ended. */
  #lend(pty: Pty): Promise<number> {
    this.#borrower = pty;
    if (this.#paused) pty.pause();
    pty.onData((bytes) => this.#tell(bytes));
    return new Promise((resolve) =>
      pty.onExit((code) => {
        this.#borrower = undefined;
        resolve(code);
      }),
    );
  }

  #show(text: string): void {
    const bytes = Buffer.from(text);
    if (this.#paused) this.#held.push(bytes);
    else this.#tell(bytes);
  }

  #tell(bytes: Uint8Array): void {
    for (const listener of [...this.#data]) listener(bytes);
  }

  /** While nobody reads, the next line waits. */
  #readyForMore(): Promise<void> {
    return this.#paused ? new Promise((resolve) => this.#resumed.push(resolve)) : Promise.resolve();
  }
}
