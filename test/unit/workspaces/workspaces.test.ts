import { afterEach, beforeEach, expect, test } from 'vitest';
import { settle, VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { SwarmlabError } from '../../../server/errors/swarmlab-error.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';
import { type Database, openDatabase } from '../../../server/workspaces/database/database.ts';
import type { LiveMessage } from '../../../server/workspaces/view/live-message.ts';
import { WorkspaceStore } from '../../../server/workspaces/workspace-store.ts';
import { Workspaces } from '../../../server/workspaces/workspaces.ts';
import { SECRET_LAB } from './secret-lab.ts';
import { StandInDoor, standInGrading } from './stand-in-door.ts';

let clock: VirtualClock;
let database: Database;
let door: StandInDoor;
let workspaces: Workspaces;

/** A server that has just started, on the database and the clusters that are there. */
function startServer(): Workspaces {
  const { lab } = parseLab(SECRET_LAB, 'secret.md');
  if (lab === undefined) throw new Error('the lab of this test is wrong');
  return new Workspaces({
    clock,
    door,
    store: new WorkspaceStore(database, clock),
    labs: { names: async () => ['secret'], load: async () => lab },
    gradingFace: (cluster) => standInGrading(cluster, clock),
  });
}

beforeEach(async () => {
  clock = new VirtualClock();
  database = await openDatabase(':memory:');
  await database.insertInto('users').values({ id: 'ann', role: 'single', name: 'Ann', created_at: 0 }).execute();
  door = new StandInDoor();
  workspaces = startServer();
});

afterEach(async () => {
  await workspaces.close();
  await database.destroy();
});

test('labs come in the order that their authors gave them, those without one last by name', async () => {
  const { lab } = parseLab(SECRET_LAB, 'secret.md');
  if (lab === undefined) throw new Error('the lab of this test is wrong');
  const orders: Record<string, number | undefined> = { a: undefined, b: 2, c: 1, d: undefined };
  const shelf = new Workspaces({
    clock,
    door,
    store: new WorkspaceStore(database, clock),
    labs: { names: async () => Object.keys(orders), load: async (name) => ({ ...lab, name, order: orders[name] }) },
    gradingFace: (cluster) => standInGrading(cluster, clock),
  });
  expect((await shelf.labs('ann')).map(({ name }) => name)).toEqual(['c', 'b', 'a', 'd']);
});

test('a page that comes back is not told that its cluster is gone while a new server takes it up', async () => {
  const { id } = await workspaces.start('ann', 'secret', undefined);
  await workspaces.close();
  let open = () => {};
  door.gate = new Promise((resolve) => {
    open = resolve;
  });
  const again = await startServer().get('ann', id);
  let settled = false;
  const waiting = again.settled().then(() => {
    settled = true;
  });
  await clock.advance(15_000);
  expect([settled, again.cluster.status.phase]).toEqual([false, 'creating']);
  open();
  await waiting;
  expect(again.cluster.status.phase).toBe('ready');
  again.dispose();
});

test('a page that comes to a new cluster sees at once how it is made', async () => {
  door.gate = new Promise(() => {});
  const workspace = await workspaces.start('ann', 'secret', undefined);
  await workspace.settled();
  expect(workspace.cluster.status.phase).toBe('creating');
});

test('starting a lab makes a cluster and tells how far it is', async () => {
  let open = () => {};
  door.gate = new Promise((resolve) => {
    open = resolve;
  });
  door.progress = [{ text: 'network' }, { text: 'nodes' }];
  const workspace = await workspaces.start('ann', 'secret', undefined);
  const messages: LiveMessage[] = [];
  await settle();
  workspace.subscribe((message) => messages.push(message));
  expect(workspace.cluster.status).toMatchObject({
    phase: 'creating',
    progress: [{ text: 'network' }, { text: 'nodes' }],
  });
  open();
  await settle();
  expect(workspace.cluster.status.phase).toBe('ready');
  expect(messages[0]?.type).toBe('workspace');
  expect(messages.some((message) => message.type === 'status' && message.status.phase === 'ready')).toBe(true);
  expect(door.made).toMatchObject([{ name: 'secret' }]);
});

test('the same lab again is the same workspace, after the server was killed too, on the same cluster', async () => {
  const first = await workspaces.start('ann', 'secret', undefined);
  await settle();
  await first.steps.nextHint('first');
  const other = startServer();
  const again = await other.start('ann', 'secret', undefined);
  await settle();
  expect(again.id).toBe(first.id);
  expect(again.view.progress[0]?.hints).toHaveLength(1);
  expect(door.made).toHaveLength(1);
  await other.close();
});

test('a server removes the clusters it made and leaves those it found', async () => {
  await workspaces.start('ann', 'secret', undefined);
  await settle();
  const other = startServer();
  await other.start('ann', 'secret', undefined);
  await settle();
  const removing: string[] = [];
  await other.removeMadeClusters((name) => removing.push(name));
  expect(removing).toEqual([]);
  expect(await other.openClusters()).toEqual(['secret']);
  await workspaces.removeMadeClusters((name) => removing.push(name));
  expect(removing).toEqual(['secret']);
  expect(door.removed).toEqual(['secret']);
  await other.close();
});

test('a cluster that could not be made says why, and can be tried again', async () => {
  door.gate = Promise.reject(new SwarmlabError('SL_DISK_FULL', 'there is no room'));
  door.gate.catch(() => {});
  const workspace = await workspaces.start('ann', 'secret', undefined);
  await settle();
  expect(workspace.cluster.status).toMatchObject({
    phase: 'failed',
    error: { code: 'SL_DISK_FULL', message: 'there is no room' },
  });
  await expect(workspace.steps.check('first')).rejects.toMatchObject({ code: 'SL_WORKSPACE_BUSY' });
  door.gate = Promise.resolve();
  await workspace.cluster.bringUp();
  expect(workspace.cluster.status.phase).toBe('ready');
});

test('starting over gives a new cluster and a clean sheet', async () => {
  const workspace = await workspaces.start('ann', 'secret', undefined);
  await settle();
  await workspace.steps.nextHint('first');
  await workspace.steps.answer('planet', ['Mars']);
  await workspace.reset();
  await settle();
  expect(door.removed).toEqual(['secret']);
  expect(door.made).toHaveLength(2);
  expect(workspace.view.progress[0]?.hints).toEqual([]);
  expect(workspace.view.answers).toEqual({});
  expect(workspace.cluster.status.phase).toBe('ready');
});

test('a step without checks is passed by saying so, and counts in the list of labs', async () => {
  const workspace = await workspaces.start('ann', 'secret', undefined);
  await settle();
  expect((await workspace.steps.check('second')).passed).toBe(true);
  const [summary] = await workspaces.labs('ann');
  expect(summary?.workspace).toMatchObject({ id: workspace.id, stepsPassed: 1 });
});

test('an unknown step, question, lab or variant is told as such', async () => {
  const workspace = await workspaces.start('ann', 'secret', undefined);
  await settle();
  await expect(workspace.steps.nextHint('third')).rejects.toMatchObject({ code: 'SL_STEP_NOT_FOUND' });
  await expect(workspace.steps.answer('nothing', [])).rejects.toMatchObject({ code: 'SL_STEP_NOT_FOUND' });
  await expect(workspaces.start('ann', 'secret', 'hard')).rejects.toMatchObject({ code: 'SL_LAB_NOT_FOUND' });
});
