import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { EmbeddedCluster } from '../../../server/clusters/embedded/embedded-cluster.ts';
import type { ControlApi } from '../../../server/orchestrator/api/control-api.ts';

const NODES = [
  { name: 'master', hostname: 'master.docker-dca.example', address: '10.10.10.100', role: 'manager' },
  { name: 'worker1', hostname: 'worker1.docker-dca.example', address: '10.10.10.110', role: 'worker' },
  { name: 'worker2', hostname: 'worker2.docker-dca.example', address: '10.10.10.120', role: 'worker' },
  { name: 'registry', hostname: 'registry.docker-dca.example', address: '10.10.10.200', role: 'worker' },
] as const;

let clock: VirtualClock;
let cluster: EmbeddedCluster;
let control: ControlApi;

async function boot(imagesOn: string[] = NODES.map(({ name }) => name)): Promise<void> {
  clock = new VirtualClock();
  cluster = new EmbeddedCluster({ clock, nodes: NODES, imagesOn, log: () => {} });
  const started = cluster.start();
  await clock.advance(2_000);
  await started;
  await clock.advance(2_000);
  control = cluster.fleet.machine('master').control();
}

beforeEach(() => boot());
afterEach(() => cluster.close());

const runningOn = (node: string) =>
  cluster
    .node(node)
    .engine.containers()
    .filter(({ state }) => state.Running).length;
const running = () => NODES.map(({ name }) => runningOn(name));
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

const ASKED = { method: 'GET', path: '/', agent: 'curl/8', from: '10.10.10.1' };

/** From where the nodes' web servers were asked by a client of that name, as they wrote it into their logs. */
async function askedFrom(agent: string): Promise<Set<string>> {
  const addresses = new Set<string>();
  for (const { log } of NODES.flatMap(({ name }) => cluster.node(name).engine.containers()))
    for await (const { line } of log.read({ stdout: true, stderr: false, follow: false })) {
      const text = Buffer.from(line).toString();
      if (text.endsWith(`"${agent}"\n`)) addresses.add(text.split(' ')[0] ?? '');
    }
  return addresses;
}

test('four nodes are ready', async () => {
  const nodes = (await control.nodes.list({})) as { Status: { State: string } }[];
  expect(nodes.map(({ Status }) => Status.State)).toEqual(['ready', 'ready', 'ready', 'ready']);
});

test('fifty tasks spread over four nodes, and ten remain', async () => {
  const { ID } = (await control.services.create({
    Name: 'pinger',
    TaskTemplate: { ContainerSpec: { Image: 'alpine:latest', Args: ['ping', 'google.com'] } },
    Mode: { Replicated: { Replicas: 50 } },
  })) as { ID: string };
  await clock.advance(10_000);
  expect(running().toSorted()).toEqual([12, 12, 13, 13]);
  const service = (await control.services.get(ID, {})) as { Spec: object; Version: { Index: number } };
  await control.services.update(
    ID,
    { ...service.Spec, Mode: { Replicated: { Replicas: 10 } } },
    { version: String(service.Version.Index) },
  );
  await clock.advance(30_000);
  expect(sum(running())).toBe(10);
});

test('a published port is answered on every node by tasks on other nodes', async () => {
  await control.services.create({
    Name: 'web',
    TaskTemplate: { ContainerSpec: { Image: 'nginx:latest' } },
    Mode: { Replicated: { Replicas: 2 } },
    EndpointSpec: { Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'ingress' }] },
  });
  await clock.advance(10_000);
  expect(sum(running())).toBe(2);
  for (const { name } of NODES) {
    const answer = await cluster.wire.requestNode(name, 8080, ASKED);
    expect(answer.body).toContain('Welcome to nginx!');
  }
  expect((await askedFrom(ASKED.agent)).size, 'an address for each node that hands connections on').toBe(NODES.length);
  await expect(cluster.wire.requestNode('master', 8081, ASKED)).rejects.toThrow('Connection refused');
});

test('a port that is published later on a service made without any endpoint is answered', async () => {
  const spec = {
    Name: 'web',
    TaskTemplate: { ContainerSpec: { Image: 'nginx:latest' } },
    Mode: { Replicated: { Replicas: 1 } },
  };
  const { ID } = (await control.services.create(spec)) as { ID: string };
  await clock.advance(10_000);
  const { Version } = (await control.services.get(ID, {})) as { Version: { Index: number } };
  const Ports = [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'ingress' }];
  await control.services.update(ID, { ...spec, EndpointSpec: { Ports } }, { version: String(Version.Index) });
  await clock.advance(20_000);
  expect((await cluster.wire.requestNode('worker1', 8080, ASKED)).status).toBe(200);
});

test('where images lie on two nodes only, tasks are rejected elsewhere and end up on those two', async () => {
  await cluster.close();
  await boot(['worker2', 'registry']);
  await control.services.create({
    Name: 'pinger',
    TaskTemplate: { ContainerSpec: { Image: 'alpine:latest', Args: ['ping', 'google.com'] } },
    Mode: { Replicated: { Replicas: 10 } },
  });
  await clock.advance(120_000);
  expect(running().slice(0, 2)).toEqual([0, 0]);
  expect(sum(running())).toBe(10);
  const tasks = (await control.tasks.list({})) as { Status: { Err?: string } }[];
  expect(new Set(tasks.map(({ Status }) => Status.Err))).toContain('No such image: alpine:latest');
});

test('a node that is cut off is down after three heartbeats, its tasks run elsewhere, and it comes back', async () => {
  await control.services.create({
    Name: 'web',
    TaskTemplate: { ContainerSpec: { Image: 'nginx:latest' } },
    Mode: { Replicated: { Replicas: 4 } },
  });
  await clock.advance(5_000);
  cluster.disconnect('worker1');
  await clock.advance(30_000);
  const states = async () =>
    ((await control.nodes.list({})) as { Description: { Hostname: string }; Status: { State: string } }[])
      .map(({ Description, Status }) => `${Description.Hostname.split('.')[0]} ${Status.State}`)
      .toSorted();
  expect(await states()).toEqual(['master ready', 'registry ready', 'worker1 down', 'worker2 ready']);
  expect(sum(running()) - runningOn('worker1')).toBe(4);
  cluster.connect('worker1');
  await clock.advance(30_000);
  expect(await states()).toEqual(['master ready', 'registry ready', 'worker1 ready', 'worker2 ready']);
  expect(sum(running())).toBe(4);
});

const PUBLISHED = { Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishMode: 'ingress' }] };
test.each([
  ['have been told to stop', { Image: 'alpine:latest', Args: ['sleep', '1d'] }, {}, 1_000],
  ['are being taken out of their service', { Image: 'nginx:latest' }, { EndpointSpec: PUBLISHED }, 300],
])('a node loses its power at once, also when its tasks %s', async (_, ContainerSpec, more, after) => {
  const service = { Name: 'web', TaskTemplate: { ContainerSpec }, Mode: { Global: {} }, ...more };
  const { ID } = (await control.services.create(service)) as { ID: string };
  await clock.advance(5_000);
  await control.services.remove(ID);
  await clock.advance(after);
  expect(runningOn('worker1')).toBe(1);
  await cluster.stop('worker1');
  expect(runningOn('worker1')).toBe(0);
  await cluster.power('worker1');
  await clock.advance(30_000);
  expect(running()).toEqual([0, 0, 0, 0]);
});
