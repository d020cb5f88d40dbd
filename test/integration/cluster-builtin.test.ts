import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterFolder } from '../../server/clusters/state-folder.ts';
import { expectFilesToWork } from '../support/files-on-a-node.ts';
import { Swarmlab } from '../support/swarmlab.ts';

const NAME = `b${randomBytes(3).toString('hex')}`;
const NODES = ['master', 'worker1', 'worker2', 'registry'];
const ALPINE = 'registry.docker-dca.example:5000/alpine';
const NGINX = 'registry.docker-dca.example:5000/nginx';
const swarmlab = new Swarmlab();

const docker = async (node: string, command: string) => {
  const { exitCode, stdout, stderr } = await swarmlab.exec(NAME, node, `docker ${command}`);
  expect(exitCode, stderr).toBe(0);
  return stdout.trim();
};
const replicas = (service: string) => docker('master', `service ls --filter name=${service} --format '{{.Replicas}}'`);
const states = () => docker('master', "node ls --format '{{.Hostname}} {{.Status}}'");
const killHost = () =>
  process.kill(Number(readFileSync(join(swarmlab.state, 'clusters', NAME, 'host.pid'), 'utf8')), 'SIGKILL');
const onEngine = (...list: string[]) =>
  execFileSync('docker', [...list, '-q', '--no-trunc', '--filter', `label=swarmlab.cluster=${NAME}`], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter(Boolean);

beforeAll(() => swarmlab.print('cluster', 'up', NAME, '--nodes', 'dind'));
afterAll(() => swarmlab.dispose());

describe('a cluster with the builtin orchestrator', () => {
  it('answers a published port on every node, wherever the task is', async () => {
    await docker('master', `service create -q --name web -p 30080:80 ${NGINX}`);
    for (const node of NODES) {
      const { stdout } = await swarmlab.exec(NAME, 'worker1', `curl -s -m 5 http://${node}.docker-dca.example:30080`);
      expect(stdout, node).toContain('Welcome to nginx!');
    }
  });

  it('shows the page the same files as the shell, and links lead nowhere', async () => {
    const { agentSocket } = new ClusterFolder(NAME, swarmlab.state).node('worker2');
    await expectFilesToWork(agentSocket, async (command) => {
      return (await swarmlab.exec(NAME, 'worker2', command)).stdout.trim();
    });
  });

  it('explains where a task is, by its name', async () => {
    const explained = JSON.parse(await swarmlab.print('explain', 'web.1', '--json'));
    expect(explained).toMatchObject({ state: 'running', desiredState: 'running' });
    expect(explained.nodes).toHaveLength(4);
  });

  it('says that there is no such task', async () => {
    const { exitCode, stderr } = await swarmlab.run(['explain', 'nothing.1']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('error[SL_USAGE]')]);
  });

  it('keeps what it has answered when its host is killed in the middle of it: every task once', async () => {
    await docker('master', `service create -q -d --name many --replicas 1 ${ALPINE} sleep 1000`);
    await docker('master', 'service scale -d many=12');
    killHost();
    await expect.poll(() => replicas('many'), { timeout: 60_000 }).toBe('12/12');
    const running = await Promise.all(
      NODES.map((node) => docker(node, "ps --filter label=com.docker.swarm.service.name=many --format '{{.Names}}'")),
    );
    const slots = running.flatMap((names) => names.split('\n').filter(Boolean)).map((name) => name.split('.')[1]);
    expect(slots.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 12 }, (_, at) => String(at + 1)));
  });

  it('sees a node go and come back, and keeps the service whole', async () => {
    execFileSync('docker', ['kill', `swarmlab-${NAME}-worker2`]);
    await expect.poll(states, { timeout: 60_000 }).toContain('worker2.docker-dca.example Down');
    await expect.poll(() => replicas('many'), { timeout: 60_000 }).toBe('12/12');
    execFileSync('docker', ['start', `swarmlab-${NAME}-worker2`]);
    await expect.poll(states, { timeout: 60_000 }).toContain('worker2.docker-dca.example Ready');
  });

  it('leaves no container, volume, network, device, control group or process behind', async () => {
    const containers = onEngine('ps', '-a');
    const [network = ''] = onEngine('network', 'ls');
    const bridge = `/sys/class/net/br-${network.slice(0, 12)}`;
    expect([containers.length, existsSync(bridge)]).toEqual([4, true]);
    await swarmlab.print('cluster', 'down', NAME);
    for (const list of [
      ['ps', '-a'],
      ['network', 'ls'],
    ])
      expect(onEngine(...list)).toEqual([]);
    expect(execFileSync('docker', ['volume', 'ls', '-q', '--filter', `label=swarmlab.cluster=${NAME}`]).length).toBe(0);
    expect(existsSync(bridge)).toBe(false);
    const groups = readdirSync('/sys/fs/cgroup', { recursive: true, encoding: 'utf8' });
    expect(groups.filter((path) => containers.some((container) => path.includes(container)))).toEqual([]);
    const processes = readdirSync('/proc').filter(
      (pid) => /^\d+$/.test(pid) && commandOf(pid).includes(swarmlab.state),
    );
    expect(processes.map(commandOf)).toEqual([]);
  });
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
