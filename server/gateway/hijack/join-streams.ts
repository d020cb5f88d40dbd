import type { Duplex, Readable } from 'node:stream';

/** The client's end of a joined connection: what it sends, and where to write. */
export interface ClientEnd {
  input: Readable;
  stream: Duplex;
}

/**
 * Lets a client and a container talk to each other. An end on one side is passed on as an end to the other, while the opposite
 * direction stays open (`echo x | docker run -i` ends its input long before the output comes). When the container's side is over, so
 * is the client's, once everything has been written; when the client breaks off, the container's side does too. `done` is called once
 * both are closed.
 */
export function joinStreams({ input, stream }: ClientEnd, container: Duplex, done: () => void): void {
  let open = 2;
  const closed = () => {
    open -= 1;
    if (open === 0) done();
  };
  input.pipe(container);
  container.pipe(stream);
  container.on('error', () => stream.destroy());
  container.on('close', () => {
    if (stream.writableEnded && !stream.writableFinished) stream.once('finish', () => stream.destroy());
    else stream.destroy();
    closed();
  });
  stream.on('close', () => {
    if (!(container.writableEnded && container.readableEnded)) container.destroy();
    closed();
  });
}
