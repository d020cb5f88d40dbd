import type { Connection } from './protocol.ts';

/** What is needed of a WebSocket, as the `ws` package has it. */
export interface MessageSocket {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  on(event: 'message', listener: (data: { toString(): string }) => void): unknown;
  on(event: 'close', listener: (code: number, reason: { toString(): string }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Why a peer that does not speak the protocol is cut off (RFC 6455, 7.4.1: policy violation). */
const POLICY_VIOLATION = 1008;
const NORMAL_CLOSURE = 1000;
/** A close frame has room for so many bytes of reason. */
const LONGEST_REASON = 120;

/**
 * A session over a WebSocket, one JSON text a message. `parse` checks what comes in and throws for what is no message of the protocol,
 * which ends the connection.
 */
export function overWebSocket<Incoming, Outgoing>(
  socket: MessageSocket,
  parse: (value: unknown) => Incoming,
): Connection<Incoming, Outgoing> {
  const early: Incoming[] = [];
  let deliver: ((message: Incoming) => void) | undefined;
  let tellClosed: ((reason: string) => void) | undefined;
  let closed: string | undefined;
  const end = (reason: string) => {
    if (closed !== undefined) return;
    closed = reason;
    tellClosed?.(reason);
  };
  socket.on('message', (data) => {
    if (closed !== undefined) return;
    let message: Incoming;
    try {
      message = parse(JSON.parse(data.toString()));
    } catch {
      socket.close(POLICY_VIOLATION, 'not a message of the protocol');
      end('the peer sent something that is no message of the protocol');
      return;
    }
    if (deliver === undefined) early.push(message);
    else deliver(message);
  });
  socket.on('close', (code, reason) => end(reason.toString() || `connection closed (${code})`));
  socket.on('error', (error) => end(error.message));
  return {
    send: (message) => {
      if (closed === undefined) socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => {
      deliver = listener;
      for (const message of early.splice(0)) listener(message);
    },
    onClose: (listener) => {
      tellClosed = listener;
      if (closed !== undefined) listener(closed);
    },
    close: (reason) => {
      socket.close(NORMAL_CLOSURE, reason.slice(0, LONGEST_REASON));
      end(reason);
    },
  };
}
