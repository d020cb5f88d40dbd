import { type RawData, WebSocket } from 'ws';
import { clientMessage, encodeOutput } from './protocol.ts';
import type { Terminal } from './terminal.ts';

/** A socket that did not answer a ping within this time is dead: it must not hold the PTY. */
const PING_PERIOD = 15_000;

/** WebSocket close codes: 1008 is "policy violation" (RFC 6455, 7.4.1). */
const BAD_MESSAGE = 1008;

/** One chunk of bytes from what `ws` gives, whichever of its three forms it has. */
export function toBytes(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}

/** Shows `terminal` to whoever is at the other end of `socket`, from byte `from` on, until it closes. */
export function serveViewer(terminal: Terminal, socket: WebSocket, from: number): void {
  const attachment = terminal.attach(from, {
    bytes: (sequence, bytes) => socket.send(encodeOutput(sequence, bytes)),
    message: (message) => socket.send(JSON.stringify(message)),
  });
  const stopPinging = keepAlive(socket);
  socket.on('message', (data, isBinary) => {
    if (isBinary) {
      terminal.input(toBytes(data));
      return;
    }
    const message = clientMessage.safeParse(parseJson(toBytes(data).toString()));
    if (!message.success) {
      socket.close(BAD_MESSAGE, 'not a message of this protocol');
    } else if (message.data.type === 'ack') {
      attachment.acknowledge(message.data.sequence);
    } else {
      terminal.resize({ columns: message.data.cols, rows: message.data.rows });
    }
  });
  socket.on('close', () => {
    stopPinging();
    attachment.dispose();
  });
  // `ws` reports a protocol error here and closes the socket itself; unheard it would end the process.
  socket.on('error', () => socket.terminate());
}

/** Pings `socket` and terminates it when it stops answering. Returns what stops that. */
export function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) socket.terminate();
    answered = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, PING_PERIOD);
  return () => clearInterval(timer);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
