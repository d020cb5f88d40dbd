import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClusterFolder, stateFolder } from '../../server/clusters/state-folder.ts';
import { percentile } from '../bench/measurement.ts';
import { NodeTerminal } from '../support/node-terminal.ts';
import { EXHAUSTIONS, FOUND, OUT, type Prey, waysOut } from '../support/ways-out.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const ATTACKER = `out-${process.pid}`;
const NEIGHBOUR = `in-${process.pid}`;
/** Milliseconds that a student may wait for a letter to be shown, whatever others do. */
const ECHO_GOAL = 100;
/** Milliseconds for which something that never ends is let run. */
const ENDLESS = 4_000;

const swarmlab = (...args: string[]) =>
  execFileSync(process.execPath, [join(ROOT, 'bin', 'swarmlab.mjs'), ...args], { encoding: 'utf8', stdio: 'pipe' });
const agentOf = (cluster: string) => new ClusterFolder(cluster).node('master').agentSocket;
/** KiB that the cluster takes on this machine's disk. */
const diskOf = (cluster: string) =>
  Number(execFileSync('du', ['-skx', new ClusterFolder(cluster).path], { encoding: 'utf8' }).split('\t')[0]);

let prey: Prey;
let servers: Server[];
let neighbour: NodeTerminal;

beforeAll(async () => {
  const secret = `secret-${randomBytes(12).toString('hex')}`;
  const file = join(stateFolder(), `secret-${process.pid}`);
  const abstractSocket = `swarmlab-${randomBytes(6).toString('hex')}`;
  swarmlab('cluster', 'up', ATTACKER, '--nodes', 'embedded');
  swarmlab('cluster', 'up', NEIGHBOUR, '--nodes', 'embedded');
  writeFileSync(file, secret, { mode: 0o644 });
  servers = [createServer((_, response) => response.end(secret)), createServer((_, response) => response.end(secret))];
  await new Promise<void>((resolve) => servers[0]?.listen(0, '::', resolve));
  await new Promise<void>((resolve) => servers[1]?.listen(`\0${abstractSocket}`, resolve));
  const bound = servers[0]?.address();
  prey = {
    file,
    secret,
    abstractSocket,
    pid: process.pid,
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    addresses: Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => address),
    state: stateFolder(),
    neighbour: NEIGHBOUR,
    neighbourPort: 8080,
    engineSocket: '/var/run/docker.sock',
  };
  neighbour = await NodeTerminal.open(agentOf(NEIGHBOUR));
  await neighbour.run('docker service create -d -q --name web --publish 8080:80 nginx; echo mine > ~/note');
  const answered = 'curl -s --retry 20 --retry-connrefused --retry-delay 1 http://worker1.docker-dca.example:8080';
  expect(await neighbour.run(answered)).toContain('Welcome to nginx');
});

afterAll(async () => {
  await neighbour?.close();
  for (const server of servers ?? []) server.close();
  rmSync(prey.file, { force: true });
  for (const name of [ATTACKER, NEIGHBOUR]) swarmlab('cluster', 'down', name);
});

/** Measures the neighbour's echo until told to stop; gives its 95th percentile in milliseconds. */
function watchEcho(): () => Promise<number> {
  let going = true;
  const times: number[] = [];
  const sampling = (async () => {
    while (going) {
      times.push(await neighbour.echo());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return async () => {
    going = false;
    await sampling;
    return percentile(times, 0.95);
  };
}

test('none of the ways out of a terminal leads anywhere, and a neighbour notices nothing', async () => {
  const stop = watchEcho();
  const found: string[] = [];
  let terminal = await NodeTerminal.open(agentOf(ATTACKER));
  for (const { name, script, limit } of waysOut(prey)) {
    const output = await terminal.run(`${OUT}${script}`, limit).catch((error: unknown) => String(error));
    if (output.includes(FOUND)) found.push(`${name}: ${output}`);
    if (!(await terminal.run('echo alive').catch(() => '')).includes('alive')) {
      await terminal.close();
      terminal = await NodeTerminal.open(agentOf(ATTACKER));
    }
  }
  await terminal.close();
  expect(found).toEqual([]);
  expect(waysOut(prey).length + EXHAUSTIONS.length).toBeGreaterThanOrEqual(30);
  expect(await stop()).toBeLessThan(ECHO_GOAL);
});

test.each(EXHAUSTIONS)('$name harms nobody else', async ({ script, reading }) => {
  const disk = diskOf(ATTACKER);
  const terminal = await NodeTerminal.open(agentOf(ATTACKER));
  terminal.reading = reading;
  const stop = watchEcho();
  terminal.type(`${script}\r`);
  await new Promise((resolve) => setTimeout(resolve, ENDLESS));
  const p95 = await stop();
  expect(await neighbour.run('cat ~/note; docker node ls -q | wc -l; ls ~')).toMatch(/mine\r\n4\r\nnote\r\n/);
  expect(processesIn(ATTACKER)).toBeLessThan(600);
  expect(diskOf(ATTACKER) - disk).toBeLessThan(1024);
  await terminal.close();
  expect(p95).toBeLessThan(ECHO_GOAL);
  // The student who did it is alone with it, and gets on after hanging up.
  const again = await NodeTerminal.open(agentOf(ATTACKER));
  const tidy =
    'docker service ls -q | xargs -r docker service rm; docker ps -aq | xargs -r docker rm -f; rm -rf ~/* /tmp/*';
  expect(await again.run(`(${tidy}) > /dev/null 2>&1; echo still here`, 60_000)).toContain('still here');
  await again.close();
});

/** Processes of this machine that run in the cluster's shells: those of its user. */
function processesIn(cluster: string): number {
  const uid = readdirSync(join(stateFolder(), 'users')).find(
    (name) => readFileSync(join(stateFolder(), 'users', name), 'utf8') === new ClusterFolder(cluster).path,
  );
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/status`, 'utf8').includes(`\nUid:\t${uid}\t`);
    } catch {
      return false;
    }
  }).length;
}
