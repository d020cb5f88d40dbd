import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClusterFolder } from '../../server/clusters/state-folder.ts';
import { NodeFiles } from '../../server/workspaces/files/node-files.ts';
import { NodeTerminal } from '../support/node-terminal.ts';
import { pathWithoutSandbox } from '../support/without-sandbox.ts';

/** A machine that allows no sandbox. */
const CLUSTER = `plain-${process.pid}`;
const ROOT = join(import.meta.dirname, '..', '..');
const work = mkdtempSync(join(tmpdir(), 'swarmlab-plain-'));
const before = { ...process.env };

const swarmlab = (...args: string[]) =>
  execFileSync(process.execPath, [join(ROOT, 'bin', 'swarmlab.mjs'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
const on = (node: string, script: string) =>
  swarmlab('cluster', 'exec', CLUSTER, node, '--', 'sh', '-c', script).trim();

let terminal: NodeTerminal;

beforeAll(async () => {
  process.env.PATH = pathWithoutSandbox(work);
  process.env.SWARMLAB_STATE = join(work, 'state');
  swarmlab('cluster', 'up', CLUSTER, '--nodes', 'embedded');
  terminal = await NodeTerminal.open(new ClusterFolder(CLUSTER).node('master').agentSocket);
});

afterAll(async () => {
  await terminal?.close();
  swarmlab('cluster', 'down', CLUSTER);
  Object.assign(process.env, before);
  delete process.env.SWARMLAB_STATE;
  rmSync(work, { recursive: true, force: true });
});

test('commands are run by a simulated shell, in which docker is the real client', () => {
  expect(on('worker1', 'hostname; whoami; echo $HOME')).toBe('worker1.docker-dca.example\nvagrant\n/home/vagrant');
  expect(on('master', 'docker version --format "{{.Client.Version}}"')).toMatch(/^26\.1\./);
  expect(on('master', 'docker node ls -q | wc -l')).toBe('4');
  expect(
    on(
      'master',
      'docker service create -d -q --name web -p 8080:80 nginx 2>/dev/null >/dev/null; docker service ls | grep -c web',
    ),
  ).toBe('1');
  const ask =
    'for i in 1 2 3 4 5 6 7 8 9 10; do curl -s http://worker2.docker-dca.example:8080 | grep -q Welcome && break; sleep 1; done; echo $i';
  expect(Number(on('worker1', ask))).toBeLessThan(10);
});

test('the page has the files of the shell, and links lead nowhere', async () => {
  const files = new NodeFiles(new ClusterFolder(CLUSTER).node('worker2').agentSocket);
  await files.makeFolder('app');
  const version = await files.write('app/stack.yml', Buffer.from('services: {}\n'), 'new');
  expect(on('worker2', 'cat ~/app/stack.yml')).toBe('services: {}');
  on('worker2', 'echo by the shell > ~/app/note; ln -s /etc/passwd ~/way; ln -s /etc ~/ways');
  expect((await files.read('app/note')).content.toString()).toBe('by the shell\n');
  expect((await files.read('app/stack.yml')).version).toBe(version);
  for (const path of ['way', 'ways/passwd'])
    await expect(files.read(path), path).rejects.toMatchObject({ code: 'SL_FILE_REFUSED' });
  await files.move('app/note', 'note');
  await files.remove('app');
  const paths = (await files.list()).entries.map(({ path, kind }) => `${kind} ${path}`);
  expect(paths.filter((path) => !path.includes(' .'))).toEqual(['file note', 'link way', 'link ways']);
});

test('the client reads and writes files of the shell, none of this machine', () => {
  const secret = join(work, 'secret');
  writeFileSync(secret, 'of this machine');
  expect(on('master', 'echo A=1 > env; docker run --rm --env-file env alpine env | grep A=')).toBe('A=1');
  expect(
    on(
      'master',
      `docker config create stolen ${secret} 2>&1; docker run --rm --env-file ${secret} alpine env 2>&1; true`,
    ),
  ).toMatch(/^open .*no such file or directory\nopen .*no such file or directory$/);
  const deploy = `printf 'services:\\n  one:\\n    image: nginx\\nsecrets:\\n  s:\\n    file: ${secret}\\n' > s.yml; docker stack deploy -d -c s.yml app 2>&1; docker secret ls -q | wc -l`;
  expect(on('master', deploy)).toMatch(/no such file or directory\n0$/);
  expect(on('master', 'docker -H tcp://127.0.0.1:1 ps 2>&1; docker compose version 2>&1; true')).toBe(
    "docker: the simulated shell starts docker without -H\ndocker: 'compose' is not a docker command here.\nSee 'docker --help'",
  );
  expect(readFileSync(secret, 'utf8')).toBe('of this machine');
});

test('a terminal has a prompt, history, Ctrl-C, and lends itself to the client', async () => {
  expect(await terminal.run('docker node ls --format "{{.Hostname}}" | sort | head -1')).toContain(
    'master.docker-dca.example',
  );
  const again = terminal.until((text) => text.includes('thrice') && text.includes('~$ '), 5_000);
  terminal.type('echo thrice\r\x1b[A\r');
  expect(await again).toContain('thrice');
  // The client itself turns the colours and the progress on: it has a terminal.
  const container = terminal.until((text) => text.includes('/ # '), 10_000);
  terminal.type('docker run -it --rm alpine sh\r');
  await container;
  const inside = terminal.until((text) => /\r\n[0-9a-f]{12}\r\n/.test(text), 10_000);
  terminal.type('hostname\r');
  await inside;
  const out = terminal.until((text) => text.includes('vagrant@master:~$ '), 10_000);
  terminal.type('exit\r');
  await out;
  const following = terminal.until((text) => text.includes('start worker'), 15_000);
  terminal.type('docker service logs -f web\r');
  await following;
  const back = terminal.until((text) => text.includes('vagrant@master:~$ '), 10_000);
  terminal.type('\x03');
  await back;
  const stopped = terminal.until((text) => text.includes('^C') && text.includes('vagrant@master:~$ '), 10_000);
  terminal.type('while :; do :; done\r');
  setTimeout(() => terminal.type('\x03'), 300);
  await stopped;
  expect(await terminal.run('for i in 1 2; do\n  echo line $i\ndone')).toContain('line 2');
});

test('a lab’s solution passes in simulated shells as it does in real ones', () => {
  const report = swarmlab('grade', 'swarm-services', '--solution', '--nodes', 'embedded');
  expect(report).toMatch(/(\d+) of \1 points/);
});
