import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCluster } from '../../server/clusters/create-cluster.ts';
import { Swarmlab } from '../support/swarmlab.ts';

const NAME = `t${randomBytes(3).toString('hex')}`;
const CONTAINER = `swarmlab-${NAME}-master`;
const ENGINE = 'unix:///run/swarmlab-engine/docker.sock';
/** Tasks get going within a second or two; a machine that does ten other things is given more. */
const SOON = { timeout: 60_000, interval: 200 };
const swarmlab = new Swarmlab();

beforeAll(async () => {
  await swarmlab.print('cluster', 'ls');
  process.env.SWARMLAB_STATE = swarmlab.state;
  await createCluster(
    {
      name: NAME,
      kind: 'dind',
      orchestrator: 'builtin',
      nodes: ['master'],
      imagesOn: ['master'],
      registry: false,
      created: new Date().toISOString(),
    },
    () => undefined,
  );
});
afterAll(() => swarmlab.dispose());

/** What a shell command prints that the student runs. */
async function student(script: string, input = ''): Promise<string> {
  return (await swarmlab.exec(NAME, 'master', script, input)).stdout.trim();
}

/** What a shell command prints that root runs, beneath everything that guards the node. */
function root(script: string): string {
  return execFileSync('docker', ['exec', CONTAINER, 'sh', '-c', script], { encoding: 'utf8' }).trim();
}

/** Makes a service of one task that is not to be started again, and gives its task's status once that has this state. */
async function taskOf(service: string, state: string, ...create: string[]): Promise<Record<string, unknown>> {
  const command = ['docker service create --detach --restart-condition none --name', service, ...create].join(' ');
  expect(await swarmlab.exec(NAME, 'master', command)).toMatchObject({ exitCode: 0 });
  await expect.poll(() => statusOf(service), SOON).toMatchObject({ State: state });
  return statusOf(service);
}

async function statusOf(service: string): Promise<Record<string, unknown>> {
  const format = '{{json .Status}}';
  const shown = await student(`docker inspect --format '${format}' $(docker service ps -q ${service} | head -1)`);
  return shown === '' ? {} : JSON.parse(shown);
}

const running = async (service: string) =>
  (await student(`docker service ps --filter desired-state=running --format '{{.CurrentState}}' ${service}`)).split(
    ' ',
  )[0];
const containers = (service: string) =>
  student(`docker ps --no-trunc -q --filter label=com.docker.swarm.service.name=${service}`);

