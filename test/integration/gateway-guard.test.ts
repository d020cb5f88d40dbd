import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineSocket } from '../support/engine-socket.ts';
import { FORBIDDEN, type ForbiddenRequest, OF_NOBODY } from '../support/forbidden-requests.ts';
import { fuzzedJson } from '../support/fuzzed-json.ts';
import { Random } from '../support/random.ts';
import { SEED } from '../support/seed.ts';
import { Swarmlab } from '../support/swarmlab.ts';

const NAME = `g${randomBytes(3).toString('hex')}`;
const BODIES = 10_000;
/** Beyond what the gateway reads of a JSON body. */
const PADDING = 'A='.padEnd(4.5 * 1024 * 1024, 'x');

const swarmlab = new Swarmlab();
let student: EngineSocket;
let engine: EngineSocket;

interface Inspected {
  HostConfig: Record<string, unknown> & { NetworkMode: string; Binds: string[] | null; Mounts?: unknown[] };
  Mounts: { Type: string; Source: string }[];
}

interface Service {
  ID: string;
  Spec: { Name: string; TaskTemplate: { ContainerSpec?: Record<string, unknown> } };
}

interface Task {
  NodeID?: string;
  Status: { State: string; Err?: string };
}

/** What Docker says of a volume whose driver no node has. */
const MISSING_PLUGIN = expect.stringContaining('missing plugin on 4 nodes');

beforeAll(async () => {
  const args = ['cluster', 'up', NAME, '--nodes', 'dind', '--orchestrator', 'swarm', '--images-on', 'master'];
  await swarmlab.print(...args);
  const node = join(swarmlab.state, 'clusters', NAME, 'nodes', 'master');
  student = new EngineSocket(join(node, 'docker.sock'));
  engine = new EngineSocket(join(node, 'control.sock'));
  await engine.ask('POST', '/containers/create?name=web', { Image: 'alpine', Cmd: ['sleep', '100000'] });
  await engine.ask('POST', '/containers/web/start');
});

afterAll(async () => {
  student.close();
  engine.close();
  await swarmlab.dispose();
});

/** Everything on the node's engine that a request may have made, by name, and what the one container of this test was given. */
async function made(): Promise<unknown> {
  const [containers, services, volumes, networks, secrets, web] = await Promise.all([
    engine.get<{ Names: string[] }[]>('/containers/json?all=1'),
    engine.get<Service[]>('/services'),
    engine.get<{ Volumes: { Name: string }[] }>('/volumes'),
    engine.get<{ Name: string }[]>('/networks'),
    engine.get<{ Spec: { Name: string } }[]>('/secrets'),
    engine.get<{ HostConfig: unknown; ExecIDs: string[] | null }>('/containers/web/json'),
  ]);
  return {
    containers: containers.flatMap(({ Names }) => Names).sort(),
    services: services.map(({ Spec }) => Spec.Name).sort(),
    volumes: volumes.Volumes.map(({ Name }) => Name).sort(),
    networks: networks.map(({ Name }) => Name).sort(),
    secrets: secrets.map(({ Spec }) => Spec.Name).sort(),
    web: [web.HostConfig, web.ExecIDs],
  };
}

describe('what the lab does not allow, asked of a real engine', () => {
  it('is refused by each way in which it can be asked, and has made nothing', async () => {
    const before = await made();
    const answers = [];
    for (const { what, method, path, body } of FORBIDDEN) {
      // The one class that is told by an ID, which only a real engine gives.
      if (what.includes('by its ID')) continue;
      const { status } = await student.ask(method, `/v1.45${path}`, body);
      if (status !== 403) answers.push([what, status]);
    }
    expect(answers).toEqual([]);
    expect(await made()).toEqual(before);
  });

  it('names drivers that nobody has, and takes no effect: refused by whoever is asked, or waiting for a node for ever', async () => {
    const before = await made();
    // All at a time: an engine looks for a driver that it does not know for a quarter of a minute.
    const answers = await Promise.all(
      OF_NOBODY.map(async ({ what, method, path, body }) => {
        const { status } = await student.ask(method, `/v1.45${path}`, body);
        return { what, status };
      }),
    );
    const accepted = answers.filter(({ status }) => status < 400).map(({ what }) => what);
    expect(accepted).toEqual(['service: volume driver']);
    const waiting = async () => (await engine.get<Task[]>('/tasks')).map(({ NodeID, Status }) => [NodeID, Status]);
    await expect
      .poll(waiting)
      .toEqual([[undefined, expect.objectContaining({ State: 'pending', Err: MISSING_PLUGIN })]]);
    expect(await made()).toEqual({ ...Object(before), services: ['web'] });
    expect((await student.ask('DELETE', '/v1.45/services/web')).status).toBe(200);
    await expect.poll(made).toEqual(before);
  });

  it("is refused for the nodes' own network by its ID too", async () => {
    const { Id } = await engine.get<{ Id: string }>('/networks/host?scope=swarm');
    const body = { Name: 'x', TaskTemplate: { ContainerSpec: { Image: 'alpine' }, Networks: [{ Target: Id }] } };
    expect((await student.ask('POST', '/services/create', body)).status).toBe(403);
  });

  it(`takes no effect in ${BODIES} bodies written to be misread`, async () => {
    const seed = SEED;
    const random = new Random(seed);
    const before = await made();
    // A label written otherwise is another label, and plugins are refused whatever they are asked.
    const requests = FORBIDDEN.filter(
      ({ what, body, path }) => body !== undefined && !path.startsWith('/plugins') && !what.startsWith('label'),
    );
    const accepted: string[] = [];
    const one = async () => {
      const { method, path, body } = random.pick<ForbiddenRequest>(requests);
      const huge = random.chance(0.002);
      const text = fuzzedJson(huge ? { ...body, Env: [PADDING] } : body, random);
      const options = { chunked: random.chance(0.3) };
      const { status } = await student.ask(method, `/v1.45${path}`, text, options);
      if (status < 400) accepted.push(`${method} ${path} ${text.slice(0, 500)}`);
    };
    for (let sent = 0; sent < BODIES; sent += 8) await Promise.all(Array.from({ length: 8 }, one));
    // A harmless twin may have won where both readers agree on it; what was made then has to be harmless.
    for (const container of await engine.get<{ Id: string; Names: string[] }[]>('/containers/json?all=1')) {
      if (!container.Names.includes('/web')) expectHarmless(await engine.get(`/containers/${container.Id}/json`), seed);
    }
    expect(accepted, `seed ${seed}`).toEqual([]);
    expect(await made(), `seed ${seed}`).toEqual(before);
  });

  it('does not keep what is allowed from being done', async () => {
    const body = {
      Image: 'alpine',
      Cmd: ['true'],
      hostconfig: { BINDS: ['/home/vagrant:/h'], memory: 6e7, privileged: false },
    };
    const created = await student.ask('POST', '/v1.45/containers/create?name=fine', body);
    expect(created.status).toBe(201);
    const { HostConfig } = await engine.get<Inspected>('/containers/fine/json');
    expect(HostConfig).toMatchObject({ Binds: ['/home/vagrant:/h'], Memory: 6e7, Privileged: false });
    expect((await student.ask('DELETE', '/v1.45/containers/fine')).status).toBe(204);
  });
});

