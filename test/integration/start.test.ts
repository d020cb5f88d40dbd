import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../server/clusters/project-root.ts';
import { freePort } from '../e2e/support/free-port.ts';
import { Served } from '../e2e/support/served.ts';

/** `npm start` is three processes deep; whoever ends the outermost one, by whatever name it has, ends the server. */

const state = mkdtempSync(join(tmpdir(), 'sl-'));
afterAll(() => rmSync(state, { recursive: true, force: true }));

const CALLS = {
  'npm start': { program: 'npm', args: ['start', '--'] },
  'the set-up alone': { program: process.execPath, args: [join(PROJECT_ROOT, 'bin', 'setup.mjs'), 'start'] },
} as const;

it.each([
  { call: 'npm start', signal: 'SIGTERM' },
  { call: 'npm start', signal: 'SIGINT' },
  { call: 'the set-up alone', signal: 'SIGTERM' },
  { call: 'the set-up alone', signal: 'SIGINT' },
] as const)('$signal to $call ends the server before it ends itself', async ({ call, signal }) => {
  const { program, args } = CALLS[call];
  const port = await freePort();
  const served = await Served.start([...args, '--nodes', 'embedded', '--port', String(port)], port, state, program);
  expect((await fetch(served.origin)).status).toBeLessThan(500);
  await served.end(signal);
  await expect(fetch(served.origin)).rejects.toThrow('fetch failed');
});
