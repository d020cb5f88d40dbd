import type { CommandNode, ScriptNode, StatementNode } from 'just-bash';
import { Bash, defineCommand, parse, serialize } from 'just-bash';
import type { Clock, Disposable } from '../../../clock/clock.ts';
import { interactiveShell } from './interactive-shell.ts';
import type { Program, ProgramContext } from './program.ts';

type Redirection = CommandNode['redirections'][number];

/** `>>OUT` and `2>>ERR`, taken from the parser itself, so that their shape is always the parser's own. */
interface Streams {
  stdout: Redirection;
  stderr: Redirection;
}

function streamsTo(stdout: string, stderr: string): Streams {
  const [out, err] = parse(`x >>${stdout} 2>>${stderr}`).statements[0]?.pipelines[0]?.commands[0]?.redirections ?? [];
  if (out === undefined || err === undefined) throw new Error('the shell parser gave no redirections');
  return { stdout: out, stderr: err };
}

function redirects(command: CommandNode, descriptor: 1 | 2): boolean {
  return command.redirections.some((redirection) =>
    redirection.operator === '&>' || redirection.operator === '&>>'
      ? true
      : redirection.operator.startsWith('>') && (redirection.fd ?? 1) === descriptor,
  );
}

/** Sends what a command prints to the two streams, unless it says itself where it goes. */
function stream(command: CommandNode, isLast: boolean, streams: Streams): void {
  switch (command.type) {
    case 'If':
      for (const clause of command.clauses) streamAll([...clause.condition, ...clause.body], streams);
      streamAll(command.elseBody ?? [], streams);
      return;
    case 'For':
    case 'CStyleFor':
    case 'Subshell':
    case 'Group':
      if (isLast && command.redirections.length === 0) streamAll(command.body, streams);
      return;
    case 'While':
    case 'Until':
      if (isLast && command.redirections.length === 0) streamAll([...command.condition, ...command.body], streams);
      return;
    case 'Case':
      for (const item of command.items) streamAll(item.body, streams);
      return;
    case 'SimpleCommand': {
      if (command.name === null) return;
      const added = [
        ...(isLast && !redirects(command, 1) ? [streams.stdout] : []),
        ...(redirects(command, 2) ? [] : [streams.stderr]),
      ];
      // In front, so that a later `>&2` or `2>&1` of the author's own refers to the streams.
      command.redirections = [...added, ...command.redirections];
      return;
    }
    default:
      return;
  }
}

function streamAll(statements: readonly StatementNode[], streams: Streams): void {
  for (const statement of statements)
    for (const pipeline of statement.pipelines)
      for (const [index, command] of pipeline.commands.entries()) {
        const isLast = index === pipeline.commands.length - 1;
        if (isLast || command.type === 'SimpleCommand') stream(command, isLast, streams);
      }
}

/** The script with every statement's output sent on at once. */
function rewrite(script: string, streams: Streams): string {
  const tree: ScriptNode = parse(script);
  streamAll(tree.statements, streams);
  return serialize(tree);
}

/**
 * `sh` in a container: the shell language is just-bash's, time is the container's clock, and `programs` are there as commands. Output is
 * passed on statement by statement, so that `while true; do date; sleep 1; done` logs a line a second. Without `-c` it reads its script
 * from the input, or on a terminal line by line.
 */
export function createShell(programs: ReadonlyMap<string, Program>): Program {
  const interactive = interactiveShell((context, line, cwd) => runScript({ ...context, cwd }, line, programs));
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
): Promise<{ exitCode: number; cwd: string }> {
  const work = new Work(context.clock);
  context.killed.addEventListener('abort', () => work.end(), { once: true });
  const files = context.files();
  const out = files.tap(context.stdout);
  const err = files.tap(context.stderr);
  const bash = new Bash({
    fs: files,
    env: { ...context.env, HOSTNAME: context.hostname },
    executionLimits: {
      maxCommandCount: Number.MAX_SAFE_INTEGER,
      maxLoopIterations: Number.MAX_SAFE_INTEGER,
      maxExecutionTimeMs: 2 ** 31 - 1,
    },
    // Its guard patches the globals of the whole process, which is not the shell's own here; nothing it runs can reach JavaScript.
    defenseInDepth: false,
    customCommands: [...programs].map(([name, program]) => asCommand(name, program, context, work)),
  });
  let text: string;
  try {
    text = rewrite(script, streamsTo(out.path, err.path));
  } catch {
    work.end();
    context.stderr('sh: syntax error\n');
    return { exitCode: 2, cwd: context.cwd };
  }
  const result = await bash.exec(text, {
    cwd: context.cwd,
    signal: context.killed,
    rawScript: true,
    ...(stdin === undefined ? {} : { stdin }),
  });
  if (!context.killed.aborted) {
    if (result.stdout !== '') context.stdout(result.stdout);
    if (result.stderr !== '') context.stderr(result.stderr);
  }
  work.end();
  out.dispose();
  err.dispose();
  return { exitCode: result.exitCode, cwd: result.env.PWD ?? context.cwd };
}

/** Variables that the shell keeps for itself; a real one would not export them. */
const SHELL_VARIABLES = new Set(
  'BASHOPTS HOSTTYPE IFS MACHTYPE OLDPWD OPTIND OSTYPE SHELLOPTS _ BASH_VERSION EUID PPID UID SHLVL'.split(' '),
);

function asCommand(name: string, program: Program, context: ProgramContext, work: Work) {
  return defineCommand(name, async (args, shell) => {
    let stdout = '';
    let stderr = '';
    work.pause();
    const exitCode = await program({
      ...context,
      argv: [name, ...args],
      env: Object.fromEntries([...shell.env].filter(([variable]) => !SHELL_VARIABLES.has(variable))),
      cwd: shell.cwd,
      stdout: (text) => {
        stdout += text;
      },
      stderr: (text) => {
        stderr += text;
      },
    });
    work.resume();
    return { stdout, stderr, exitCode };
  });
}

/** Runs a command that the shell has built in, such as `cat` or `grep`, as a program of its own, reading its input to the end. */
export function createApplet(programs: ReadonlyMap<string, Program>): Program {
  const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
  return async (context) => {
    const stdin = await context.input.text();
    return (await runScript(context, context.argv.map(quote).join(' '), programs, stdin)).exitCode;
  };
}