function expectHarmless({ HostConfig, Mounts }: Inspected, seed: number): void {
  const { Privileged, PidMode, IpcMode, UTSMode, UsernsMode, NetworkMode } = HostConfig;
  // An empty list and none are the same to the engine: it shows whichever was asked for.
  const [CapAdd, SecurityOpt, Devices] = [HostConfig.CapAdd, HostConfig.SecurityOpt, HostConfig.Devices].map(
    (list) => list ?? [],
  );
  expect({ Privileged, PidMode, IpcMode, UTSMode, UsernsMode, CapAdd, SecurityOpt, Devices }, `seed ${seed}`).toEqual({
    Privileged: false,
    PidMode: '',
    IpcMode: 'private',
    UTSMode: '',
    UsernsMode: '',
    CapAdd: [],
    SecurityOpt: [],
    Devices: [],
  });
  expect(NetworkMode).not.toMatch(/^host|^container:/);
  for (const { Type, Source } of Mounts) if (Type === 'bind') expect(Source).toMatch(/^\/home\/vagrant(\/|$)/);
}

describe('the home folder in a container', () => {
  const run = (script: string) => swarmlab.exec(NAME, 'master', script);

  it('can be mounted, written and read', async () => {
    const script = 'echo page >~/index.html; docker run --rm -v $HOME:/h:ro alpine cat /h/index.html';
    expect((await run(script)).stdout).toBe('page\n');
  });

  it.each([
    ['a link to a folder', 'ln -s /var/lib ~/x; docker run --rm -v $HOME/x:/x alpine ls /x'],
    ['a folder below a link', 'ln -s /var ~/y; docker run --rm -v $HOME/y/lib:/x alpine ls /x'],
    ['a link as a mount', 'ln -s / ~/z; docker run --rm --mount type=bind,src=$HOME/z,dst=/x alpine ls /x'],
    [
      'a link made from inside of a container',
      'docker run --rm -v $HOME:/h alpine ln -s /run/swarmlab-engine /h/w; docker run --rm -v $HOME/w:/x alpine ls /x',
    ],
    ['dots', 'mkdir -p ~/d; docker run --rm -v $HOME/d/../../..:/x alpine ls /x'],
  ])('leads nowhere else by %s', async (_, script) => {
    const { exitCode, stdout } = await run(script);
    expect(exitCode).not.toBe(0);
    expect(stdout).toBe('');
  });

  it('makes nobody root: a program with the set-user-ID bit runs as who calls it', async () => {
    const copy = 'docker run --rm -v $HOME:/h alpine sh -c "cp /bin/busybox /h/ && chmod 4755 /h/busybox"';
    const { stdout } = await run(`${copy}; stat -c %a ~/busybox; ~/busybox id -u; id -u`);
    const [mode, effective, own] = stdout.split('\n');
    expect(mode).toBe('4755');
    expect(effective).toBe(own);
    expect(own).not.toBe('0');
  });

  it('makes no device usable', async () => {
    const make = 'docker run --rm -v $HOME:/h alpine sh -c "mknod -m 666 /h/null c 1 3"';
    const { stdout, exitCode } = await run(`${make}; stat -c %F ~/null; echo x >~/null`);
    expect([stdout, exitCode === 0]).toEqual(['character special file\n', false]);
  });
});
