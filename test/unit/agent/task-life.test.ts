import { describe, expect, it, vi } from 'vitest';
import { MissingAttachments } from '../../../server/agent/node-network.ts';
import { EngineUnreachable } from '../../../server/engine/engine.ts';
import { assignedTask, LoneNode, ON_OVERLAY } from './lone-node.ts';

const states = (node: LoneNode, id: string) => node.statuses(id).map(({ State, Message }) => `${State} ${Message}`);

describe('a task on a node', () => {
  it('goes from accepted to running, and its container is named and labelled as Swarm names and labels it', async () => {
    const task = assignedTask({ Image: 'nginx', Labels: { mine: 'yes' } });
    const node = await LoneNode.start(task);
    const status = await node.until(task.ID, 'running');
    expect(states(node, task.ID)[0]).toBe('accepted accepted');
    expect(states(node, task.ID)).not.toContain('ready prepared');
    expect(status).toMatchObject({ State: 'running', Message: 'started', ContainerStatus: { ExitCode: 0 } });
    expect(status.ContainerStatus?.PID).toBeGreaterThan(0);
    const container = await node.engine.inspectContainer(`web.1.${task.ID}`);
    expect(container.Id).toBe(status.ContainerStatus?.ContainerID);
    expect(container.Config.Labels).toEqual({
      mine: 'yes',
      'com.docker.swarm.task': '',
      'com.docker.swarm.task.id': task.ID,
      'com.docker.swarm.task.name': `web.1.${task.ID}`,
      'com.docker.swarm.node.id': 'node1',
      'com.docker.swarm.service.id': 'service1',
      'com.docker.swarm.service.name': 'web',
    });
  });

  it('parks when it is ready, until it is wanted running', async () => {
    const task = assignedTask({ Image: 'nginx' }, { DesiredState: 'ready' });
    const node = await LoneNode.start(task);
    await node.clock.advance(5_000);
    expect(node.last(task.ID)).toMatchObject({ State: 'ready', Message: 'prepared' });
    expect(node.containers()).toEqual([{ name: `web.1.${task.ID}`, state: 'created' }]);
    await node.assign({ ...task, DesiredState: 'running' });
    await node.until(task.ID, 'running');
  });

  it('is rejected with the message of the state it failed in when its image is missing', async () => {
    const task = assignedTask({ Image: 'nope' });
    const node = await LoneNode.start(task);
    const status = await node.until(task.ID, 'rejected');
    expect(status).toMatchObject({ Message: 'preparing', Err: 'No such image: nope:latest' });
    expect(status.ContainerStatus).toEqual({ ContainerID: '', PID: 0, ExitCode: 0 });
  });

  it('is rejected at once for a mount that makes no sense', async () => {
    const task = assignedTask({ Image: 'nginx', Mounts: [{ Type: 'bind', Source: 'data', Target: '/data' }] });
    const node = await LoneNode.start(task);
    expect(node.last(task.ID)).toMatchObject({
      State: 'rejected',
      Message: 'resolving controller failed',
      Err: 'invalid bind mount source, must be an absolute path: data',
    });
  });

  it('completes when its process ends well and fails when it does not', async () => {
    const good = assignedTask({ Image: 'alpine', Args: ['sleep', '3'] });
    const bad = assignedTask({ Image: 'alpine', Args: ['sh', '-c', 'sleep 1; exit 3'] });
    const node = await LoneNode.start(good, bad);
    expect(await node.until(bad.ID, 'failed')).toMatchObject({
      Message: 'started',
      Err: 'task: non-zero exit (3)',
      ContainerStatus: { PID: 0, ExitCode: 3 },
    });
    expect(await node.until(good.ID, 'complete')).toMatchObject({
      Message: 'finished',
      ContainerStatus: { ExitCode: 0 },
    });
    expect(node.last(good.ID).Err).toBeUndefined();
  });

  it('fails when its container is removed behind its back', async () => {
    const task = assignedTask({ Image: 'nginx' });
    const node = await LoneNode.start(task);
    await node.until(task.ID, 'running');
    await node.engine.removeContainer(`web.1.${task.ID}`, { force: true, volumes: false });
    expect(await node.until(task.ID, 'failed')).toMatchObject({ Message: 'started', Err: 'task: non-zero exit (137)' });
  });

  it('is shut down within its grace period, whatever it exits with', async () => {
    const task = assignedTask({ Image: 'alpine', Args: ['sleep', '600'], StopGracePeriod: 3e9 });
    const node = await LoneNode.start(task);
    await node.until(task.ID, 'running');
    const asked = node.clock.now();
    await node.assign({ ...task, DesiredState: 'shutdown' });
    const status = await node.until(task.ID, 'shutdown');
    expect(node.clock.now() - asked).toBe(3_000);
    expect(status).toMatchObject({ Message: 'shutdown', ContainerStatus: { PID: 0, ExitCode: 137 } });
    expect(status.Err).toBeUndefined();
  });

  it('is rejected when it is called to run while its node has no address on a network of it', async () => {
    const task = assignedTask({ Image: 'nginx' }, { attachments: ON_OVERLAY, DesiredState: 'ready' });
    const node = new LoneNode();
    node.network.attachmentFor = (_, signal) =>
      new Promise((__, reject) => {
        signal.addEventListener('abort', () => reject(new MissingAttachments()));
      });
    node.agent.start();
    await node.clock.advance(100);
    node.openSession();
    await node.assignAll([task]);
    await node.until(task.ID, 'preparing');
    await node.assign({ ...task, DesiredState: 'running' });
    expect(await node.until(task.ID, 'rejected')).toMatchObject({
      Message: 'preparing',
      Err: 'node is missing network attachments, ip addresses may be exhausted',
    });
  });

  it('leaves its overlay two seconds before it is stopped', async () => {
    const task = assignedTask({ Image: 'nginx' }, { attachments: ON_OVERLAY });
    const node = await LoneNode.start(task);
    await node.until(task.ID, 'running');
    await node.assign({ ...task, DesiredState: 'shutdown' });
    await node.clock.advance(1_900);
    expect(node.network.calls).toEqual([`activate ${task.ID}`, `deactivate ${task.ID}`]);
    expect(node.containers()[0]?.state).toBe('running');
    await node.until(task.ID, 'shutdown');
    expect(node.containers()[0]?.state).toBe('exited');
    expect(node.network.calls.at(-1)).toBe(`release ${task.ID}`);
  });

  it('is removed with its container when it is no longer assigned', async () => {
    const task = assignedTask({ Image: 'nginx' });
    const node = await LoneNode.start(task);
    await node.until(task.ID, 'running');
    await node.unassign(task.ID);
    await node.clock.advance(3_000);
    expect(node.containers()).toEqual([]);
  });

  it('is taken back before it was started when it is not wanted any more', async () => {
    const task = assignedTask({ Image: 'nginx' }, { DesiredState: 'ready' });
    const node = await LoneNode.start(task);
    await node.until(task.ID, 'ready');
    await node.assign({ ...task, DesiredState: 'shutdown' });
    await node.until(task.ID, 'shutdown');
    expect(node.containers()).toEqual([{ name: `web.1.${task.ID}`, state: 'created' }]);
  });

  it('waits for an engine that is away, and says so', async () => {
    const task = assignedTask({ Image: 'nginx' });
    const node = await LoneNode.start();
    const create = node.engine.createContainer.bind(node.engine);
    const away = vi.spyOn(node.engine, 'createContainer');
    away.mockRejectedValue(new EngineUnreachable(new Error('connect ECONNREFUSED')));
    await node.assign(task);
    await node.clock.advance(3_000);
    expect(node.last(task.ID)).toMatchObject({
      State: 'preparing',
      Err: "the node's engine does not answer: connect ECONNREFUSED",
    });
    away.mockImplementation(create);
    expect((await node.until(task.ID, 'running')).Err).toBeUndefined();
  });

  it('ignores a desired state that goes back', async () => {
    const task = assignedTask({ Image: 'nginx' });
    const node = await LoneNode.start(task);
    await node.until(task.ID, 'running');
    await node.assign({ ...task, DesiredState: 'shutdown' });
    await node.until(task.ID, 'shutdown');
    await node.assign({ ...task, DesiredState: 'running' });
    await node.clock.advance(5_000);
    expect(node.last(task.ID).State).toBe('shutdown');
  });
});

