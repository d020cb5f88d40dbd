import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Progress } from '../../server/clusters/progress.ts';
import { callApi } from '../../server/clusters/provisioning/engine-api.ts';
import { decodeOutput, TERMINAL_PROTOCOL } from '../../server/terminals/protocol.ts';
import { withCluster } from './bench-cluster.ts';
import { type Measurement, percentile } from './measurement.ts';

const KEYS = 400;
/** Milliseconds for a shell to print its prompt. */
const PROMPT = 1_500;
const GOAL = 5;

/** Milliseconds from a key's being sent to a node's terminal until its echo is back: the 95th percentile. */
export async function benchEcho(_runs: number, tell: Progress): Promise<Measurement[]> {
  return withCluster('builtin', async (cluster) => {
    const socketPath = cluster.agentSocket('worker1');
    const { id } = z
      .object({ id: z.string() })
      .parse(await callApi(socketPath, 'POST', '/v0/terminals', { cols: 80, rows: 24 }));
    const socket = new WebSocket(`ws+unix://${socketPath}:/v0/terminals/${id}`, TERMINAL_PROTOCOL);
    await once(socket, 'open');
    await new Promise((resolve) => setTimeout(resolve, PROMPT));
    const times: number[] = [];
    for (let key = 0; key < KEYS; key++) times.push(await echo(socket));
    socket.close();
    await callApi(socketPath, 'DELETE', `/v0/terminals/${id}`);
    const p95 = percentile(times, 0.95);
    tell(`${KEYS} keys: p50 ${percentile(times, 0.5).toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`);
    return [{ name: 'echo in a terminal, p95', unit: 'ms', ours: p95, goal: { atMost: GOAL }, runs: { ours: times } }];
  });
}

/** Sends a letter, waits until it is back, and takes it away again. */
async function echo(socket: WebSocket): Promise<number> {
  const began = performance.now();
  await answered(socket, 'x');
  const took = performance.now() - began;
  await answered(socket, '\x7f');
  return took;
}

function answered(socket: WebSocket, key: string): Promise<void> {
  return new Promise((resolve) => {
    const hear = (data: Buffer, isBinary: boolean) => {
      const output = isBinary ? decodeOutput(data) : undefined;
      if (output === undefined) return;
      socket.off('message', hear);
      socket.send(JSON.stringify({ type: 'ack', sequence: output.sequence + output.bytes.length }));
      resolve();
    };
    socket.on('message', hear);
    socket.send(Buffer.from(key));
  });
}
