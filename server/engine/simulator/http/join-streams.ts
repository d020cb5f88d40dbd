import type { Duplex } from 'node:stream';
import type { ProgramIo } from '../program-io.ts';
import { frame } from './request.ts';

/**
 * Joins a client's raw connection to a program's streams: what comes in is the program's input, what it prints goes out (framed, unless
 * it is a terminal). A client that half-closes ends the input only.
 */
export function joinStreams(socket: Duplex, io: ProgramIo, options: { input?: boolean } = {}): { end(): void } {
  const output = io.attach((stream, text) => {
    if (!socket.writable) return;
    const data = Buffer.from(text);
    socket.write(io.tty ? data : frame(stream, data));
  });
  const decoder = new TextDecoder();
  if (options.input !== false) {
    socket.on('data', (chunk: Buffer) => io.feed(decoder.decode(chunk, { stream: true })));
    socket.on('end', () => io.end());
  }
  socket.on('error', () => socket.destroy());
  socket.on('close', () => output.dispose());
  return {
    end: () => {
      output.dispose();
      socket.end();
    },
  };
}
