import { expect, test } from 'vitest';
import { INIT, TestFleet } from './test-fleet.ts';

async function lockedFleet(): Promise<{ fleet: TestFleet; key: string }> {
  const fleet = new TestFleet();
  await fleet.clock.advance(100);
  await fleet.run(fleet.machine('master').init({ ...INIT, AutoLockManagers: true }));
  return { fleet, key: fleet.control().swarm.unlockKey().UnlockKey };
}

test('a swarm without autolock has no key', async () => {
  const fleet = new TestFleet();
  await fleet.swarm();
  expect(fleet.control().swarm.unlockKey()).toEqual({ UnlockKey: '' });
  await expect(fleet.machine('master').unlock({ UnlockKey: `SWMKEY-1-${'A'.repeat(43)}` })).rejects.toMatchObject({
    status: 409,
    message: 'swarm is not locked',
  });
});

test('a manager of a locked swarm waits for its key after a restart', async () => {
  const { fleet, key } = await lockedFleet();
  const master = fleet.machine('master');
  expect(key).toMatch(/^SWMKEY-1-[A-Za-z0-9+/]{43}$/);
  fleet.fleet.machineRestarted('master');
  expect(master.state()).toBe('locked');
  expect(() => master.control()).toThrow('Swarm is encrypted and needs to be unlocked before it can be used.');
  expect(master.info()).toMatchObject({ LocalNodeState: 'locked', NodeID: '', ControlAvailable: false });
  await expect(master.leave()).rejects.toMatchObject({
    status: 503,
    message: 'Swarm is encrypted and locked. Please unlock it first or use `--force` to ignore this message.',
  });
  await expect(master.unlock({ UnlockKey: 'x' })).rejects.toMatchObject({
    status: 400,
    message: 'invalid key string',
  });
  await expect(master.unlock({ UnlockKey: `SWMKEY-1-${'A'.repeat(43)}` })).rejects.toMatchObject({
    status: 401,
    message: 'swarm could not be unlocked: invalid key provided',
  });
  await master.unlock({ UnlockKey: key });
  await fleet.clock.advance(1000);
  expect(master.state()).toBe('active');
  expect(fleet.control().nodes.list()).toHaveLength(1);
});

test('the key can be rotated, and locking be turned off', async () => {
  const { fleet, key } = await lockedFleet();
  const update = async (change: object, rotate: boolean) => {
    const { Version, Spec } = fleet.control().swarm.inspect() as { Version: { Index: number }; Spec: object };
    const query = { version: String(Version.Index), rotateManagerUnlockKey: rotate };
    await fleet.control().swarm.update({ ...Spec, ...change }, query);
  };
  await update({}, true);
  const rotated = fleet.control().swarm.unlockKey().UnlockKey;
  expect(rotated).not.toBe(key);
  await update({ Orchestration: { TaskHistoryRetentionLimit: 3 } }, false);
  expect(fleet.control().swarm.unlockKey().UnlockKey).toBe(rotated);
  await update({ EncryptionConfig: { AutoLockManagers: false } }, false);
  expect(fleet.control().swarm.unlockKey()).toEqual({ UnlockKey: '' });
  fleet.fleet.machineRestarted('master');
  expect(fleet.machine('master').state()).toBe('active');
});

test('a locked manager does not count for the quorum', async () => {
  const { fleet } = await lockedFleet();
  await fleet.run(fleet.join('worker1', 'Manager'));
  await fleet.run(fleet.join('worker2', 'Manager'));
  fleet.fleet.machineRestarted('worker1');
  await fleet.clock.advance(1000);
  expect(fleet.control().nodes.get(fleet.machine('worker1').nodeId())).toMatchObject({
    ManagerStatus: { Reachability: 'unreachable' },
  });
  fleet.fleet.machineRestarted('worker2');
  await fleet.clock.advance(12_000);
  expect(() => fleet.control()).toThrow('The swarm does not have a leader');
});

test('a restart that nobody was told of is told by the agent', async () => {
  const { fleet, key } = await lockedFleet();
  const [master, agent] = [fleet.machine('master'), fleet.agent('master')];
  const comeBack = async (boot: string) => {
    fleet.stop('master');
    await fleet.clock.advance(1000);
    agent.boot = boot;
    fleet.start('master');
    await fleet.clock.advance(1000);
  };
  await comeBack('first');
  await comeBack('first');
  expect(master.state()).toBe('active');
  await comeBack('second');
  expect(master.state()).toBe('locked');
  await master.unlock({ UnlockKey: key });
  await fleet.clock.advance(1000);
  expect(master.state()).toBe('active');
});
