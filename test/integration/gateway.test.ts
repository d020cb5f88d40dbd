import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineSocket } from '../support/engine-socket.ts';
import { Swarmlab } from '../support/swarmlab.ts';

const NAME = `w${randomBytes(3).toString('hex')}`;
const swarmlab = new Swarmlab();
let folder: string;

/** A shell script on the master as the student. */
const run = (script: string, input = '') => swarmlab.exec(NAME, 'master', script, input);

beforeAll(async () => {
  await swarmlab.print('cluster', 'up', NAME, '--nodes', 'dind');
  folder = join(swarmlab.state, 'clusters', NAME, 'nodes', 'master');
});
afterAll(() => swarmlab.dispose());

describe('the unmodified docker client in a node', () => {
  it('runs a container with its input, its outputs and its exit code', async () => {
    const script = 'docker run -i --rm alpine sh -c "cat; sleep 1; echo late; echo problem >&2; exit 7"';
    expect(await run(script, 'early\n')).toEqual({ exitCode: 7, stdout: 'early\nlate\n', stderr: 'problem\n' });
  });

  it('gives a terminal to run and exec', async () => {
    const script = `
      script -qec "docker run -it --rm alpine sh -c 'tty; stty size'" /dev/null </dev/null
      docker run -d --name tty alpine sleep 1000 >/dev/null
      script -qec "docker exec -it tty tty" /dev/null </dev/null
      docker rm -f tty >/dev/null`;
    expect((await run(script)).stdout.match(/\/dev\/pts\/\d/g)).toHaveLength(2);
  });

  it('carries megabytes both ways, each byte once', async () => {
    const script = `
      head -c 20000000 /dev/urandom >blob; sha256sum <blob
      docker run -i --rm alpine cat <blob | sha256sum`;
    const [sent, received] = (await run(script)).stdout.trim().split('\n');
    expect(received).toBe(sent);
  });

  it('copies in and out, builds, saves and loads', async () => {
    const script = `
      set -e
      docker create --name box alpine cat /inside >/dev/null
      echo there >file; docker cp -q file box:/inside; docker start -a box; docker cp box:/inside - | tar xO; docker rm box >/dev/null
      mkdir -p context; echo built >context/file; head -c 8000000 /dev/zero >context/padding
      printf 'FROM alpine\\nCOPY file /file\\nRUN cat /file\\n' >context/Dockerfile
      DOCKER_BUILDKIT=0 docker build -q -t made context 2>/dev/null | cut -c1-7
      docker save made -o image.tar; docker rmi made >/dev/null; docker load -q -i image.tar; docker run --rm made cat /file`;
    expect((await run(script)).stdout).toBe('there\nthere\nsha256:\nLoaded image: made:latest\nbuilt\n');
  });

  it('attaches to a container and leaves it running', async () => {
    const script = `
      docker run -d --name ticks alpine sh -c 'while :; do echo tick; sleep 0.2; done' >/dev/null
      timeout -s KILL 2 docker attach --sig-proxy=false ticks | head -1
      docker inspect -f '{{.State.Running}}' ticks; docker rm -f ticks >/dev/null`;
    expect((await run(script)).stdout).toBe('tick\ntrue\n');
  });

  it('inspects whatever has a name', async () => {
    const script = `
      docker service create -q -d --name thing alpine sleep 1000 >/dev/null 2>&1
      docker inspect -f '{{.Spec.Name}}' thing; docker inspect -f '{{.Scope}}' ingress
      docker inspect -f '{{.Description.Hostname}}' master.docker-dca.example; docker inspect -f '{{.Os}}' alpine
      docker service rm thing >/dev/null; docker inspect nothing`;
    const { stdout, stderr } = await run(script);
    expect(stdout.split('\n').slice(0, 4)).toEqual(['thing', 'swarm', 'master.docker-dca.example', 'linux']);
    expect(stderr).toContain('No such object: nothing');
  });

  it('tells of the node and of the swarm in one stream of events', async () => {
    const script = `
      since=$(date +%s)
      docker service create -q -d --name told alpine sleep 1000 >/dev/null 2>&1
      until [ "$(docker service ls --filter name=told --format '{{.Replicas}}')" = 1/1 ]; do sleep 0.5; done
      docker run --rm --name plain alpine true
      docker service rm told >/dev/null
      docker events --since $since --until $(($(date +%s) + 1)) --format '{{.Scope}} {{.Type}} {{.Action}} {{.Actor.Attributes.name}}'`;
    const told = (await run(script)).stdout.split('\n');
    const own = ['swarm service create told', 'local container create plain', 'swarm service remove told'];
    expect(told.filter((line) => own.includes(line))).toEqual(own);
  });

  it('lists only tasks, or only other containers', async () => {
    const script = `
      docker run -d --name sorted-plain alpine sleep 1000 >/dev/null
      docker service create -q --mode global --name sorted-task alpine sleep 1000 >/dev/null 2>&1
      listed() { docker ps --filter name=sorted- --filter is-task=$1 --format '{{.Names}}' | cut -d. -f1; }
      listed false; listed true
      docker rm -f sorted-plain >/dev/null; docker service rm sorted-task >/dev/null`;
    expect((await run(script)).stdout).toBe('sorted-plain\nsorted-task\n');
  });

  it('is told what a lab does not allow, and what to do instead', async () => {
    const { exitCode, stderr } = await run('docker run --rm --privileged alpine true');
    expect(exitCode).toBe(125);
    expect(stderr).toContain('swarmlab: --privileged is not allowed in this lab: ');
  });
});

