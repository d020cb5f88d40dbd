import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { constants as system } from 'node:os';
import { delimiter, join } from 'node:path';
import { SetupProblem } from './report.mjs';

/** How much of a failed program's output is shown. */
const TOLD_LINES = 25;

/** Whether a program is on the PATH, or where the machine's administrator has it. @param {string} name */
export function hasProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Runs a program without a terminal and shows its output only when it fails.
 * @param {string} program @param {string[]} args @param {{ cwd?: string, env?: NodeJS.ProcessEnv, next?: string[] }} [options]
 */
export function runQuietly(program, args, { cwd, env = process.env, next = [] } = {}) {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  const output = `${stdout ?? ''}${stderr ?? ''}`.trimEnd().split('\n').slice(-TOLD_LINES);
  const why = error ? error.message : `exit status ${status}`;
  throw new SetupProblem([`${program} ${args.join(' ')} failed: ${why}`, ...output].join('\n  | '), next);
}

/**
 * Runs a program with this one's own output until it ends, passing signals on; gives its exit code, as a shell has it for one that a
 * signal ended (above 128).
 * @param {string} program @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdin?: 'inherit' | 'ignore', timeout?: number }} [options]
 * @returns {Promise<number>}
 */
export function runOpenly(program, args, { cwd, env = process.env, stdin = 'ignore', timeout = 0 } = {}) {
  const child = spawn(program, args, { cwd, env, stdio: [stdin, 'inherit', 'inherit'] });
  const passOn = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn);
  const timer = timeout > 0 ? setTimeout(() => child.kill('SIGKILL'), timeout) : undefined;
  return new Promise((resolve) => {
    const ended = (code) => {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, passOn);
      resolve(code);
    };
    child.once('error', () => ended(127));
    child.once('exit', (code, signal) => ended(code ?? 128 + (system.signals[signal] ?? 0)));
  });
}
