import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { ClusterWatch } from '../../../server/workspaces/cluster/cluster-watch.ts';
import type { SwarmSight } from '../../../server/workspaces/cluster/swarm-reader.ts';
import type { ClusterChange } from '../../../server/workspaces/view/cluster-view.ts';
import { aNode, aService, aTask } from './swarm-objects.ts';

/** A swarm that the test changes, with an event stream that the test speaks on. */
class StandInSwarm {
  nodeNames = ['master'];
  sight: SwarmSight = { swarm: 'none', reason: 'No node is part of a swarm.' };
  looks = 0;
  event: () => void = () => {};

  async look(): Promise<SwarmSight> {
    this.looks++;
    return this.sight;
  }

  listen(_node: string, onEvent: () => void, signal: AbortSignal): Promise<void> {
    this.event = onEvent;
    onEvent();
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  }

  show(state: string): void {
    this.sight = {
      swarm: 'active',
      look: {
        nodes: [aNode('n1', 'master.example')],
        services: [aService('s1', 'web', 1)],
        tasks: [aTask('t1', 's1', 'n1', state, `at ${state}`)],
      },
    };
  }
}

let clock: VirtualClock;
let swarm: StandInSwarm;
let changes: ClusterChange[];
let watch: ClusterWatch;

beforeEach(async () => {
  clock = new VirtualClock();
  swarm = new StandInSwarm();
  changes = [];
  watch = new ClusterWatch({ reader: swarm, clock, onChange: (change) => changes.push(change) });
  await clock.advance(60_000);
});
afterEach(() => watch.dispose());

test('a quiet cluster is not looked at again and again', async () => {
  const looks = swarm.looks;
  await clock.advance(60 * 60_000);
  expect(swarm.looks).toBe(looks);
});

test('an event brings a look, and the page is told what is new', async () => {
  changes.length = 0;
  swarm.show('running');
  swarm.event();
  await clock.advance(100);
  expect(changes).toHaveLength(1);
  expect(changes[0]).toMatchObject({ swarm: 'active', removed: [] });
  expect(changes[0]?.tasks.map(({ name, state }) => [name, state])).toEqual([['web.1', 'running']]);
});

test('states without an event of their own are seen while the cluster is on its way', async () => {
  swarm.show('assigned');
  swarm.event();
  await clock.advance(200);
  swarm.show('preparing');
  await clock.advance(2000);
  swarm.show('rejected');
  await clock.advance(5000);
  const [task] = watch.view.tasks;
  expect(task?.state).toBe('rejected');
  expect(task?.history).toEqual([
    { state: 'assigned', at: 'at assigned' },
    { state: 'preparing', at: 'at preparing' },
    { state: 'rejected', at: 'at rejected' },
  ]);
});

test('a burst of events is one look', async () => {
  const looks = swarm.looks;
  for (let times = 0; times < 50; times++) swarm.event();
  await clock.advance(100);
  expect(swarm.looks).toBe(looks + 1);
});

test('what is gone is told by its id', async () => {
  swarm.show('running');
  swarm.event();
  await clock.advance(60_000);
  changes.length = 0;
  swarm.sight = { swarm: 'active', look: { nodes: [aNode('n1', 'master.example')], services: [], tasks: [] } };
  swarm.event();
  await clock.advance(100);
  expect(changes[0]?.removed.sort()).toEqual(['s1', 't1']);
});
