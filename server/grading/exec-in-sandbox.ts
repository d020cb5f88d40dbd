import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../clock/clock.ts';
import { Output } from './collect-exec.ts';
import type { CommandResult, NodeCommand } from './grading-cluster.ts';
import { ClusterUnreachable } from './verdict.ts';

/** Milliseconds between Ctrl-C and the end, for a command that has run too long. */
const LAST_WORDS = 1_000;

/** Waits for a program that has been started in the sandbox of an embedded node, as the command has it. */
export async function execInSandbox(
  child: ChildProcess,
  node: string,
  command: NodeCommand,
  clock: Clock,
): Promise<CommandResult> {
  const stdout = new Output();
  const stderr = new Output();
  let ended: CommandResult['ended'];
  const end = (why: CommandResult['ended']) => {
    if (ended !== undefined) return;
    ended = why;
    // The sandbox ends with its first process, and everything in it.
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), LAST_WORDS).unref();
  };
  const timer = clock.after(command.limit, () => end('limit'));
  // Virtual time stands still while a program computes: it must come to an end all the same.
  const realTimer = setTimeout(() => end('limit'), command.limit);
  for (const [stream, output] of [
    [child.stdout, stdout],
    [child.stderr, stderr],
  ] as const) {
    stream?.on('data', (chunk: Buffer) => {
      const text = output.add(chunk);
      if (command.onOutput?.(text)) end('output');
    });
  }
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return {
      exitCode: ended === undefined ? (exitCode ?? undefined) : undefined,
      stdout: stdout.text,
      stderr: stderr.text,
      ended,
    };
  } catch (error) {
    throw new ClusterUnreachable(`no command can be run on ${node}: ${String(error)}`, { cause: error });
  } finally {
    timer.dispose();
    clearTimeout(realTimer);
  }
}
