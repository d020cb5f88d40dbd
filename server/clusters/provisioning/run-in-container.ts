import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';

/** Runs a command in a container as root, with that input, to its end; gives its exit code and what it printed on both outputs. */
export async function runInContainer(
  container: Docker.Container,
  command: string[],
  input: NodeJS.ReadableStream = Readable.from([]),
): Promise<{ exitCode: number | null; output: string }> {
  const exec = await container.exec({
    Cmd: command,
    User: 'root',
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const connection = await exec.start({ hijack: true, stdin: true });
  const output = new PassThrough();
  const printed: Buffer[] = [];
  output.on('data', (data: Buffer) => printed.push(data));
  container.modem.demuxStream(connection, output, output);
  const ended = new Promise<void>((resolve) => connection.once('close', resolve));
  // A command that ends without reading its input is told by its exit code.
  await pipeline(input, connection).catch(() => connection.destroy());
  await ended;
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode, output: Buffer.concat(printed).toString() };
}
