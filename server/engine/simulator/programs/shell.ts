import type { BashOptions } from 'just-bash';
import { Bash, decodeBytesToUtf8, defineCommand } from 'just-bash';
import type { Clock, Disposable } from '../../../clock/clock.ts';
import { ProgramInput } from './input.ts';
import { interactiveShell, type LineResult, type LineRunner } from './interactive-shell.ts';
import { type Program, type ProgramContext, pause } from './program.ts';
import { rewrite, STEP, STRAIGHT } from './shell-rewrite.ts';
import { ShellTurn } from './shell-turns.ts';

/** Turns of a loop after which some of the clock's time has passed: a machine needs time for them too, and virtual time must go on. */
const STEPS_AT_A_TIME = 500;
const TIME_OF_STEPS = 10;

/**
 * A container may run for ever, but not take more of this process than its share: what its shell may hold at a time, and how often the
 * programs in it may go round before the shell itself is asked.
 */
const LIMITS: NonNullable<BashOptions['executionLimits']> = {
  maxCommandCount: Number.MAX_SAFE_INTEGER,
  maxLoopIterations: Number.MAX_SAFE_INTEGER,
  maxExecutionTimeMs: 2 ** 31 - 1,
  maxAwkIterations: 20_000,
  maxSedIterations: 1_000,
  maxJqIterations: 20_000,
  maxQueryElements: 20_000,
  maxStringLength: 1024 * 1024,
  maxHeredocSize: 1024 * 1024,
  maxArrayElements: 10_000,
  maxBraceExpansionResults: 10_000,
  maxGlobOperations: 20_000,
  maxTraversalWork: 50_000,
  maxLiveBytes: 16 * 1024 * 1024,
  maxFileSystemBytes: 16 * 1024 * 1024,
};

/**
 * `sh` in a container: the shell language is just-bash's, time is the container's clock, and `programs` are there as commands. Output is
 * passed on statement by statement, so that `while true; do date; sleep 1; done` logs a line a second. Without `-c` it reads its script
 * from the input, or on a terminal line by line.
 */
export function createShell(programs: ReadonlyMap<string, Program>): Program {
  const interactive = interactiveShell((context, line) => runScript(context, line, programs));
  return async (context) => {
    const flag = context.argv.indexOf('-c');
    const script = flag >= 0 ? context.argv[flag + 1] : undefined;
    if (script !== undefined) return (await runScript(context, script, programs)).exitCode;
    const operand = context.argv.slice(1).find((argument) => !argument.startsWith('-'));
    if (operand !== undefined) {
      const text = await context
        .files()
        .readFile(operand)
        .catch(() => undefined);
      if (text !== undefined) return (await runScript(context, text, programs)).exitCode;
      context.stderr(`sh: can't open '${operand}': No such file or directory\n`);
      return 2;
    }
    if (context.tty) return interactive(context);
    return (await runScript(context, await context.input.text(), programs)).exitCode;
  };
}

/** Runs single lines as a shell would that has these programs. */
export function createLineRunner(programs: ReadonlyMap<string, Program>): LineRunner {
  return (context, line) => runScript(context, line, programs);
}

/**
 * The shell itself takes no time, but more turns of the event loop than a virtual clock would wait for: while it is at work the clock
 * is held, while one of our programs runs in it (and may sleep) it is not.
 */
class Work {
  readonly #clock: Clock;
  #held: Disposable | undefined;
  #ended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.resume();
  }

  pause(): void {
    this.#held?.dispose();
    this.#held = undefined;
  }

  resume(): void {
    if (!this.#ended) this.#held ??= this.#clock.hold();
  }

  end(): void {
    this.#ended = true;
    this.pause();
  }
}

