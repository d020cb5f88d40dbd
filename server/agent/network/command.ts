import { spawn } from 'node:child_process';

/** Runs a program of the node with this input and gives its output; rejects with CommandError when it fails. */
export type RunCommand = (program: string, args: readonly string[], input?: string) => Promise<string>;

/** A program that ended with something else than 0, or could not be started. */
export class CommandError extends Error {
  constructor(program: string, args: readonly string[], how: string, stderr: string) {
    super(`${[program, ...args].join(' ')}: ${how}${stderr === '' ? '' : `: ${stderr.trim()}`}`);
    this.name = 'CommandError';
  }
}

/** Runs programs on this machine. */
export const runCommand: RunCommand = (program, args, input = '') =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.stdin.on('error', () => {
      // It ended without reading its input; its exit code tells why.
    });
    child.once('error', (error) => reject(new CommandError(program, args, error.message, '')));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new CommandError(program, args, signal ?? `exit status ${code}`, errors));
    });
    child.stdin.end(input);
  });
