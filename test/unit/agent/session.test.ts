import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileTaskJournal } from '../../../server/agent/tasks/task-journal.ts';
import type { TaskState } from '../../../server/orchestrator/model/task-state.ts';
import { assignedTask, LoneNode } from './lone-node.ts';

/** Files are read in real time, whatever the clock says. */
const untilHeard = (node: LoneNode, taskId: string, state: TaskState) =>
  expect.poll(() => node.clock.advance(50).then(() => node.statuses(taskId).at(-1)?.State)).toBe(state);

describe('an agent and its manager', () => {
  it('says hello with what its engine says of itself', async () => {
    const node = await LoneNode.start();
    expect(node.heard[0]).toMatchObject({
      type: 'hello',
      address: '10.10.10.110',
      description: {
        Hostname: 'worker1.docker-dca.example',
        Platform: { Architecture: 'x86_64', OS: 'linux' },
        Resources: { NanoCPUs: 2e9, MemoryBytes: 2 ** 31 },
        Engine: { EngineVersion: '26.1.5+dfsg1' },
      },
    });
    const hello = node.heard[0];
    const plugins = hello?.type === 'hello' ? hello.description.Engine.Plugins : [];
    expect(plugins.filter(({ Type }) => Type !== 'Log').map(({ Type, Name }) => `${Type}/${Name}`)).toEqual([
      'Network/bridge',
      'Network/host',
      'Network/ipvlan',
      'Network/macvlan',
      'Network/null',
      'Network/overlay',
      'Volume/local',
    ]);
  });

  it('beats within the period it was given last', async () => {
    const node = await LoneNode.start();
    const beats = () => node.heard.filter(({ type }) => type === 'heartbeat').length;
    await node.clock.advance(5_000);
    expect(beats()).toBe(1);
    node.say({ type: 'heartbeat-ack', period: 2_000 });
    await node.clock.advance(2_000);
    expect(beats()).toBe(2);
  });

  it('tries again ever more slowly when nobody answers, and goes back to trying soon after a session', async () => {
    const node = await LoneNode.start();
    node.reachable = false;
    const cutAt = node.clock.now();
    node.dials.length = 0;
    node.dropConnection();
    await node.clock.advance(20_000);
    expect(node.dials.map((at) => at - cutAt)).toEqual([100, 400, 1_100, 2_600, 5_700, 12_000, 20_000]);
    node.reachable = true;
    await node.clock.advance(8_000);
    node.openSession();
    await node.clock.advance(0);
    node.dials.length = 0;
    const again = node.clock.now();
    node.dropConnection();
    await node.clock.advance(1_000);
    expect(node.dials.map((at) => at - again)).toEqual([100]);
  });

  it('notices a cable that was pulled by a heartbeat that nobody answers', async () => {
    const node = await LoneNode.start();
    node.dials.length = 0;
    node.cut();
    await node.clock.advance(5_000 + 5_000 + 100);
    expect(node.dials).toHaveLength(1);
  });

  it('lets tasks go on while the manager is away, and then tells what has become of them', async () => {
    const task = assignedTask({ Image: 'alpine', Args: ['sh', '-c', 'sleep 5; exit 4'] });
    const stays = assignedTask({ Image: 'nginx' });
    const node = await LoneNode.start(task, stays);
    await node.until(task.ID, 'running');
    await node.until(stays.ID, 'running');
    node.reachable = false;
    node.dropConnection();
    node.heard.length = 0;
    await node.clock.advance(10_000);
    expect(node.heard).toEqual([]);
    node.reachable = true;
    await node.clock.advance(8_000);
    node.openSession();
    await node.clock.advance(100);
    expect(node.last(task.ID)).toMatchObject({ State: 'failed', Err: 'task: non-zero exit (4)' });
    expect(node.last(stays.ID)).toMatchObject({ State: 'running' });
  });

  it('gathers reports, and of one task only the last', async () => {
    const tasks = Array.from({ length: 5 }, (_, slot) => assignedTask({ Image: 'nginx' }, { Slot: slot + 1 }));
    const node = await LoneNode.start(...tasks);
    await node.clock.advance(300);
    const reports = node.heard.filter(({ type }) => type === 'task-status');
    expect(reports.length).toBeLessThanOrEqual(3);
    for (const task of tasks) expect(node.last(task.ID).State).toBe('running');
  });

  it('removes everything when the node has left the swarm', async () => {
    const task = assignedTask({ Image: 'nginx' });
    const node = await LoneNode.start(task);
    await node.until(task.ID, 'running');
    node.say({ type: 'left', reason: 'the node was removed from the swarm' });
    await node.clock.advance(12_000);
    expect(node.containers()).toEqual([]);
    expect(node.network.calls).toContain('clear');
  });

  it('tells when the node has changed', async () => {
    const node = await LoneNode.start();
    node.engine.machine.cpus = 4;
    await node.clock.advance(20_100);
    expect(node.heard).toContainEqual(
      expect.objectContaining({
        description: expect.objectContaining({ Resources: { NanoCPUs: 4e9, MemoryBytes: 2 ** 31 } }),
      }),
    );
  });
});

