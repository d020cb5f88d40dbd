import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type Dockerode from 'dockerode';
import type { Clock } from '../clock/clock.ts';
import type { CommandResult } from './grading-cluster.ts';
import { ClusterUnreachable } from './verdict.ts';

/** Characters of each stream that are kept; a flood costs no more memory than this. */
const MAX_OUTPUT = 1024 * 1024;

export interface CollectOptions {
  clock: Clock;
  /** Milliseconds after which waiting ends. */
  limit: number;
  /** Called with each piece of output; answering `true` ends the waiting. */
  onOutput?: (text: string) => boolean;
  /** Called when waiting ends before the program does: may end the program. */
  onGivenUp?: () => Promise<void>;
}

/**
 * Runs a program in a container over the Engine API and waits for it, keeping its two streams apart. Rejects with ClusterUnreachable when
 * the engine does not play along.
 */
export async function collectExec(
  docker: Dockerode,
  container: string,
  create: Dockerode.ExecCreateOptions,
  options: CollectOptions,
): Promise<CommandResult> {
  try {
    const exec = await docker.getContainer(container).exec({ ...create, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({ hijack: true, stdin: false });
    const stdout = new Output();
    const stderr = new Output();
    const ended = await new Promise<CommandResult['ended']>((resolve, reject) => {
      const timer = options.clock.after(options.limit, () => resolve('limit'));
      const stop = (why: CommandResult['ended']) => {
        timer.dispose();
        resolve(why);
      };
      const sinkFor = (output: Output) =>
        new Writable({
          write(chunk: Buffer, _encoding, done) {
            const text = output.add(chunk);
            if (options.onOutput?.(text)) stop('output');
            done();
          },
        });
      docker.modem.demuxStream(stream, sinkFor(stdout), sinkFor(stderr));
      stream.on('end', () => stop(undefined));
      stream.on('close', () => stop(undefined));
      stream.on('error', reject);
    });
    if (ended === undefined) {
      const { ExitCode } = await exec.inspect();
      return { exitCode: ExitCode ?? undefined, stdout: stdout.text, stderr: stderr.text, ended };
    }
    await options.onGivenUp?.();
    stream.destroy();
    return { exitCode: undefined, stdout: stdout.text, stderr: stderr.text, ended };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ClusterUnreachable(`could not run a command in ${container}: ${reason}`, { cause });
  }
}

/** What a stream said, up to a limit; characters that are cut between two chunks are put together. */
export class Output {
  readonly #decoder = new StringDecoder('utf8');
  text = '';

  /** Gives the text of this chunk. */
  add(chunk: Buffer): string {
    const text = this.#decoder.write(chunk);
    if (this.text.length < MAX_OUTPUT) this.text += text.slice(0, MAX_OUTPUT - this.text.length);
    return text;
  }
}
