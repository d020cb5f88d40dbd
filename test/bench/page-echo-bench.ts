import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Progress } from '../../server/clusters/progress.ts';
import { decodeOutput, TERMINAL_PROTOCOL } from '../../server/terminals/protocol.ts';
import { toBytes } from '../../server/terminals/terminal-socket.ts';
import { freePort } from '../e2e/support/free-port.ts';
import type { Served } from '../e2e/support/served.ts';
import { startStandInServer } from '../e2e/support/stand-in.ts';
import { StandInNodes } from '../e2e/support/stand-in-nodes.ts';
import { type Measurement, percentile } from './measurement.ts';
import { PageClient } from './page-client.ts';

const KEYS = 1000;
const WARM_UP = 100;
/** After so many keys the line is emptied, so that it does not grow beyond the window. */
const LINE = 60;
const CTRL_U = '\x15';
const GOAL = 5;

/**
 * Milliseconds from a key's leaving the page's socket until its echo is back, through the server (a process of its own) and its relay: the
 * 95th percentile. The shell is one of this machine.
 */
export async function benchPageEcho(_runs: number, tell: Progress): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sl-bench-'));
  const nodes = new StandInNodes(join(folder, 'nodes'));
  await nodes.start();
  const served = await startStandInServer(folder, await freePort());
  try {
    const socket = await openTerminal(served);
    const times = await pressKeys(socket);
    socket.close();
    const p95 = percentile(times, 0.95);
    tell(
      `${KEYS} keys through the page's server: p50 ${percentile(times, 0.5).toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`,
    );
    const name = "echo through the page's server, p95";
    return [{ name, unit: 'ms', ours: p95, goal: { atMost: GOAL }, runs: { ours: times } }];
  } finally {
    await served.kill();
    await nodes.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Presses keys one after the other, each when the one before has come back; gives the milliseconds that each took. */
async function pressKeys(terminal: WebSocket): Promise<number[]> {
  const times: number[] = [];
  for (let pressed = 0; pressed < WARM_UP + KEYS; pressed++) {
    if (pressed % LINE === 0) await press(terminal, CTRL_U, () => true);
    const key = String.fromCharCode('a'.charCodeAt(0) + (pressed % 26));
    const began = performance.now();
    await press(terminal, key, (text) => text.includes(key));
    if (pressed >= WARM_UP) times.push(performance.now() - began);
  }
  return times;
}

/** Presses a key and waits for output that is its echo. */
function press(terminal: WebSocket, key: string, isEcho: (text: string) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const listen = (data: WebSocket.RawData, binary: boolean) => {
      const output = binary ? decodeOutput(toBytes(data)) : undefined;
      if (output === undefined || !isEcho(Buffer.from(output.bytes).toString())) return;
      terminal.off('message', listen);
      resolve();
    };
    terminal.on('message', listen);
    terminal.send(Buffer.from(key), { binary: true });
  });
}

/** Signs in, starts a shell and opens its socket, as the page does. */
async function openTerminal(served: Served): Promise<WebSocket> {
  const page = await PageClient.signIn(served);
  const named = z.object({ id: z.string() });
  const { id: workspace } = await page.post(named, '', { lab: 'tour' });
  const { id } = await page.post(named, `/${workspace}/terminals`, { node: 'master', cols: 100, rows: 30 });
  const { ticket } = await page.post(z.object({ ticket: z.string() }), `/${workspace}/terminals/${id}/ticket`);
  return page.socket('/api/terminal', [TERMINAL_PROTOCOL, `ticket.${ticket}`]);
}
