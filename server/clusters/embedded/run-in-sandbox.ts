import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { HostClient } from '../host/host-client.ts';

/** Exit codes of a command that could not be started, or that a signal has ended, as a shell has them. */
const NOT_STARTED = 126;
const SIGNALLED = 128;

/** Runs a command on an embedded node with this process's own streams; gives its exit code. */
export async function runInSandbox(host: HostClient, node: string, command: readonly string[]): Promise<number> {
  const [file = '', ...args] = [...(await host.commandPrefix(node, 'student')), ...command];
  const child = spawn(file, args, { stdio: 'inherit' });
  const deaf = () => undefined;
  // A terminal sends Ctrl-C to both: the command decides what it means.
  process.on('SIGINT', deaf);
  return new Promise((resolve) => {
    child.once('error', () => resolve(NOT_STARTED));
    child.once('exit', (code, signal) => resolve(code ?? SIGNALLED + (signal ? constants.signals[signal] : 0)));
  });
}
