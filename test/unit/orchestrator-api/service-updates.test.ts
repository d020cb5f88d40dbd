import { beforeEach, expect, test } from 'vitest';
import type { ApiObject, ControlApi } from '../../../server/orchestrator/api/control-api.ts';
import { serviceBody, TestFleet, tasksOf } from './test-fleet.ts';

let fleet: TestFleet;
let control: ControlApi;
beforeEach(async () => {
  fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1']);
  control = fleet.control();
});

type Shown = { Version: { Index: number }; Spec: ApiObject; PreviousSpec?: ApiObject; UpdateStatus?: ApiObject };
const shown = (name = 'web') => control.services.get(name) as unknown as Shown;
const version = (name = 'web') => String(shown(name).Version.Index);
const image = (name: string) => ({ ContainerSpec: { Image: name } });

test('an update keeps the spec before it, and must know the version that it changes', async () => {
  await control.services.create(serviceBody('web'));
  const stale = version();
  expect(await control.services.update('web', serviceBody('web', { Labels: { a: 'b' } }), { version: stale })).toEqual({
    Warnings: null,
  });
  expect([shown().Spec.Labels, shown().PreviousSpec?.Labels]).toEqual([{ a: 'b' }, {}]);
  await expect(control.services.update('web', serviceBody('web'), { version: stale })).rejects.toMatchObject({
    status: 500,
    message: 'rpc error: code = Unknown desc = update out of sequence',
  });
});

test.each([
  ['', 'invalid service version \'\': strconv.ParseUint: parsing "": invalid syntax'],
  ['-1', 'invalid service version \'-1\': strconv.ParseUint: parsing "-1": invalid syntax'],
  [
    '99999999999999999999',
    'invalid service version \'99999999999999999999\': strconv.ParseUint: parsing "99999999999999999999": value out of range',
  ],
])('version %j is refused', async (text, message) => {
  await control.services.create(serviceBody('web'));
  await expect(control.services.update('web', serviceBody('web'), { version: text })).rejects.toMatchObject({
    status: 400,
    message,
  });
});

test('neither name nor mode nor old-style networks can be changed', async () => {
  await control.networks.create({ Name: 'net', Driver: 'overlay' });
  await control.services.create(serviceBody('web'));
  const update = (body: ApiObject) => control.services.update('web', body, { version: version() });
  const unimplemented = (text: string) => ({ status: 501, message: `rpc error: code = Unimplemented desc = ${text}` });
  await expect(update(serviceBody('api'))).rejects.toMatchObject(unimplemented('renaming services is not supported'));
  await expect(update(serviceBody('web', { Mode: { Global: {} } }))).rejects.toMatchObject(
    unimplemented('service mode change is not allowed'),
  );
  await expect(update(serviceBody('web', { Networks: [{ Target: 'net' }] }))).rejects.toMatchObject(
    unimplemented('networks must be migrated to TaskSpec before being changed'),
  );
});

test('old-style networks move to the task template, and can be changed there from then on', async () => {
  for (const Name of ['first', 'second']) await control.networks.create({ Name, Driver: 'overlay' });
  const [{ Id: first }, { Id: second }] = ['first', 'second'].map((name) => control.networks.get(name)) as [
    ApiObject,
    ApiObject,
  ];
  await control.services.create(serviceBody('web', { Networks: [{ Target: 'first' }, { Target: 'second' }] }));
  expect(shown().Spec.Networks).toEqual([{ Target: first }, { Target: second }]);
  const inTemplate = (...names: string[]) =>
    serviceBody('web', {}, { Networks: names.map((Target) => ({ Target })), ContainerSpec: { Image: 'nginx' } });
  await control.services.update('web', inTemplate('first', 'second'), { version: version() });
  await control.services.update('web', inTemplate('second'), { version: version() });
  expect(shown().Spec).not.toHaveProperty('Networks');
  expect(shown().Spec.TaskTemplate).toMatchObject({ Networks: [{ Target: second }] });
});

