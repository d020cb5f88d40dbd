import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../e2e/support/free-port.ts';

const COMMAND = resolve(import.meta.dirname, '..', '..', 'bin', 'swarmlab.mjs');
/** Bytes of a disk that the server's database just fits on. */
const SIZE = 800 * 1024;

let disk: string;

beforeAll(() => {
  disk = mkdtempSync(join(tmpdir(), 'sl-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'swarmlab-test', disk]);
});

afterAll(() => {
  execFileSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

function fill(): void {
  try {
    writeFileSync(join(disk, 'fill'), Buffer.alloc(2 * SIZE));
  } catch {
    // That is what it is for: as much as there was room for has been written.
  }
}

const serve = async (nodes: string, limit: number) =>
  spawnSync(process.execPath, [COMMAND, 'serve', '--nodes', nodes, '--port', String(await freePort())], {
    env: { ...process.env, SWARMLAB_STATE: join(disk, 'state') },
    encoding: 'utf8',
    timeout: limit,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

test.each(['never', 'before'])('a full disk is named, and the server ends, where it has %s run', async (ran) => {
  rmSync(join(disk, 'fill'), { force: true });
  if (ran === 'before') expect((await serve('dind', 8000)).stdout).toContain('Open');
  fill();
  for (const nodes of ['dind', 'embedded']) {
    const { status, stderr } = await serve(nodes, 30_000);
    expect([status, stderr], nodes).toEqual([3, expect.stringContaining('error[SL_DISK_FULL]')]);
    expect(stderr).toContain('Free some space');
  }
});
