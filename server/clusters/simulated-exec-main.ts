import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { type ExecCall, execLine } from './embedded/simulated-shell/exec-protocol.ts';
import { commandUser } from './host/host-api.ts';

/** Exit code of a command that could not be run. */
const NOT_RUN = 126;

/** `simulated-exec.js SOCKET NODE USER COMMAND..`: runs a command on a node whose shell is simulated, with this process's own streams. */
async function main([socketPath = '', node = '', user, ...argv]: readonly string[]): Promise<number> {
  const call: ExecCall = { node, user: commandUser.parse(user), argv };
  const socket = connect(socketPath);
  const failed = new Promise<number>((resolve) => socket.once('error', () => resolve(NOT_RUN)));
  socket.write(`${JSON.stringify(call)}\n`);
  // A terminal does not end its input; no command here would wait for it.
  if (process.stdin.isTTY) socket.end();
  else process.stdin.pipe(socket);
  return Promise.race([failed, answered(createInterface({ input: socket }))]);
}

async function answered(lines: AsyncIterable<string>): Promise<number> {
  for await (const text of lines) {
    const line = execLine.parse(JSON.parse(text));
    if ('exitCode' in line) return line.exitCode;
    if ('stdout' in line) process.stdout.write(line.stdout);
    else process.stderr.write(line.stderr);
  }
  return NOT_RUN;
}

process.exitCode = await main(process.argv.slice(2));
process.stdin.destroy();
