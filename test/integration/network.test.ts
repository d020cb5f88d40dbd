import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpLoad, times } from '../support/http-load.ts';
import { Swarmlab } from '../support/swarmlab.ts';

const NAME = `n${randomBytes(3).toString('hex')}`;
const NODES = ['master', 'worker1', 'worker2', 'registry'];
const SOON = { timeout: 60_000, interval: 300 };
const swarmlab = new Swarmlab();

/** A web server that says which task it is. */
const SAYS_ITS_NAME = `nginx sh -c 'hostname >/usr/share/nginx/html/index.html; exec nginx -g "daemon off;"'`;

let addresses: Record<string, string>;

beforeAll(async () => {
  const made = JSON.parse(await swarmlab.print('cluster', 'up', NAME, '--nodes', 'dind', '--json'));
  const nodes = made.nodes as { name: string; address: string }[];
  addresses = Object.fromEntries(nodes.map(({ name, address }) => [name, address]));
});
afterAll(() => swarmlab.dispose());

/** What a shell command prints that the student runs on a node. */
async function on(node: string, script: string): Promise<string> {
  return (await swarmlab.exec(NAME, node, script)).stdout.trim();
}

/** What a shell command prints that root runs, beneath everything that guards the node. */
function root(node: string, script: string): string {
  return execFileSync('docker', ['exec', `swarmlab-${NAME}-${node}`, 'sh', '-c', script], { encoding: 'utf8' }).trim();
}

async function service(name: string, ...options: string[]): Promise<void> {
  const { exitCode, stderr } = await swarmlab.exec(
    NAME,
    'master',
    ['docker service create --detach --quiet --name', name, ...options].join(' '),
  );
  expect(exitCode, stderr).toBe(0);
}

const replicas = (name: string) => on('master', `docker service ls --filter name=${name} --format '{{.Replicas}}'`);
const converged = (name: string, count: number) => expect.poll(() => replicas(name), SOON).toBe(`${count}/${count}`);

/** Different answers to some requests at a published port. */
async function answers(node: string, port: number): Promise<number> {
  const { bodies, failures } = await httpLoad(`http://${addresses[node]}:${port}/`, 1, times(12));
  expect(failures).toEqual([]);
  return Object.keys(bodies).length;
}

/** The addresses that a name has for a container of a service on its node. */
async function lookUp(node: string, service: string, name: string): Promise<string[]> {
  const container = `$(docker ps -q --filter label=com.docker.swarm.service.name=${service} | head -1)`;
  const output = await on(node, `docker exec ${container} nslookup -type=a ${name} 2>&1`);
  return [...output.matchAll(/^Address: ([\d.]+)$/gm)].map((match) => match[1] ?? '').sort();
}

describe('published ports', () => {
  it('answer on every node and on loopback, each task as often as the others', async () => {
    const place = '--constraint node.role==worker --constraint node.hostname!=registry.docker-dca.example';
    await service('web', '--replicas 3 --publish 30000:80', place, SAYS_ITS_NAME);
    await converged('web', 3);
    for (const node of NODES) {
      const { bodies, failures } = await httpLoad(`http://${addresses[node]}:30000/`, 32, times(1_500));
      expect(failures, node).toEqual([]);
      expect(Object.values(bodies)).toHaveLength(3);
      for (const count of Object.values(bodies)) expect(Math.abs(count - 500)).toBeLessThan(125);
    }
    for (const url of ['http://127.0.0.1:30000', 'http://worker2.docker-dca.example:30000', 'http://localhost:30000']) {
      expect(await on('registry', `curl -s ${url}`)).toMatch(/^[0-9a-f]{12}$/);
    }
  });

  it('leave nothing of an ended connection behind, which a client could use again for another task', async () => {
    const { failures } = await httpLoad(`http://${addresses.worker1}:30000/`, 8, times(200));
    expect(failures).toEqual([]);
    const remembered = () => root('worker1', 'conntrack -L -p tcp --dport 30000 2>/dev/null | wc -l');
    await expect.poll(remembered, { timeout: 5_000, interval: 300 }).toBe('0');
  });

  it('are refused to others on every node', async () => {
    const { exitCode, stderr } = await swarmlab.exec(NAME, 'registry', 'docker run --rm -p 30000:80 alpine true');
    expect(exitCode).toBe(125);
    expect(stderr).toContain('0.0.0.0:30000: bind: address already in use');
  });

  it('lose no request while tasks are replaced and taken away', async () => {
    let busy = true;
    const load = Promise.all(
      ['master', 'worker1'].map((node) => httpLoad(`http://${addresses[node]}:30000/`, 8, () => busy)),
    );
    const health = `--health-cmd 'wget -q -O /dev/null http://127.0.0.1/' --health-interval 1s`;
    await on('master', `docker service update --quiet --detach=false --update-order start-first ${health} web`);
    await on('master', 'docker service scale --detach web=1');
    await converged('web', 1);
    await expect
      .poll(() => on('master', 'docker service ps web --filter desired-state=running -q | wc -l'), SOON)
      .toBe('1');
    busy = false;
    expect((await load).flatMap(({ failures }) => failures)).toEqual([]);
    await on('master', 'docker service rm web');
  });
});

