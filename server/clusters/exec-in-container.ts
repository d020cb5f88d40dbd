import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { engineSocket } from './engine-socket.ts';
import { ApiError, callApi } from './provisioning/engine-api.ts';

/** Exit codes of a command that was never started, as a shell has them. */
const NOT_STARTED = 126;
const NOT_FOUND = 127;

/** Exit code of a program that a signal has ended: this, and the signal's number. */
const SIGNALLED = 128;

/** Header of each frame of an engine's multiplexed stream: one byte which stream, three empty, four the length. */
const FRAME_HEADER = 8;
const STDERR = 2;

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

export interface ExecRequest {
  /** As the user knows it. */
  node: string;
  container: string;
  command: readonly string[];
  user: string;
  folder: string;
  environment: Readonly<Record<string, string>>;
}

/**
 * Runs a command in a container with this process's stdin, stdout and stderr, each kept apart, and gives its exit code. A terminal
 * is made in there when both ends of this process are one. Plain HTTP instead of dockerode, whose loading would take
 * longer than everything else here.
 */
export async function execInContainer(exec: ExecRequest): Promise<number> {
  const socketPath = engineSocket();
  const terminal = Boolean(process.stdin.isTTY && process.stdout.isTTY);
  const environment = terminal ? { ...exec.environment, TERM: process.env.TERM ?? 'xterm' } : exec.environment;
  const created = await callApi(socketPath, 'POST', `/containers/${exec.container}/exec`, {
    Cmd: exec.command,
    User: exec.user,
    WorkingDir: exec.folder,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: terminal,
  }).catch((error: unknown) => {
    throw asExecFailure(error, exec);
  });
  const { Id } = z.object({ Id: z.string() }).parse(created);
  const stream = await startExec(socketPath, Id, terminal);
  if (typeof stream === 'string') {
    process.stderr.write(`${stream}\n`);
    return /executable file not found|no such file or directory/.test(stream) ? NOT_FOUND : NOT_STARTED;
  }
  const restore = terminal ? useTerminal(socketPath, Id) : () => undefined;
  const deaf = passSignalsOn(socketPath, exec.container, Id);
  process.stdin.pipe(stream);
  try {
    await (terminal ? passOn(stream) : demultiplex(stream));
  } catch (error) {
    // Nobody reads our output any more: the command gets what it would have got from a pipe of its own.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
    await signalExec(socketPath, exec.container, Id, 'SIGPIPE');
    return SIGNALLED + constants.signals.SIGPIPE;
  } finally {
    restore();
    deaf();
    process.stdin.unpipe(stream);
    process.stdin.pause();
    stream.destroy();
  }
  const { ExitCode } = z
    .object({ ExitCode: z.number().nullable() })
    .parse(await callApi(socketPath, 'GET', `/exec/${Id}/json`));
  return ExitCode ?? NOT_STARTED;
}

/** The connection to the running command, or the engine's words why it could not be started. */
function startExec(socketPath: string, id: string, terminal: boolean): Promise<Duplex | string> {
  const body = JSON.stringify({ Detach: false, Tty: terminal });
  return new Promise((resolve, reject) => {
    const call = request({
      socketPath,
      method: 'POST',
      path: `/exec/${id}/start`,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        connection: 'Upgrade',
        upgrade: 'tcp',
      },
    });
    call.once('upgrade', (_, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    call.once('response', (response) => refusal(response).then(resolve, reject));
    call.once('error', reject);
    call.end(body);
  });
}

async function refusal(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const message = z.object({ message: z.string() }).safeParse(JSON.parse(text || '{}'));
  return message.success ? message.data.message : `the engine answered ${response.statusCode}`;
}

/** Takes the frames apart; waits for this process's own outputs to be written before more is read. */
async function demultiplex(stream: Duplex): Promise<void> {
  let pending = Buffer.alloc(0);
  for await (const chunk of stream) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= FRAME_HEADER) {
      const end = FRAME_HEADER + pending.readUInt32BE(4);
      if (pending.length < end) break;
      const output = pending[0] === STDERR ? process.stderr : process.stdout;
      await write(output, pending.subarray(FRAME_HEADER, end));
      pending = pending.subarray(end);
    }
  }
}

async function passOn(stream: Duplex): Promise<void> {
  for await (const chunk of stream) await write(process.stdout, chunk);
}

function write(output: NodeJS.WriteStream, data: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => output.write(data, (error) => (error ? reject(error) : resolve())));
}

/** Ctrl-C and the like are for the command, which otherwise would go on running in there; gives what undoes it. */
function passSignalsOn(socketPath: string, container: string, id: string): () => void {
  const pass = (signal: NodeJS.Signals) => {
    signalExec(socketPath, container, id, signal).catch(() => process.exit(SIGNALLED + constants.signals[signal]));
  };
  const ignoreBrokenPipe = () => undefined;
  for (const signal of PASSED_ON) process.on(signal, pass);
  process.stdout.on('error', ignoreBrokenPipe);
  process.stderr.on('error', ignoreBrokenPipe);
  return () => {
    for (const signal of PASSED_ON) process.off(signal, pass);
  };
}

/**
 * Signals a command by its process ID in the container. The engine tells the one outside; the kernel knows both. Rejects where this
 * machine does not see the container's processes.
 */
async function signalExec(socketPath: string, container: string, id: string, signal: NodeJS.Signals): Promise<void> {
  const { Pid } = z.object({ Pid: z.number() }).parse(await callApi(socketPath, 'GET', `/exec/${id}/json`));
  const inside = /^NSpid:.*\s(\d+)$/m.exec(readFileSync(`/proc/${Pid}/status`, 'utf8'))?.[1];
  const kill = { Cmd: ['kill', '-s', signal.slice('SIG'.length), inside], User: 'root' };
  const created = await callApi(socketPath, 'POST', `/containers/${container}/exec`, kill);
  const { Id } = z.object({ Id: z.string() }).parse(created);
  await callApi(socketPath, 'POST', `/exec/${Id}/start`, { Detach: true });
}

/** Keystrokes go over as they are typed, and the size of the terminal with them; gives what undoes it. */
function useTerminal(socketPath: string, id: string): () => void {
  const resize = () => {
    const { columns, rows } = process.stdout;
    callApi(socketPath, 'POST', `/exec/${id}/resize?h=${rows}&w=${columns}`).catch(() => undefined);
  };
  process.stdin.setRawMode(true);
  process.stdout.on('resize', resize);
  resize();
  return () => {
    process.stdin.setRawMode(false);
    process.stdout.off('resize', resize);
  };
}

function asExecFailure(error: unknown, exec: ExecRequest): SwarmlabError {
  if (error instanceof ApiError) {
    const message = /is not running/.test(error.message) ? `node ${exec.node} is not running` : error.message;
    return new SwarmlabError('SL_ENGINE_FAILED', message, { next: `docker logs ${exec.container} may tell why.` });
  }
  return new SwarmlabError('SL_ENGINE_UNREACHABLE', error instanceof Error ? error.message : String(error));
}
