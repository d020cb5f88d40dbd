import { createRequire } from 'node:module';
import type * as NodePty from 'node-pty';
import type { Pty, TerminalSize } from './pty.ts';

export interface ShellOptions {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  uid?: number;
  gid?: number;
}

const require = createRequire(import.meta.url);

/** Starts `file` in a pseudo-terminal of its own, as that user, with TERM=xterm-256color. Throws when it cannot be started. */
export function spawnNodePty(options: ShellOptions, size: TerminalSize): Pty {
  // Loaded with the first terminal: it is native, and a process that only grades opens none.
  const { spawn }: typeof NodePty = require('node-pty');
  const { file, args, ...rest } = options;
  // encoding null: bytes come as they are. A decoder here would have to keep what a read cuts off, and sequence numbers count bytes.
  const pty = spawn(file, args, {
    ...rest,
    name: 'xterm-256color',
    cols: size.columns,
    rows: size.rows,
    encoding: null,
  });
  return {
    write: (bytes) => pty.write(Buffer.from(bytes)),
    resize: (columns, rows) => pty.resize(columns, rows),
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    // With encoding null node-pty gives Buffers, whatever its types say.
    onData: (listener) => pty.onData((data: unknown) => data instanceof Uint8Array && listener(data)),
    onExit: (listener) => pty.onExit(({ exitCode, signal }) => listener(signal ? 128 + signal : exitCode)),
    kill: () => pty.kill('SIGHUP'),
  };
}
