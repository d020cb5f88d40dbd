import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Swarmlab } from '../support/swarmlab.ts';

const NAME = `t${randomBytes(3).toString('hex')}`;
const NODES = ['master', 'worker1', 'worker2', 'registry'];
const swarmlab = new Swarmlab();

/** Everything on the engine that belongs to the cluster, as names. */
function onEngine(): string[] {
  const filter = `label=swarmlab.cluster=${NAME}`;
  const list = (...args: string[]) =>
    execFileSync('docker', [...args, '--filter', filter], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean);
  return [
    ...list('ps', '-a', '--format', '{{.Names}}'),
    ...list('volume', 'ls', '--format', '{{.Name}}'),
    ...list('network', 'ls', '--format', '{{.Name}}'),
  ];
}

const hostProcess = () => readFileSync(join(swarmlab.state, 'clusters', NAME, 'host.pid'), 'utf8').trim();

let made: { subnet: string; nodes: { name: string; address: string; container: string; dockerHost: string }[] };
beforeAll(async () => {
  const args = ['cluster', 'up', NAME, '--nodes', 'dind', '--orchestrator', 'swarm', '--images-on', 'registry,worker2'];
  made = JSON.parse(await swarmlab.print(...args, '--json'));
});
afterAll(() => swarmlab.dispose());

describe('a cluster of Docker-in-Docker nodes', () => {
  it('is described as data: the four machines of the course at their addresses', () => {
    const prefix = made.subnet.replace(/\.0\/24$/, '');
    expect(made.nodes.map(({ name, address, container }) => [name, address, container])).toEqual([
      ['master', `${prefix}.100`, `swarmlab-${NAME}-master`],
      ['worker1', `${prefix}.110`, `swarmlab-${NAME}-worker1`],
      ['worker2', `${prefix}.120`, `swarmlab-${NAME}-worker2`],
      ['registry', `${prefix}.200`, `swarmlab-${NAME}-registry`],
    ]);
  });

  it('is one swarm with all nodes ready', async () => {
    const format = '{{.Hostname}} {{.Status}}{{.ManagerStatus}}';
    const { stdout } = await swarmlab.exec(NAME, 'master', `docker node ls --format '${format}'`);
    expect(stdout.trim().split('\n').sort()).toEqual([
      'master.docker-dca.example ReadyLeader',
      'registry.docker-dca.example Ready',
      'worker1.docker-dca.example Ready',
      'worker2.docker-dca.example Ready',
    ]);
  });

  it('leads from this machine to each node through its socket', () => {
    for (const { name, dockerHost } of made.nodes) {
      const { Name } = JSON.parse(
        execFileSync('docker', ['-H', dockerHost, 'info', '--format', '{{json .}}'], { encoding: 'utf8' }),
      );
      expect(Name).toBe(`${name}.docker-dca.example`);
    }
  });

  it('has the images only where they were wanted', async () => {
    const images = await Promise.all(
      NODES.map(async (node) => (await swarmlab.exec(NAME, node, 'docker images -q | sort -u | wc -l')).stdout.trim()),
    );
    expect(images).toEqual(['0', '0', '2', '2']);
    const { exitCode, stdout } = await swarmlab.exec(NAME, 'worker2', 'docker run --rm alpine echo ran');
    expect([exitCode, stdout]).toEqual([0, 'ran\n']);
  });

  it('gives the student a login of an ordinary user who may use Docker', async () => {
    const { stdout } = await swarmlab.exec(NAME, 'worker1', 'id -un; id -Gn; pwd; echo $HOME; hostname');
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      'vagrant',
      'vagrant docker',
      '/home/vagrant',
      '/home/vagrant',
      'worker1.docker-dca.example',
    ]);
  });

  it("keeps the student away from the node's own engine and from what the node shares with this machine", async () => {
    for (const path of ['/run/swarmlab', '/run/swarmlab-host', '/run/swarmlab-engine', '/var/lib/docker']) {
      expect((await swarmlab.exec(NAME, 'master', `ls ${path}`)).exitCode, path).not.toBe(0);
    }
  });

  it("keeps a command's input, outputs and exit code apart", async () => {
    const outcome = await swarmlab.exec(NAME, 'master', 'cat; echo problem >&2; exit 7', 'out\n');
    expect(outcome).toEqual({ exitCode: 7, stdout: 'out\n', stderr: 'problem\n' });
  });

  it('keeps arguments as they are', async () => {
    const { stdout } = await swarmlab.run([
      'cluster',
      'exec',
      NAME,
      'master',
      '--',
      'printf',
      '%s|',
      'a b',
      '$HOME',
      '--',
      '-x',
    ]);
    expect(stdout).toBe('a b|$HOME|--|-x|');
  });

  it('resolves its machines and what the exercises ask for, without internet', async () => {
    for (const name of ['master', 'worker2.docker-dca.example', 'google.com']) {
      expect((await swarmlab.exec(NAME, 'worker1', `ping -c 1 -W 2 ${name}`)).exitCode, name).toBe(0);
    }
  });

  it('refuses a second cluster of the same name, and a subnet that is in use', async () => {
    const twice = await swarmlab.run(['cluster', 'up', NAME]);
    expect([twice.exitCode, twice.stderr]).toEqual([2, expect.stringContaining('error[SL_CLUSTER_EXISTS]')]);
    const taken = await swarmlab.run(['cluster', 'up', `${NAME}x`, '--subnet', made.subnet]);
    expect([taken.exitCode, taken.stderr]).toEqual([2, expect.stringContaining('error[SL_SUBNET_TAKEN]')]);
    expect(await swarmlab.print('cluster', 'ls')).not.toContain(`${NAME}x`);
  });

  it('names a node that is not there, and those that are', async () => {
    const { exitCode, stderr } = await swarmlab.run(['cluster', 'exec', NAME, 'worker9', '--', 'true']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/error\[SL_NODE_NOT_FOUND\].*worker9\n {2}.*master, worker1, worker2, registry/);
  });

  it('survives the death of its host: the next command starts another, which finds the nodes as they are', async () => {
    const started = await swarmlab.exec(NAME, 'worker2', 'docker run -d --name stays alpine sleep 1000');
    process.kill(Number(hostProcess()), 'SIGKILL');
    const clusters = JSON.parse(await swarmlab.print('cluster', 'ls', '--json'));
    expect(clusters).toMatchObject([{ name: NAME, state: 'ready' }]);
    const { stdout } = await swarmlab.exec(
      NAME,
      'worker2',
      'docker ps --no-trunc --filter name=stays --format {{.ID}}',
    );
    expect(stdout).toBe(started.stdout);
  });

  it('leaves nothing behind when it is removed', async () => {
    expect(onEngine()).not.toEqual([]);
    const host = Number(hostProcess());
    await swarmlab.print('cluster', 'down', NAME);
    expect(onEngine()).toEqual([]);
    await expect.poll(() => isAlive(host)).toBe(false);
    expect(await swarmlab.print('cluster', 'ls', '--json')).toBe('[]\n');
  });
});

/** A process that has ended and that nobody has asked about yet is not alive. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