test('a rollback swaps the two specs, a second one swaps them back', async () => {
  await control.services.create(serviceBody('web', {}, image('nginx:1')));
  await control.services.update('web', serviceBody('web', {}, image('nginx:2')), { version: version() });
  const imageOf = () => (shown().Spec.TaskTemplate as { ContainerSpec: ApiObject }).ContainerSpec.Image;
  for (const expected of ['nginx:1', 'nginx:2']) {
    const query = { version: version(), rollback: 'previous' };
    await control.services.update('web', serviceBody('web'), query);
    expect(imageOf()).toBe(expected);
    expect(shown().UpdateStatus).toMatchObject({
      State: 'rollback_started',
      Message: 'manually requested rollback',
    });
    await fleet.clock.advance(30_000);
    expect(shown().UpdateStatus).toMatchObject({ State: 'rollback_completed', Message: 'rollback completed' });
  }
});

test('a rollback needs something to roll back to', async () => {
  const { ID } = await control.services.create(serviceBody('web'));
  await expect(
    control.services.update('web', serviceBody('web'), { version: version(), rollback: 'previous' }),
  ).rejects.toMatchObject({
    status: 400,
    message: `rpc error: code = FailedPrecondition desc = service ${ID} does not have a previous spec`,
  });
  await expect(
    control.services.update('web', serviceBody('web'), { version: version(), rollback: 'x' }),
  ).rejects.toMatchObject({ status: 500, message: 'unrecognized rollback option x' });
});

test('tasks are replaced when what they run changes, and only then', async () => {
  await control.services.create(serviceBody('web', { Mode: { Replicated: { Replicas: 2 } } }));
  await fleet.clock.advance(2000);
  const ids = () => tasksOf(control, 'web').map(({ ID }) => ID);
  const before = ids();
  await control.services.update(
    'web',
    serviceBody('web', { Labels: { a: 'b' }, Mode: { Replicated: { Replicas: 2 } } }),
    { version: version() },
  );
  await fleet.clock.advance(20_000);
  expect(ids()).toEqual(before);
  expect(shown().UpdateStatus).toBeUndefined();
  await control.services.update(
    'web',
    serviceBody('web', { Mode: { Replicated: { Replicas: 2 } } }, image('nginx:2')),
    { version: version() },
  );
  await fleet.clock.advance(20_000);
  expect(ids()).toHaveLength(4);
  expect(shown().UpdateStatus).toMatchObject({ State: 'completed', Message: 'update completed' });
});

test('an update keeps the registry credentials unless it brings others', async () => {
  await control.services.create(serviceBody('web'), { registryAuth: 'old' });
  await control.services.update('web', serviceBody('web', {}, image('nginx:2')), { version: version() });
  await fleet.clock.advance(20_000);
  const auths = [...fleet.agents.values()].flatMap((agent) =>
    agent.runningTasks().map((task) => task.Spec.ContainerSpec?.registryAuth),
  );
  expect(auths).toEqual(['old']);
  await expect(
    control.services.update('web', serviceBody('web'), { version: version(), registryAuthFrom: 'x' }),
  ).rejects.toMatchObject({ status: 500, message: 'unsupported registryAuthFrom value' });
});

test('a job runs again whenever it is updated', async () => {
  for (const agent of fleet.agents.values()) agent.behaviour = () => ({ exitsAfter: 100 });
  const mode = { Mode: { ReplicatedJob: { TotalCompletions: 2 } } };
  await control.services.create(serviceBody('job', mode));
  await fleet.clock.advance(5000);
  expect(control.services.list({ status: true })[0]).toMatchObject({
    ServiceStatus: { RunningTasks: 0, DesiredTasks: 1, CompletedTasks: 2 },
    JobStatus: { JobIteration: {} },
  });
  await control.services.update('job', serviceBody('job', mode, { ForceUpdate: 1 }), { version: version('job') });
  await fleet.clock.advance(5000);
  expect(control.services.get('job').JobStatus).toMatchObject({ JobIteration: { Index: 1 } });
  expect(tasksOf(control, 'job').filter((task) => (task.JobIteration as ApiObject).Index === 1)).toHaveLength(2);
});