describe('overlay networks', () => {
  it('keep services apart, and give each its virtual IP and its tasks', async () => {
    await on('master', 'docker network create -d overlay front; docker network create -d overlay back');
    await service('front-web', '--network name=front,alias=web --replicas 4', SAYS_ITS_NAME);
    await service('back-web', '--network name=back,alias=web --replicas 2', SAYS_ITS_NAME);
    await service('front-client', '--network front --mode global alpine sleep 1000');
    await converged('front-web', 4);
    await converged('back-web', 2);
    await converged('front-client', 4);
    const [vip, ...others] = await lookUp('worker1', 'front-client', 'web');
    expect(others).toEqual([]);
    expect(await lookUp('worker1', 'front-client', 'front-web')).toEqual([vip]);
    expect(await lookUp('worker1', 'front-client', 'tasks.web')).toHaveLength(4);
    expect(await lookUp('worker1', 'front-client', 'back-web')).toEqual([]);
    const client = '$(docker ps -q --filter label=com.docker.swarm.service.name=front-client)';
    const asked = await on(
      'worker1',
      `for i in 1 2 3 4 5 6 7 8; do docker exec ${client} wget -q -O - http://web; done`,
    );
    expect(new Set(asked.split('\n')).size).toBe(4);
  });

  it('list exactly the running tasks under tasks.NAME', async () => {
    for (const count of [7, 3]) {
      await on('master', `docker service scale --detach front-web=${count}`);
      await converged('front-web', count);
      await expect
        .poll(() => lookUp('worker2', 'front-client', 'tasks.front-web'), { timeout: 5_000 })
        .toHaveLength(count);
    }
  });

  it('reach outside, unless they are internal', async () => {
    await on('master', 'docker network create -d overlay --internal closed');
    await service('inside', '--network closed --mode global alpine sleep 1000');
    await converged('inside', 4);
    const exec = (name: string) => `docker exec $(docker ps -q --filter label=com.docker.swarm.service.name=${name})`;
    expect(await on('worker1', `${exec('front-client')} ping -c1 -W2 google.com | grep -c '1 packets received'`)).toBe(
      '1',
    );
    expect(await on('worker1', `${exec('inside')} ping -c1 -W2 google.com | grep -c '1 packets received'`)).toBe('0');
    expect(await lookUp('worker1', 'inside', 'tasks.inside')).toHaveLength(4);
    await on('master', 'docker service rm inside back-web');
  });

  it('take plain containers on any node if they are attachable', async () => {
    await on('master', 'docker network create -d overlay --attachable open; docker network create -d overlay shut');
    expect(
      await on('worker1', 'docker run -d --name one --network open --network-alias uno alpine sleep 1000'),
    ).not.toBe('');
    await on('registry', 'docker run -d --name two --network open alpine sleep 1000');
    expect(await on('registry', 'docker exec two ping -c1 -W2 uno')).toContain('1 packets received');
    expect(await on('worker1', 'docker exec one ping -c1 -W2 two')).toContain('1 packets received');
    const shown = JSON.parse(await on('worker1', `docker network inspect open --format '{{json .Containers}}'`));
    expect(
      Object.values(shown)
        .map((container) => (container as { Name: string }).Name)
        .sort(),
    ).toEqual(['one', 'open-endpoint']);
    const refused = await swarmlab.exec(NAME, 'worker1', 'docker run --rm --network shut alpine true');
    expect(refused.stderr).toContain('network shut not manually attachable');
    expect((await swarmlab.exec(NAME, 'master', 'docker network rm open')).stderr).toContain('is in use by task');
    await on('worker1', 'docker rm -f one');
    await on('registry', 'docker rm -f two');
    await expect.poll(() => on('master', 'docker network rm open'), SOON).toBe('open');
    await expect.poll(() => on('worker1', `docker network ls --filter name=open -q`), SOON).toBe('');
  });
});

describe('a node that comes and goes', () => {
  it('is left out of the mesh while it is cut off, and has its own tasks meanwhile', async () => {
    await service('everywhere', '--mode global --publish 30001:80', SAYS_ITS_NAME);
    await converged('everywhere', 4);
    expect(await answers('master', 30001)).toBe(4);
    const cable = [`swarmlab-${NAME}`, `swarmlab-${NAME}-worker1`];
    execFileSync('docker', ['network', 'disconnect', ...cable]);
    await expect
      .poll(() => httpLoad(`http://${addresses.master}:30001/`, 1, times(3)), SOON)
      .toMatchObject({ failures: [] });
    await expect.poll(() => answers('master', 30001), SOON).toBe(3);
    const own = 'for i in 1 2 3 4 5; do curl -s -m 2 http://127.0.0.1:30001; done | sort -u | wc -l';
    expect(root('worker1', own)).toBe('1');

    execFileSync('docker', ['network', 'connect', '--ip', addresses.worker1 ?? '', ...cable]);
    await expect.poll(() => answers('worker1', 30001), SOON).toBe(4);
    await expect.poll(() => answers('master', 30001), SOON).toBe(4);
  });

  it('goes on answering while its agent is away, and after it', async () => {
    let busy = true;
    const load = httpLoad(`http://${addresses.worker2}:30001/`, 4, () => busy);
    root('worker2', 'kill -9 $(pgrep -of agent.mjs)');
    await expect.poll(() => on('worker2', 'docker version >/dev/null && echo up'), SOON).toBe('up');
    await on('master', 'docker service update --quiet --detach=false --force everywhere');
    busy = false;
    expect((await load).failures).toEqual([]);
    expect(await answers('worker2', 30001)).toBe(4);
  });

  it('has nothing of the cluster’s networks left when it leaves the swarm', async () => {
    await on('registry', 'docker swarm leave');
    const left = `
      ip -brief link | grep -E '^s[lx]-'
      nft list tables | grep swarmlab
      iptables -S DOCKER-USER | grep connmark
      ss -Hltn | grep :3000
      true`;
    await expect.poll(() => root('registry', left), SOON).toBe('');
    expect(await on('registry', 'docker network ls --filter driver=overlay -q')).toBe('');
  });
});
