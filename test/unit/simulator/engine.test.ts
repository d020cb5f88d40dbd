import { expect, test } from 'vitest';
import { settle, VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { LAB_IMAGES } from '../../../server/engine/simulator/images.ts';
import { SimulatedEngine } from '../../../server/engine/simulator/simulated-engine.ts';

function oneNode(): { clock: VirtualClock; engine: SimulatedEngine } {
  const clock = new VirtualClock();
  const engine = new SimulatedEngine({
    clock,
    machine: { hostname: 'master', cpus: 2, memoryBytes: 2 ** 31, engineVersion: '26.1.5+dfsg1' },
    wire: {
      pull: () => undefined,
      join: () => ({
        network: {
          nameserver: '127.0.0.11',
          resolve: (name) => (name === 'google.com' ? ['10.10.10.200'] : []),
          reaches: () => true,
          request: () => Promise.reject(new Error('Connection refused')),
          listen: () => {},
        },
        dispose: () => {},
      }),
    },
  });
  engine.images.add('alpine', LAB_IMAGES.alpine);
  engine.images.add('nginx', LAB_IMAGES.nginx);
  return { clock, engine };
}

async function run(engine: SimulatedEngine, name: string, body: Record<string, unknown>): Promise<string> {
  const { Id } = await engine.createContainer(name, body);
  await engine.startContainer(Id);
  return Id;
}

async function logs(engine: SimulatedEngine, id: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { stream, line } of engine.containerLogs(id, { stdout: true, stderr: true, follow: false })) {
    lines.push(`${stream === 'stderr' ? '!' : ''}${Buffer.from(line).toString().trimEnd()}`);
  }
  return lines;
}

test('ping prints a line a second of the clock', async () => {
  const { clock, engine } = oneNode();
  const id = await run(engine, 'p', { Image: 'alpine', Cmd: ['ping', 'google.com'] });
  await clock.advance(3_500);
  expect(await logs(engine, id)).toEqual([
    'PING google.com (10.10.10.200): 56 data bytes',
    ...[0, 1, 2, 3].map((seq) => expect.stringMatching(new RegExp(`^64 bytes from 10.10.10.200: seq=${seq} `))),
  ]);
});

test('a shell script logs each statement when it runs, on the stream it names', async () => {
  const { clock, engine } = oneNode();
  const script = 'for i in 1 2; do echo line $i; sleep 10; done; echo oops >&2; exit 3';
  const id = await run(engine, 's', { Image: 'alpine', Cmd: ['sh', '-c', script] });
  await clock.advance(5_000);
  expect(await logs(engine, id)).toEqual(['line 1']);
  await clock.advance(20_000);
  expect(await logs(engine, id)).toEqual(['line 1', 'line 2', '!oops']);
  expect((await engine.inspectContainer(id)).State).toMatchObject({ Status: 'exited', ExitCode: 3 });
});

test('a program without a handler is stopped by force after the grace period, nginx at once', async () => {
  const { clock, engine } = oneNode();
  const started = clock.now();
  const sleeper = await run(engine, 'sleeper', { Image: 'alpine', Cmd: ['sleep', '600'] });
  const server = await run(engine, 'server', { Image: 'nginx' });
  await engine.stopContainer(server);
  expect(clock.now()).toBe(started);
  expect((await engine.inspectContainer(server)).State.ExitCode).toBe(0);
  const stopped = engine.stopContainer(sleeper, 10);
  await clock.advance(9_999);
  expect((await engine.inspectContainer(sleeper)).State.Running).toBe(true);
  await clock.advance(1);
  await stopped;
  expect((await engine.inspectContainer(sleeper)).State).toMatchObject({ Running: false, ExitCode: 137 });
});

test('a missing image and a missing program are refused in the words of the engine', async () => {
  const { engine } = oneNode();
  await expect(engine.createContainer('x', { Image: 'nosuch' })).rejects.toMatchObject({
    status: 404,
    message: 'No such image: nosuch:latest',
  });
  const { Id } = await engine.createContainer('y', { Image: 'alpine', Cmd: ['/no/such'] });
  await expect(engine.startContainer(Id)).rejects.toThrow('exec: "/no/such": stat /no/such: no such file or directory');
});

test('a health check makes a container healthy or, after its retries, unhealthy', async () => {
  const { clock, engine } = oneNode();
  const check = (command: string) => ({ Test: ['CMD-SHELL', command], Interval: 1e9, Retries: 2 });
  const good = await run(engine, 'good', { Image: 'alpine', Cmd: ['sleep', '600'], Healthcheck: check('true') });
  const bad = await run(engine, 'bad', { Image: 'alpine', Cmd: ['sleep', '600'], Healthcheck: check('false') });
  await clock.advance(1_500);
  await settle();
  expect((await engine.inspectContainer(good)).State.Health?.Status).toBe('healthy');
  expect((await engine.inspectContainer(bad)).State.Health?.Status).toBe('starting');
  await clock.advance(1_500);
  expect((await engine.inspectContainer(bad)).State.Health?.Status).toBe('unhealthy');
});

test('events tell a container’s life in order', async () => {
  const { engine } = oneNode();
  const id = await run(engine, 'e', { Image: 'alpine', Cmd: ['sh', '-c', 'exit 2'] });
  await engine.waitContainer(id);
  await engine.removeContainer(id, { force: false, volumes: true });
  const events = engine.eventLog.since(0).filter((event) => event.Type === 'container');
  expect(events.map((event) => event.Action)).toEqual(['create', 'start', 'die', 'destroy']);
  expect(events[2]?.Actor.Attributes).toMatchObject({ name: 'e', image: 'alpine', exitCode: '2' });
});

test('a container has addresses while it runs, and the networks that were wanted for it the next time too', async () => {
  const { clock, engine } = oneNode();
  const { Id: network } = await engine.createNetwork({ Name: 'front', Driver: 'bridge' });
  const { Id } = await engine.createContainer('web', { Image: 'nginx', HostConfig: { NetworkMode: 'front' } });
  await engine.disconnectNetwork(network, { Container: Id });
  const asked = { IPAMConfig: { IPv4Address: '172.18.0.77' } };
  await engine.connectNetwork(network, { Container: Id, EndpointConfig: asked });
  expect(engine.container(Id).endpoints).toEqual({});
  for (let times = 0; times < 2; times++) {
    const started = engine.startContainer(Id);
    await clock.advance(1_000);
    await started;
    expect(engine.container(Id).endpoints).toMatchObject({ front: { IPAddress: '172.18.0.77' } });
    engine.container(Id).kill('SIGKILL');
    await clock.advance(1_000);
    expect(engine.container(Id).endpoints).toEqual({});
  }
});

test.each([
  ['a program that keeps what it reads', ['tail', '/dev/zero']],
  ['a variable that grows without end', ['sh', '-c', 'a=xxxxxxxxxxxxxxxx; while :; do a=$a$a; done']],
])('%s runs out of memory: 137, and the engine says why', async (_, Cmd) => {
  const { clock, engine } = oneNode();
  const id = await run(engine, 'hog', { Image: 'alpine', Cmd, HostConfig: { Memory: 2 ** 24 } });
  const ended = engine.container(id).wait();
  for (let second = 0; second < 20 && engine.container(id).state.Running; second++) await clock.advance(1_000);
  await ended;
  expect(engine.container(id).state).toMatchObject({ Running: false, ExitCode: 137, OOMKilled: true });
});
