import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { createGateway } from '../../../server/gateway/gateway.ts';
import { FakeUpstream } from './in-process.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'head-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The head of an answer as it is written: names and values in their order. */
async function headOf(path: string, headers = {}): Promise<string[]> {
  const engine = new FakeUpstream((_, res) => {
    res.writeHead(200, { server: 'Docker', 'api-version': '1.45', 'content-length': 3 }).end('[]\n');
  });
  const listener = await createGateway({ clock: new VirtualClock(), engine, swarm: undefined }).listen(
    join(folder, 'docker.sock'),
  );
  const raw = await new Promise<string[]>((resolve, reject) => {
    request({ socketPath: listener.path, path, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.rawHeaders));
    })
      .on('error', reject)
      .end();
  });
  await listener.close();
  engine.close();
  const at = raw.indexOf('Date');
  if (at >= 0) raw[at + 1] = 'now';
  return raw;
}

test('the head of an answer is written as dockerd writes it', async () => {
  expect(await headOf('/images/json', { connection: 'keep-alive' })).toEqual([
    ...['Api-Version', '1.45', 'Server', 'Docker'],
    ...['Date', 'now', 'Content-Length', '3'],
  ]);
});

test('a connection that is not to stay is told so', async () => {
  expect(await headOf('/images/json', { connection: 'close' })).toContain('Connection');
});