describe('logs that are followed', () => {
  it('of fifty tasks each come at once, while fifty clients read them', async () => {
    const create = `docker service create -q --detach=false --name chatty --replicas 50 alpine sh -c 'while :; do date; sleep 1; done'`;
    expect((await run(`${create} >/dev/null 2>&1; docker service ls --format '{{.Replicas}}'`)).stdout).toBe('50/50\n');
    const followed = Array.from({ length: 50 }, () => firstFrames(50));
    for (const frames of await Promise.all(followed)) expect(frames.size).toBe(50);
    await run('docker service rm chatty');
  });

  /** Follows the service's logs until it has seen this many tasks; gives their IDs. */
  function firstFrames(tasks: number): Promise<Set<string>> {
    return new Promise((resolve, reject) => {
      const seen = new Set<string>();
      const socket = connect(join(folder, 'control.sock'));
      socket.write('GET /v1.45/services/chatty/logs?follow=1&stdout=1&details=1&tail=0 HTTP/1.1\r\nHost: x\r\n\r\n');
      socket.setEncoding('latin1').on('error', reject);
      socket.on('data', (text: string) => {
        for (const [, id = ''] of text.matchAll(/com\.docker\.swarm\.task\.id=(\w{25})/g)) seen.add(id);
        if (seen.size < tasks) return;
        socket.destroy();
        resolve(seen);
      });
    });
  }
});

describe('what the student asked', () => {
  it('is known to the node’s agent, without what graders asked and what the client asked by itself', async () => {
    const agent = new EngineSocket(join(folder, 'agent.sock'));
    const control = new EngineSocket(join(folder, 'control.sock'));
    type Request = {
      sequence: number;
      method: string;
      path: string;
      client: string;
      filters: Record<string, string[]>;
    };
    const last = (await agent.get<Request[]>('/v0/requests')).at(-1)?.sequence ?? 0;
    await control.get('/v1.45/nodes');
    await run(`
      docker service create --detach=false -q --name seen alpine sleep 1000 >/dev/null 2>&1
      docker service ps --filter desired-state=running seen >/dev/null; docker service rm seen >/dev/null`);
    const requests = await agent.get<Request[]>(`/v0/requests?since=${last}`);
    agent.close();
    control.close();
    const commands = requests
      .filter(({ client }) => client === 'command')
      .map(({ method, path }) => `${method} ${path}`);
    expect(commands).toContain('POST /services/create');
    expect(commands).not.toContain('GET /nodes');
    expect(requests.filter(({ client }) => client === 'polling').length).toBeGreaterThan(5);
    expect(requests).toContainEqual(
      expect.objectContaining({
        path: '/tasks',
        client: 'command',
        filters: expect.objectContaining({ 'desired-state': ['running'] }),
      }),
    );
  });

  it('shows a log that is being followed as open', async () => {
    const agent = new EngineSocket(join(folder, 'agent.sock'));
    await run('docker run -d --name open alpine sleep 1000');
    const client = spawn('docker', ['-H', `unix://${join(folder, 'docker.sock')}`, 'logs', '-f', 'open']);
    type Open = { path: string; status?: number; duration?: number };
    const logs = async () =>
      (await agent.get<Open[]>('/v0/requests')).findLast(({ path }) => /^\/containers\/\w+\/logs$/.test(path));
    await expect.poll(logs, { timeout: 20_000 }).toMatchObject({ status: 200 });
    expect((await logs())?.duration).toBeUndefined();
    client.kill('SIGKILL');
    await expect.poll(async () => (await logs())?.duration, { timeout: 20_000 }).toBeGreaterThan(0);
    agent.close();
  });
});