describe('the agent of a node', () => {
  it('gives a container its name, its place, its secrets and its configs', async () => {
    await student('docker secret create password -', 's3cret');
    await student('docker config create settings -', 'color=blue');
    await taskOf(
      'full',
      'running',
      '--secret source=password,target=pw,mode=0400,uid=33',
      '--config source=settings,target=/etc/app.conf',
      "--hostname '{{.Service.Name}}-{{.Task.Slot}}'",
      "--env 'WHERE={{.Node.Hostname}}'",
      'alpine sleep 1000',
    );
    const id = await containers('full');
    const task = await student('docker service ps --no-trunc -q full');
    expect(await student(`docker inspect --format '{{.Name}} {{.Config.Hostname}}' ${id}`)).toBe(
      `/full.1.${task} full-1`,
    );
    const inside = 'stat -c "%a %u" /run/secrets/pw; cat /run/secrets/pw; echo; cat /etc/app.conf; echo; echo $WHERE';
    expect((await student(`docker exec ${id} sh -c '${inside}'`)).split('\n')).toEqual([
      '400 33',
      's3cret',
      'color=blue',
      'master.docker-dca.example',
    ]);
    const stored = root('grep -rl s3cret /var/lib/docker/overlay2 /var/lib/swarmlab 2>/dev/null || true');
    expect(stored).toBe('');
  });

  it('says in the words of Swarm why a task came to nothing', async () => {
    expect(await taskOf('missing', 'rejected', 'nope')).toMatchObject({
      Message: 'preparing',
      Err: 'No such image: nope:latest',
    });
    expect(await taskOf('crash', 'failed', 'alpine sh -c "exit 7"')).toMatchObject({
      Message: 'started',
      Err: 'task: non-zero exit (7)',
      ContainerStatus: { ExitCode: 7 },
    });
    expect(await taskOf('nothing', 'failed', 'alpine /nothing')).toMatchObject({
      Message: 'starting',
      Err: expect.stringMatching(/^starting container failed: .*exec: "\/nothing": .*no such file or directory/),
      ContainerStatus: { ExitCode: 127 },
    });
    const check = "--health-cmd 'test -e /tmp/well' --health-interval 1s --health-retries 1";
    expect(
      await taskOf('unwell', 'failed', check, 'alpine sh -c "trap \\"exit 9\\" TERM; sleep 60 & wait"'),
    ).toMatchObject({
      Message: 'starting',
      Err: 'task: non-zero exit (9): dockerexec: unhealthy container',
    });
  });

  it('tells which port the engine found for a task that publishes on its node', async () => {
    const status = await taskOf('ported', 'running', '--publish mode=host,target=80', 'nginx');
    expect(status.PortStatus).toEqual({
      Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: expect.any(Number), PublishMode: 'host' }],
    });
  });

  it('replaces a task whose container was taken away', async () => {
    await student('docker service create --detach --restart-delay 1s --name kept nginx');
    await expect.poll(() => running('kept'), SOON).toBe('Running');
    const before = await containers('kept');
    await student(`docker rm -f ${before}`);
    await expect.poll(() => containers('kept'), SOON).toMatch(/^(?!\s*$)[0-9a-f]{64}$/);
    expect(await containers('kept')).not.toBe(before);
    const errors = await student("docker service ps --no-trunc --format '{{.Error}}' kept");
    expect(errors).toContain('task: non-zero exit (137)');
  });
});

describe('what runs on a node goes on', () => {
  it('when the agent dies: the next one takes over engine and containers', async () => {
    await student('docker service create --detach --replicas 3 --name stays nginx');
    await expect.poll(async () => (await containers('stays')).split('\n').length, SOON).toBe(3);
    const before = (await containers('stays')).split('\n').sort();
    const engine = root('pidof dockerd');
    const agent = root('pgrep -f "[a]gent.mjs"');
    root(`kill -9 ${agent}`);
    await expect.poll(() => root('pgrep -f "[a]gent.mjs" || true'), SOON).toMatch(/\d/);
    await expect.poll(() => health(), SOON).toMatchObject({ ok: true, session: 'connected' });
    await student('docker service scale --detach stays=4');
    await expect.poll(async () => (await containers('stays')).split('\n').length, SOON).toBe(4);
    expect((await containers('stays')).split('\n')).toEqual(expect.arrayContaining(before));
    expect(root('pidof dockerd')).toBe(engine);
  });

  it('when the cluster host dies: it is found again, and what changed meanwhile is told', async () => {
    await taskOf('brief', 'running', 'alpine sleep 1000');
    const before = onEngine('stays');
    process.kill(Number(readFileSync(join(swarmlab.state, 'clusters', NAME, 'host.pid'), 'utf8')), 'SIGKILL');
    root(`docker -H ${ENGINE} kill ${onEngine('brief')}`);
    await swarmlab.print('cluster', 'ls');
    await expect
      .poll(() => statusOf('brief'), SOON)
      .toMatchObject({ State: 'failed', Err: 'task: non-zero exit (137)' });
    expect(onEngine('stays')).toBe(before);
  });

  it('or is replaced when the engine itself dies', async () => {
    const before = await containers('stays');
    root('kill -9 $(pidof dockerd)');
    await expect.poll(async () => (await containers('stays')).split('\n').filter(Boolean).length, SOON).toBe(4);
    expect(await containers('stays')).not.toBe(before);
  });
});

/** IDs of a service's running containers as the engine itself knows them, whoever orchestrates or does not. */
function onEngine(service: string): string {
  return root(`docker -H ${ENGINE} ps -q --filter label=com.docker.swarm.service.name=${service} | sort`);
}

function health(): unknown {
  try {
    return JSON.parse(root('curl -s --unix-socket /run/swarmlab/agent.sock http://agent/v0/health'));
  } catch {
    return undefined;
  }
}
