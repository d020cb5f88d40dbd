import { WebSocket } from 'ws';
import { MAX_INPUT_BYTES, TERMINAL_GONE } from './protocol.ts';
import { keepAlive, toBytes } from './terminal-socket.ts';

/** WebSocket close codes (RFC 6455, 7.4.1): 1005 and 1006 stand for "none" and may not be sent. */
const GOING_AWAY = 1001;
const TRY_AGAIN = 1013;

/**
 * Joins a browser's socket to a node's, message by message, until either closes. Neither sequence numbers nor acknowledgements are
 * touched, so flow control works from the browser to the PTY and this end holds no more than one window of output.
 */
export function relay(browser: WebSocket, node: WebSocket): void {
  const stopPinging = keepAlive(browser);
  const early: { data: Buffer; binary: boolean }[] = [];
  let earlyBytes = 0;

  browser.on('message', (data, binary) => {
    const bytes = toBytes(data);
    if (node.readyState === WebSocket.OPEN) {
      node.send(bytes, { binary });
      return;
    }
    earlyBytes += bytes.length;
    if (earlyBytes > MAX_INPUT_BYTES) browser.close(TRY_AGAIN, 'the node is not ready for this much');
    else early.push({ data: bytes, binary });
  });
  node.on('unexpected-response', (_request, response) => {
    if (response.statusCode === 404) browser.close(TERMINAL_GONE, 'there is no such terminal any more');
    node.terminate();
  });
  node.on('open', () => {
    for (const { data, binary } of early.splice(0)) node.send(data, { binary });
  });
  node.on('message', (data, binary) => {
    if (browser.readyState === WebSocket.OPEN) browser.send(toBytes(data), { binary });
  });

  browser.on('close', () => {
    stopPinging();
    node.close(GOING_AWAY);
  });
  node.on('close', (code, reason) => {
    if (code === 1000 || code === 1008) browser.close(code, reason.toString());
    else browser.close(TRY_AGAIN, 'the node does not answer');
  });
  browser.on('error', () => browser.terminate());
  node.on('error', () => node.terminate());
}