describe('a new agent on a node where containers run', () => {
  it('takes them over and makes none twice', async () => {
    const task = assignedTask({ Image: 'nginx' });
    const node = await LoneNode.start(task);
    const before = await node.until(task.ID, 'running');
    await node.restartAgent();
    await node.assignAll([task]);
    const after = await node.until(task.ID, 'running');
    expect(after.ContainerStatus?.ContainerID).toBe(before.ContainerStatus?.ContainerID);
    expect(node.containers()).toEqual([{ name: `web.1.${task.ID}`, state: 'running' }]);
    await node.assign({ ...task, DesiredState: 'shutdown' });
    await node.until(task.ID, 'shutdown');
    expect(node.containers()).toEqual([{ name: `web.1.${task.ID}`, state: 'exited' }]);
  });

  it('does not start a container again that ended while there was no agent', async () => {
    const task = assignedTask({ Image: 'alpine', Args: ['sh', '-c', 'sleep 5; exit 6'] });
    const node = await LoneNode.start(task);
    const status = await node.until(task.ID, 'running');
    await node.agent.close();
    await node.clock.advance(6_000);
    await node.restartAgent();
    await node.assignAll([{ ...task, Status: status }]);
    expect(await node.until(task.ID, 'failed')).toMatchObject({ Message: 'started', Err: 'task: non-zero exit (6)' });
    expect(node.containers()).toHaveLength(1);
  });

  it('removes the containers of tasks that are not assigned any more', async () => {
    const gone = assignedTask({ Image: 'nginx' });
    const stays = assignedTask({ Image: 'nginx' }, { Slot: 2 });
    const node = await LoneNode.start(gone, stays);
    await node.until(gone.ID, 'running');
    await node.restartAgent();
    await node.assignAll([stays]);
    await node.clock.advance(15_000);
    expect(node.containers()).toEqual([{ name: `web.2.${stays.ID}`, state: 'running' }]);
  });

  it('leaves containers alone that no task made', async () => {
    const node = await LoneNode.start();
    // As a container of an image has them that was made of a task's.
    const Labels = { 'com.docker.swarm.task.id': 'gone', 'com.docker.swarm.task.name': 'web.1.gone' };
    await node.engine.createContainer('by-hand', { Image: 'nginx', Labels });
    await node.assignAll([]);
    await node.clock.advance(15_000);
    expect(node.containers()).toEqual([{ name: 'by-hand', state: 'created' }]);
  });

  it('fails a task whose container was removed meanwhile', async () => {
    const task = assignedTask({ Image: 'nginx' });
    const node = await LoneNode.start(task);
    const status = await node.until(task.ID, 'running');
    await node.agent.close();
    await node.engine.removeContainer(`web.1.${task.ID}`, { force: true, volumes: true });
    await node.restartAgent();
    await node.assignAll([{ ...task, Status: status }]);
    expect(await node.until(task.ID, 'failed')).toMatchObject({ Err: `No such container: web.1.${task.ID}` });
  });

  it.each(['at once', 'after the node was told that it is in no swarm'])(
    'remembers what it could not tell, assigned %s',
    async (when) => {
      const parent = await mkdtemp(join(tmpdir(), 'journal-'));
      onTestFinished(() => rm(parent, { recursive: true }));
      const folder = join(parent, 'tasks');
      const complaints: string[] = [];
      const journal = new FileTaskJournal(folder, (message) => complaints.push(message));
      const node = new LoneNode({ journal });
      node.agent.start();
      await node.clock.advance(100);
      if (when !== 'at once') {
        node.say({ type: 'left', reason: 'this machine is not part of a swarm' });
        await node.clock.advance(100);
      }
      node.openSession();
      const task = assignedTask({ Image: 'alpine', Args: ['sh', '-c', 'sleep 1; exit 9'] });
      await node.assignAll([task]);
      await untilHeard(node, task.ID, 'running');
      const running = node.last(task.ID);
      node.reachable = false;
      node.dropConnection();
      await node.clock.advance(3_000);
      await journal.flushed();
      await node.engine.removeContainer(`web.1.${task.ID}`, { force: true, volumes: true });
      node.reachable = true;
      await node.restartAgent();
      await node.assignAll([{ ...task, Status: running }]);
      await untilHeard(node, task.ID, 'failed');
      expect(node.last(task.ID).Err).toBe('task: non-zero exit (9)');
      await node.unassign(task.ID);
      await node.clock.advance(1_000);
      await journal.flushed();
      expect([await readdir(folder), complaints]).toEqual([[], []]);
    },
  );
});
