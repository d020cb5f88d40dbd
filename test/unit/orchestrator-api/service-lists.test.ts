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

const names = (filters?: unknown, status = false) =>
  control.services
    .list({ filters: filters === undefined ? undefined : JSON.stringify(filters), status })
    .map(({ Spec }) => (Spec as { Name: string }).Name)
    .sort();

test('services are found by every filter, values of one filter being alternatives', async () => {
  await control.services.create(serviceBody('web1', { Labels: { tier: 'front', a: 'b' } }));
  await control.services.create(serviceBody('web2', { Mode: { Global: {} } }));
  await control.services.create(serviceBody('job', { Mode: { ReplicatedJob: {} } }));
  expect(names()).toEqual(['job', 'web1', 'web2']);
  expect(names({ name: ['web'] })).toEqual(['web1', 'web2']);
  expect(names({ name: { web1: true, job: true } })).toEqual(['job', 'web1']);
  expect(names({ mode: ['global', 'replicated-job'] })).toEqual(['job', 'web2']);
  expect(names({ label: ['tier=front', 'a'] })).toEqual(['web1']);
  expect(names({ label: ['tier=back'] })).toEqual([]);
  expect(names({ name: ['web'], mode: ['global'] })).toEqual(['web2']);
  expect(names({ runtime: ['plugin'] })).toEqual([]);
  expect(() => names({ bogus: ['x'] })).toThrow("invalid filter 'bogus'");
  expect(() => control.services.list({ filters: 'abc' })).toThrow('invalid filter');
});

test('a service is meant by its ID, its name, or the beginning of its ID', async () => {
  const { ID } = await control.services.create(serviceBody('web'));
  for (const input of [ID, 'web', ID.slice(0, 6)]) expect(control.services.get(input).ID).toBe(ID);
  expect(() => control.services.get('Web')).toThrow('service Web not found');
  await control.services.create(serviceBody('api'));
  expect(() => control.services.get('')).toThrow('service  is ambiguous (2 matches found)');
});

test('names of services do not differ by letter case alone', async () => {
  await control.services.create(serviceBody('web'));
  await expect(control.services.create(serviceBody('WEB'))).rejects.toMatchObject({
    status: 409,
    message:
      'rpc error: code = AlreadyExists desc = name conflicts with an existing object: service WEB already exists',
  });
});

test('two services cannot publish one port, unless both do so on their nodes alone', async () => {
  const publish = (name: string, PublishMode: string, Protocol = 'tcp') =>
    control.services.create(
      serviceBody(name, { EndpointSpec: { Ports: [{ TargetPort: 80, PublishedPort: 8080, PublishMode, Protocol }] } }),
    );
  const { ID } = await publish('one', 'ingress');
  const inUse = (how: string, name: string, id: string) => ({
    status: 400,
    message: `rpc error: code = InvalidArgument desc = port '8080' is already in use by service '${name}' (${id}) as ${how}`,
  });
  await expect(publish('two', 'ingress')).rejects.toMatchObject(inUse('an ingress port', 'one', ID));
  await expect(publish('two', 'host')).rejects.toMatchObject(inUse('an ingress port', 'one', ID));
  await publish('udp', 'ingress', 'udp');
  await control.services.remove('one');
  const { ID: host } = await publish('host1', 'host');
  await publish('host2', 'host');
  await expect(publish('two', 'ingress')).rejects.toMatchObject(inUse('a host-published port', 'host1', host));
});

test('a port that Swarm picked is taken, too', async () => {
  const { ID } = await control.services.create(serviceBody('one', { EndpointSpec: { Ports: [{ TargetPort: 80 }] } }));
  await expect(
    control.services.create(
      serviceBody('two', { EndpointSpec: { Ports: [{ TargetPort: 80, PublishedPort: 30000 }] } }),
    ),
  ).rejects.toMatchObject({ message: expect.stringContaining(`'one' (${ID}) as an ingress port`) });
});

test('without an ingress network nothing can be published through it', async () => {
  await control.networks.remove('ingress');
  await expect(
    control.services.create(serviceBody('web', { EndpointSpec: { Ports: [{ TargetPort: 80 }] } })),
  ).rejects.toMatchObject({
    status: 400,
    message:
      'rpc error: code = FailedPrecondition desc = service needs ingress network, but no ingress network is present',
  });
});

