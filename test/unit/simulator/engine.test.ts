import { expect, test } from 'vitest';
import { settle, VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { LAB_IMAGES } from '../../../server/engine/simulator/images.ts';
import { SimulatedEngine } from '../../../server/engine/simulator/simulated-engine.ts';
import { packTar } from '../../../server/engine/tar.ts';

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

test('a container runs as the user that was asked for; names beyond root are refused as without a list of users', async () => {
  const { clock, engine } = oneNode();
  const id = await run(engine, 'u', { Image: 'alpine', User: '33:34', Cmd: ['sh', '-c', 'id; id -u; id -g; whoami'] });
  await clock.advance(1_000);
  expect(await logs(engine, id)).toEqual(['uid=33 gid=34 groups=34', '33', '34', '!whoami: unknown uid 33']);
  await expect(run(engine, 'v', { Image: 'alpine', User: 'bob', Cmd: ['id'] })).rejects.toThrow(
    'unable to find user bob: no matching entries in passwd file',
  );
});

test('files keep the owners and modes that they were put there with', async () => {
  const { clock, engine } = oneNode();
  const script = 'ls -l /run/secrets/pw; ls -ln /run/secrets; ls -d /run; ls -l /nothing';
  const { Id } = await engine.createContainer('f', { Image: 'alpine', Cmd: ['sh', '-c', script] });
  const content = Buffer.from('secret');
  await engine.putArchive(
    Id,
    '/',
    packTar([{ type: 'file', path: 'run/secrets/pw', content, mode: 0o440, uid: 33, gid: 0 }]),
  );
  await engine.startContainer(Id);
  await clock.advance(1_000);
  const date = '\\w{3} [ \\d]\\d \\d\\d:\\d\\d';
  expect(await logs(engine, Id)).toEqual([
    expect.stringMatching(new RegExp(`^-r--r----- {4}1 33 {7}root {13}6 ${date} /run/secrets/pw$`)),
    'total 4',
    expect.stringMatching(new RegExp(`^-r--r----- {4}1 33 {7}0 {16}6 ${date} pw$`)),
    '/run',
    '!ls: /nothing: No such file or directory',
  ]);
});

test('volumes come into being with the container that mounts them, and stay while it is there', async () => {
  const { clock, engine } = oneNode();
  const Mounts = [
    { Type: 'volume', Source: 'data', Target: '/data' },
    { Type: 'tmpfs', Target: '/scratch', TmpfsOptions: { SizeBytes: 1024 * 1024 } },
  ];
  const HostConfig = { Mounts, Binds: ['more:/more:ro'] };
  const script = 'mount | grep -c " /scratch "; mount | grep /more';
  const id = await run(engine, 'm', {
    Image: 'alpine',
    HostConfig,
    Volumes: { '/nameless': {} },
    Cmd: ['sh', '-c', script],
  });
  await clock.advance(1_000);
  expect(await logs(engine, id)).toEqual(['1', '/dev/vda1 on /more type ext4 (ro,relatime)']);
  expect([...engine.volumes.keys()]).toEqual(expect.arrayContaining(['data', 'more']));
  expect(engine.volumes.size).toBe(3);
  await engine.removeContainer(id, { force: true, volumes: true });
  expect([...engine.volumes.keys()].sort()).toEqual(['data', 'more']);
});

test('a variable without a value is not set, and names given by hand are known', async () => {
  const { clock, engine } = oneNode();
  const HostConfig = { ExtraHosts: ['box:10.1.2.3'] };
  const script = 'env | grep -E "^(A|C)="; grep box /etc/hosts; getent hosts box';
  const id = await run(engine, 'e', { Image: 'alpine', HostConfig, Env: ['A=1', 'C'], Cmd: ['sh', '-c', script] });
  await clock.advance(1_000);
  expect(await logs(engine, id)).toEqual(['A=1', '10.1.2.3\tbox', expect.stringContaining('10.1.2.3')]);
});

test('what a container writes into a volume is there for the next, and an empty volume gets what the image has there', async () => {
  const { clock, engine } = oneNode();
  const shell = async (name: string, bind: string, script: string, Image = 'alpine') => {
    const id = await run(engine, name, { Image, HostConfig: { Binds: [bind] }, Cmd: ['sh', '-c', script] });
    await clock.advance(1_000);
    return logs(engine, id);
  };
  expect(
    await shell('w', 'data:/data', 'mkdir /data/in; echo kept > /data/in/file; cp -r /data/in /tmp; ls /'),
  ).toContain('data');
  await engine.removeContainer('w', { force: true, volumes: true });
  expect(
    await shell(
      'r',
      'data:/other:ro',
      'cat /other/in/file; touch /other/new || echo refused; rm /other/in/file; cat /other/in/file',
    ),
  ).toEqual(expect.arrayContaining(['kept', 'refused', 'kept']));
  expect(await shell('n', 'site:/usr/share/nginx/html', 'ls /usr/share/nginx/html', 'nginx')).toEqual(['index.html']);
  expect(await shell('a', 'site:/site', 'grep -c "Welcome to nginx" /site/index.html')).toEqual(['2']);
});
