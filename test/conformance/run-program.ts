import { spawn } from 'node:child_process';

export interface ProgramResult {
  /** 124 when it took too long, 127 when there is no such program. */
  exit: number;
  stdout: string;
  stderr: string;
}

export interface ProgramOptions {
  cwd?: string;
  environment?: NodeJS.ProcessEnv;
  /** Milliseconds; ten minutes when not given. */
  limit?: number;
}

const LIMIT = 600_000;

/** Runs a program to its end and gives what it printed; never rejects. */
export function runProgram(file: string, args: string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  const { cwd, environment = {}, limit = LIMIT } = options;
  return new Promise((done) => {
    const child = spawn(file, args, {
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limit,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', (error) => done({ exit: 127, stdout, stderr: error.message }));
    child.once('close', (code) => done({ exit: code ?? 124, stdout, stderr }));
  });
}