describe('a task with a health check', () => {
  const check = (test: string) => ({ Test: ['CMD-SHELL', test], Interval: 2e9, Retries: 2 });

  it('is starting until it is healthy', async () => {
    const task = assignedTask({ Image: 'nginx', Healthcheck: check('true') });
    const node = await LoneNode.start(task);
    await node.clock.advance(1_000);
    expect(node.last(task.ID).State).toBe('starting');
    await node.until(task.ID, 'running');
  });

  it('is stopped and fails when it never becomes healthy', async () => {
    const task = assignedTask({
      Image: 'alpine',
      Args: ['sleep', '600'],
      StopGracePeriod: 1e9,
      Healthcheck: check('false'),
    });
    const node = await LoneNode.start(task);
    expect(await node.until(task.ID, 'failed')).toMatchObject({
      Message: 'starting',
      Err: 'task: non-zero exit (137): dockerexec: unhealthy container',
    });
  });
});

describe('what a container is told', () => {
  it('has its templates filled in', async () => {
    const task = assignedTask(
      {
        Image: 'alpine',
        Args: ['sh', '-c', 'echo $WHERE $TIER; hostname'],
        Env: ['WHERE={{.Node.Hostname}}/{{.Task.Slot}}', 'TIER={{index .Service.Labels "tier"}}'],
      },
      { Slot: 7, serviceLabels: { tier: 'front' } },
    );
    const node = await LoneNode.start(task);
    await node.until(task.ID, 'complete');
    node.subscribe('s', {}, [task.ID]);
    await node.clock.advance(100);
    expect(node.lines('s').map(({ data }) => Buffer.from(data, 'base64').toString())).toContain(
      'worker1.docker-dca.example/7 front\n',
    );
  });

  it('finds its secrets and configs as files', async () => {
    const task = assignedTask({
      Image: 'alpine',
      Args: ['cat', '/run/secrets/password', '/etc/app.conf'],
      Secrets: [
        { SecretID: 'sec1', SecretName: 'password', File: { Name: 'password', UID: '0', GID: '0', Mode: 0o400 } },
      ],
      Configs: [
        { ConfigID: 'con1', ConfigName: 'app', File: { Name: '/etc/app.conf', UID: '0', GID: '0', Mode: 0o444 } },
      ],
    });
    const stored = { Version: { Index: 1 }, CreatedAt: '', UpdatedAt: '' };
    const node = new LoneNode();
    node.agent.start();
    await node.clock.advance(100);
    node.openSession();
    await node.assignAll([task], {
      secrets: [
        {
          ID: 'sec1',
          ...stored,
          Spec: { Name: 'password', Labels: {}, Data: Buffer.from('s3cret\n').toString('base64') },
        },
      ],
      configs: [
        { ID: 'con1', ...stored, Spec: { Name: 'app', Labels: {}, Data: Buffer.from('a=b\n').toString('base64') } },
      ],
    });
    await node.until(task.ID, 'complete');
    node.subscribe('s', {}, [task.ID]);
    await node.clock.advance(100);
    expect(
      node
        .lines('s')
        .map(({ data }) => Buffer.from(data, 'base64').toString())
        .join(''),
    ).toBe('s3cret\na=b\n');
  });

  const STORED = { Version: { Index: 1 }, CreatedAt: '', UpdatedAt: '' };
  const templated = (ID: string, text: string, driver = 'golang') => ({
    ID,
    ...STORED,
    Spec: { Name: ID, Labels: {}, Data: Buffer.from(text).toString('base64'), Templating: { Name: driver } },
  });
  const file = (Name: string) => ({ Name, UID: '0', GID: '0', Mode: 0o444 });

  it('finds templates among them expanded with what it is, and with what else it has', async () => {
    const task = assignedTask({
      Image: 'alpine',
      Args: ['cat', '/run/secrets/pw', '/app.conf'],
      Env: ['WHO=me'],
      Secrets: [{ SecretID: 'sec1', SecretName: 'pw', File: file('pw') }],
      Configs: [{ ConfigID: 'con1', ConfigName: 'app', File: file('/app.conf') }],
    });
    const node = new LoneNode();
    node.agent.start();
    await node.clock.advance(100);
    node.openSession();
    await node.assignAll([task], {
      secrets: [templated('sec1', '{{.Service.Name}} {{env "WHO"}} {{.Node.Hostname}}|\n')],
      configs: [templated('con1', 'pw={{secret "pw"}}')],
    });
    await node.until(task.ID, 'complete');
    node.subscribe('s', {}, [task.ID]);
    await node.clock.advance(100);
    const lines = node.lines('s').map(({ data }) => Buffer.from(data, 'base64').toString());
    expect(lines.join('')).toBe(`${task.serviceName} me |\npw={{.Service.Name}} {{env "WHO"}} {{.Node.Hostname}}|\n`);
  });

  it.each([
    [
      templated('con1', '{{.Nope}}'),
      `template: expansion:1:2: executing "expansion" at <.Nope>: can't evaluate field Nope in type *template.PayloadContext`,
    ],
    [
      templated('con1', '{{secret "missing"}}'),
      'template: expansion:1:2: executing "expansion" at <secret "missing">: error calling secret: secret target missing not found',
    ],
    [templated('con1', 'x', 'jinja'), 'unrecognized template type'],
  ])('cannot be started with a template that cannot be expanded', async (config, reason) => {
    const task = assignedTask({
      Image: 'alpine',
      Args: ['true'],
      Configs: [{ ConfigID: 'con1', ConfigName: 'app', File: file('/app.conf') }],
    });
    const node = new LoneNode();
    node.agent.start();
    await node.clock.advance(100);
    node.openSession();
    await node.assignAll([task], { configs: [config] });
    expect((await node.until(task.ID, 'failed')).Err).toBe(
      `starting container failed: unable to get config from config store: failed to expand templated config con1: ${reason}`,
    );
  });
});
