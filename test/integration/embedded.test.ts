import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClusterFolder } from '../../server/clusters/state-folder.ts';
import { clusterStage } from '../parity/cluster-stage.ts';
import { compare, readRecording } from '../parity/reference.ts';
import { replay } from '../parity/replay.ts';
import { readScenario } from '../parity/scenario.ts';
import { expectFilesToWork } from '../support/files-on-a-node.ts';

const CLUSTER = `embedded-${process.pid}`;
const ROOT = join(import.meta.dirname, '..', '..');
const PARITY = join(ROOT, 'test', 'parity');

function swarmlab(...args: string[]): string {
  return execFileSync(process.execPath, [join(ROOT, 'bin', 'swarmlab.mjs'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

beforeAll(() => {
  swarmlab('cluster', 'up', CLUSTER, '--nodes', 'embedded');
});

afterAll(() => {
  swarmlab('cluster', 'down', CLUSTER);
  expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(`/clusters/${CLUSTER}/`);
});

const stage = clusterStage(CLUSTER);
const on = async (node: string, command: string) => (await stage.run(node, command)).out.trim();

test('a shell on a node has the node’s name, its own files and nothing of this machine', async () => {
  expect(await on('worker1', 'hostname')).toBe('worker1.docker-dca.example');
  expect(await on('worker1', 'echo kept > ~/note; echo too > /tmp/note; whoami')).toBe('vagrant');
  expect(await on('worker1', 'cat ~/note /tmp/note')).toBe('kept\ntoo');
  expect(await on('worker2', 'ls ~ /tmp/note 2>&1')).toMatch(/cannot access '\/tmp\/note'/);
  expect(await on('worker1', `ls ${ROOT} 2>&1; ls /root 2>&1`)).toMatch(/No such file.*\n.*No such file/);
  expect(await on('worker1', 'ls /proc | grep -c "^[0-9]"')).toMatch(/^[1-9]$/);
});

test('the student’s files are the same in the page and in the shell, and links lead nowhere', async () => {
  const { agentSocket } = new ClusterFolder(CLUSTER).node('worker2');
  await expectFilesToWork(agentSocket, (command) => on('worker2', command));
});

test('a published port is answered under every node’s name by a real connection', async () => {
  await on('master', 'docker service create -d -q --name web --replicas 2 --publish 8080:80 nginx 2>/dev/null');
  const ask =
    'for n in master worker1 worker2 registry; do curl -s --retry 20 --retry-connrefused --retry-delay 1 http://$n.docker-dca.example:8080 | grep -c "Welcome to nginx"; done';
  expect(await on('worker2', ask)).toBe('2\n2\n2\n2');
  await on('master', 'docker service rm web');
});

test('two clusters share a process, not a user nor limits; when it dies both are there again, empty', async () => {
  const other = `${CLUSTER}-b`;
  swarmlab('cluster', 'up', other, '--nodes', 'embedded');
  try {
    const ownerOf = (name: string) => Number(readFileSync(new ClusterFolder(name).hostLock, 'utf8'));
    expect(ownerOf(other)).toBe(ownerOf(CLUSTER));
    const neighbour = clusterStage(other);
    const user = async (of: typeof stage) => (await of.run('master', 'id -u')).out;
    if (process.getuid?.() === 0) expect(await user(neighbour)).not.toBe(await user(stage));
    const before = ownerOf(other);
    process.kill(before, 'SIGKILL');
    for (const of of [stage, neighbour]) {
      expect((await of.run('master', 'docker node ls -q | wc -l')).out.trim()).toBe('4');
    }
    expect(ownerOf(other)).toBe(ownerOf(CLUSTER));
    expect(ownerOf(other)).not.toBe(before);
  } finally {
    swarmlab('cluster', 'down', other);
  }
});

test('images are built, saved, loaded and committed, files copied both ways, and nginx serves what was put in', async () => {
  const files = `mkdir -p ~/site && cd ~/site && echo '<h1>mine</h1>' > index.html &&
    printf 'FROM nginx\\nLABEL who=me\\nCOPY index.html /usr/share/nginx/html/\\nRUN echo built > /built\\n' > Dockerfile`;
  const built = await on(
    'worker1',
    `${files}; docker build -t mine:1 . 2>/dev/null | tail -1; docker run -d -q --name m mine:1`,
  );
  expect(built).toMatch(/^Successfully tagged mine:1\n[0-9a-f]{64}$/);
  expect(await on('worker1', 'docker exec m wget -qO- http://127.0.0.1/; docker exec m cat /built')).toBe(
    '<h1>mine</h1>\nbuilt',
  );
  const copied =
    'cd ~; echo new > o.html; docker cp -q o.html m:/usr/share/nginx/html/; docker cp -q m:/usr/share/nginx/html/o.html back; cat back';
  expect(await on('worker1', copied)).toBe('new');
  const saved =
    'cd ~; docker commit m mine:2 >/dev/null; docker rm -f m >/dev/null; docker save -o two.tar mine:2; docker rmi mine:2 >/dev/null; docker load -q -i two.tar';
  expect(await on('worker1', saved)).toBe('Loaded image: mine:2');
  expect(await on('worker1', 'docker run --rm mine:2 cat /usr/share/nginx/html/o.html /built')).toBe('new\nbuilt');
  expect(
    await on(
      'worker1',
      'docker run -m 10m --name big alpine tail /dev/zero; echo $?; docker inspect -f "{{.State.OOMKilled}}" big',
    ),
  ).toBe('137\ntrue');
  expect(await on('worker2', 'docker run --rm mine:2 true 2>&1 | head -1')).toContain(
    "Unable to find image 'mine:2' locally",
  );
  await on('worker1', 'docker rm -f big; docker rmi mine:1 mine:2');
});

test('a node that is cut off loses its address, and gets it back', async () => {
  await stage.power('worker2', 'kill');
  expect((await stage.run('master', 'ping -c 1 -W 1 worker2.docker-dca.example')).exit).not.toBe(0);
  await stage.power('worker2', 'start');
  expect((await stage.run('master', 'getent hosts worker2.docker-dca.example')).out).toContain('10.10.10.120');
});

test.each([
  '002-create-warning-text',
  '021-names',
  '023-list-filters',
  '028-scale-errors',
  '040-port-errors',
  '075-constraint-errors',
  '114-secret-errors',
  '119-config-errors',
])('%s is answered as by a real Swarm', async (name) => {
  const played = await replay(stage, readScenario(join(PARITY, 'scenarios', `${name}.txt`)));
  const { differences } = compare(readRecording(join(PARITY, 'reference', `${name}.json`)), played);
  expect(differences.join('\n')).toBe('');
});