test('running tasks are counted as they are, wanted ones as the mode says', async () => {
  await control.services.create(serviceBody('global', { Mode: { Global: {} } }));
  await control.services.create(serviceBody('none', { Mode: { Replicated: { Replicas: 0 } } }));
  await control.services.create(
    serviceBody('stuck', { Mode: { Replicated: { Replicas: 3 } } }, { Placement: { Constraints: ['node.id==x'] } }),
  );
  await fleet.clock.advance(2000);
  const status = Object.fromEntries(
    control.services
      .list({ status: true })
      .map(({ Spec, ServiceStatus }) => [(Spec as { Name: string }).Name, ServiceStatus]),
  );
  expect(status).toEqual({
    global: { RunningTasks: 2, DesiredTasks: 2, CompletedTasks: 0 },
    none: { RunningTasks: 0, DesiredTasks: 0, CompletedTasks: 0 },
    stuck: { RunningTasks: 0, DesiredTasks: 3, CompletedTasks: 0 },
  });
  expect(control.services.list()[0]).not.toHaveProperty('ServiceStatus');
});

test('tasks are found by every filter', async () => {
  await control.services.create(
    serviceBody('web', { Labels: { tier: 'front' }, Mode: { Replicated: { Replicas: 2 } } }),
  );
  await control.services.create(serviceBody('global', { Mode: { Global: {} } }));
  await fleet.clock.advance(2000);
  const list = (filters: unknown) => control.tasks.list({ filters: JSON.stringify(filters) });
  const worker = fleet.machine('worker1').nodeId();
  const [first] = tasksOf(control, 'web') as { ID: string }[];
  expect(list({ service: ['web'] })).toHaveLength(2);
  expect(list({ service: ['web', 'global'] })).toHaveLength(4);
  expect(list({ node: ['worker1.docker-dca.example'] }).every(({ NodeID }) => NodeID === worker)).toBe(true);
  expect(list({ name: ['web.2'] })).toHaveLength(1);
  expect(list({ name: [`global.${worker}`] })).toHaveLength(1);
  expect(list({ id: [first?.ID.slice(0, 8)] })).toHaveLength(1);
  expect(list({ label: ['tier=front'] })).toHaveLength(2);
  expect(list({ 'desired-state': ['running', 'shutdown'] })).toHaveLength(4);
  expect(list({ 'desired-state': ['shutdown'] })).toEqual([]);
  expect(list({ '_up-to-date': ['true'], service: ['web'] })).toHaveLength(2);
  expect(() => list({ 'desired-state': ['x'] })).toThrow("Invalid desired-state filter: 'x'");
  expect(() => list({ service: ['nosuch'] })).toThrow('service nosuch not found');
  expect(() => list({ node: ['nosuch'] })).toThrow('node nosuch not found');
});

test('a task shows where it is, how it is, and the networks it is on', async () => {
  await control.services.create(serviceBody('web', { EndpointSpec: { Ports: [{ TargetPort: 80 }] } }));
  await fleet.clock.advance(2000);
  const [task] = tasksOf(control, 'web');
  expect(task).toMatchObject({
    Labels: {},
    Spec: { ContainerSpec: { Image: 'nginx', Isolation: 'default' }, ForceUpdate: 0 },
    Slot: 1,
    Status: { State: 'running', Message: 'started', PortStatus: {} },
    DesiredState: 'running',
    NetworksAttachments: [
      {
        Network: {
          Spec: {
            Name: 'ingress',
            DriverConfiguration: {},
            Ingress: true,
            IPAMOptions: { Driver: {} },
            Scope: 'swarm',
          },
          DriverState: {
            Name: 'overlay',
            Options: { 'com.docker.network.driver.overlay.vxlanid_list': '4096' },
          },
          IPAMOptions: { Driver: { Name: 'default' }, Configs: [{ Subnet: '10.0.0.0/24', Gateway: '10.0.0.1' }] },
        },
      },
    ],
    Volumes: null,
  });
  expect(Object.keys(task as ApiObject)).not.toContain('attachments');
  expect(task?.Spec).not.toHaveProperty('Runtime');
});
