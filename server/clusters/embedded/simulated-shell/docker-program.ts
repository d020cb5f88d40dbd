import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Program, ProgramContext } from '../../../engine/simulator/programs/program.ts';
import { spawnNodePty } from '../../../terminals/node-pty.ts';
import type { Pty, TerminalSize } from '../../../terminals/pty.ts';
import { STUDENT_HOME } from '../../student.ts';
import { checkDockerArguments } from './docker-arguments.ts';
import { DockerFiles } from './docker-files.ts';

/** Exit codes of a command that the client itself refuses, that cannot be started, and that a signal has ended. */
const REFUSED = 125;
const NOT_STARTED = 126;
const SIGNALLED = 128;

export interface DockerProgramOptions {
  /** On this machine: the client, and the socket of the node's gateway. */
  client: string;
  socket: string;
  /** The terminal that it may have to itself while it runs; undefined where there is none. */
  terminal?: { size(): TerminalSize; lend(pty: Pty): Promise<number> } | undefined;
}

/** `docker` in a simulated shell: the real client, started with its arguments and nothing else of this machine. */
export function dockerProgram(options: DockerProgramOptions): Program {
  return async (context) => {
    const argv = context.argv.slice(1);
    const checked = checkDockerArguments(argv);
    if ('refused' in checked) {
      context.stderr(`docker: ${checked.refused}\n`);
      return REFUSED;
    }
    const files = await DockerFiles.make(context.files(), context.cwd);
    try {
      const placed = await files.place(argv, checked.files);
      return await run(options, context, placed, files.path);
    } catch (error) {
      context.stderr(`${error instanceof Error ? error.message : String(error)}\n`);
      return 1;
    } finally {
      await files.finish();
    }
  };
}

async function run(
  { client, socket, terminal }: DockerProgramOptions,
  context: ProgramContext,
  args: string[],
  cwd: string,
): Promise<number> {
  // The client finds no settings, no plugins and no credentials of this machine.
  const env = {
    DOCKER_HOST: `unix://${socket}`,
    DOCKER_CONFIG: `${cwd}/.docker`,
    HOME: cwd,
    PATH: '/nowhere',
    DOCKER_BUILDKIT: '0',
  };
  if (context.tty && terminal !== undefined) {
    const pty = spawnNodePty({ file: client, args, cwd, env: { ...env, TERM: 'xterm-256color' } }, terminal.size());
    context.killed.addEventListener('abort', () => pty.kill(), { once: true });
    return terminal.lend(pty);
  }
  const child = spawn(client, args, { cwd, env, stdio: 'pipe' });
  const kill = () => child.kill('SIGTERM');
  context.killed.addEventListener('abort', kill, { once: true });
  child.stdin.on('error', () => undefined);
  void (async () => {
    for await (const text of context.input) child.stdin.write(text);
    child.stdin.end();
  })();
  const filter = isWatched(args) ? shortVerify(context, () => child.kill('SIGINT')) : (text: string) => text;
  child.stdout.on('data', (chunk: Buffer) => context.stdout(filter(chunk.toString().replaceAll(cwd, STUDENT_HOME))));
  child.stderr.on('data', (chunk: Buffer) => context.stderr(chunk.toString().replaceAll(cwd, STUDENT_HOME)));
  return new Promise((resolve) => {
    child.once('error', () => resolve(NOT_STARTED));
    child.once('close', (code, signal) => resolve(code ?? SIGNALLED + (signal ? constants.signals[signal] : 0)));
  });
}

/** Whether the client watches, after it has done what it was told, what comes of it. */
function isWatched([group, command]: readonly string[]): boolean {
  return group === 'service' && ['create', 'update', 'scale', 'rollback'].includes(command ?? '');
}

/**
 * Where whoever grades has asked for it, ends the client's watch as Ctrl-C does once the service has come up, says so, and leaves out the
 * lines in which it counts the seconds.
 */
function shortVerify(context: ProgramContext, interrupt: () => void): (text: string) => string {
  const saying = context.env.SWARMLAB_SHORT_VERIFY;
  if (saying === undefined) return (text) => text;
  let told = false;
  return (text) => {
    if (!text.includes('verify: Waiting ')) return text;
    if (!told) {
      told = true;
      context.stderr(`${saying}\n`);
      interrupt();
    }
    return text.replace(/^verify: Waiting .*\n?/gm, '');
  };
}
