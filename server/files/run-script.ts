import { type ChildProcess, spawn } from 'node:child_process';
import { MAX_FILE_BYTES } from './protocol.ts';

/** The words that run `command` as the student on the node, and the environment in which they are found. */
export type StudentCommand = (command: readonly string[]) => {
  words: readonly string[];
  environment: Readonly<Record<string, string>>;
};

export interface ScriptResult {
  /** Null when it was ended because it took too long, or could not be started. */
  code: number | null;
  output: Buffer;
  /** The first line that it complained with. */
  complaint: string;
}

/** A pipe that nobody writes to, a home folder without end: nothing of ours takes this long. */
const LIMIT_MS = 15_000;
/** What a script may say: a file and its version, or a listing. */
const MAX_OUTPUT = MAX_FILE_BYTES + 64 * 1024;
const MAX_COMPLAINT = 2000;

/** Runs a shell script as the student, with `input` on its standard input. Never rejects. */
export function runScript(
  command: StudentCommand,
  script: string,
  args: readonly string[],
  input: Uint8Array | undefined,
): Promise<ScriptResult> {
  const { words, environment } = command(['sh', '-c', script, 'files', ...args]);
  const [file = '', ...rest] = words;
  return new Promise((resolve) => {
    const child = spawn(file, rest, { cwd: '/', env: { ...environment }, stdio: 'pipe', detached: true });
    const output: Buffer[] = [];
    let length = 0;
    let complaint = '';
    const timer = setTimeout(() => killAll(child), LIMIT_MS);
    const end = (code: number | null) => {
      clearTimeout(timer);
      resolve({ code, output: Buffer.concat(output), complaint: firstLine(complaint) });
    };
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_OUTPUT) killAll(child);
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < MAX_COMPLAINT) complaint += chunk.toString();
    });
    // A script that ends before it has read everything says by its exit code why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error) => {
      complaint = error.message;
      end(null);
    });
    child.once('close', (code) => end(code));
  });
}

/** Ends the script with whatever it has started: they are a process group of their own. */
function killAll({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
