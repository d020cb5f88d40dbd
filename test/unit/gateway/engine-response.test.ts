import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { createGateway } from '../../../server/gateway/gateway.ts';
import type { Listener } from '../../../server/gateway/listener.ts';
import { FakeUpstream } from './in-process.ts';

let folder: string;
let engine: FakeUpstream;
let listener: Listener;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'head-'));
  engine = new FakeUpstream((_, res) => {
    res.writeHead(200, { server: 'Docker', 'api-version': '1.45', 'content-length': 3 }).end('[]\n');
  });
  const gateway = createGateway({ clock: new VirtualClock(), engine, swarm: undefined });
  listener = await gateway.listen(join(folder, 'docker.sock'));
});

afterEach(async () => {
  await listener.close();
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The head of an answer as it is written, names and values in their order, and whether its connection had been used before. */
function ask(agent: Agent | undefined, headers = {}): Promise<{ head: string[]; reused: boolean }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: listener.path, path: '/images/json', headers, agent }, (answer) => {
      const head = [...answer.rawHeaders];
      const at = head.indexOf('Date');
      if (at >= 0) head[at + 1] = 'now';
      // The agent takes a connection back in its own time.
      answer.resume().on('end', () => setImmediate(() => resolve({ head, reused: asked.reusedSocket })));
    });
    asked.on('error', reject).end();
  });
}

test('the head of an answer is written as dockerd writes it', async () => {
  expect((await ask(undefined, { connection: 'keep-alive' })).head).toEqual([
    ...['Api-Version', '1.45', 'Server', 'Docker'],
    ...['Date', 'now', 'Content-Length', '3'],
  ]);
});

test('a connection that is not to stay is told so', async () => {
  const { head } = await ask(undefined, { connection: 'close' });
  expect(head).toEqual(expect.arrayContaining(['Connection', 'close']));
});

test('a connection stays open for the next request', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const reused = [];
  for (let turn = 0; turn < 3; turn++) reused.push((await ask(agent)).reused);
  agent.destroy();
  expect(reused).toEqual([false, true, true]);
});
