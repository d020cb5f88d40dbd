import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newLab } from '../../server/labs/new-lab.ts';
import { freePort } from '../e2e/support/free-port.ts';
import { Swarmlab } from '../support/swarmlab.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const COMMAND = join(ROOT, 'bin', 'swarmlab.mjs');
const swarmlab = new Swarmlab();
const lab = join(temporaryFolder('dev-'), 'my-lab.md');
let child: ChildProcessByStdio<null, Readable, Readable> | undefined;
let said = '';

/** Waits until `dev` has said something that fits, since `from`. */
const says = (pattern: RegExp, from = 0, timeout = 60_000) =>
  vi.waitFor(() => expect(said.slice(from)).toMatch(pattern), { timeout, interval: 100 });
const save = (change: (text: string) => string) => {
  const from = said.length;
  writeFileSync(lab, change(readFileSync(lab, 'utf8')));
  return from;
};

beforeAll(async () => {
  if (!existsSync(join(ROOT, 'build', 'client', 'index.html')))
    execFileSync(process.execPath, [join(ROOT, 'tools', 'build.mjs'), 'client'], { stdio: 'ignore' });
  writeFileSync(lab, newLab({ title: 'T', summary: 'S', minutes: 5, domain: 'orchestration', service: 'web' }));
  child = spawn(process.execPath, [COMMAND, 'dev', lab, '--nodes', 'embedded', '--port', String(await freePort())], {
    env: { ...process.env, SWARMLAB_STATE: swarmlab.state },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  await says(/is shown on the page/);
});
afterAll(async () => {
  const ended = child?.exitCode === null ? new Promise((done) => child?.once('exit', done)) : undefined;
  child?.kill('SIGINT');
  await ended;
  await swarmlab.dispose();
});

describe('a lab that is being written', () => {
  it('has its checks look at the cluster as it stands whenever it is saved', async () => {
    const { name } = JSON.parse(
      await vi.waitFor(
        async () => {
          const list = await swarmlab.print('cluster', 'ls', '--json');
          expect(JSON.parse(list)).toMatchObject([{ state: 'ready' }]);
          return list;
        },
        { timeout: 60_000, interval: 500 },
      ),
    )[0];
    await swarmlab.exec(name, 'master', 'docker service create -q -d --name web nginx');
    // Each save is one look at the cluster, where the task may still be on its way.
    await vi.waitFor(
      () => {
        const from = save((text) => `${text}\n`);
        return says(/^✓ Create the service/m, from, 5_000);
      },
      { timeout: 60_000, interval: 500 },
    );
    const from = save((text) => text.replace('running: 1', 'running: 7'));
    await says(/^✗ Create the service[^\n]*\n[^\n]*1 of 1 running[^\n]*expected 7/m, from);
  });

  it('keeps what it was while it has mistakes, and tells them with their places', async () => {
    const from = save((text) => text.replace('running: 7', 'runing: 7'));
    await says(/my-lab\.md:\d+:\d+: error: there is no `runing`, did you mean `running`\?/, from);
    await says(/The page keeps what it had/, from);
  });

  it('tells smells as well', async () => {
    const from = save((text) =>
      text.replace('runing: 7', 'running: 1').replace(/```md hint\n[^`]*```|```md hint\n[\s\S]*?\n```/, ''),
    );
    await says(/\[no-hint\]/, from);
  });
});