async function runScript(
  context: ProgramContext,
  script: string,
  programs: ReadonlyMap<string, Program>,
  stdin?: string,
): Promise<LineResult> {
  const work = new Work(context.clock);
  context.killed.addEventListener('abort', () => work.end(), { once: true });
  const files = context.files();
  const out = files.tap(context.stdout);
  const err = files.tap(context.stderr);
  const turn = new ShellTurn();
  const bash = new Bash({
    fs: files,
    env: { ...context.env, HOSTNAME: context.hostname },
    executionLimits: LIMITS,
    // Its guard patches the globals of the whole process, which is not the shell's own here; nothing it runs can reach JavaScript.
    defenseInDepth: false,
    customCommands: [
      stepCommand(context, work, turn),
      ...[...programs].map(([name, program]) => asCommand(name, program, { context, work, turn })),
    ],
  });
  let text: string;
  try {
    text = rewrite(script, out.path, err.path);
  } catch {
    work.end();
    context.stderr('sh: syntax error\n');
    return { exitCode: 2, cwd: context.cwd, env: context.env };
  }
  const result = await bash.exec(text, {
    cwd: context.cwd,
    signal: untilKilledOrOverdue(context, turn),
    rawScript: true,
    ...(stdin === undefined ? {} : { stdin }),
  });
  if (!context.killed.aborted) {
    if (result.stdout !== '') context.stdout(result.stdout);
    if (result.stderr !== '') context.stderr(result.stderr);
  }
  if (/limit exceeded \(\d+ bytes\)/.test(result.stderr)) context.exhaustMemory();
  if (turn.isOverdue && !context.killed.aborted) context.stderr('Killed\n');
  work.end();
  out.dispose();
  err.dispose();
  const env = Object.fromEntries(
    Object.entries(result.env).filter(([name]) => /^[A-Za-z_]\w*$/.test(name) && !SHELL_VARIABLES.has(name)),
  );
  return { exitCode: result.exitCode, cwd: result.env.PWD ?? context.cwd, env };
}

/** Variables that the shell keeps for itself; a real one would not export them. */
const SHELL_VARIABLES = new Set(
  'SWARMLAB_STRAIGHT BASHOPTS HOSTTYPE IFS MACHTYPE OLDPWD OPTIND OSTYPE SHELLOPTS _ BASH_VERSION EUID PPID UID SHLVL'.split(
    ' ',
  ),
);

interface Running {
  context: ProgramContext;
  work: Work;
  turn: ShellTurn;
}

function asCommand(name: string, program: Program, { context, work, turn }: Running) {
  return defineCommand(name, async (args, shell) => {
    let stdout = '';
    let stderr = '';
    const straight = shell.env.has(STRAIGHT);
    const given = decodeBytesToUtf8(shell.stdin);
    work.pause();
    const exitCode = await program({
      ...context,
      argv: [name, ...args],
      env: Object.fromEntries([...shell.env].filter(([variable]) => !SHELL_VARIABLES.has(variable))),
      cwd: shell.cwd,
      tty: straight && context.tty,
      input: straight && given === '' ? context.input : ProgramInput.of(given),
      stdout: straight
        ? context.stdout
        : (text) => {
            stdout += text;
          },
      stderr: straight
        ? context.stderr
        : (text) => {
            stderr += text;
          },
    });
    work.resume();
    turn.begin();
    return { stdout, stderr, exitCode };
  });
}

/** What stands in every loop: gives way to others, and after many turns lets some of the clock's time pass. */
function stepCommand(context: ProgramContext, work: Work, turn: ShellTurn) {
  let steps = 0;
  return defineCommand(STEP, async () => {
    await turn.step();
    if (++steps % STEPS_AT_A_TIME === 0) {
      work.pause();
      await pause(context, TIME_OF_STEPS);
      work.resume();
      turn.begin();
    }
    return { stdout: '', stderr: '', exitCode: 0 };
  });
}

/** A signal that a shell asks before every statement: it ends a script that is killed, or that would not let anybody else work. */
function untilKilledOrOverdue(context: ProgramContext, turn: ShellTurn): AbortSignal {
  const controller = new AbortController();
  const { signal } = controller;
  context.killed.addEventListener('abort', () => controller.abort(), { once: true });
  if (context.killed.aborted) controller.abort();
  const isAborted = () => context.killed.aborted || turn.isOverdue;
  Object.defineProperty(signal, 'aborted', { get: isAborted });
  return signal;
}

/** Runs a command that the shell has built in, such as `cat` or `grep`, as a program of its own, reading its input to the end. */
export function createApplet(programs: ReadonlyMap<string, Program>): Program {
  const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
  return async (context) => {
    const stdin = await context.input.text();
    return (await runScript(context, context.argv.map(quote).join(' '), programs, stdin)).exitCode;
  };
}
