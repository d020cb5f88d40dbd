import { WebSocket } from 'ws';
import { overWebSocket } from '../../orchestrator/dispatcher/websocket-transport.ts';
import { parseManagerMessage } from './manager-message.ts';
import type { ConnectManager } from './session-loop.ts';

const HANDSHAKE_TIMEOUT = 5_000;

/** Dials the cluster host over the cluster's own network, with the node's own credential. `url` is `ws://ADDRESS:PORT`. */
export function dialHost(url: string, credential: string): ConnectManager {
  return (signal) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(new URL('/agent', url), {
        headers: { authorization: `Bearer ${credential}` },
        handshakeTimeout: HANDSHAKE_TIMEOUT,
        perMessageDeflate: false,
      });
      const abort = () => socket.terminate();
      signal.addEventListener('abort', abort, { once: true });
      const settle = (outcome: () => void) => {
        signal.removeEventListener('abort', abort);
        socket.removeAllListeners('error');
        outcome();
      };
      // What comes after the first error of a socket that never opened is of no interest, but has to be heard.
      socket.once('error', (error) => {
        settle(() => reject(error));
        socket.on('error', () => {});
      });
      socket.once('open', () => settle(() => resolve(overWebSocket(socket, parseManagerMessage))));
    });
}
