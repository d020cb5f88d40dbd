import { spawn } from 'node:child_process';
import type { Clock } from '../clock/clock.ts';
import type { CommandUser } from '../clusters/host/hosted-cluster.ts';
import { Output } from './collect-exec.ts';
import type { CommandResult, NodeCommand } from './grading-cluster.ts';
import { ClusterUnreachable } from './verdict.ts';

/** Gives the words in front of a command that is to run on a node as that user. */
export type CommandPrefix = (node: string, user: CommandUser) => Promise<string[]>;

/** Milliseconds between Ctrl-C and the end, for a command that has run too long. */
const LAST_WORDS = 1_000;

/** Runs a program on an embedded node: in the node's sandbox, as the student or, to look, as a grader. */
export async function execInSandbox(
  prefix: CommandPrefix,
  node: string,
  command: NodeCommand,
  clock: Clock,
): Promise<CommandResult> {
  const [file = '', ...words] = await prefix(node, command.user === 'student' ? 'student' : 'grader');
  const child = spawn(file, [...words, ...command.argv], { stdio: ['ignore', 'pipe', 'pipe'] });
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
    stream.on('data', (chunk: Buffer) => {
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
